"""China's working days: the official calendar with its holidays and made-up weekends (P10, D3). Pure.

The calendar ends where the State Council has not yet spoken: beyond, Monday to Friday are taken as working
days and marked provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import chinese_calendar


class DayKind(StrEnum):
    """What a day is to the windows of a profile."""

    WORKING = "working"
    """A working weekday: the market is open and closes at 15:00."""
    MADE_UP = "made_up"
    """A weekend day worked in exchange for a holiday: offices work, the market does not."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Day:
    """A day's kind; `provisional` where the official calendar does not reach."""

    kind: DayKind
    provisional: bool = False


@lru_cache(maxsize=4096)
def day_of(day: date) -> Day:
    """What kind of day it is."""
    weekend = day.weekday() >= 5
    try:
        working = bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return Day(DayKind.OFF if weekend else DayKind.WORKING, provisional=True)
    if not working:
        return Day(DayKind.OFF)
    return Day(DayKind.MADE_UP if weekend else DayKind.WORKING)
