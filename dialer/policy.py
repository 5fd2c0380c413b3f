"""What becomes of a follow-up after an attempt (D2, D6, D10). Pure: one function over the profile's table.

Never more than `profile.attempts` rings, whatever was agreed: an appointment that would need one more goes to
a person. Rings used up, all of them valid, is `exhausted`, else `insufficient`; neither is ever "completed".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dialer.disposition import Disposition
from dialer.profile import Profile, Rule
from dialer.windows import Slot, next_legal, next_open, slot_of
from records.model import Next, PastAttempt


def decide(
    profile: Profile,
    history: tuple[PastAttempt, ...],
    now: datetime,
    *,
    appointment: datetime | None = None,
    deadline: datetime | None = None,
) -> Next:
    """The follow-up's next step.

    Args:
        profile: the firm's policy.
        history: all attempts, the one just ended last.
        now: business time.
        appointment: the time that the customer asked for and confirmed (D6).
        deadline: where an attempt in time is possible without breaking the spacing between parts, it is made.
    """
    disposition = Disposition(history[-1].disposition)
    rule = profile.after[disposition]
    if rule.then == "close":
        return _closed(disposition, f"{rule.rule}: {disposition.value} closes the follow-up")
    if rings_left(profile, history) <= 0:
        return _used_up(profile, history, disposition)
    if rule.then == "appoint" and appointment is not None:
        due_at = next_legal(profile, max(appointment, now))
        return Next(due_at, True, disposition, f"{rule.rule}: appointment")
    due_at = _retry_at(profile, history, rule, now, deadline)
    return Next(due_at, False, disposition, f"{rule.rule}: try again after {disposition.value}")


def rings_left(profile: Profile, history: tuple[PastAttempt, ...]) -> int:
    """How many automatic rings are left (D2)."""
    return profile.attempts - sum(attempt.rung for attempt in history)


def _closed(disposition: Disposition, rule: str) -> Next:
    return Next(None, False, disposition, rule)


def _used_up(profile: Profile, history: tuple[PastAttempt, ...], disposition: Disposition) -> Next:
    if disposition is Disposition.RESCHEDULED:
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
) -> datetime:
    avoid = used_slots(profile, history) if rule.other_part and profile.parts else frozenset[Slot]()
    spaced = next_open(profile, now + timedelta(seconds=rule.wait_s), avoid)
    if deadline is None or spaced <= deadline or not avoid:
        return spaced
    # Late: the next part of the day may still be in time, though nearer than the spacing asks.
    sooner = next_open(profile, now, avoid)
    return sooner if sooner <= deadline else spaced


def used_slots(profile: Profile, history: tuple[PastAttempt, ...]) -> frozenset[Slot]:
    """The parts of days in which the customer was rung already."""
    slots = (slot_of(profile, one.invited_at) for one in history if one.invited_at is not None and one.rung)
    return frozenset(slot for slot in slots if slot is not None)
