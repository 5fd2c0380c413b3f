"""Periods of the calendar and of a customer's own; last days over holidays (P2, P6, P10)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.calendar import OFFICIAL, DayKind
from plans.duties import Period, Within
from plans.periods import Span, last_day, months_after, own_spans, span_of, spans

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CERTAIN = st.dates(date(2019, 1, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("period", "day", "span"),
    [
        (Period.MONTH, date(2026, 2, 11), Span("2026-02", date(2026, 2, 1), date(2026, 2, 28))),
        (Period.QUARTER, date(2026, 9, 30), Span("2026Q3", date(2026, 7, 1), date(2026, 9, 30))),
        (Period.HALF_YEAR, date(2026, 7, 1), Span("2026H2", date(2026, 7, 1), date(2026, 12, 31))),
        (Period.YEAR, date(2026, 7, 1), Span("2026", date(2026, 1, 1), date(2026, 12, 31))),
        (Period.TWO_YEARS, date(2027, 7, 1), Span("2026-2027", date(2026, 1, 1), date(2027, 12, 31))),
    ],
)
def test_periods_of_the_calendar(period: Period, day: date, span: Span) -> None:
    assert span_of(period, day) == span


@given(st.sampled_from(Period), DAYS, st.integers(0, 900))
def test_periods_follow_each_other_without_a_gap(period: Period, first: date, days: int) -> None:
    found = list(spans(period, first, first + timedelta(days=days)))
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= first + timedelta(days=days) <= found[-1].last
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(found))
    assert len({one.name for one in found}) == len(found)


@given(st.sampled_from(Period), DAYS, DAYS, st.integers(0, 900))
def test_a_customers_own_periods_cover_the_stretch_from_its_day_on(
    period: Period, since: date, first: date, days: int
) -> None:
    last = first + timedelta(days=days)
    found = list(own_spans(period, since, first, last))
    if since > last:
        assert found == []
        return
    assert found[0].first <= max(first, since) <= found[0].last
    assert found[-1].first <= last <= found[-1].last
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(found))
    assert all(one.first >= since for one in found)


def test_a_contract_of_the_last_day_of_a_month_keeps_to_month_ends() -> None:
    found = list(own_spans(Period.QUARTER, date(2025, 11, 30), date(2026, 1, 1), date(2026, 6, 1)))
    assert [(one.first, one.last) for one in found] == [
        (date(2025, 11, 30), date(2026, 2, 27)),
        (date(2026, 2, 28), date(2026, 5, 29)),
        (date(2026, 5, 30), date(2026, 8, 29)),
    ]
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("within", "from_", "by"),
    [
        (Within(worked_days=3), date(2026, 3, 4), date(2026, 3, 9)),  # over a weekend
        (
            Within(worked_days=5),
            date(2026, 9, 28),
            date(2026, 10, 10),
        ),  # a made-up Saturday after the holidays
        (Within(worked_days=3), date(2026, 2, 12), date(2026, 2, 24)),  # over the spring festival
        (Within(worked_days=0), date(2026, 2, 16), date(2026, 2, 24)),
        (Within(days=14), date(2026, 2, 12), date(2026, 2, 26)),
        (Within(months=1), date(2026, 1, 31), date(2026, 2, 28)),
    ],
)
def test_last_days(within: Within, from_: date, by: date) -> None:
    assert last_day(within, from_, OFFICIAL) == by


@given(CERTAIN, st.integers(1, 15))
def test_a_last_day_has_so_many_worked_days_behind_it(day: date, count: int) -> None:
    by = last_day(Within(worked_days=count), day, OFFICIAL)
    after = [day + timedelta(days=n) for n in range(1, (by - day).days + 1)]
    worked = [one for one in after if DayKind.OFF not in OFFICIAL.day_of(one).kinds]
    assert len(worked) == count
    assert worked[-1] == by
