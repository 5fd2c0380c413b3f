"""What becomes of a follow-up after an attempt (D2, D6, D10). Pure: one function over the profile's table.

Never more than `profile.attempts` rings, whatever was agreed: an appointment that would need one more goes to
a person. Rings used up, all of them valid, is `exhausted`, else `insufficient`; neither is ever "completed".
Attempts that rang no phone are never the customer's: they cost no ring, but are bounded of their own.

The next time lies in a window, in a part of a day in which the phone has not rung yet: on the first day that
has one, the part that was tried least. A deadline shortens the spacing, and never breaks another rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby, takewhile

from base.clock import SHANGHAI
from dialer.disposition import Disposition
from dialer.profile import Profile, Rule
from dialer.windows import Slot, Span, next_legal, slot_of, spans_from
from records.model import Next, PastAttempt

HURRY_S = 900.0
"""The least spacing that a deadline leaves, unless the rule's own is less."""

SPREAD = 0.5
SPREAD_S = 1800.0
"""Over so much of a stretch its calls are spread, not all at its first second; the rest is for the late."""

_GOLDEN = 0.6180339887498949
"""Multiples of it leave gaps of nearly equal size: neighbouring ids come to lie far apart."""

_MOST_DOUBLINGS = 6


def decide(
    profile: Profile,
    history: tuple[PastAttempt, ...],
    now: datetime,
    *,
    appointment: datetime | None = None,
    deadline: datetime | None = None,
    spread: int = 0,
) -> Next:
    """The follow-up's next step.

    Args:
        profile: the firm's policy.
        history: all attempts, the one just ended last.
        now: business time.
        appointment: the time that the customer asked for and confirmed (D6).
        deadline: an attempt in time is made wherever one is possible.
        spread: any number of the follow-up, its id: others with other numbers are called at other moments.
    """
    disposition = Disposition(history[-1].disposition)
    rule = profile.after[disposition]
    if rule.then == "close" or (rule.then == "agreed" and appointment is None):
        return _closed(disposition, f"{rule.rule}: {disposition.value} closes the follow-up")
    if rings_left(profile, history) <= 0:
        return _used_up(profile, history, disposition, appointment is not None)
    if rule.then in ("appoint", "agreed") and appointment is not None:
        due_at = next_legal(profile, max(appointment, now))
        return Next(due_at, True, disposition, f"{rule.rule}: appointment")
    unrung = sum(not attempt.rung for attempt in history)
    if unrung >= profile.unrung_attempts:
        return _closed(Disposition.INSUFFICIENT, f"D4: {unrung} attempts rang no phone, a person looks")
    retry_at = _retry_at(profile, history, rule, now, deadline, spread)
    if retry_at is None:
        return _closed(Disposition.INSUFFICIENT, "D3: no window opens any more")
    return Next(retry_at, False, disposition, f"{rule.rule}: try again after {disposition.value}")


def rings_left(profile: Profile, history: tuple[PastAttempt, ...]) -> int:
    """How many automatic rings are left (D2)."""
    return profile.attempts - sum(attempt.rung for attempt in history)


def used_slots(profile: Profile, history: tuple[PastAttempt, ...]) -> frozenset[Slot]:
    """The parts of days in which the customer was rung already."""
    slots = (slot_of(profile, one.invited_at) for one in history if one.invited_at is not None and one.rung)
    return frozenset(slot for slot in slots if slot is not None)


def wait_s(rule: Rule, history: tuple[PastAttempt, ...]) -> float:
    """Least seconds to the next attempt: doubled with each one in a row that rang no phone."""
    in_a_row = sum(1 for _ in takewhile(lambda one: not one.rung, reversed(history)))
    return float(rule.wait_s * 2 ** min(max(in_a_row - 1, 0), _MOST_DOUBLINGS))


def _closed(disposition: Disposition, rule: str) -> Next:
    return Next(None, False, disposition, rule)


def _used_up(
    profile: Profile, history: tuple[PastAttempt, ...], disposition: Disposition, agreed: bool
) -> Next:
    if agreed or disposition is Disposition.RESCHEDULED:
        return _closed(disposition, f"D10: {profile.attempts} rings made, the appointment goes to a person")
    valid = sum(attempt.valid for attempt in history)
    if valid >= profile.attempts:
        return _closed(Disposition.EXHAUSTED, f"D2: {valid} valid attempts in vain")
    return _closed(Disposition.INSUFFICIENT, f"D2: {profile.attempts} rings made, only {valid} valid")


def _retry_at(
    profile: Profile,
    history: tuple[PastAttempt, ...],
    rule: Rule,
    now: datetime,
    deadline: datetime | None,
    spread: int,
) -> datetime | None:
    """Spaced and in time; else hurried and in time; else spaced. None where no window opens any more."""
    spaced = wait_s(rule, history)
    tries: list[tuple[float, datetime | None]] = [(spaced, deadline)]
    if deadline is not None:
        tries += [(min(spaced, HURRY_S), deadline), (spaced, None)]
    for seconds, until in tries:
        earliest = now + timedelta(seconds=seconds)
        span = _choose(profile, history, rule, earliest, until)
        if span is not None:
            return span.start if span.start == earliest else _spread_in(span, until, spread)
    return None


def _choose(
    profile: Profile, history: tuple[PastAttempt, ...], rule: Rule, earliest: datetime, until: datetime | None
) -> Span | None:
    """On the first day with a stretch that may be used: the part that was tried least, then the earliest."""
    apart = rule.other_part and bool(profile.parts)
    used = used_slots(profile, history)
    tried = Counter(part for _, part in used if apart)
    full = _full_days(profile, history)
    for day, stretches in groupby(spans_from(profile, earliest), key=lambda span: span.slot[0]):
        in_time = takewhile(lambda span: until is None or span.start <= until, stretches)
        free = [span for span in in_time if day not in full and not (apart and span.slot in used)]
        if free:
            return min(free, key=lambda span: (tried[span.part], span.start))
        if until is not None and day > until.astimezone(SHANGHAI).date():
            return None
    return None


def _full_days(profile: Profile, history: Iterable[PastAttempt]) -> frozenset[date]:
    """Days on which the number rang as often as one may."""
    rang = (one.invited_at for one in history if one.rung and one.invited_at is not None)
    rings = Counter(moment.astimezone(SHANGHAI).date() for moment in rang)
    return frozenset(day for day, count in rings.items() if count >= profile.per_number_day)


def _spread_in(span: Span, until: datetime | None, spread: int) -> datetime:
    """The follow-up's own moment early in a stretch."""
    end = span.end if until is None else min(span.end, until)
    room_s = min((end - span.start).total_seconds() * SPREAD, SPREAD_S)
    return span.start + timedelta(seconds=int(room_s * (spread * _GOLDEN % 1.0)))
