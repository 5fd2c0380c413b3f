"""Which days are worked, and on which of them the Shanghai exchange trades (P10, D3). Pure.

Three sources, the later before the earlier: the official calendar with its holidays and made-up weekends, the
exchange's own closures, and single days that a site has written. Where the sources end, Monday to Friday are
taken as worked and traded on and marked provisional; days that are holidays by law every year stay off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import chinese_calendar

NOTICE_DAYS = 45
"""So long before its end a calendar asks to be updated: the next year is announced in early November."""

OFFICIAL_UNTIL = date(max(chinese_calendar.constants.holidays).year, 12, 31)
"""The last day of which the installed official calendar knows."""

_BY_LAW = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""(month, day) of the holidays with a date of their own (全国年节及纪念日放假办法, as revised in 2024)."""


class DayKind(StrEnum):
    """What a day is to the windows of a profile; a day may be several of them."""

    WORKING = "working"
    """Monday to Friday, worked."""
    MADE_UP = "made_up"
    """A weekend day worked in exchange for a holiday."""
    MARKET = "market"
    """The exchange trades, and closes at 15:00."""
    NO_MARKET = "no_market"
    """Worked, but the exchange is shut, so that no close is there to wait for: every made-up day is (D3)."""
    OFF = "off"


class Said(StrEnum):
    """What a person says of a single day."""

    MARKET = "market"
    NO_MARKET = "no_market"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Day:
    """What a day is; `provisional` where a calendar does not reach and nobody has said it."""

    kinds: frozenset[DayKind]
    provisional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The days as a site knows them.

    Attributes:
        shut: worked by the official calendar from Monday to Friday, yet the exchange does not trade.
        market_until: last day of which the exchange's closures are known.
        said: single days that the site has written.
        said_until: last day of which the site says that it knows it all; None: what the sources know.
    """

    shut: frozenset[date] = frozenset()
    market_until: date = OFFICIAL_UNTIL
    said: Mapping[date, Said] = field(default_factory=dict)
    said_until: date | None = None

    @property
    def until(self) -> date:
        """The last day that is certain."""
        return max(min(OFFICIAL_UNTIL, self.market_until), self.said_until or date.min)

    def day_of(self, day: date) -> Day:
        """What a day is."""
        said = self.said.get(day)
        if said is not None:
            return Day(_kinds(day, worked=said is not Said.OFF, trades=said is Said.MARKET))
        worked = _is_worked(day)
        trades = worked and day.weekday() < 5 and day not in self.shut
        return Day(_kinds(day, worked=worked, trades=trades), provisional=day > self.until)

    def worked_after(self, day: date, count: int) -> date:
        """The last of so many worked days after this one; for 0 this day, or the next worked one."""
        while count > 0 or DayKind.OFF in self.day_of(day).kinds:
            day += timedelta(days=1)
            count -= DayKind.OFF not in self.day_of(day).kinds
        return day

    def days_left(self, today: date) -> int | None:
        """Days until the calendar ends, negative after it; None while nobody need think of it."""
        left = (self.until - today).days
        return left if left < NOTICE_DAYS else None

    def ending(self, today: date) -> str:
        """What to tell people about its end; "" while nobody need think of it."""
        if self.days_left(today) is None:
            return ""
        which = "official" if self.market_until >= OFFICIAL_UNTIL else "exchange's"
        return f"the {which} calendar ends on {self.until}, later days are taken by their weekday"


OFFICIAL = Calendar()
"""The official calendar alone: the exchange trades whenever Monday to Friday is worked."""


def _kinds(day: date, *, worked: bool, trades: bool) -> frozenset[DayKind]:
    if not worked:
        return frozenset({DayKind.OFF})
    work = DayKind.WORKING if day.weekday() < 5 else DayKind.MADE_UP
    return frozenset({work, DayKind.MARKET if trades else DayKind.NO_MARKET})


@lru_cache(maxsize=4096)
def _is_worked(day: date) -> bool:
    """By the official calendar; where it does not reach, by the weekday and the law."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5 and (day.month, day.day) not in _BY_LAW
