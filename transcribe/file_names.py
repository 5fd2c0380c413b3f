"""What the name of a recording tells: "time + extension" (R2), as recorders of many makes write it. Pure.

The time is business time. Where the name has the time of day only, its folder may have the day. What else
holds a digit is the extension (a staff or line number may be it): the first such part behind the time, else
the last one before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from base.clock import SHANGHAI

_DAY = r"(?P<year>20\d\d)[-_.年]?(?P<month>\d\d)[-_.月]?(?P<day>\d\d)日?"
_CLOCK = r"(?P<hour>[0-2]\d)[-_.:：时]?(?P<minute>[0-5]\d)(?:[-_.:：分]?(?P<second>[0-5]\d)秒?)?"
_WHOLE = re.compile(rf"(?<!\d){_DAY}[-_.T ]*{_CLOCK}(?:[.]?\d{{3}})?(?!\d)")
_ONLY_DAY = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_ONLY_CLOCK = re.compile(rf"(?<!\d){_CLOCK}(?!\d)")
_PART = re.compile(r"[A-Za-z]*\d[A-Za-z0-9]*")
_COPY = re.compile(r"\s*\(\d+\)$")
_LONGEST = 8
"""More characters are a telephone number, or something that only the recorder knows."""


@dataclass(frozen=True, slots=True)
class Named:
    """When the call began, None where the name doesn't tell; its extension, "" likewise."""

    began_at: datetime | None
    extension: str


def understood(stem: str, folder: str = "") -> Named:
    """Time and extension of a file by its name without suffix, and by its folder's name."""
    stem = _COPY.sub("", stem)
    for found in _WHOLE.finditer(stem):
        moment = _moment(_day(found), _clock(found))
        if moment is not None:
            return Named(moment, _extension(stem, found))
    day, clock = _ONLY_DAY.search(folder), _ONLY_CLOCK.match(stem)
    moment = _moment(_day(day), _clock(clock)) if day and clock else None
    if clock and moment is not None:
        return Named(moment, _extension(stem, clock))
    return Named(None, "")


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> time | None:
    try:
        return time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None


def _moment(day: date | None, clock: time | None) -> datetime | None:
    return datetime.combine(day, clock, SHANGHAI) if day and clock else None


def _extension(stem: str, found: re.Match[str]) -> str:
    behind = _PART.findall(stem[found.end() :])[:1]
    before = reversed(_PART.findall(stem[: found.start()]))
    return next((part for part in (*behind, *before) if len(part) <= _LONGEST), "")
