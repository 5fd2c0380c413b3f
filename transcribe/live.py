"""The ear of live calls: a pool of warm recogniser processes; whoever asks gets the next one that is free.

One thread each: two answers at once on two threads are ready later than one after the other on one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from base.errors import LineError
from ivr.hearing import Heard
from transcribe.engines import verify
from transcribe.recogniser import Recogniser

Told = Callable[[float, float], None]
"""Told of each answer: seconds it waited for a free process, seconds that the process worked."""


class LiveEar:
    """Recognises short answers, first come, first served; satisfies `ivr.hearing.Ear`.

    A request during which a process dies is tried once more in a fresh one.
    """

    def __init__(self, recognisers: list[Recogniser], told: Told) -> None:
        """Use `start`: this starts nothing."""
        self._all = recognisers
        self._free: asyncio.Queue[Recogniser] = asyncio.Queue()
        for recogniser in recognisers:
            self._free.put_nowait(recogniser)
        self._asking: set[asyncio.Task[Heard]] = set()
        self._closed = False
        self._told = told

    @classmethod
    async def start(
        cls, model: Path, *, processes: int = 1, threads: int = 1, told: Told = lambda _waited, _worked: None
    ) -> LiveEar:
        """Check the model and warm the processes up.

        Raises:
            ModelError: the model is missing or corrupt.
            LineError: a process does not come up.
        """
        await asyncio.to_thread(verify, model)
        starting = (Recogniser.start(model, threads) for _ in range(processes))
        started = await asyncio.gather(*starting, return_exceptions=True)
        up = [one for one in started if isinstance(one, Recogniser)]
        if failed := [one for one in started if isinstance(one, BaseException)]:
            await asyncio.gather(*(one.close() for one in up))
            raise failed[0]
        return cls(up, told)

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the recognisers; none after `close`."""
        return () if self._closed else tuple(one.pid for one in self._all)

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:
        """Recognise one utterance: 8 kHz mono signed 16-bit little endian; `expected` as `Ear.hear` has it.

        A caller that is cancelled leaves the processes in order: a request that waits is dropped, of one that
        was sent the answer is read and dropped.

        Raises:
            LineError: the process died twice, or the ear is closed.
        """
        if self._closed:
            raise LineError("the ear is closed")
        sent = asyncio.Event()
        asking = asyncio.create_task(self._in_turn(pcm, expected, sent))
        self._asking.add(asking)
        asking.add_done_callback(self._asked)
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            if not sent.is_set():
                asking.cancel()
            raise

    async def close(self) -> None:
        """End the processes; waits for the answers they are at."""
        if self._closed:
            return
        self._closed = True
        for _ in self._all:
            await (await self._free.get()).close()

    async def _in_turn(self, pcm: bytes, expected: tuple[str, ...], sent: asyncio.Event) -> Heard:
        asked = time.monotonic()
        recogniser = await self._free.get()
        sent.set()
        begun = time.monotonic()
        try:
            return await recogniser.recognise(pcm, expected)
        finally:
            self._free.put_nowait(recogniser)
            self._told(begun - asked, time.monotonic() - begun)

    def _asked(self, asking: asyncio.Task[Heard]) -> None:
        self._asking.discard(asking)
        if not asking.cancelled():
            asking.exception()  # looked at here: whoever asked may have gone, and the loop would complain
