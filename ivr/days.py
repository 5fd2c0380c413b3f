"""Days as people name them, in the words of `numerals.spelt`: 明天, 下下周3, 3月5号, 上个月20号, 3天以后."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

_NEAR = {"大前天": -3, "前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2, "大后天": 3}
_YEARS = {"去年": -1, "今年": 0, "明年": 1, "后年": 2}
_WEEK = r"(?P<weeks>[上下]+|这|本)?个?周(?P<weekday>[1-6日]) ?"
_DATE = (
    r"(?:(?P<year>\d{4}|\d{2})年|(?P<years>[去今明后]年)的?)?"
    r"(?:(?P<month>\d{1,2})月|(?P<months>[上下这本])个?月的?)?份?(?P<day>\d{1,2})[号日]"
)
_BARE = r"(?P<bare_month>\d{1,2})月份?(?P<bare_day>\d{1,2})(?!\d|点)"
_AHEAD = r"(?P<ahead>\d{1,3})天(?:以后|之后|后)|(?P<weeks_ahead>\d{1,2})个?(?:周|星期)(?:以后|之后|后)"
_DAY = re.compile(
    "|".join((f"(?P<near>{'|'.join(sorted(_NEAR, key=len, reverse=True))})", _WEEK, _DATE, _BARE, _AHEAD))
)
_PLAIN = re.sub(r"\?P<\w+>", "?:", _DAY.pattern)
_TIMED = r".*(?:\d点|收盘)"
_INSTEAD = re.compile(rf"不是.{{1,12}}?(?:而是|应该是|是|改成|改到)(?=.*(?:{_PLAIN}|\d点|收盘))")
"""不是今天是明天: what follows is meant."""
_NO_BUT = re.compile(rf"不是的?(?={_PLAIN}{_TIMED})")
"""不是明天下午3点, to another time that was said back: no, tomorrow at three."""
_RULED_OUT = re.compile(
    rf"(?:不是|不要|别)(?:{_PLAIN})(?:(?=.*(?:{_PLAIN}))|(?!{_TIMED}))|(?:{_PLAIN})(?:[早上中下晚午]{{2}})?(?:我|都|也|就|可能|恐怕){{0,2}}"
    r"(?:不行|不可以|不方便|不在|没空|没有空|没时间|没有时间|有事|很忙|忙)"
)
PERIOD = re.compile(
    r"周|[上中下]旬|月[底初末]|年[底初末]|节[前后]|过[几\d]天|这[几\d]天|改天|哪天|几号|\d月|个月|[去今明后]年"
)
"""Speaks of some day, but of no one day."""


def days(words: str, today: date) -> tuple[date | None, ...]:
    """Every day that is named and not ruled out (今天不行), each once; None for one that does not exist."""
    return tuple(dict.fromkeys(_found(possible(words), today)))


def possible(words: str) -> str:
    """The words without days that do not suit: 今天不行明天下午, 不是今天是明天下午 -> 明天下午.

    A denial of something else goes before it: 不是明天下午3点 -> 明天下午3点.
    """
    return _NO_BUT.sub("", _RULED_OUT.sub("", _INSTEAD.sub("", words)))


def without_days(words: str) -> str:
    """What is left beside the days."""
    return _DAY.sub("", words)


def _found(words: str, today: date) -> Iterator[date | None]:
    for found in _DAY.finditer(words):
        at = found.groupdict()
        if at["near"]:
            yield today + timedelta(days=_NEAR[at["near"]])
        elif at["weekday"]:
            yield _weekday(at["weeks"] or "", "123456日".index(at["weekday"]), today)
        elif at["ahead"] or at["weeks_ahead"]:
            yield today + timedelta(days=int(at["ahead"] or 0), weeks=int(at["weeks_ahead"] or 0))
        elif at["year"] or at["years"] or at["months"]:
            yield _dated(at, today)
        else:
            month = at["month"] or at["bare_month"]
            yield _next(int(month) if month else None, int(at["day"] or at["bare_day"]), today)


def _weekday(weeks: str, weekday: int, today: date) -> date | None:
    """This week's, so many weeks before or after it; without a week the next such day, None if that is today.

    Nobody calls today by its name: it was misheard, or next week's is meant.
    """
    monday = today - timedelta(days=today.weekday())
    ahead = weeks.count("下") - weeks.count("上")
    named = monday + timedelta(days=weekday, weeks=ahead)
    if not weeks and named <= today:
        return named + timedelta(weeks=1) if named < today else None
    return named


def _dated(at: dict[str, str | None], today: date) -> date | None:
    """A date with its year, or in the last or next month."""
    year = today.year + _YEARS.get(at["years"] or "", 0)
    if at["year"]:
        year = int(at["year"]) + (2000 if len(at["year"]) == 2 else 0)
    month = int(at["month"]) if at["month"] else today.month
    if at["months"]:
        ahead = {"上": -1, "下": 1}.get(at["months"], 0)
        carried, month = divmod(today.month - 1 + ahead, 12)
        year, month = year + carried, month + 1
    return _date(year, month, int(at["day"] or 0))


def _next(month: int | None, day: int, today: date) -> date | None:
    """The next such date from today on."""
    for n in range(13):
        year, candidate = today.year + (today.month + n - 1) // 12, (today.month + n - 1) % 12 + 1
        found = _date(year, candidate, day) if month in (None, candidate) else None
        if found is not None and found >= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
