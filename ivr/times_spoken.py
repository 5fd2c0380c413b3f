"""Times said back (D6), put together from pieces that are rendered once: 明天 + 下午三点半."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ivr.numerals import chinese
from ivr.values import Line

_NEAR = ("今天", "明天", "后天")
_WEEKDAYS = "一二三四五六日"
_QUARTERS = {0: "", 15: "一刻", 30: "半", 45: "三刻"}
FIRST_HOUR, LAST_HOUR = 8, 21
"""Nobody is called outside these hours; no other pieces exist."""


def spoken(when: datetime, now: datetime) -> tuple[Line, ...] | None:
    """A time to the quarter hour as pieces; None beyond next week or the hours of calls: ask again."""
    if not FIRST_HOUR <= when.hour <= LAST_HOUR or when.minute not in _QUARTERS:
        return None
    day = _day(when, now)
    return None if day is None else (day, _clock(when.time()))


def all_pieces() -> tuple[Line, ...]:
    """Every piece that `spoken` may use."""
    days = [_near(n) for n in range(3)] + [_weekday(week, n) for week in range(2) for n in range(7)]
    hours = range(FIRST_HOUR, LAST_HOUR + 1)
    return (*days, *(_clock(time(hour, minute)) for hour in hours for minute in _QUARTERS))


def _day(when: datetime, now: datetime) -> Line | None:
    ahead = (when.date() - now.date()).days
    if 0 <= ahead < len(_NEAR):
        return _near(ahead)
    monday = now.date() - timedelta(days=now.weekday())
    week, weekday = divmod((when.date() - monday).days, 7)
    return _weekday(week, weekday) if ahead > 0 and week in (0, 1) else None


def _near(ahead: int) -> Line:
    return Line(f"time.day.{ahead}", _NEAR[ahead])


def _weekday(week: int, weekday: int) -> Line:
    which = ("this", "next")[week]
    return Line(f"time.{which}_week.{weekday + 1}", ("这周", "下周")[week] + _WEEKDAYS[weekday])


def _clock(clock: time) -> Line:
    hour = clock.hour if clock.hour <= 12 else clock.hour - 12
    words = "两" if hour == 2 else chinese(hour)
    return Line(f"time.at.{clock:%H%M}", f"{_part(clock.hour)}{words}点{_QUARTERS[clock.minute]}")


def _part(hour: int) -> str:
    if hour < 12:
        return "上午"
    if hour == 12:
        return "中午"
    return "下午" if hour < 18 else "晚上"
