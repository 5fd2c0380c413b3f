"""The drill's judge: every broken history is caught, every good one passes (D2, D3, D10, R1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from base.clock import SHANGHAI
from huifang.drill.judge import Rule, Tracks, of_far_end, of_ledger, of_processes, of_recordings
from records.evidence import AttemptEvidence
from softphone.far_call import FarCall

NOON = datetime(2026, 3, 18, 12, 0, tzinfo=SHANGHAI)
PHONE, OTHER = "+8613800000001", "+8613800000002"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def call(name: str, at: float, until: float, *, number: str = PHONE, alerted: bool = True) -> FarCall:
    return FarCall(number, name, "95001", "busy", after(at), after(until), alerted, over=True)


def is_open(at: datetime) -> bool:
    """From noon to ten past."""
    return NOON <= at < after(600)


def rules(*calls: FarCall, allowed: int = 3) -> list[Rule]:
    return [one.rule for one in of_far_end(calls, {PHONE: allowed, OTHER: 3}, is_open)]


THREE = (call("a", 0, 5), call("b", 10, 15), call("c", 20, 25))


def test_three_rings_one_after_the_other_are_good() -> None:
    assert rules(*THREE, call("d", 3, 4, number=OTHER)) == []


def test_a_fourth_ring_is_caught() -> None:
    assert rules(*THREE, call("d", 30, 35)) == [Rule.TOO_MANY]


def test_a_fourth_call_that_rang_nowhere_is_no_ring() -> None:
    assert rules(*THREE, call("d", 30, 35, alerted=False)) == []


def test_two_follow_ups_of_one_number_may_ring_six_times() -> None:
    six = (*THREE, call("d", 30, 35), call("e", 40, 45), call("f", 50, 55))
    assert rules(*six, allowed=6) == []
    assert rules(*six, call("g", 60, 65), allowed=6) == [Rule.TOO_MANY]


def test_calls_that_overlap_are_caught_in_whatever_order_they_are_told() -> None:
    assert rules(call("b", 4, 15), call("a", 0, 5)) == [Rule.OVERLAP]


def test_a_long_call_overlaps_all_that_follow_while_it_is_up() -> None:
    assert rules(call("a", 0, 300), call("b", 10, 15), call("c", 200, 201)) == [Rule.OVERLAP] * 2


def test_a_call_may_begin_when_the_one_before_has_just_ended() -> None:
    assert rules(call("a", 0, 5), call("b", 5, 6)) == []


@pytest.mark.parametrize("at", [-0.001, 600])
def test_a_call_outside_the_windows_is_caught(at: float) -> None:
    assert rules(call("a", at, at + 1)) == [Rule.OUTSIDE]


def test_the_first_and_the_last_moment_of_a_window_are_inside() -> None:
    assert rules(call("a", 0, 1), call("b", 599.999, 602)) == []


def test_a_barred_number_and_a_stranger_may_not_be_called_at_all() -> None:
    assert rules(call("a", 0, 1), allowed=0) == [Rule.FORBIDDEN]
    assert rules(call("a", 0, 1, number="+8613800009999")) == [Rule.FORBIDDEN]


def attempt(
    number: int, *, phone: str = PHONE, recording: str = "", answered: bool = False, jobs: int = 0
) -> AttemptEvidence:
    return AttemptEvidence(
        number, 7, phone, True, NOON, NOON if answered else None, after(9), recording, jobs
    )


def ledger(*attempts: AttemptEvidence, calls: tuple[FarCall, ...] = ()) -> list[Rule]:
    return [one.rule for one in of_ledger(attempts, calls, 3, is_open)]


def test_three_attempts_of_which_one_left_no_trace_at_the_far_end_are_good() -> None:
    assert ledger(attempt(1), attempt(2), attempt(3), calls=THREE[:2]) == []


def test_a_fourth_ring_in_the_ledger_is_caught() -> None:
    assert ledger(*map(attempt, (1, 2, 3, 4))) == [Rule.TOO_MANY]


def test_an_attempt_that_stays_open_is_caught() -> None:
    assert ledger(replace(attempt(1), ended_at=None, rung=False)) == [Rule.OPEN]


def test_a_permit_outside_the_windows_is_caught() -> None:
    assert ledger(replace(attempt(1), invited_at=after(601))) == [Rule.OUTSIDE]


def test_a_call_that_the_ledger_never_permitted_is_caught() -> None:
    undialed = replace(attempt(3), invited_at=None)
    assert ledger(attempt(1), attempt(2), undialed, calls=THREE) == [Rule.UNBOOKED]
    assert ledger(attempt(1), calls=(call("x", 1, 2, number=OTHER),)) == [Rule.UNBOOKED]


WHOLE = Tracks("day/one", there=True, whole=True)


def recordings(*tracks: Tracks, kept: AttemptEvidence) -> list[Rule]:
    return [one.rule for one in of_recordings([kept], tracks)]


def test_a_whole_recording_with_its_job_is_good() -> None:
    assert recordings(WHOLE, kept=attempt(1, recording="day/one", answered=True, jobs=1)) == []


def test_a_call_that_was_lost_before_anything_was_recorded_is_good() -> None:
    assert recordings(kept=attempt(1, recording="day/one", jobs=1)) == []


def test_half_written_lost_unnamed_and_forgotten_recordings_are_caught() -> None:
    answered = attempt(1, recording="day/one", answered=True, jobs=1)
    assert recordings(replace(WHOLE, whole=False), kept=answered) == [Rule.BROKEN_TRACK]
    assert recordings(kept=answered) == [Rule.LOST_TRACK]
    assert recordings(replace(WHOLE, there=False), kept=answered) == [Rule.LOST_TRACK]
    assert recordings(WHOLE, kept=attempt(1)) == [Rule.UNNAMED_TRACK]
    assert recordings(WHOLE, kept=replace(answered, jobs=0)) == [Rule.NO_JOB]
    assert recordings(WHOLE, kept=attempt(1, recording="day/one")) == [Rule.NO_JOB]


def test_orphans_and_nodes_that_end_by_themselves_are_caught() -> None:
    assert of_processes(0, 0) == ()
    assert [one.rule for one in of_processes(2, 1)] == [Rule.ORPHAN, Rule.ENDED]
