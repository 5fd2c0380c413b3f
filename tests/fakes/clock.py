"""Business time that passes as fast as a test can follow: sleeps end in the order of their virtual times."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from base.clock import SHANGHAI

WEDNESDAY = datetime(2026, 3, 18, 15, tzinfo=SHANGHAI)


TURNS = 40
"""Turns of the event loop in which a chain of wake-ups has run to its end."""


class VirtualClock:
    """A clock whose machine second 0 is `start`. Time moves only when everybody is at rest.

    At rest means: nothing ran for some turns of the event loop, and `busy` says that no thread is at work.
    """

    def __init__(self, start: datetime = WEDNESDAY, busy: Callable[[], bool] = lambda: False) -> None:
        self.start = start
        self.second = 0.0
        self._busy = busy
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()
        self._mover: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        return self.at(self.second)

    def at(self, epoch_s: float) -> datetime:
        return self.start + timedelta(seconds=epoch_s)

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.second + seconds, next(self._order), future))
        if self._mover is None or self._mover.done():
            self._mover = asyncio.create_task(self._move())
        await future

    async def _move(self) -> None:
        while self._sleepers:
            await self._all_at_rest()
            due, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                self.second = max(self.second, due)
                future.set_result(None)

    async def _all_at_rest(self) -> None:
        turns = 0
        while turns < TURNS:
            busy = self._busy()
            await asyncio.sleep(0.0005 if busy else 0)
            turns = 0 if busy else turns + 1
