"""Spoken times to business time: 明天下午三点半, 下周一收盘以后, 过两个小时, 五点以后 (D6).

Own grammar: libraries that read Chinese times take 五点以后 for 05:00 and 下周一收盘以后 for midnight, and
none hears through a recogniser's homophones.

Without a part of day the hours from 1 to 7 mean the afternoon and evening, 9 to 12 the morning and noon:
nobody is called at night. 8 can be both and is asked again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ivr.numerals import spelt

CLOSE = time(15, 0)
"""The exchange's close, which 收盘 means."""
STEP = timedelta(minutes=15)
"""Appointments are made to the quarter hour; what can be said back goes no finer."""

_PARTS = {
    "早上": "morning",
    "上午": "morning",
    "中午": "noon",
    "下午": "afternoon",
    "傍晚": "evening",
    "晚上": "evening",
}
_USUAL = {
    "morning": time(10),
    "noon": time(12),
    "afternoon": time(15, 30),
    "evening": time(19),
    "": time(15, 30),
}
"""What is proposed when somebody twice names no hour."""
_DAYS = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}

_CLOCK = re.compile(r"(\d{1,2})点(?:钟|整)?(半|[123]刻|\d{1,2})?")
_RELATIVE = re.compile(r"(?:(\d{1,2})个?)?(半)?个?小时|(\d{1,2})分钟|([123])刻钟")
_DAY = re.compile(r"大后天|今天|明天|后天")
_WEEKDAY = re.compile(r"(下|这|本)?个?周([1-6日])")
_DATE = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})号|(\d{1,2})月(\d{1,2})")
_PART = re.compile("|".join(_PARTS))
_SOON = re.compile(r"一会|等会|待会|晚点|晚些|过会")
_DENIED = re.compile(r"(?:不是|不要|别)\D{0,6}\d|点\D{0,3}(?:不行|不方便|没空)")


@dataclass(frozen=True, slots=True)
class Clear:
    """One time, to the quarter hour."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Vague:
    """A time was spoken of, but no one time; `guess` may be proposed when asking again brought no more."""

    guess: datetime | None


def parse(text: str, now: datetime) -> Clear | Vague | None:
    """The time somebody names, seen from `now` (aware); None when they speak of no time at all."""
    words = spelt(text)
    relative = _relative(words)
    if relative is not None:
        return Clear(rounded(now + relative))
    clocks = _clocks(words)
    day, part = _day(words, now.date()), _part(words)
    if not clocks:
        return _without_hour(words, day, part, now)
    hour, minute = clocks[0]
    resolved = _hour(hour, part, day == now.date() and now.hour >= 8)
    if resolved is None or minute > 59:
        return Vague(None)
    sure, hour = resolved
    at = _placed(day, _has_day(words), time(hour, minute), now)
    if at is None:
        return Vague(None)
    return Clear(rounded(at)) if sure and _single(words, clocks) else Vague(rounded(at))


def _relative(words: str) -> timedelta | None:
    """过两个小时, 一个半小时以后, 二十分钟."""
    match = _RELATIVE.search(words)
    if match is None:
        return None
    hours, half, minutes, quarters = match.groups()
    if minutes or quarters:
        return timedelta(minutes=int(minutes) if minutes else 15 * int(quarters))
    if not hours and not half:
        return None
    return timedelta(hours=int(hours or 0), minutes=30 if half else 0)


def _clocks(words: str) -> list[tuple[int, int]]:
    """Hours and minutes that are named, and the close for 收盘."""
    found = [(int(hour), _minute(tail)) for hour, tail in _CLOCK.findall(words)]
    if not found and "收盘" in words:
        return [(CLOSE.hour, CLOSE.minute)]
    return found


def _minute(tail: str) -> int:
    if not tail:
        return 0
    if tail == "半":
        return 30
    return 15 * int(tail[0]) if tail.endswith("刻") else int(tail)


def _single(words: str, clocks: list[tuple[int, int]]) -> bool:
    """One time, or the beginning of a span (三点到五点); never one beside another, nor one that is denied."""
    return (len(set(clocks)) == 1 or "到" in words) and not _DENIED.search(words)


def _part(words: str) -> str:
    match = _PART.search(words)
    return _PARTS[match[0]] if match else ""


def _hour(hour: int, part: str, after_eight: bool) -> tuple[bool, int] | None:
    """(sure, hour of 24) for an hour as spoken; None when it can't be."""
    if hour > 23 or (hour == 12 and part == "evening"):
        return None
    if hour > 12 or part == "morning":
        return True, hour
    if part == "noon":
        return True, hour + 12 if hour < 4 else hour
    if part:
        return True, hour % 12 + 12
    if hour == 8:
        return after_eight, 20
    return (True, hour + 12) if 1 <= hour < 8 else (hour != 0, hour)


def _has_day(words: str) -> bool:
    return any(pattern.search(words) for pattern in (_DAY, _WEEKDAY, _DATE))


def _day(words: str, today: date) -> date | None:
    """The day that is named; None for none, or one that can't be."""
    if match := _DAY.search(words):
        return today + timedelta(days=_DAYS[match[0]])
    if match := _WEEKDAY.search(words):
        return _weekday(match[1] or "", "123456日".index(match[2]), today)
    if match := _DATE.search(words):
        month, day = match[1] or match[3], match[2] or match[4]
        return _date(int(month) if month else None, int(day), today)
    return None


def _weekday(which: str, weekday: int, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    named = monday + timedelta(days=weekday + (7 if which == "下" else 0))
    return named + timedelta(days=7) if not which and named < today else named


def _date(month: int | None, day: int, today: date) -> date | None:
    """The next such date from today on."""
    months = [(today.year + (today.month + n - 1) // 12, (today.month + n - 1) % 12 + 1) for n in range(13)]
    for year, candidate in months:
        if month not in (None, candidate):
            continue
        try:
            found = date(year, candidate, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _placed(day: date | None, named: bool, clock: time, now: datetime) -> datetime | None:
    """The clock time on its day, or the next such time; None when it has passed or there is no such day."""
    if day is None and named:
        return None
    at = datetime.combine(day or now.date(), clock, tzinfo=now.tzinfo)
    if at > now:
        return at
    return None if day else at + timedelta(days=1)


def _without_hour(words: str, day: date | None, part: str, now: datetime) -> Vague | None:
    if day is None and not part:
        return Vague(None) if _SOON.search(words) or _has_day(words) or "周" in words else None
    return Vague(_placed(day, False, _USUAL[part], now))


def rounded(at: datetime) -> datetime:
    """Up to the next quarter hour."""
    base = at.replace(minute=0, second=0, microsecond=0)
    return base + -(-(at - base) // STEP) * STEP
