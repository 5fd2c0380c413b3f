"""The simulation's judge: every broken history is caught, every good one passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dialer.disposition import Disposition as D
from dialer.pacing import Pace
from dialer.simulation.model import Call, FollowUp, Owed, Trace
from huifang.drill.judge import Rule
from huifang.simulating.judge import judged, of_calls
from records.model import Kind, Next
from records.turns import Place
from tests.simulation_kit import at, branch, called, profile

PHONE, OTHER = "+8613800000001", "+8613800000002"
PACE = Pace(1, 1.0)
EARLY, MIDDLE, LATE = at(3, 4, 15), at(3, 4, 16), at(3, 4, 17)
"""A Wednesday; `default` has these three parts."""
END = at(4, 1)


def call(when: datetime, *, follow_up: int = 0, number: str = PHONE, **more: Any) -> Call:
    known: dict[str, Any] = {
        "until": when + timedelta(seconds=40),
        "disposition": D.NO_ANSWER,
        "rung": True,
        "valid": True,
        "answered": False,
        **more,
    }
    return Call(follow_up, number, when, **known)


def follow_up(n: int, number: str) -> FollowUp:
    place = Place(5, END, 1, 5, END, n)
    return FollowUp(
        Owed(n, n, number, (Kind.PERIODIC,), ("",), place, at(3, 2, 9), END),
        Next(None, False, "exhausted", ""),
    )


def rules(*calls: Call, barred: tuple[str, ...] = (), pace: Pace = PACE, end: datetime = END) -> list[Rule]:
    people = {one.follow_up_id: one.number for one in calls}
    trace = Trace(at(3, 2, 0), end, tuple(follow_up(n, number) for n, number in people.items()), calls)
    return [one.rule for one in of_calls(profile("default"), pace, trace, barred)]


WISH = at(3, 5, 10)
RESCHEDULED = call(EARLY, disposition=D.RESCHEDULED, answered=True, wish=WISH)
GOOD = {
    "three parts of a day": (call(EARLY), call(MIDDLE), call(LATE)),
    "another day": (call(EARLY), call(EARLY + timedelta(days=1))),
    "an appointment out of hours": (RESCHEDULED, call(WISH, agreed=WISH)),
    "a line that failed, soon again": (
        call(EARLY, disposition=D.LINE_FAILURE, rung=False, valid=False),
        call(at(3, 4, 15, 6)),
    ),
    "two customers": (call(EARLY), call(EARLY + timedelta(minutes=1), follow_up=1, number=OTHER)),
}
BROKEN = {
    "a fourth ring": (
        (call(EARLY), call(MIDDLE), call(LATE), call(EARLY + timedelta(days=1))),
        Rule.TOO_MANY,
    ),
    "two calls to one number": (
        (call(EARLY, until=at(3, 4, 15, 10)), call(at(3, 4, 15, 5), follow_up=1)),
        Rule.OVERLAP,
    ),
    "before the window": ((call(at(3, 4, 14, 59)),), Rule.OUTSIDE),
    "at its end": ((call(at(3, 4, 18)),), Rule.OUTSIDE),
    "on a Sunday": ((call(at(3, 8)),), Rule.OUTSIDE),
    "on a holiday": ((call(at(2, 17)),), Rule.OUTSIDE),
    "an appointment at night": (
        (RESCHEDULED, call(at(3, 5, 21), agreed=at(3, 5, 21))),
        Rule.OUTSIDE,
    ),
    "after never again": (
        (
            call(EARLY, disposition=D.REFUSED, answered=True, never=True),
            call(MIDDLE, follow_up=1),
        ),
        Rule.FORBIDDEN,
    ),
    "the same part": ((call(EARLY, until=EARLY), call(at(3, 4, 15, 59))), Rule.SAME_PART),
    "too soon": ((call(EARLY), call(at(3, 4, 15, 5))), Rule.TOO_SOON),
    "too soon after a line failed twice": (
        (
            call(EARLY, disposition=D.LINE_FAILURE, rung=False, valid=False),
            call(at(3, 4, 15, 6), disposition=D.LINE_FAILURE, rung=False, valid=False),
            call(at(3, 4, 15, 13)),
        ),
        Rule.TOO_SOON,
    ),
    "after it was completed": (
        (call(EARLY, disposition=D.COMPLETED, answered=True), call(LATE)),
        Rule.AFTER_END,
    ),
    "not the owner, and no time": (
        (call(EARLY, disposition=D.WRONG_PARTY, answered=True), call(LATE)),
        Rule.AFTER_END,
    ),
    "before the time agreed": ((RESCHEDULED, call(at(3, 5, 9, 30), agreed=WISH)), Rule.UNKEPT),
    "an ordinary call instead": ((RESCHEDULED, call(at(3, 5, 16))), Rule.UNKEPT),
    "never called at the time agreed": ((RESCHEDULED,), Rule.UNKEPT),
    "another customer first": (
        (
            RESCHEDULED,
            call(at(3, 5, 15), follow_up=1, number=OTHER),
            call(at(3, 5, 15, 5), agreed=WISH),
        ),
        Rule.OVERTAKEN,
    ),
    "two calls on one channel": (
        (call(EARLY), call(at(3, 4, 15, 0, 20), follow_up=1, number=OTHER)),
        Rule.CHANNELS,
    ),
    "two calls in one second": (
        (call(EARLY, until=EARLY), call(EARLY + timedelta(seconds=0.5), follow_up=1, number=OTHER)),
        Rule.PACE,
    ),
}


@pytest.mark.parametrize("calls", GOOD.values(), ids=GOOD)
def test_a_good_history_passes(calls: tuple[Call, ...]) -> None:
    assert rules(*calls) == []


@pytest.mark.parametrize(("calls", "rule"), BROKEN.values(), ids=BROKEN)
def test_a_broken_history_is_caught(calls: tuple[Call, ...], rule: Rule) -> None:
    assert rule in rules(*calls)


def test_a_barred_number_is_called_by_nobody() -> None:
    assert Rule.FORBIDDEN in rules(call(EARLY), barred=(PHONE,))


def test_a_number_rings_no_more_often_in_a_day_than_its_cap() -> None:
    """D2: over all follow-ups; an appointment is kept nevertheless (D6)."""
    moments = (at(3, 4, 15), at(3, 4, 15, 20), at(3, 4, 16), at(3, 4, 17))
    rings = [call(when, follow_up=n) for n, when in enumerate(moments)]
    assert rules(*rings[:3]) == []
    assert Rule.TOO_OFTEN in rules(*rings)
    kept = replace(rings[3], agreed=rings[3].at)
    assert Rule.TOO_OFTEN not in rules(*rings[:3], kept)


def test_an_appointment_may_wait_for_its_own_number() -> None:
    mine = call(at(3, 5, 10, 10), agreed=WISH)
    busy = call(at(3, 5, 9, 55), follow_up=1, until=at(3, 5, 10, 9), agreed=at(3, 5, 9, 50))
    assert Rule.OVERTAKEN not in rules(RESCHEDULED, busy, mine)


def test_an_appointment_that_is_still_to_come_is_not_missed() -> None:
    assert rules(RESCHEDULED, end=at(3, 5)) == []


def test_whoever_answers_for_their_own_customer_is_caught() -> None:
    """A1."""
    ground = branch(months=1)
    played, broken = called(ground)
    assert broken == ()
    one = played.trace.follow_ups[0]
    manager = ground.population.customers[one.owed.customer_id - 1].manager
    for who in (manager, ""):
        theirs = replace(one, owed=replace(one.owed, responsible=who))
        trace = replace(played.trace, follow_ups=(theirs, *played.trace.follow_ups[1:]))
        assert [each.rule for each in judged(ground, played.pace, trace)] == [Rule.RECUSED]
