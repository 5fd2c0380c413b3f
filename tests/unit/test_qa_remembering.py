"""What is counted once for many who look."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from base.clock import SHANGHAI
from qa.remembering import MOST_KEPT, SHARE, Figures


class Site:
    """A clock, how often something was counted, and how long that takes."""

    def __init__(self, takes_s: float = 0.0) -> None:
        self.at, self.counted = datetime(2026, 3, 4, 15, 0, tzinfo=SHANGHAI), 0
        self.takes = timedelta(seconds=takes_s)

    async def count(self) -> int:
        await asyncio.sleep(0)
        self.counted += 1
        self.at += self.takes
        return self.counted


async def test_who_looks_at_once_is_told_one_count() -> None:
    site = Site()
    figures = Figures(lambda: site.at)
    assert await asyncio.gather(*(figures.of("a", site.count) for _ in range(5))) == [1] * 5
    assert await figures.of("b", site.count) == 2


async def test_it_is_counted_anew_after_a_while_and_when_the_clock_is_set_back() -> None:
    site = Site()
    figures = Figures(lambda: site.at)
    told = [await figures.of("a", site.count)]
    for seconds in (30, 31, -120):
        site.at += timedelta(seconds=seconds)
        told.append(await figures.of("a", site.count))
    assert told == [1, 1, 2, 3]


async def test_no_more_is_kept_than_there_is_room_for() -> None:
    site = Site()
    figures = Figures(lambda: site.at)
    for key in range(MOST_KEPT + 1):
        await figures.of(key, site.count)
    assert await figures.of(MOST_KEPT, site.count) == MOST_KEPT + 1
    assert await figures.of(0, site.count) == MOST_KEPT + 2


async def test_what_takes_long_is_counted_seldom() -> None:
    site = Site(takes_s=10.0)
    figures = Figures(lambda: site.at)
    told = [await figures.of("a", site.count)]
    for seconds in (10 * SHARE, 1):
        site.at += timedelta(seconds=seconds)
        told.append(await figures.of("a", site.count))
    assert told == [1, 1, 2]


async def test_what_has_changed_is_counted_anew() -> None:
    site = Site()
    figures = Figures(lambda: site.at)
    await figures.of("a", site.count)
    figures.forget()
    assert await figures.of("a", site.count) == 2
