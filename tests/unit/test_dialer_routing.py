"""Which trunk carries the next call (D5): shares, stand-ins, the fall-back line."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dialer.routing import Credits, LineState, choices, other_line
from records.model import PastAttempt
from tests.records_kit import NOW

MAIN, SECOND = LineState("main"), LineState("second")
SPARE = LineState("spare", role="fallback", unanswered=2)


def turns(lines: list[LineState], count: int) -> list[str]:
    """The trunks of so many calls in a row."""
    credits: Credits = {}
    taken = []
    for _ in range(count):
        first = choices(lines, credits)[0]
        credits = first.credits
        taken.append(first.trunk)
    return taken


def names(lines: list[LineState]) -> list[str]:
    return [one.trunk for one in choices(lines, {})]


def unanswered(times: int, word: str = "no_answer") -> list[PastAttempt]:
    return [PastAttempt(n, NOW, NOW, word, True, True) for n in range(1, times + 1)]


def test_the_dedicated_line_goes_first() -> None:
    (choice,) = choices([SPARE, MAIN], {})
    assert (choice.trunk, choice.why) == ("main", "D5: the dedicated line")


def test_the_fall_back_line_stands_in_for_main_lines_that_failed_not_for_full_ones() -> None:
    dead = replace(MAIN, failed="is paused: no 18x")
    (choice,) = choices([dead, SPARE], {})
    assert choice.trunk == "spare"
    assert "main is paused: no 18x" in choice.why
    assert names([replace(MAIN, busy="is full"), SPARE]) == []
    assert names([dead, replace(SECOND, busy="is full"), SPARE]) == []
    assert names([dead, replace(SPARE, failed="does not answer OPTIONS")]) == []


def test_main_lines_stand_in_for_each_other_and_say_why() -> None:
    (choice,) = choices([replace(MAIN, busy="is full"), SECOND], {})
    assert choice.trunk == "second"
    assert "main is full" in choice.why


def test_a_heavy_line_gets_its_share_without_a_burst() -> None:
    taken = turns([replace(MAIN, weight=5), SECOND, LineState("third")], 14)
    assert "".join(one[0] for one in taken) == "mmsmtmm" * 2


def test_every_line_is_worth_a_try_in_its_order() -> None:
    """A line may turn out capped in the ledger: the next one is tried."""
    assert names([MAIN, replace(SECOND, weight=3)]) == ["second", "main"]


def test_who_does_not_pick_up_is_called_by_the_fall_back_line() -> None:
    lines = [MAIN, SPARE]
    assert other_line(lines, unanswered(1), "main") is None
    assert other_line(lines, unanswered(2, "busy"), "main") is None
    found = other_line(lines, unanswered(2), "main")
    assert found is not None
    assert found[0] == "spare"
    assert "2 attempts" in found[1]
    assert other_line(lines, unanswered(2), "spare") is None
    assert other_line([MAIN, replace(SPARE, busy="is full")], unanswered(2), "main") is None
    assert other_line([MAIN, replace(SPARE, unanswered=0)], unanswered(9), "main") is None


def test_whose_call_failed_on_a_line_is_called_by_another_main_line() -> None:
    failed = [PastAttempt(1, NOW, NOW, "line_failure", False, False, "main")]
    found = other_line([MAIN, SECOND], failed, "main")
    assert found is not None
    assert found[0] == "second"
    assert other_line([MAIN, SECOND], failed, "second") is None
    assert other_line([MAIN, replace(SECOND, busy="is full")], failed, "main") is None
    assert other_line([MAIN, SPARE], failed, "main") is None
    both = [*failed, replace(failed[0], n=2, trunk="second")]
    assert other_line([MAIN, SECOND], both, "main") is None


weights = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@given(weights)
def test_over_a_round_each_line_carries_exactly_its_weight(shares: list[int]) -> None:
    lines = [LineState(str(n), weight=share) for n, share in enumerate(shares)]
    assert Counter(turns(lines, sum(shares))) == {str(n): share for n, share in enumerate(shares)}


states = st.builds(
    LineState,
    name=st.uuids().map(str),
    role=st.sampled_from(["main", "fallback"]),
    weight=st.integers(1, 5),
    failed=st.sampled_from(["", "down"]),
    busy=st.sampled_from(["", "full"]),
    unanswered=st.integers(0, 3),
)


@given(st.lists(states, max_size=6), st.integers(0, 4))
def test_nobody_is_called_by_a_line_that_cannot(lines: list[LineState], times: int) -> None:
    by_name = {line.name: line for line in lines}
    taken = [by_name[choice.trunk] for choice in choices(lines, {})]
    assert all(line.free for line in taken)
    main_works = any(line.role == "main" and not line.failed for line in lines)
    assert all((line.role == "main") == main_works for line in taken)
    other = other_line(lines, unanswered(times), "")
    assert other is None or (by_name[other[0]].free and by_name[other[0]].role == "fallback")
