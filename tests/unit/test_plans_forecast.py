"""Standing and forecast of what is owed (P9)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.calendar import OFFICIAL
from plans.forecast import Forecast, Need, Rates, forecast
from plans.standing import standings
from records.planned import Tally

MONDAY = date(2026, 3, 2)
SURE = Rates(completes=1.0, attempts=3, attempt_s=60, hours=1)
"""Sixty follow-ups per channel and day."""
HALF = Rates(completes=0.5, attempts=3, attempt_s=60, hours=3)


def asked(counts: dict[date, int], channels: int, rates: Rates = SURE) -> Forecast:
    needs = [Need(day, count) for day, count in counts.items()]
    return forecast(needs, channels, rates, MONDAY, OFFICIAL)


def test_follow_ups_are_finished_by_the_earliest_last_day() -> None:
    found = asked({date(2026, 3, 3): 100, date(2026, 3, 31): 200}, 1)
    assert found == Forecast(date(2026, 3, 6), late=0, channels=1, others=0, completed=300)


def test_too_few_channels_are_late_and_it_says_how_many_would_do() -> None:
    found = asked({date(2026, 3, 3): 300}, 1)
    assert (found.done_on, found.late, found.channels) == (date(2026, 3, 6), 180, 3)


def test_weekends_are_not_worked() -> None:
    assert asked({date(2026, 3, 31): 6 * 60}, 1).done_on == date(2026, 3, 9)


def test_what_is_over_already_is_late_and_goes_before_the_rest() -> None:
    found = asked({date(2026, 2, 27): 90, MONDAY: 60}, 1)
    assert (found.late, found.channels) == (90 + 60, 3)
    assert asked({date(2026, 2, 27): 90, MONDAY: 60}, 3).late == 90


def test_a_last_day_without_a_worked_day_before_it_cannot_be_kept() -> None:
    sunday = date(2026, 3, 1)
    needs = [Need(sunday, 10)]
    assert forecast(needs, 1, SURE, sunday, OFFICIAL).channels is None


def test_without_channels_nothing_is_done() -> None:
    found = asked({date(2026, 3, 31): 10}, 0)
    assert (found.done_on, found.late, found.channels) == (None, 10, 1)


def test_nothing_to_do() -> None:
    assert asked({}, 2) == Forecast(None, 0, 0, 0, 0)


def test_an_answer_rate_costs_attempts_and_leaves_some_to_others() -> None:
    assert HALF.reached == pytest.approx(0.875)
    assert HALF.cost == pytest.approx(1.75)
    found = asked({date(2026, 3, 31): 800}, 1, HALF)
    assert (found.completed, found.others) == (700, 100)


def test_nobody_ever_answers() -> None:
    nobody = Rates(completes=0.0, attempts=3, attempt_s=60, hours=1)
    found = asked({date(2026, 3, 31): 100}, 1, nobody)
    assert (found.completed, found.others, found.done_on) == (0, 100, date(2026, 3, 6))


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 500)), min_size=1, max_size=8),
    st.floats(0.05, 1.0),
)
def test_with_as_many_channels_as_it_names_all_are_in_time_and_not_with_fewer(
    wanted: list[tuple[int, int]], completes: float
) -> None:
    rates = Rates(completes, 3, 90.0, 3.0)
    needs = [Need(MONDAY + timedelta(days=days), count) for days, count in wanted]
    fewest = forecast(needs, 1, rates, MONDAY, OFFICIAL).channels
    assert fewest
    assert forecast(needs, fewest, rates, MONDAY, OFFICIAL).late == 0
    if fewest > 1:
        assert forecast(needs, fewest - 1, rates, MONDAY, OFFICIAL).late > 0


def tally(branch: str, pool: str, due: int, completed: int, **more: int) -> Tally:
    return Tally("new", "new_account", branch, pool, 0.3, due, completed=completed, **more)


def test_the_ratio_is_of_all_whom_the_duty_concerns_not_of_the_sample() -> None:
    (found,) = standings([tally("深圳", "p", 4, 2, noticed=1, overdue=1)], {"p": (10, 3)})
    assert (found.members, found.required, found.due) == (10, 3, 4)
    assert (found.ratio, found.missing, found.noticed, found.overdue) == (0.2, 1, 1, 1)


def test_branches_are_counted_apart_or_together() -> None:
    tallies = [tally("深圳", "p", 4, 4), tally("上海", "q", 6, 0), tally("上海", "r", 1, 1)]
    samples = {"p": (10, 3)}
    apart = standings(tallies, samples)
    assert [(one.branch, one.members, one.required) for one in apart] == [("上海", 7, 3), ("深圳", 10, 3)]
    (together,) = standings(tallies, samples, by_branch=False)
    assert (together.branch, together.members, together.completed) == ("", 17, 5)
