"""Times said back (D6), put together from pieces that are rendered once: 明天 + 下午三点半."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

from ivr.numerals import chinese
from ivr.values import Line

OFFERED = {time(10): ("am", "上午"), time(15, 30): ("pm", "下午")}
"""What may be chosen by key, and how it is called there."""
KEYS = "1234"
"""By which: so many times are offered at most."""
_NEAR = ("今天", "明天", "后天")
_YEARS = {-1: ("last", "去年"), 0: ("this", "今年"), 1: ("next", "明年")}
_WEEKDAYS = "一二三四五六日"
_QUARTERS = {0: "", 15: "一刻", 30: "半", 45: "三刻"}
FIRST_HOUR, LAST_HOUR = 8, 21
"""Nobody is called outside these hours; no other pieces exist."""


def spoken(when: datetime, now: datetime) -> tuple[Line, ...] | None:
    """A time to the quarter hour as pieces; None beyond next week or the hours of calls: ask again."""
    if not FIRST_HOUR <= when.hour <= LAST_HOUR or when.minute not in _QUARTERS:
        return None
    day = _day_near(when.date(), now.date())
    return None if day is None else (day, _clock(when.time()))


def spoken_date(day: date, now: datetime) -> tuple[Line, ...] | None:
    """A day as pieces: 明天, 下周三, 三月五号, 去年三月五号; None beyond last and next year."""
    near = _day_near(day, now.date())
    if near is not None:
        return (near,)
    ahead = day.year - now.year
    if abs(ahead) > 1:
        return None
    year = () if day > now.date() and not ahead else (_year(ahead),)
    return (*year, _month(day.month), _day_of_month(day.day))


def all_date_pieces() -> tuple[Line, ...]:
    """Every piece that `spoken_date` may use."""
    return (
        *_near_days(),
        *map(_year, (-1, 0, 1)),
        *map(_month, range(1, 13)),
        *map(_day_of_month, range(1, 32)),
    )


def all_pieces() -> tuple[Line, ...]:
    """Every piece that `spoken` may use."""
    hours = range(FIRST_HOUR, LAST_HOUR + 1)
    return (*_near_days(), *(_clock(time(hour, minute)) for hour in hours for minute in _QUARTERS))


def offer(at: datetime, now: datetime, key: str) -> tuple[Line, ...]:
    """A time of those in `OFFERED` with its key, as pieces: 明天 + 上午请按一; () beyond next week."""
    day = _day_near(at.date(), now.date())
    return () if day is None else (day, _offer(at.time(), key))


def all_offers() -> tuple[Line, ...]:
    """Every piece that only `offer` uses."""
    return tuple(_offer(clock, key) for clock in OFFERED for key in KEYS)


@cache
def day_phrases() -> tuple[str, ...]:
    """Days as people name them."""
    return tuple(piece.wording for piece in (*_near_days(), *map(_day_of_month, range(1, 32))))


@cache
def time_phrases() -> tuple[str, ...]:
    """Times as people name them, to the half hour."""
    hours = range(FIRST_HOUR, LAST_HOUR + 1)
    clocks = [_clock(time(hour, minute)).wording for hour in hours for minute in (0, 30)]
    return (*clocks, *(f"{day.wording}{clock}" for day in _near_days() for clock in clocks))


def _near_days() -> tuple[Line, ...]:
    return (*map(_near, range(3)), *(_weekday(week, n) for week in range(2) for n in range(7)))


def _day_near(day: date, today: date) -> Line | None:
    """Today to the end of next week."""
    ahead = (day - today).days
    if 0 <= ahead < len(_NEAR):
        return _near(ahead)
    monday = today - timedelta(days=today.weekday())
    week, weekday = divmod((day - monday).days, 7)
    return _weekday(week, weekday) if ahead > 0 and week in (0, 1) else None


def _near(ahead: int) -> Line:
    return Line(f"time.day.{ahead}", _NEAR[ahead])


def _weekday(week: int, weekday: int) -> Line:
    which = ("this", "next")[week]
    return Line(f"time.{which}_week.{weekday + 1}", ("这周", "下周")[week] + _WEEKDAYS[weekday])


def _year(ahead: int) -> Line:
    return Line(f"time.year.{_YEARS[ahead][0]}", _YEARS[ahead][1])


def _month(month: int) -> Line:
    return Line(f"time.month.{month}", f"{chinese(month)}月")


def _day_of_month(day: int) -> Line:
    return Line(f"time.date.{day}", f"{chinese(day)}号")


def _clock(clock: time) -> Line:
    hour = clock.hour if clock.hour <= 12 else clock.hour - 12
    words = "两" if hour == 2 else chinese(hour)
    return Line(f"time.at.{clock:%H%M}", f"{_part(clock.hour)}{words}点{_QUARTERS[clock.minute]}")


def _offer(clock: time, key: str) -> Line:
    name, part = OFFERED[clock]
    return Line(f"time.offer.{name}.{key}", f"{part}请按{chinese(int(key))}，")


def _part(hour: int) -> str:
    if hour < 12:
        return "上午"
    if hour == 12:
        return "中午"
    return "下午" if hour < 18 else "晚上"
