"""What all who look at the page of today see: asked for once, however many look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from base.clock import stopped_within
from plans.standing import Standing, standings
from records import day, line_health, lines, live, obligations
from records.database import Database
from records.day import FlagCount
from records.live import LiveCampaign, UnderWay
from records.model import LineHealth, TrunkState

T = TypeVar("T")

CALLS_S = 2.0
"""Calls, campaigns and lines are looked at so often while anybody looks at them."""
PLANS_S = 60.0
"""What is counted over all that is owed."""
SHARE = 10
"""A look that took long is repeated after so many times its length: looks never fill the machine."""
MOST = 300
"""So many browsers may follow at once."""


@dataclass(frozen=True, slots=True)
class Now:
    """The calls of one branch, or of all, as they are.

    Attributes:
        lines: trunks ever used or paused, with how many calls each carries; none for a branch.
        health: what every node found; none for a branch.
    """

    at: datetime
    campaigns: list[LiveCampaign]
    calls: list[UnderWay]
    lines: list[tuple[TrunkState, int]]
    health: list[LineHealth]
    flags: list[FlagCount]


class Kept(Generic[T]):
    """A value that is asked for anew when it is old, once for all who want it meanwhile."""

    def __init__(
        self, ask: Callable[[], Awaitable[T]], least_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask, self._least_s, self._clock = ask, least_s, clock
        self._asking = asyncio.Lock()
        self._value: T | None = None
        self._until = float("-inf")

    async def get(self) -> T:
        """The value, at most as old as `least_s`, or ten times what asking took."""
        async with self._asking:
            if self._value is None or self._clock() >= self._until:
                begun = self._clock()
                self._value = await self._ask()
                ended = self._clock()
                self._until = ended + max(self._least_s, SHARE * (ended - begun))
            return self._value

    def forget(self) -> None:
        """It has changed: ask anew next time."""
        self._until = float("-inf")


class Live:
    """What each branch sees; "" is headquarters and sees all (C4)."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._closed = asyncio.Event()
        self._following = 0
        self._calls: dict[str, Kept[Now]] = {}
        self._plans: dict[str, Kept[list[Standing]]] = {}

    async def calls(self, branch: str) -> Now:
        """Campaigns, calls, lines and today's flags."""
        kept = self._calls.setdefault(branch, Kept(partial(self._look, branch), CALLS_S))
        return await kept.get()

    async def coverage(self, branch: str) -> list[Standing]:
        """Each duty against what is required (P9)."""
        kept = self._plans.setdefault(branch, Kept(partial(self._count, branch), PLANS_S))
        return await kept.get()

    def changed(self) -> None:
        """Somebody changed a campaign: all look again."""
        for kept in self._calls.values():
            kept.forget()

    def close(self) -> None:
        """Whoever follows is sent home: the console closes."""
        self._closed.set()

    @property
    def is_full(self) -> bool:
        """Whether nobody more may follow."""
        return self._following >= MOST

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Somebody follows as long as this lasts."""
        self._following += 1
        try:
            yield
        finally:
            self._following -= 1

    async def closes_within(self, seconds: float) -> bool:
        """Wait so long, or until the console closes; whether it does."""
        return await stopped_within(self._closed, seconds)

    async def _look(self, branch: str) -> Now:
        db, now = self._database, self._now()
        return Now(
            at=now,
            campaigns=await live.campaigns(db, branch, now),
            calls=await live.under_way(db, branch),
            lines=[] if branch else await self._lines(),
            health=[] if branch else list(await line_health.of_all(db)),
            flags=await day.flags(db, branch, now.date()),
        )

    async def _lines(self) -> list[tuple[TrunkState, int]]:
        used = await line_health.calls_under_way(self._database)
        states = await lines.trunk_states(self._database)
        return [(states[name], used.get(name, 0)) for name in sorted(states)]

    async def _count(self, branch: str) -> list[Standing]:
        db, whose = self._database, branch or None
        counted = await obligations.tallies(db, self._now().date(), whose)
        return standings(counted, await obligations.sizes(db, whose), by_branch=False)
