"""The audit trail's chain: whatever is changed, removed, put in, swapped or cut off is found (A6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from base.clock import SHANGHAI
from records.chain import START, Act, Anchor, Row, check, digest, link

WORDS = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ACTS = st.builds(Act, TIMES, WORDS, WORDS, WORDS, WORDS, st.dictionaries(WORDS, JSON, max_size=2))
TRAILS = st.lists(ACTS, min_size=2, max_size=6)
DAY = date(2026, 3, 4)


def chained(acts: Sequence[Act]) -> list[Row]:
    rows: list[Row] = []
    for act in acts:
        rows.append(link(act, rows[-1] if rows else None))
    return rows


@given(st.lists(ACTS, max_size=6))
def test_an_untouched_trail_fits(acts: list[Act]) -> None:
    rows = chained(acts)
    found = check(rows, [Anchor(DAY, row.n, row.sha256) for row in rows])
    assert (found.rows, found.broken) == (len(rows), None)
    assert found.head == (rows[-1].sha256 if rows else START)


@given(TRAILS, st.data())
def test_any_changed_word_is_found_in_its_row(acts: list[Act], data: st.DataObject) -> None:
    rows = chained(acts)
    at = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(("at", "who", "what", "kind", "of", "detail")))
    values: Any = {"at": TIMES, "detail": st.dictionaries(WORDS, JSON, max_size=2)}.get(name, WORDS)
    old = rows[at].act
    changed = replace(old, **{name: data.draw(values.filter(lambda new: not same(new, getattr(old, name))))})
    rows[at] = replace(rows[at], act=changed)
    found = check(rows)
    assert found.rows == at
    assert found.broken is not None
    assert found.broken.n == at + 1


def same(one: object, other: object) -> bool:
    """True is no 1 in JSON, though it is in Python."""
    return repr(one) == repr(other) or one == other


@given(TRAILS, st.data())
def test_a_changed_row_that_was_hashed_anew_is_found_in_the_next(
    acts: list[Act], data: st.DataObject
) -> None:
    rows = chained(acts)
    at = data.draw(st.integers(0, len(rows) - 2))
    forged = replace(rows[at].act, who=rows[at].act.who + "x")
    rows[at] = replace(rows[at], act=forged, sha256=digest(at + 1, forged, rows[at].before))
    broken = check(rows).broken
    assert broken is not None
    assert broken.n == at + 2


@given(TRAILS, st.data())
def test_a_removed_row_is_found(acts: list[Act], data: st.DataObject) -> None:
    rows = chained(acts)
    at = data.draw(st.integers(0, len(rows) - 2))
    broken = check(rows[:at] + rows[at + 1 :]).broken
    assert broken is not None
    assert broken.n == at + 1
    assert "missing" in broken.why


@given(TRAILS, st.data())
def test_two_acts_that_changed_places_are_found(acts: list[Act], data: st.DataObject) -> None:
    rows = chained(acts)
    at = data.draw(st.integers(0, len(rows) - 2))
    one, other = rows[at], rows[at + 1]
    swapped = [*rows[:at], replace(other, n=one.n), replace(one, n=other.n), *rows[at + 2 :]]
    broken = check(swapped).broken
    assert broken is not None
    assert broken.n == at + 1


@given(TRAILS, ACTS, st.data())
def test_a_row_that_was_put_in_is_found(acts: list[Act], new: Act, data: st.DataObject) -> None:
    rows = chained(acts)
    at = data.draw(st.integers(1, len(rows) - 1))
    put_in = link(new, rows[at - 1])
    later = [replace(row, n=row.n + 1) for row in rows[at:]]
    broken = check([*rows[:at], put_in, *later]).broken
    assert broken is not None
    assert broken.n == at + 2


@given(TRAILS, st.data())
def test_what_was_cut_off_or_written_anew_is_found_by_an_anchor(acts: list[Act], data: st.DataObject) -> None:
    rows = chained(acts)
    anchored = Anchor(DAY, len(rows), rows[-1].sha256)
    left = data.draw(st.integers(0, len(rows) - 1))
    cut = check(rows[:left], [anchored]).broken
    assert cut is not None
    assert (cut.n, "2026-03-04" in cut.why) == (left + 1, True)
    anew = check(chained([replace(act, who=act.who + "x") for act in acts]), [anchored]).broken
    assert anew is not None
    assert anew.n == len(rows)


def test_a_moment_is_the_same_in_every_zone() -> None:
    at = datetime(2026, 3, 4, 15, 0, tzinfo=SHANGHAI)
    act = Act(at, "1001", "exported", "call", "17", {"b": 1, "a": "录音"})
    elsewhere = replace(act, at=at.astimezone(UTC), detail={"a": "录音", "b": 1})
    assert digest(1, act, START) == digest(1, elsewhere, START)
    assert digest(1, act, START) != digest(1, replace(act, at=at + timedelta(microseconds=1)), START)
