"""The bench of calls as people start it, small: every figure is there and is a number; none is judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.sip]

ROOT = Path(__file__).parents[2]
FIGURES = {
    "cpu_ms_per_call_s",
    "cpu_ms_per_call_s_no_tap",
    "sipp_cpu_ms_per_call_s",
    "rtp_loss",
    "prompt_gap_p99_ms",
    "setups_per_s",
    "ring_error_p50_ms",
    "ring_error_p99_ms",
    "rss_mb_per_channel",
    "channels",
}


def test_the_last_line_has_every_figure() -> None:
    done = subprocess.run(
        (sys.executable, str(ROOT / "bench" / "calls.py"), "--quick"),
        capture_output=True, text=True, timeout=240, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found) >= FIGURES
    assert {type(value) for value in found.values()} <= {int, float}
    assert found["channels"] == found["ring_calls"] == 4
    assert found["setups_completed"] == 12
    assert found["rtp_packets"] > 400
    assert found["ring_error_min_ms"] > 0
