"""Windows, pacing and the next step: tables, and properties over any history and clock (D2, D3, D6, D10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.clock import SHANGHAI
from base.errors import ProfileError
from dialer.disposition import OF_ATTEMPT, Disposition
from dialer.pacing import Pace, Permit, Wait, admit
from dialer.policy import decide, rings_left, used_slots
from dialer.profile import load
from dialer.windows import is_legal, is_open, next_legal, next_open, slot_of, spans
from records.model import PastAttempt

SHIPPED = Path(__file__).parents[2] / "config" / "profiles"
DEFAULT = load(SHIPPED / "default.yaml")
DEMO = load(SHIPPED / "demo.yaml")


def at(text: str) -> datetime:
    """2026, Shanghai: "03-18 15:00"."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def past(
    n: int, when: datetime, disposition: str = "no_answer", *, rung: bool = True, valid: bool = True
) -> PastAttempt:
    return PastAttempt(n, when, when + timedelta(seconds=35), disposition, rung, valid)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("03-18 15:00", "03-18 15:00"),
        ("03-18 17:59", "03-18 17:59"),
        ("03-18 18:00", "03-19 15:00"),
        ("03-18 03:00", "03-18 15:00"),
        ("03-20 18:30", "03-23 15:00"),  # over a weekend
        ("02-13 18:30", "02-14 14:00"),  # a made-up Saturday has no market close
        ("02-14 18:30", "02-24 15:00"),  # over the spring festival
    ],
)
def test_the_next_open_moment(moment: str, opens: str) -> None:
    assert next_open(DEFAULT, at(moment)) == at(opens)
    assert is_open(DEFAULT, at(moment)) == (moment == opens)


@pytest.mark.parametrize(
    ("moment", "legal"),
    [("03-18 08:59", "03-18 09:00"), ("03-21 20:30", "03-21 20:30"), ("03-18 21:00", "03-19 09:00")],
)
def test_the_next_legal_moment(moment: str, legal: str) -> None:
    assert next_legal(DEFAULT, at(moment)) == at(legal)
    assert is_legal(DEFAULT, at(legal))


def test_a_day_is_cut_into_its_parts() -> None:
    assert [span.part for span in spans(DEFAULT, at("03-18 00:00").date())] == ["early", "middle", "late"]
    assert spans(DEFAULT, at("03-21 00:00").date()) == ()


def test_a_window_that_never_opens_is_an_error() -> None:
    everything = frozenset(
        span.slot
        for n in range(500)
        for span in spans(DEFAULT, (at("03-18 00:00") + timedelta(days=n)).date())
    )
    with pytest.raises(ProfileError, match="no window opens"):
        next_open(DEFAULT, at("03-18 15:00"), everything)


STEPS = [
    # the last attempt, its time, the next step
    ("no_answer", "03-18 15:10", "03-18 16:10"),
    ("no_answer", "03-18 15:50", "03-18 16:50"),
    ("rejected", "03-18 17:30", "03-19 15:00"),
    ("busy", "03-18 15:10", "03-18 15:25"),
    ("silent", "03-20 17:30", "03-23 15:00"),
    ("completed", "03-18 15:10", None),
    ("refused", "03-18 15:10", None),
    ("unallocated_number", "03-18 15:10", None),
    ("wrong_party", "03-18 15:10", None),
]


@pytest.mark.parametrize(("disposition", "when", "due"), STEPS)
def test_the_step_after_a_first_attempt(disposition: str, when: str, due: str | None) -> None:
    step = decide(DEFAULT, (past(1, at(when), disposition),), at(when))
    assert step.due_at == (at(due) if due else None)
    assert step.disposition == disposition
    assert not step.appointment
    assert step.rule


def test_three_valid_attempts_in_vain_are_exhausted_and_short_ones_insufficient() -> None:
    days = (at("03-18 15:10"), at("03-19 15:10"), at("03-20 15:10"))
    valid = tuple(past(n, day) for n, day in enumerate(days, 1))
    assert decide(DEFAULT, valid, days[-1]).disposition == "exhausted"
    cut = (*valid[:2], past(3, days[2], "carrier_cut", valid=False))
    assert decide(DEFAULT, cut, days[-1]).disposition == "insufficient"


