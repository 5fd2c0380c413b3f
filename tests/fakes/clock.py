"""Business time that passes as fast as a test can follow: sleeps end in the order of their virtual times."""

from __future__ import annotations

import asyncio
import heapq
from datetime import datetime, timedelta
from itertools import count

from base.clock import SHANGHAI

WEDNESDAY = datetime(2026, 3, 18, 15, tzinfo=SHANGHAI)


class VirtualClock:
    """A clock whose machine second 0 is `start`. Time moves only when everybody is at rest.

    At rest is who does nothing for `settle_s` of real time: enough for a small database to answer. A slower
    answer makes the virtual time it comes at later, never the order of sleeps another.
    """

    def __init__(self, start: datetime = WEDNESDAY, settle_s: float = 0.003) -> None:
        self.start = start
        self.second = 0.0
        self._settle_s = settle_s
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
            await asyncio.sleep(self._settle_s)
            due, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                self.second = max(self.second, due)
                future.set_result(None)
