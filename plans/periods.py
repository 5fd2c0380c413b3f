"""Periods of the calendar and of a customer's own, and the last day for what is owed (P2, P6, P10). Pure."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from base.calendar import Calendar
from plans.duties import Period, Within

MONTHS = {
    Period.MONTH: 1,
    Period.QUARTER: 3,
    Period.HALF_YEAR: 6,
    Period.YEAR: 12,
    Period.TWO_YEARS: 24,
}

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One period, both days included; `name` is its occasion: "2026-07", "2026Q3", "2026-2027"."""

    name: str
    first: date
    last: date


def span_of(period: Period, day: date) -> Span:
    """The period of the calendar that a day is in."""
    length = MONTHS[period]
    begin = (day.year * 12 + day.month - 1) // length * length
    first = _first_of(begin)
    return Span(_name(period, first), first, _first_of(begin + length) - _DAY)


def spans(period: Period, first: date, last: date) -> Iterator[Span]:
    """Every period of the calendar that has a day in this stretch."""
    while first <= last:
        span = span_of(period, first)
        yield span
        first = span.last + _DAY


def own_spans(period: Period, since: date, first: date, last: date) -> Iterator[Span]:
    """The same counted from a customer's own day, such as a contract's first (P6); none lies before it."""
    length = MONTHS[period]
    passed = (first.year - since.year) * 12 + first.month - since.month
    n = max(0, passed // length - 1)
    while (begin := months_after(since, n * length)) <= last:
        n += 1
        end = months_after(since, n * length) - _DAY
        if end >= first:
            yield Span(begin.isoformat(), begin, end)


def months_after(day: date, count: int) -> date:
    """The same day of a later month; the last of a month that is too short for it."""
    begin = _first_of(day.year * 12 + day.month - 1 + count)
    return begin.replace(day=min(day.day, months.monthrange(begin.year, begin.month)[1]))


def last_day(within: Within, day: date, calendar: Calendar) -> date:
    """The last day of a time that runs from a day on, which itself does not count (P1, P6, P10)."""
    if within.worked_days is not None:
        return calendar.worked_after(day, within.worked_days)
    return months_after(day, within.months) if within.months else day + timedelta(days=within.days or 0)


def _first_of(month: int) -> date:
    """The first day of a month that is counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)


def _name(period: Period, first: date) -> str:
    match period:
        case Period.MONTH:
            return f"{first:%Y-%m}"
        case Period.QUARTER:
            return f"{first.year}Q{first.month // 3 + 1}"
        case Period.HALF_YEAR:
            return f"{first.year}H{first.month // 6 + 1}"
        case Period.YEAR:
            return str(first.year)
        case Period.TWO_YEARS:
            return f"{first.year}-{first.year + 1}"