def test_an_appointment_keeps_its_evening_but_not_the_night() -> None:
    asked = (past(1, at("03-18 15:10"), "rescheduled"),)
    evening = decide(DEFAULT, asked, at("03-18 15:12"), appointment=at("03-21 20:00"))
    assert (evening.due_at, evening.appointment) == (at("03-21 20:00"), True)
    night = decide(DEFAULT, asked, at("03-18 15:12"), appointment=at("03-18 22:00"))
    assert night.due_at == at("03-19 09:00")


def test_an_appointment_never_makes_a_fourth_ring() -> None:
    history = (
        *(past(n, at(f"03-{17 + n} 15:10")) for n in (1, 2)),
        past(3, at("03-20 15:10"), "rescheduled"),
    )
    step = decide(DEFAULT, history, at("03-20 15:12"), appointment=at("03-23 15:30"))
    assert (step.due_at, step.disposition) == (None, "rescheduled")
    assert "D10" in step.rule


def test_before_the_deadline_where_another_part_still_allows_it() -> None:
    history = (past(1, at("03-18 16:30")),)
    assert decide(DEFAULT, history, at("03-18 17:10")).due_at == at("03-19 15:00")
    assert decide(DEFAULT, history, at("03-18 17:10"), deadline=at("03-18 18:00")).due_at == at("03-18 17:10")
    late = decide(DEFAULT, history, at("03-18 17:10"), deadline=at("03-18 17:00"))
    assert late.due_at == at("03-19 15:00")


def test_the_demonstration_waits_seconds() -> None:
    now = at("03-18 10:00")
    step = decide(DEMO, (past(1, now),), now)
    assert step.due_at is not None
    assert timedelta(seconds=3) <= step.due_at - now <= timedelta(seconds=6)


moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)
words = st.sampled_from([one.value for one in OF_ATTEMPT])
histories = st.lists(st.tuples(moments, words, st.booleans(), st.booleans()), min_size=1, max_size=8).map(
    lambda rows: tuple(
        past(n, when, word, rung=rung, valid=valid)
        for n, (when, word, rung, valid) in enumerate(sorted(rows), 1)
    )
)


@given(histories, moments, st.none() | moments, st.none() | moments)
def test_never_a_fourth_ring_never_outside_the_windows(
    history: tuple[PastAttempt, ...], now: datetime, wish: datetime | None, deadline: datetime | None
) -> None:
    """D10, for any history and clock."""
    step = decide(DEFAULT, history, now, appointment=wish, deadline=deadline)
    if step.due_at is None:
        return
    assert rings_left(DEFAULT, history) > 0
    assert step.due_at >= now
    assert is_legal(DEFAULT, step.due_at)
    assert step.appointment or is_open(DEFAULT, step.due_at)


@given(histories, moments, st.none() | moments)
def test_another_part_of_the_day_and_the_spacing(
    history: tuple[PastAttempt, ...], now: datetime, deadline: datetime | None
) -> None:
    """D2: no second attempt in one part of a day where the rule asks for another; spaced unless late."""
    step = decide(DEFAULT, history, now, deadline=deadline)
    rule = DEFAULT.after[Disposition(history[-1].disposition)]
    if step.due_at is None:
        return
    if rule.other_part:
        assert slot_of(DEFAULT, step.due_at) not in used_slots(DEFAULT, history)
    if deadline is None:
        assert step.due_at >= now + timedelta(seconds=rule.wait_s)


@given(moments, st.lists(words, min_size=12, max_size=12))
def test_a_whole_follow_up_rings_three_times_at_most(start: datetime, endings: list[str]) -> None:
    """D2, D10: play the policy on until it closes."""
    history: tuple[PastAttempt, ...] = ()
    now = next_open(DEFAULT, start)
    for n, word in enumerate(endings, 1):
        history = (*history, past(n, now, word))
        step = decide(DEFAULT, history, now + timedelta(seconds=40))
        if step.due_at is None:
            break
        now = step.due_at
    assert step.due_at is None
    assert sum(one.rung for one in history) <= 3


def test_pacing_fills_the_channels_without_a_burst() -> None:
    pace, now = Pace(channels=2, cps=4.0), at("03-18 15:00")
    assert admit(pace, now, active=2, last_invite=None) == Wait(None)
    assert admit(pace, now, active=0, last_invite=None) == Permit()
    assert admit(pace, now, active=1, last_invite=now) == Wait(now + timedelta(seconds=0.25))
    assert admit(pace, now, active=1, last_invite=now - timedelta(seconds=0.25)) == Permit()
