"""The ear of live calls: one warm recogniser process, asked over pipes, started again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from base.errors import LineError, ModelError
from base.log import get_logger
from ivr.hearing import Heard
from transcribe.live_process import LENGTH
from transcribe.models import verify

_log = get_logger(__name__)

START_S = 60.0
"""A recogniser that is not warm by then never will be."""
ANSWER_S = 20.0
"""An answer that takes longer is a hung process."""
MAIN = ("-m", "transcribe.live_process")

_DEAD = (OSError, EOFError, TimeoutError, ValueError)
"""What a dead, hung or babbling process looks like from here."""


class LiveEar:
    """Recognises short answers, one after the other in the order asked; satisfies `ivr.hearing.Ear`.

    A request during which the process dies is tried once more in a fresh one.
    """

    def __init__(self, model: Path, threads: int) -> None:
        """Use `start`: this starts nothing."""
        self._arguments = (str(model), str(threads))
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._asking: set[asyncio.Task[Heard]] = set()

    @classmethod
    async def start(cls, model: Path, *, threads: int = 2) -> LiveEar:
        """Check the model and warm a process up.

        Raises:
            ModelError: the model is missing or corrupt.
            LineError: the process does not come up.
        """
        await asyncio.to_thread(verify, model)
        ear = cls(model, threads)
        try:
            ear._process = await ear._spawn()
        except _DEAD as error:
            raise LineError(f"the recogniser process does not start: {error!r}") from error
        return ear

    @property
    def pid(self) -> int | None:
        """Process id of the recogniser, None after `close`."""
        return self._process.pid if self._process else None

    async def hear(self, pcm: bytes) -> Heard:
        """Recognise one utterance: 8 kHz mono signed 16-bit little endian.

        A caller that is cancelled leaves the process in order: a request that waits is dropped, of one that
        was sent the answer is read and dropped.

        Raises:
            LineError: the process died twice, or the ear is closed.
        """
        sent = asyncio.Event()
        asking = asyncio.create_task(self._in_turn(pcm, sent))
        self._asking.add(asking)
        asking.add_done_callback(self._asked)
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            if not sent.is_set():
                asking.cancel()
            raise

    def _asked(self, asking: asyncio.Task[Heard]) -> None:
        self._asking.discard(asking)
        if not asking.cancelled():
            asking.exception()  # looked at here: whoever asked may have gone, and the loop would complain

    async def close(self) -> None:
        """End the process; waits for the answer it is at."""
        async with self._turn:
            process, self._process = self._process, None
            if process is not None:
                await _end(process)

    async def _in_turn(self, pcm: bytes, sent: asyncio.Event) -> Heard:
        async with self._turn:
            sent.set()
            try:
                return await self._ask(pcm)
            except _DEAD as error:
                _log.warning("recogniser died, starting it again", error=repr(error))
            try:
                await self._restart()
                return await self._ask(pcm)
            except (*_DEAD, ModelError) as error:
                raise LineError(f"the recogniser process died twice over one answer: {error!r}") from error

    async def _ask(self, pcm: bytes) -> Heard:
        process = self._running()
        assert process.stdin is not None
        async with asyncio.timeout(ANSWER_S):
            process.stdin.write(LENGTH.pack(len(pcm)) + pcm)
            await process.stdin.drain()
            answer = await _line(process)
        return Heard(str(answer["text"]), float(str(answer["confidence"])))

    def _running(self) -> Process:
        if self._process is None:
            raise LineError("the ear is closed")
        return self._process

    async def _restart(self) -> None:
        await _end(self._running(), kill=True)
        self._process = await self._spawn()

    async def _spawn(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *MAIN, *self._arguments, stdin=PIPE, stdout=PIPE, start_new_session=True
        )
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


async def _line(process: Process) -> dict[str, object]:
    """One line of JSON; EOFError when there will be none."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line.endswith(b"\n"):
        raise EOFError("the process ended")
    answer: dict[str, object] = json.loads(line)
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
