"""The command `huifang` as a process of its own: exit status, one line on stderr, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONUTF8": "1"}


def _command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "huifang", *map(str, arguments)]


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments),
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_site_from_nothing(tmp_path: Path) -> None:
    data, file = tmp_path / "a b", tmp_path / "contacts.csv"
    file.write_text("姓名,电话\n张伟,13800000001\n赵六,12345\n", encoding="gb18030")
    assert _run("init", "--data", data).returncode == 0
    imported = _run("contacts", "import", file, "--data", data)
    assert imported.returncode == 0
    assert "1 added, 0 updated, 0 unchanged, 1 bad" in imported.stdout
    assert _run("campaign", "create", "三月", "--data", data).returncode == 0


def test_bad_input_is_one_line_and_status_2(tmp_path: Path) -> None:
    done = _run("contacts", "list", "--data", tmp_path / "none")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("huifang: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("reader_takes", [0, 1])
def test_a_reader_that_leaves_ends_it_quietly(reader_takes: int) -> None:
    with subprocess.Popen(
        _command("--help"), cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(reader_takes)
        process.stdout.close()
        assert process.stderr.read() == b""


_WAITS = """
import asyncio, signal, sys
from huifang.stopping import run_until_stopped

async def work(stop):
    print("ready", flush=True)
    await stop.wait()
    print("stopping", flush=True)
    await asyncio.sleep({lasts})
    print("in good order", flush=True)

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # these tests may run under nohup
sys.exit(run_until_stopped(work))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_ends_in_good_order(number: signal.Signals) -> None:
    with _waiting(lasts=0) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.read() == "stopping\nin good order\n"
        assert process.wait(60) == 130


def test_the_second_signal_ends_at_once() -> None:
    with _waiting(lasts=600) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "stopping\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == ""
        assert process.wait(60) == 130


def _waiting(lasts: float) -> subprocess.Popen[str]:
    code = _WAITS.format(lasts=lasts)
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )
