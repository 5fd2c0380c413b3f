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

from ivr.days import PERIOD, days, possible, without_days
from ivr.numerals import spelt

CLOSE = time(15, 0)
"""The exchange's close, which 收盘 means."""
STEP = timedelta(minutes=15)
"""Appointments are made to the quarter hour; what can be said back goes no finer."""

DAYBREAK = 6
"""An hour before it was misheard: nobody asks to be called at night."""

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

_CLOCK = re.compile(r"(\d{1,2})点(?:钟|整)?(半|[123]刻|\d{1,2})?")
_RELATIVE = re.compile(r"(?:(\d{1,2})个?)?(半)?个?小时|(\d{1,2})分钟|([123])刻钟")
_PART = re.compile("|".join(_PARTS))
_SPOKEN = re.compile("|".join((_CLOCK.pattern, _PART.pattern, _RELATIVE.pattern, "收盘")))
_SOON = re.compile(r"[一1]会|等会|待会|晚点|晚些|过会")
_A_LITTLE = re.compile(r"(?<=[小快慢早晚大多少好差有高低])1点(?![钟整半\d])")
"""晚一点 is no clock time."""
_KNOWN = re.compile(
    r"那就|现在|没有?[空时间]+|在[忙开会车]+|不行|不方便|可以|大概|差不多|要不|最好|应该|麻烦|希望|[答回]复|[之以]前|[上中下]午|[早晚]上|左右|就行|[上下这]?个?月[初底末]|我们?|你们?|过"
    r"|[那就嗯呃啊哦好的了吧等在再打给到说约改请行对是有空后晚早]"
)
MOST_UNKNOWN = 1
"""Syllables before a bare time that belong to nothing: more may hold the day, misheard (加入一收盘以后)."""
_BARE_ONE = re.compile(r"[一1]点(?![半钟整一二三四五十\d])")
_DENIED = re.compile(r"(?:不是|不要|别)\D{0,6}\d|点半?\D{0,3}(?:不行|不方便|没空)")
_CALL_AGAIN = re.compile(r"再(?:打|联系|说|聊)")


@dataclass(frozen=True, slots=True)
class Clear:
    """One time, to the quarter hour."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Vague:
    """A time was spoken of, but no one time; `guess` may be proposed when asking again brought no more."""

    guess: datetime | None


def parse(text: str, now: datetime, on: date | None = None) -> Clear | Vague | None:
    """The time somebody names, seen from `now` (aware); None when they speak of no time at all.

    `on`: the day that is spoken of, where they name none.
    """
    words = possible(_A_LITTLE.sub("些", spelt(text)))
    relative = _relative(words)
    if relative is not None:
        ahead = rounded(now + relative)
        return Vague(ahead) if _misheard(words) else Clear(ahead)
    clocks = _clocks(words)
    named, part = days(words, now.date()), _part(words)
    if not clocks:
        return _without_hour(words, named or ((on,) if on and part else ()), part, now)
    hour, minute = clocks[0]
    if minute > 59 or len(named) > 1 or named == (None,):
        return Vague(None)
    if _DENIED.search(words):
        return Vague(None)
    day = named[0] if named else on
    resolved = _hour(hour, part, day == now.date() and now.hour >= 8)
    if resolved is None:
        return Vague(None)
    sure, hour = resolved
    if hour < DAYBREAK:
        return Vague(None)
    at = _placed(day, time(hour, minute), now)
    if at is None:
        return Vague(None)
    clear = sure and _single(words, clocks) and (day is not None or not _misheard(words))
    return Clear(rounded(at)) if clear else Vague(rounded(at))


def unasked(text: str, now: datetime) -> Clear | Vague | None:
    """The time somebody names who was asked something else; 一点 by itself is "a little" (亏一点没关系).

    A vague one only from somebody who wants to be called then: 我不方便，明天再打.
    """
    wish = parse(text, now)
    if isinstance(wish, Vague) and not _CALL_AGAIN.search(text):
        return None
    return wish if parse(_BARE_ONE.sub("", text), now) is not None else None


def named_day(text: str, now: datetime) -> date | None:
    """The one day that somebody names, today or later."""
    day = parse_date(text, now)
    return day if isinstance(day, date) and day >= now.date() else None


def parse_date(text: str, now: datetime) -> date | Vague | None:
    """The day somebody names, seen from `now` (aware); None when they speak of no day at all.

    `Vague`: some day (月底), one of several, or one that does not exist.
    """
    words = possible(spelt(text))
    named = days(words, now.date())
    beside = len(_KNOWN.sub("", without_days(words)))
    if len(named) == 1 and named[0] is not None and beside <= MOST_UNKNOWN:
        return named[0]
    return Vague(None) if named or PERIOD.search(words) else None


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
    """One time of one part of the day, or the beginning of a span (三点到五点); never one beside another."""
    parts = {_PARTS[part] for part in _PART.findall(words)}
    return (len(set(clocks)) == 1 and len(parts) <= 1) or "到" in words


def _misheard(words: str) -> bool:
    """Whether what stands before a time without a day may be a day that was not heard."""
    first = _SPOKEN.search(words)
    return first is not None and len(_KNOWN.sub("", words[: first.start()])) > MOST_UNKNOWN


def _part(words: str) -> str:
    match = _PART.search(words)
    return _PARTS[match[0]] if match else ""


def _hour(hour: int, part: str, after_eight: bool) -> tuple[bool, int] | None:
    """(sure, hour of 24) for an hour as spoken; None when it can't be."""
    if hour > 23 or (part == "evening" and hour in (1, 2, 3, 4, 12)):
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


def _placed(day: date | None, clock: time, now: datetime) -> datetime | None:
    """The clock time on its day, without a day the next such time; None when it has passed."""
    at = datetime.combine(day or now.date(), clock, tzinfo=now.tzinfo)
    if at > now:
        return at
    return None if day else at + timedelta(days=1)


def _without_hour(words: str, named: tuple[date | None, ...], part: str, now: datetime) -> Vague | None:
    if len(named) > 1 or named == (None,):
        return Vague(None)
    if not named and not part:
        return Vague(None) if _SOON.search(words) or PERIOD.search(words) else None
    return Vague(_placed(named[0] if named else None, _USUAL[part], now))


def rounded(at: datetime) -> datetime:
    """Up to the next quarter hour."""
    base = at.replace(minute=0, second=0, microsecond=0)
    return base + -(-(at - base) // STEP) * STEP
