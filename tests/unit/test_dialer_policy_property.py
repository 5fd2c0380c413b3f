"""What the policy promises for any history and any clock (D2, D3, D6, D10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from base import calendar_files
from base.clock import SHANGHAI
from dialer.disposition import OF_ATTEMPT, OF_FOLLOW_UP_ONLY, Disposition
from dialer.policy import HURRY_S, decide, rings_left, used_slots, wait_s
from dialer.profile import Profile, load
from dialer.windows import is_legal, is_open, slot_of, spans_from
from records.model import Next, PastAttempt

SHIPPED = Path(__file__).parents[2] / "config"
CALENDAR = calendar_files.load(SHIPPED / calendar_files.MARKET_FILE, None)
DEFAULT = load(SHIPPED / "profiles" / "default.yaml", calendar=CALENDAR)
DEMO = load(SHIPPED / "profiles" / "demo.yaml", calendar=CALENDAR)
TIGHT = DEFAULT.model_copy(update={"attempts": 2, "per_number_day": 1})
RARE = DEFAULT.model_copy(update={"windows": DEFAULT.windows[1:]})
"""Open on made-up days only, of which none is known after 2026."""

usual = st.sampled_from([DEFAULT, DEMO, TIGHT])
profiles = st.sampled_from([DEFAULT, DEMO, TIGHT, RARE])
anywhere = st.timedeltas(timedelta(0), timedelta(days=600)).map(
    lambda since: datetime(2025, 11, 1, tzinfo=SHANGHAI) + since
)
nearby = st.integers(0, 4 * 24 * 60).map(
    lambda minutes: datetime(2026, 2, 12, 12, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)
"""Days before and at the spring festival, a made-up Saturday among them: histories that crowd."""
moments = st.one_of(anywhere, nearby)
words = st.sampled_from([one.value for one in OF_ATTEMPT])
ends = st.tuples(words, st.booleans(), st.booleans())


def attempt(n: int, at: datetime | None, word: str, rung: bool, valid: bool) -> PastAttempt:
    ended = None if at is None else at + timedelta(seconds=35)
    return PastAttempt(n, at, ended, word, rung, valid and rung)


def _in_order(rows: list[tuple[datetime, tuple[str, bool, bool]]]) -> tuple[PastAttempt, ...]:
    return tuple(attempt(n, at, *end) for n, (at, end) in enumerate(sorted(rows), 1))


crowded = st.lists(st.tuples(nearby, ends), min_size=1, max_size=8).map(_in_order)
scattered = st.lists(st.tuples(moments, ends), min_size=1, max_size=8).map(_in_order)
histories = st.one_of(crowded, scattered)
maybe = st.none() | moments
spreads = st.integers(0, 2**63 - 1)


@given(profiles, histories, moments, maybe, maybe, spreads)
def test_never_one_ring_more_never_outside_the_windows_never_in_the_past(
    profile: Profile,
    history: tuple[PastAttempt, ...],
    now: datetime,
    wish: datetime | None,
    deadline: datetime | None,
    spread: int,
) -> None:
    """D10; and a decision there is, whatever has happened."""
    step = decide(profile, history, now, appointment=wish, deadline=deadline, spread=spread)
    assert step.rule
    if step.due_at is None:
        assert Disposition(step.disposition) in (*OF_FOLLOW_UP_ONLY, Disposition(history[-1].disposition))
        return
    assert rings_left(profile, history) > 0
    assert step.due_at >= now
    assert is_legal(profile, step.due_at)
    assert step.appointment or is_open(profile, step.due_at)
    assert not step.appointment or (wish is not None and step.due_at >= wish)


@given(profiles, histories, moments, maybe, spreads)
def test_never_twice_in_one_part_of_a_day_and_spaced_but_for_a_deadline(
    profile: Profile,
    history: tuple[PastAttempt, ...],
    now: datetime,
    deadline: datetime | None,
    spread: int,
) -> None:
    """D2: there is always another part or day, so none is used twice, deadline or not."""
    rule = profile.after[Disposition(history[-1].disposition)]
    step = decide(profile, history, now, deadline=deadline, spread=spread)
    if step.due_at is None:
        return
    if profile.parts:
        assert slot_of(profile, step.due_at) not in used_slots(profile, history)
    rang = [one.invited_at.date() for one in history if one.rung and one.invited_at is not None]
    assert rang.count(step.due_at.date()) < profile.per_number_day
    least = wait_s(rule, history) if deadline is None else min(wait_s(rule, history), HURRY_S)
    assert step.due_at >= now + timedelta(seconds=least)


def _could_be_met(
    profile: Profile, history: tuple[PastAttempt, ...], now: datetime, deadline: datetime
) -> bool:
    """By brute force: some stretch before the deadline whose part of the day is unused."""
    rule = profile.after[Disposition(history[-1].disposition)]
    earliest = now + timedelta(seconds=min(wait_s(rule, history), HURRY_S))
    used = used_slots(profile, history) if profile.parts else frozenset()
    days = [one.invited_at.date() for one in history if one.rung and one.invited_at is not None]
    for span in spans_from(profile, earliest):
        if span.start > deadline:
            return False
        if span.slot not in used and days.count(span.slot[0]) < profile.per_number_day:
            return True
    return False


@given(profiles, crowded, nearby, nearby, spreads)
def test_a_deadline_that_can_be_met_is_met(
    profile: Profile, history: tuple[PastAttempt, ...], now: datetime, deadline: datetime, spread: int
) -> None:
    step = decide(profile, history, now, deadline=deadline, spread=spread)
    if step.due_at is not None:
        assert (step.due_at <= deadline) == _could_be_met(profile, history, now, deadline)


@given(profiles, histories, moments)
def test_used_up_rings_are_exhausted_only_when_all_were_valid(
    profile: Profile, history: tuple[PastAttempt, ...], now: datetime
) -> None:
    """D2: a valid count that is short is for a person; neither is ever completed."""
    step = decide(profile, history, now)
    valid = sum(one.valid for one in history)
    if step.disposition == Disposition.EXHAUSTED:
        assert valid >= profile.attempts
    if step.disposition == Disposition.INSUFFICIENT:
        assert valid < profile.attempts or rings_left(profile, history) > 0
    if step.disposition == Disposition.COMPLETED:
        assert history[-1].disposition == Disposition.COMPLETED


@given(usual, anywhere, st.lists(ends, min_size=12, max_size=12), spreads, st.integers(0, 7200))
def test_a_whole_follow_up_ends_within_its_rings(
    profile: Profile, start: datetime, endings: list[tuple[str, bool, bool]], spread: int, late_s: int
) -> None:
    """D2, D10: play the policy on until it closes; calls may leave late, as lines are taken."""
    history: tuple[PastAttempt, ...] = ()
    step = Next(next(iter(spans_from(profile, start))).start, False, "", "")
    for n, end in enumerate(endings, 1):
        assert step.due_at is not None
        leaves = next(iter(spans_from(profile, step.due_at + timedelta(seconds=late_s)))).start
        history = (*history, attempt(n, leaves, *end))
        step = decide(profile, history, leaves + timedelta(seconds=40), spread=spread)
        if step.due_at is None:
            break
    assert step.due_at is None
    assert sum(one.rung for one in history) <= profile.attempts
    assert sum(not one.rung for one in history) <= profile.unrung_attempts
    rung = [slot_of(profile, one.invited_at) for one in history if one.rung and one.invited_at]
    if profile.parts:
        assert len(set(rung)) == len(rung)
