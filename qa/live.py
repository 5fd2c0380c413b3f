"""What all who look at the page of today see: asked for once, however many look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from base.clock import stopped_within
from qa.remembering import Figures
from records import day, line_health, lines, live
from records.database import Database
from records.day import FlagCount
from records.live import LiveCampaign, UnderWay
from records.model import LineHealth, TrunkState

LOOK_S = 2.0
"""Calls, campaigns and lines are looked at so often while anybody looks at them."""
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


class Live:
    """What each branch sees; "" is headquarters and sees all (C4)."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._closed = asyncio.Event()
        self._following = 0
        self._looks = Figures(now, timedelta(seconds=LOOK_S))

    async def calls(self, branch: str) -> Now:
        """Campaigns, calls, lines and today's flags."""
        return await self._looks.of(branch, partial(self._look, branch))

    def changed(self) -> None:
        """Somebody changed a campaign: all look again."""
        self._looks.forget()

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
