"""How long material is kept: the longest term that applies wins (R3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.paperwork import Material, Term
from plans.retention import free_from, least_years, years_after

SOUND, WRITTEN = Material.RECORDINGS, Material.RECORDS
TERMS = (Term(of=(WRITTEN,), years=5, rule="R3"), Term(of=(SOUND,), years=15, rule="R3"))
ACCOUNT = Term(of=(SOUND, WRITTEN), years=20, since="closed", rule="R3")
MADE = date(2011, 3, 4)

DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1))
SOME = st.lists(
    st.builds(
        Term,
        of=st.sampled_from(((WRITTEN,), (SOUND,), (SOUND, WRITTEN))),
        years=st.integers(1, 30),
        since=st.sampled_from(("made", "closed")),
        rule=st.just("R3"),
    ),
    min_size=1,
    max_size=4,
)


def test_a_written_record_is_kept_five_years_and_with_its_recording_fifteen() -> None:
    assert free_from(TERMS, [WRITTEN], MADE, None) == date(2016, 3, 4)
    assert free_from(TERMS, [WRITTEN, SOUND], MADE, None) == date(2026, 3, 4)


def test_the_law_may_ask_for_more() -> None:
    assert free_from(TERMS, [WRITTEN, SOUND], MADE, None, 20) == date(2031, 3, 4)
    assert free_from(TERMS, [WRITTEN, SOUND], MADE, None, 10) == date(2026, 3, 4)


def test_as_long_as_the_account_files_has_no_end_while_the_account_is_open() -> None:
    terms = (*TERMS, ACCOUNT)
    assert free_from(terms, [WRITTEN], MADE, None) is None
    assert free_from(terms, [WRITTEN, SOUND], MADE, date(2012, 5, 6)) == date(2032, 5, 6)


def test_what_nobody_has_given_a_term_is_kept() -> None:
    assert free_from(TERMS, [Material.MESSAGES], MADE, None) is None


@pytest.mark.parametrize(("years", "there"), [(5, date(2021, 3, 1)), (4, date(2020, 2, 29))])
def test_a_term_of_a_leap_day_is_not_cut_short(years: int, there: date) -> None:
    assert years_after(date(2016, 2, 29), years) == there


@given(SOME, SOME, DAYS, st.integers(0, 9000), st.integers(0, 30))
def test_a_further_term_or_law_never_shortens(
    terms: list[Term], more: list[Term], made: date, open_days: int, law: int
) -> None:
    closed = made + timedelta(days=open_days)
    alone = free_from(terms, [WRITTEN, SOUND], made, closed)
    both = free_from([*terms, *more], [WRITTEN, SOUND], made, closed, law)
    assert alone is None or both is None or both >= alone


@given(SOME, DAYS, st.integers(0, 9000), st.integers(0, 30))
def test_what_is_younger_than_the_least_years_is_kept(
    terms: list[Term], made: date, open_days: int, law: int
) -> None:
    free = free_from(terms, [WRITTEN], made, made + timedelta(days=open_days), law)
    assert free is None or free >= years_after(made, least_years(terms, law))
