"""One warm recogniser process, asked over pipes, one answer at a time, started again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

from base.errors import LineError, ModelError
from base.log import get_logger
from ivr.hearing import Heard, Likely
from transcribe.live_process import request

_log = get_logger(__name__)

START_S = 60.0
"""A recogniser that is not warm by then never will be."""
ANSWER_S = 20.0
"""An answer that takes longer is a hung process."""
MAIN = ("-m", "transcribe.live_process")

DEAD = (OSError, EOFError, TimeoutError, ValueError)
"""What a dead, hung or babbling process looks like from here."""


class Recogniser:
    """A process with a loaded model. Whoever asks waits for the answer before asking again."""

    def __init__(self, process: Process, arguments: tuple[str, ...]) -> None:
        """Use `start`: this starts nothing."""
        self._process = process
        self._arguments = arguments

    @classmethod
    async def start(cls, model: Path, threads: int) -> Recogniser:
        """Start a process and wait until it is warm.

        Raises:
            LineError: it does not come up.
            ModelError: it cannot load the model.
        """
        arguments = (str(model), str(threads))
        try:
            return cls(await _spawn(arguments), arguments)
        except DEAD as error:
            raise LineError(f"the recogniser process does not start: {error!r}") from error

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def recognise(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:
        """The words of one utterance, and how well `expected` fit it.

        A process that dies over it is started again, and asked once more.

        Raises:
            LineError: it died twice.
        """
        try:
            return await self._ask(pcm, expected)
        except DEAD as error:
            _log.warning("recogniser died, starting it again", error=repr(error))
        try:
            await _end(self._process, kill=True)
            self._process = await _spawn(self._arguments)
            return await self._ask(pcm, expected)
        except (*DEAD, ModelError) as error:
            raise LineError(f"the recogniser process died twice over one answer: {error!r}") from error

    async def close(self) -> None:
        """End the process."""
        await _end(self._process)

    async def _ask(self, pcm: bytes, expected: tuple[str, ...]) -> Heard:
        process = self._process
        assert process.stdin is not None
        async with asyncio.timeout(ANSWER_S):
            process.stdin.write(request(pcm, expected))
            await process.stdin.drain()
            answer = await _line(process)
        return _heard(answer)


def _heard(answer: dict[str, Any]) -> Heard:
    likely = tuple(Likely(phrase, score) for phrase, score in answer["likely"])
    return Heard(answer["text"], answer["confidence"], tuple(answer["others"]), likely)


async def _spawn(arguments: tuple[str, ...]) -> Process:
    """A warm process. OpenMP is told its threads before it is loaded: else it starts one for each core, and
    those that the model was not given spin beside the one that works, for as much processor time again.
    """
    *_, threads = arguments
    process = await asyncio.create_subprocess_exec(
        sys.executable, *MAIN, *arguments,
        stdin=PIPE, stdout=PIPE, start_new_session=True, env={**os.environ, "OMP_NUM_THREADS": threads},
    )  # fmt: skip
    try:
        async with asyncio.timeout(START_S):
            greeting = await _line(process)
    except BaseException:
        await _end(process, kill=True)
        raise
    if "error" in greeting:
        await _end(process, kill=True)
        raise ModelError(str(greeting["error"]))
    return process


async def _line(process: Process) -> dict[str, Any]:
    """One line of JSON; EOFError when there will be none."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line.endswith(b"\n"):
        raise EOFError("the process ended")
    answer: dict[str, Any] = json.loads(line)
    return answer


async def _end(process: Process, *, kill: bool = False) -> None:
    """Close its input and wait; kill it if asked, or if it doesn't go."""
    assert process.stdin is not None
    process.stdin.close()
    if kill and process.returncode is None:
        process.kill()
    with contextlib.suppress(OSError):
        await process.stdin.wait_closed()
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
