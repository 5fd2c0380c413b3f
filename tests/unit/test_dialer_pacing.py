"""Pacing: for any stream of requests no burst over CPS, no channel too many, and no rest while work waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.clock import SHANGHAI
from dialer.pacing import Pace, Permit, Wait, admit

START = datetime(2026, 3, 18, 15, 0, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)

paces = st.builds(
    Pace, st.integers(1, 40), st.one_of(st.integers(1, 100).map(float), st.floats(0.2, 100, allow_nan=False))
)
microseconds = st.integers(0, 3_000_000).map(lambda us: timedelta(microseconds=us))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("active", "last", "answer"),
    [
        (2, None, Wait(None)),
        (3, at(-9), Wait(None)),
        (0, None, Permit()),
        (1, at(0), Wait(at(0.25))),
        (1, at(-0.25), Permit()),
        (1, at(-0.249), Wait(at(0.001))),
    ],
)
def test_one_request(active: int, last: datetime | None, answer: Permit | Wait) -> None:
    assert admit(Pace(channels=2, cps=4.0), START, active=active, last_invite=last) == answer


def test_thirds_of_a_second_do_not_add_up_to_a_fourth_call() -> None:
    assert Pace(9, 3.0).gap * 3 >= SECOND


@given(paces, st.lists(st.tuples(microseconds, microseconds), max_size=60))
def test_never_a_burst_never_a_channel_too_many(
    pace: Pace, requests: list[tuple[timedelta, timedelta]]
) -> None:
    """Any gaps between requests, any lengths of calls."""
    now, sent, ends = START, list[datetime](), list[datetime]()
    for gap, length in requests:
        now += gap
        active = sum(end > now for end in ends)
        answer = admit(pace, now, active=active, last_invite=sent[-1] if sent else None)
        if isinstance(answer, Permit):
            sent.append(now)
            ends.append(now + length)
        elif answer.until is not None:
            assert answer.until > now
        assert sum(end > now for end in ends) <= pace.channels
    for n, begin in enumerate(sent):
        assert sum(begin <= other < begin + SECOND for other in sent[n:]) <= max(1, -int(-pace.cps // 1))


@given(paces, st.integers(2, 60))
def test_all_channels_are_filled_as_fast_as_the_pace_allows(pace: Pace, work: int) -> None:
    """Calls do not end, and each request comes when told to: every channel is taken, gap after gap."""
    now, sent = START, list[datetime]()
    while len(sent) < min(work, pace.channels):
        answer = admit(pace, now, active=len(sent), last_invite=sent[-1] if sent else None)
        if isinstance(answer, Permit):
            sent.append(now)
        else:
            assert answer.until is not None
            now = answer.until
    assert sent == [START + pace.gap * n for n in range(len(sent))]
    full = admit(pace, now + SECOND * 10, active=pace.channels, last_invite=sent[-1])
    assert full == Wait(None)
