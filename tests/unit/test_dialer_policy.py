"""The next step after an attempt: tables (D2, D4, D6, D10). What holds for any history: `..._property`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from base.clock import SHANGHAI
from dialer.policy import HURRY_S, decide, wait_s
from dialer.profile import Profile, load
from dialer.windows import slot_of
from records.model import PastAttempt

SHIPPED = Path(__file__).parents[2] / "config" / "profiles"
DEFAULT = load(SHIPPED / "default.yaml")
DEMO = load(SHIPPED / "demo.yaml")


def at(text: str) -> datetime:
    """2026, Shanghai: "03-18 15:00"; 18 March is a Wednesday."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def past(
    n: int, when: datetime, disposition: str = "no_answer", *, rung: bool = True, valid: bool = True
) -> PastAttempt:
    return PastAttempt(n, when, when + timedelta(seconds=35), disposition, rung, valid)


STEPS = [
    # the last attempt, its time, the next step
    ("no_answer", "03-18 15:10", "03-18 16:10"),
    ("no_answer", "03-18 15:50", "03-18 16:50"),
    ("rejected", "03-18 17:30", "03-19 15:00"),
    ("no_answer", "03-20 17:30", "03-23 15:00"),
    ("busy", "03-18 15:10", "03-18 16:00"),  # soon, yet in another part of the day
    ("busy", "03-18 15:50", "03-18 16:05"),
    ("network_busy", "03-18 16:50", "03-18 17:05"),
    ("carrier_cut", "03-18 15:10", "03-18 16:10"),
    ("voicemail", "03-18 15:10", "03-18 16:10"),
    ("suspended", "03-18 15:10", "03-18 16:10"),
    ("silent", "03-20 17:30", "03-23 15:00"),
    ("completed", "03-18 15:10", None),
    ("refused", "03-18 15:10", None),
    ("unallocated_number", "03-18 15:10", None),
    ("number_changed", "03-18 15:10", None),
    ("handed_over", "03-18 15:10", None),
    ("hung_up", "03-18 15:10", None),
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


def test_whoever_told_when_the_owner_can_be_reached_is_called_then() -> None:
    """A2, D6; where nobody told it a person finds the right number, as where the rings are used up (D10)."""
    other = past(1, at("03-18 15:10"), "wrong_party")
    step = decide(DEFAULT, (other,), at("03-18 15:12"), appointment=at("03-19 10:00"))
    assert (step.due_at, step.appointment) == (at("03-19 10:00"), True)
    assert decide(DEFAULT, (other,), at("03-18 15:12")).due_at is None
    thrice = tuple(past(n, at(f"03-{16 + n} 15:10"), "wrong_party") for n in (1, 2, 3))
    last = decide(DEFAULT, thrice, at("03-19 15:12"), appointment=at("03-20 10:00"))
    assert (last.due_at, last.disposition) == (None, "wrong_party")


def test_an_appointment_never_makes_a_fourth_ring() -> None:
    history = (
        *(past(n, at(f"03-{17 + n} 15:10")) for n in (1, 2)),
        past(3, at("03-20 15:10"), "rescheduled"),
    )
    step = decide(DEFAULT, history, at("03-20 15:12"), appointment=at("03-23 15:30"))
    assert (step.due_at, step.disposition) == (None, "rescheduled")
    assert "D10" in step.rule


@pytest.mark.parametrize(
    ("now", "deadline", "due"),
    [
        ("03-18 17:10", None, "03-19 16:00"),
        ("03-18 17:10", "03-20 15:00", "03-19 16:00"),
        ("03-18 17:10", "03-18 18:00", "03-18 17:25"),  # in time, though nearer than an hour
        ("03-18 15:50", "03-18 16:30", "03-18 16:05"),
        ("03-18 15:10", "03-18 16:00", "03-18 16:00"),
        ("03-18 15:10", "03-18 15:59", "03-18 16:10"),  # never twice in one part of a day: too late
        ("03-18 17:10", "03-18 17:00", "03-19 16:00"),  # over already
    ],
)
def test_before_the_deadline_where_another_part_still_allows_it(
    now: str, deadline: str | None, due: str
) -> None:
    step = decide(
        DEFAULT, (past(1, at("03-18 15:40")),), at(now), deadline=at(deadline) if deadline else None
    )
    assert step.due_at == at(due)


def test_a_deadline_leaves_a_decent_pause() -> None:
    assert HURRY_S == 15 * 60
    soon = decide(DEMO, (past(1, at("03-18 10:00")),), at("03-18 10:01"), deadline=at("03-18 10:02"))
    assert soon.due_at == at("03-18 10:01") + timedelta(seconds=4)


def test_the_part_that_was_tried_least_goes_first() -> None:
    """D2: early and middle have been tried, so the third attempt waits for the late part."""
    history = (past(1, at("03-18 15:10")), past(2, at("03-18 16:50")))
    assert decide(DEFAULT, history, at("03-18 17:10")).due_at == at("03-19 17:00")
    in_time = decide(DEFAULT, history, at("03-18 17:10"), deadline=at("03-19 16:30"))
    assert in_time.due_at == at("03-19 15:00")


def test_calls_are_spread_over_the_first_half_hour_of_a_part() -> None:
    evening = (past(1, at("03-18 17:30")),)
    dues = [decide(DEFAULT, evening, at("03-18 17:31"), spread=n).due_at for n in range(600)]
    opens, seconds = at("03-19 15:00"), [0] * 30
    for due in dues:
        assert due is not None
        seconds[int((due - opens).total_seconds()) // 60] += 1
    assert max(seconds) <= 600 / 30 + 3
    assert decide(DEFAULT, evening, at("03-18 17:31"), spread=7).due_at == dues[7]


def test_no_spread_beyond_the_deadline_and_none_where_the_spacing_ends_inside() -> None:
    history = (past(1, at("03-18 17:30")),)
    for number in range(50):
        tight = decide(DEFAULT, history, at("03-18 17:31"), deadline=at("03-19 15:02"), spread=number)
        assert tight.due_at is not None
        assert at("03-19 15:00") <= tight.due_at <= at("03-19 15:02")
        inside = decide(DEFAULT, (past(1, at("03-18 15:10")),), at("03-18 15:20"), spread=number)
        assert inside.due_at == at("03-18 16:20")


UNRUNG = [
    # how often nothing rang, and the wait then
    (1, 300.0),
    (2, 600.0),
    (3, 1200.0),
    (5, 4800.0),
]


@pytest.mark.parametrize("word", ["line_failure", "misdialled", "caller_barred"])
@pytest.mark.parametrize(("times", "wait"), UNRUNG)
def test_what_rang_no_phone_is_tried_soon_then_later_in_the_same_part(
    word: str, times: int, wait: float
) -> None:
    history = tuple(past(n, at("03-18 15:00"), word, rung=False, valid=False) for n in range(1, times + 1))
    step = decide(DEFAULT, history, at("03-18 15:01"))
    assert step.due_at == at("03-18 15:01") + timedelta(seconds=wait)


def test_what_never_rings_goes_to_a_person_in_the_end() -> None:
    history = tuple(
        past(n, at(f"03-{17 + n} 15:00"), "line_failure", rung=False, valid=False) for n in range(1, 7)
    )
    assert decide(DEFAULT, history[:5], at("03-24 15:01")).due_at is not None
    last = decide(DEFAULT, history, at("03-24 15:01"))
    assert (last.due_at, last.disposition) == (None, "insufficient")
    assert "a person looks" in last.rule


def test_a_ring_between_begins_the_waits_anew() -> None:
    failed = past(1, at("03-18 15:00"), "line_failure", rung=False, valid=False)
    rang = past(2, at("03-18 15:06"), "line_failure", valid=False)
    rule = DEFAULT.after[next(key for key in DEFAULT.after if key == "line_failure")]
    assert wait_s(rule, (failed, rang)) == wait_s(rule, (failed,)) == rule.wait_s
    again = decide(DEFAULT, (failed, rang), at("03-18 15:07"))
    assert again.due_at is not None
    assert slot_of(DEFAULT, again.due_at) == (at("03-18 16:00").date(), "middle")


def test_no_number_rings_more_often_a_day_than_the_profile_says() -> None:
    once = DEFAULT.model_copy(update={"per_number_day": 1})
    assert decide(once, (past(1, at("03-18 15:10")),), at("03-18 15:11")).due_at == at("03-19 16:00")
    silent = past(1, at("03-18 15:10"), "line_failure", rung=False)
    assert decide(once, (silent,), at("03-18 15:11")).due_at == at("03-18 15:16")


def test_a_profile_whose_windows_never_open_any_more_closes_for_a_person() -> None:
    never: Profile = DEFAULT.model_copy(
        update={"windows": tuple(one.model_copy(update={"days": ()}) for one in DEFAULT.windows)}
    )
    step = decide(never, (past(1, at("03-18 15:10")),), at("03-18 15:11"))
    assert (step.due_at, step.disposition) == (None, "insufficient")


def test_the_demonstration_waits_seconds() -> None:
    now = at("03-18 10:00")
    step = decide(DEMO, (past(1, now),), now)
    assert step.due_at is not None
    assert timedelta(seconds=3) <= step.due_at - now <= timedelta(seconds=6)
