"""When a trunk is given a rest, and how long."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dialer.breaker import (
    BreakerRules,
    Gate,
    fault,
    gate,
    pause_s,
)
from records.model import FOR_GOOD, Tried, TrunkState
from tests.records_kit import NOW

RULES = BreakerRules()


def tried(*, alerted: bool, number: int = 0, failed: bool = False) -> Tried:
    return Tried(f"+86138{number:08}", alerted, failed, NOW)


def numbers(silent: int, rang: int) -> list[Tried]:
    return [tried(alerted=n >= silent, number=n) for n in range(silent + rang)]


def test_most_numbers_without_any_18x_open_it() -> None:
    assert fault(numbers(11, 9), RULES) == ""
    assert "12 of the last 20" in fault(numbers(12, 8), RULES)
    assert "12 of the last 12" in fault(numbers(12, 0), RULES), "the other eight cannot change it"
    assert fault(numbers(12, 8), BreakerRules(silent_share=0)) == ""


def test_one_silent_number_tried_often_is_no_dead_trunk() -> None:
    assert fault([tried(alerted=False)] * 50, RULES) == ""


def test_older_numbers_than_the_window_say_nothing() -> None:
    assert fault([tried(alerted=True, number=n) for n in range(100, 120)] + numbers(20, 0), RULES) == ""


def test_transport_failures_in_a_row_open_it() -> None:
    bad, good = tried(alerted=False, failed=True), tried(alerted=False)
    assert fault([bad, bad, good, bad], RULES) == ""
    assert "3 times in a row" in fault([bad, bad, bad, good], RULES)
    assert fault([bad] * 9, BreakerRules(failures=0)) == ""
    lost_its_worker = tried(alerted=True, failed=True)
    assert fault([lost_its_worker] * 9, RULES) == ""


def test_the_ledgers_row_is_its_state() -> None:
    open_until = TrunkState("main", NOW, NOW + timedelta(seconds=60), "dead")
    assert gate(None, NOW) is Gate.CLOSED
    assert gate(TrunkState("main", NOW, None, ""), NOW) is Gate.CLOSED
    assert gate(open_until, NOW) is Gate.OPEN
    assert gate(open_until, NOW + timedelta(seconds=60)) is Gate.HALF_OPEN
    assert not open_until.needs_a_person
    assert TrunkState("main", NOW, FOR_GOOD, "barred").needs_a_person


def test_the_pause_grows_up_to_its_longest() -> None:
    assert [pause_s(RULES, trips) / 60 for trips in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert pause_s(RULES, 10_000) == 1800


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=80))
def test_refusals_open_it_only_where_the_numbers_never_rang(seen: list[tuple[int, bool]]) -> None:
    """However the carrier refuses, a trunk whose numbers ring is never paused."""
    story = [tried(alerted=alerted, number=number) for number, alerted in seen]
    last: dict[str, bool] = {}
    for one in story:
        if len(last) < RULES.window:
            last.setdefault(one.phone, one.alerted)
    assert bool(fault(story, RULES)) == (sum(not one for one in last.values()) >= 12)
