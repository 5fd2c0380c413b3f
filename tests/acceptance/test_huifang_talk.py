"""Conversations with sound over all scripts, through real SIP: `huifang drill talk` as people start it.

A few of them, each in another script and with another intent; the whole drill has 60 and more.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.sip, pytest.mark.speech, pytest.mark.timeout(900)]

CONVERSATIONS = 10
MISHEARD = 3
"""So many may end otherwise: of 26 on a clean line two did, a busy machine adds its own."""
WRONG = 3
"""Of some hundred answers so many may be filed as another: 1 in 100 is what the packaged recogniser reaches
(docs/answers.md), and 3 in 100 are no accident."""
LIMIT_S = 800
"""A drill that takes longer hangs; what nobody has rendered yet is rendered first."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("talk") / "site"


@pytest.fixture(scope="module")
def report(place: Path) -> dict[str, Any]:
    done = subprocess.run(
        (
            *(sys.executable, "-m", "huifang", "drill", "talk", "--conversations", str(CONVERSATIONS)),
            *("--seed", "1", "--quiet", "--data", str(place), "--json"),
        ),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert done.stdout, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == int(told["ended_well"] < CONVERSATIONS or told["wrong"] > 0), done.stderr
    return told


def test_conversations_end_as_they_should(report: dict[str, Any]) -> None:
    """S2-S15, D6, D8, D9: who is misheard again and again may need a second call; which ones is told."""
    otherwise = [one for one in report["verdicts"] if one["expected"] != one["got"] or one["unlike"]]
    assert len(otherwise) <= MISHEARD, otherwise


def test_hardly_anything_is_filed_that_was_not_meant(report: dict[str, Any]) -> None:
    wrong = [answer for one in report["verdicts"] for answer in one["wrong"]]
    assert len(wrong) <= WRONG, wrong


def test_every_conversation_is_in_another_script(report: dict[str, Any]) -> None:
    assert len({one["script"] for one in report["verdicts"]}) == CONVERSATIONS


def test_every_call_was_recorded_on_both_tracks(report: dict[str, Any], place: Path) -> None:
    """R1."""
    recordings = [recording for one in report["verdicts"] for recording in one["recordings"]]
    assert len(recordings) >= CONVERSATIONS
    assert all(
        (place / f"{recording}_{party}.wav").is_file()
        for recording in recordings
        for party in ("system", "customer")
    )
