"""A value that all share is asked for once; how many follow-ups were open on past days."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from qa.live import SHARE, Kept
from qa.pages.charts import left_open


@dataclass
class Source:
    """Counts how often it is asked; each time takes so many seconds of the test's clock."""

    takes_s: float = 0.0
    at: float = 0.0
    asked: list[float] = field(default_factory=list)

    async def ask(self) -> int:
        self.asked.append(self.at)
        await asyncio.sleep(0)
        self.at += self.takes_s
        return len(self.asked)

    def clock(self) -> float:
        return self.at


async def test_many_who_want_it_at_once_ask_once() -> None:
    source = Source()
    kept = Kept(source.ask, 2.0, source.clock)
    assert await asyncio.gather(*(kept.get() for _ in range(50))) == [1] * 50


async def test_it_is_asked_for_anew_when_it_is_old() -> None:
    source = Source()
    kept = Kept(source.ask, 2.0, source.clock)
    assert await kept.get() == 1
    source.at = 1.9
    assert await kept.get() == 1
    source.at = 2.0
    assert await kept.get() == 2


async def test_what_takes_long_is_asked_for_seldom() -> None:
    source = Source(takes_s=1.0)
    kept = Kept(source.ask, 2.0, source.clock)
    await kept.get()
    source.at = 1.0 + SHARE - 0.1
    assert await kept.get() == 1
    source.at = 1.0 + SHARE
    assert await kept.get() == 2


async def test_what_has_changed_is_asked_for_at_once() -> None:
    source = Source()
    kept = Kept(source.ask, 60.0, source.clock)
    await kept.get()
    kept.forget()
    assert await kept.get() == 2


def test_what_was_closed_later_was_open_before() -> None:
    assert left_open([5, 3, 2], 10) == [15, 12, 10]
