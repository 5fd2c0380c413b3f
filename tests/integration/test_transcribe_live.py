"""The ear of live calls: warm, in order, alive again after a death, gone with its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from base.errors import LineError, ModelError
from ivr.hearing import Ear
from tests.speech_kit import packaged_model, recorded
from transcribe.live import LiveEar
from transcribe.models import PACKAGED, PACKAGED_FILES

pytestmark = pytest.mark.speech


@pytest.fixture
async def ear() -> AsyncIterator[LiveEar]:
    ear = await LiveEar.start(packaged_model())
    yield ear
    await ear.close()


def borrowed(tmp_path: Path) -> Path:
    """The packaged model by links that can be taken away."""
    model = tmp_path / PACKAGED
    model.mkdir()
    for name in PACKAGED_FILES:
        (model / name).symlink_to(packaged_model() / name)
    return model


async def test_answers_come_in_the_order_asked(ear: LiveEar) -> None:
    as_ear: Ear = ear
    myself, satisfied = recorded("myself").tobytes(), recorded("satisfied").tobytes()
    heard = await asyncio.gather(*map(as_ear.hear, (myself, satisfied, myself, satisfied)))
    assert [("操作" in one.text, "很" in one.text) for one in heard] == [(True, False), (False, True)] * 2
    assert all(0.3 < one.confidence <= 1.0 for one in heard)


async def test_two_answers_at_once_go_to_two_processes() -> None:
    """A stopped process keeps its own answer waiting, and nobody else's."""
    ear = await LiveEar.start(packaged_model(), processes=2)
    stopped, _ = ear.pids
    os.kill(stopped, signal.SIGSTOP)
    myself = asyncio.create_task(ear.hear(recorded("myself").tobytes()))
    await asyncio.sleep(0)
    for _ in range(2):
        assert "很" in (await ear.hear(recorded("satisfied").tobytes())).text
    assert not myself.done()
    os.kill(stopped, signal.SIGCONT)
    assert "操作" in (await myself).text
    await ear.close()
    assert ear.pids == ()


@pytest.mark.parametrize("pcm", [b"", b"\0", bytes(8000), bytes(48000)])
async def test_no_sound_gives_no_words(ear: LiveEar, pcm: bytes) -> None:
    assert (await ear.hear(pcm)).text == ""


async def test_a_death_in_the_middle_of_a_request_costs_time_but_no_answer(ear: LiveEar) -> None:
    [first] = ear.pids
    os.kill(first, signal.SIGSTOP)
    asking = asyncio.create_task(ear.hear(recorded("satisfied").tobytes()))
    await asyncio.sleep(0.1)
    os.kill(first, signal.SIGKILL)
    assert "很" in (await asking).text
    assert ear.pids != (first,)


async def test_a_caller_who_gives_up_does_not_shift_the_answers(ear: LiveEar) -> None:
    impatient = asyncio.create_task(ear.hear(recorded("myself").tobytes()))
    await asyncio.sleep(0)
    impatient.cancel()
    assert "很" in (await ear.hear(recorded("satisfied").tobytes())).text


async def test_dying_twice_is_a_line_error_and_no_hang(tmp_path: Path) -> None:
    model = borrowed(tmp_path)
    ear = await LiveEar.start(model)
    for link in model.iterdir():
        link.unlink()
    [pid] = ear.pids
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(LineError, match="died twice"):
        await ear.hear(recorded("satisfied").tobytes())
    await ear.close()


async def test_a_closed_ear_hears_nothing_more(ear: LiveEar) -> None:
    [pid] = ear.pids
    await ear.close()
    with pytest.raises(LineError, match="closed"):
        await ear.hear(b"")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_corrupt_model_is_refused_before_any_process_starts(tmp_path: Path) -> None:
    model = borrowed(tmp_path)
    (model / "config.json").unlink()
    (model / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="corrupt"):
        await LiveEar.start(model)


def environment(pid: int) -> dict[str, str]:
    """What a process was started with."""
    told = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(one.split("=", 1) for one in told if "=" in one)


async def test_a_process_starts_no_threads_beside_those_it_was_given(ear: LiveEar) -> None:
    assert [environment(pid)["OMP_NUM_THREADS"] for pid in ear.pids] == ["1"]


def test_the_process_ends_with_its_input_and_prints_nothing_else() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "transcribe.live_process", str(packaged_model()), "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        told, _ = process.communicate(b"")
        assert told == b'{"ready": true}\n'
        assert process.returncode == 0
