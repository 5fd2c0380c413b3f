"""Periods as people write them: 2026-07, 2026Q3, 2026H2, 2026, and the one that was over last. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from plans.duties import Period
from plans.periods import Span, span_of

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_PART = re.compile(r"(20\d\d)([QH])([1-4])")
_YEAR = re.compile(r"20\d\d")


def stretch(text: str) -> Span:
    """The period of that name.

    Raises:
        ValueError: there is none.
    """
    if found := _MONTH.fullmatch(text):
        return span_of(Period.MONTH, date(int(found[1]), int(found[2]), 1))
    if found := _PART.fullmatch(text):
        return _part(int(found[1]), found[2], int(found[3]))
    if _YEAR.fullmatch(text):
        return span_of(Period.YEAR, date(int(text), 1, 1))
    raise ValueError(f"{text!r} is no period: write 2026-07, 2026Q3, 2026H2 or 2026")


def last_before(each: Period, today: date) -> Span:
    """The last period that was over before this day."""
    return span_of(each, span_of(each, today).first - timedelta(days=1))


def _part(year: int, letter: str, nth: int) -> Span:
    if letter == "Q":
        return span_of(Period.QUARTER, date(year, 3 * nth, 1))
    if nth > 2:
        raise ValueError(f"{year}H{nth} is no half year: write H1 or H2")
    return span_of(Period.HALF_YEAR, date(year, 6 * nth, 1))
