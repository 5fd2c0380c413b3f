"""The command `huifang` as a process of its own: exit status, one line on stderr, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
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


_DRAINS = """
import asyncio, sys
from huifang.stopping import run_until_stopped

drain = asyncio.Event()

async def work(stop):
    print("ready", flush=True)
    await drain.wait()
    print("draining", flush=True)
    await stop.wait()
    print("stopping", flush=True)

sys.exit(run_until_stopped(work, drain))
"""


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_sigterm_drains_first_and_the_next_signal_stops(second: signal.Signals) -> None:
    with _python(_DRAINS) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "draining\n"
        process.send_signal(second)
        assert process.stdout.read() == "stopping\n"
        assert process.wait(60) == 130


def _waiting(lasts: float) -> subprocess.Popen[str]:
    return _python(_WAITS.format(lasts=lasts))


def _python(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )


def test_a_worker_ends_with_whoever_holds_its_stdin(tmp_path: Path) -> None:
    """A demonstration that is killed leaves no worker behind."""
    command = (sys.executable, "-m", "huifang")
    subprocess.run(
        [*command, "init", "--data", str(tmp_path / "data")], cwd=ROOT, env=ENVIRONMENT, check=True
    )
    ended = subprocess.run(
        [*command, "worker", "--data", str(tmp_path / "data"), "--until-stdin-closes"],
        cwd=ROOT, env=ENVIRONMENT, input="", capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (130, "worker: stopped\n")


def test_a_talk_drill_that_is_interrupted_before_its_first_call_ends_quietly(tmp_path: Path) -> None:
    command = _command("drill", "talk", "--script", "new_account", "--conversations", "1", "--data", tmp_path)
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while not (tmp_path / "config" / "settings.yaml").exists() and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
