"""Were the rules kept? Pure: the far end's calls, the ledger's attempts and the recordings, compared.

What must never happen (D10) is judged from what the far end saw, not from what the ledger believes; ledger
and recordings are then held against it (D2, R1).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from records.evidence import AttemptEvidence
from softphone.far_call import FarCall

IsOpen = Callable[[datetime], bool]
"""Whether a call may begin at a business time."""


class Rule(StrEnum):
    """What was broken."""

    TOO_MANY = "too many rings"
    OVERLAP = "two calls to one number"
    OUTSIDE = "outside the windows"
    FORBIDDEN = "number not to be called"
    TOO_OFTEN = "number rang too often in a day"
    SAME_PART = "same part of the day"
    TOO_SOON = "too soon after the last call"
    AFTER_END = "call after the end of its follow-up"
    UNKEPT = "appointment not kept"
    OVERTAKEN = "appointment overtaken"
    CHANNELS = "more calls than channels"
    PACE = "calls too close together"
    RECUSED = "responsible for a customer of their own"
    UNBOOKED = "call without an attempt"
    OPEN = "attempt never closed"
    BROKEN_TRACK = "recording not whole"
    LOST_TRACK = "recording lost"
    NO_JOB = "recording without a job"
    UNNAMED_TRACK = "recording that no attempt names"
    ORPHAN = "line worker outlived its parent"
    ENDED = "node ended by itself"


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken once: whose number, when (business time), which calls or attempts, in words."""

    rule: Rule
    number: str
    at: datetime | None
    what: str


@dataclass(frozen=True, slots=True)
class Tracks:
    """The two files of one recording by its stem: whether they are there, and whether their headers tell
    their true size."""

    stem: str
    there: bool
    whole: bool


def of_far_end(
    calls: Sequence[FarCall], allowed: Mapping[str, int], is_open: IsOpen
) -> tuple[Violation, ...]:
    """What the far end saw against D2, D3 and D10.

    Args:
        calls: every call, each by its own Call-ID.
        allowed: how many rings each number may get, over all its follow-ups; 0: it may not be called.
    """
    found: list[Violation] = []
    for number, theirs in _by_number(calls).items():
        may = allowed.get(number, 0)
        found += _forbidden(theirs) if may == 0 else _too_many(theirs, may)
        found += _overlaps(theirs)
    found += [_violation(Rule.OUTSIDE, call) for call in calls if not is_open(call.at)]
    return tuple(found)


def of_ledger(
    attempts: Sequence[AttemptEvidence], calls: Sequence[FarCall], rings: int, is_open: IsOpen
) -> tuple[Violation, ...]:
    """The ledger against D2 and D10, and against the far end: every call there has its attempt here.

    Args:
        rings: how often a follow-up's phone may ring.
    """
    found = [_of_attempt(Rule.OPEN, one) for one in attempts if one.ended_at is None]
    found += [
        _of_attempt(Rule.OUTSIDE, one) for one in attempts if one.invited_at and not is_open(one.invited_at)
    ]
    rung = Counter(one.follow_up_id for one in attempts if one.rung)
    found += [
        Violation(Rule.TOO_MANY, "", None, f"follow-up {follow_up} rang {n} times in the ledger")
        for follow_up, n in rung.items()
        if n > rings
    ]
    return (*found, *_unbooked(attempts, calls))


def of_recordings(attempts: Sequence[AttemptEvidence], tracks: Sequence[Tracks]) -> tuple[Violation, ...]:
    """The recordings against R1: all of them whole, named by an attempt, and waiting for a transcript."""
    by_stem = {one.stem: one for one in tracks}
    named = {one.recording: one for one in attempts if one.recording}
    found = [_of_track(Rule.BROKEN_TRACK, one) for one in tracks if not one.whole]
    found += [_of_track(Rule.UNNAMED_TRACK, one) for one in tracks if one.stem not in named]
    for attempt in named.values():
        there = attempt.recording in by_stem and by_stem[attempt.recording].there
        if attempt.answered_at is not None and not there:
            found.append(_of_attempt(Rule.LOST_TRACK, attempt))
        if there and attempt.jobs == 0 and attempt.ended_at is not None:
            found.append(_of_attempt(Rule.NO_JOB, attempt))
    return tuple(found)


def of_processes(lingering: int, ended: int) -> tuple[Violation, ...]:
    """Line workers that outlived their killed parent, and nodes that ended without being killed."""
    counts = ((Rule.ORPHAN, lingering), (Rule.ENDED, ended))
    return tuple(Violation(rule, "", None, f"{n} times") for rule, n in counts if n)


def _by_number(calls: Iterable[FarCall]) -> dict[str, list[FarCall]]:
    found: defaultdict[str, list[FarCall]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: call.at):
        found[call.number].append(call)
    return found


def _forbidden(calls: Iterable[FarCall]) -> list[Violation]:
    return [_violation(Rule.FORBIDDEN, call) for call in calls]


def _too_many(calls: Iterable[FarCall], may: int) -> list[Violation]:
    rang = [call for call in calls if call.alerted]
    return [_violation(Rule.TOO_MANY, call, f"of {may} allowed") for call in rang[may:]]


def _overlaps(calls: Sequence[FarCall]) -> list[Violation]:
    """Each call that began before an earlier one had ended; `calls` are in the order of their beginning."""
    found: list[Violation] = []
    longest: FarCall | None = None
    for call in calls:
        if longest is not None and call.at < longest.until:
            found.append(_violation(Rule.OVERLAP, call, f"{longest.call_id} was up until {longest.until}"))
        if longest is None or call.until > longest.until:
            longest = call
    return found


def _unbooked(attempts: Iterable[AttemptEvidence], calls: Iterable[FarCall]) -> list[Violation]:
    """Numbers that were called more often than the ledger permitted."""
    permitted = Counter(one.phone for one in attempts if one.invited_at is not None)
    seen = Counter(call.number for call in calls)
    return [
        Violation(Rule.UNBOOKED, number, None, f"{n} calls seen, {permitted[number]} permitted")
        for number, n in seen.items()
        if n > permitted[number]
    ]


def _violation(rule: Rule, call: FarCall, what: str = "") -> Violation:
    return Violation(rule, call.number, call.at, f"call {call.call_id} {what}".strip())


def _of_attempt(rule: Rule, attempt: AttemptEvidence) -> Violation:
    what = f"attempt {attempt.id} {attempt.recording}".strip()
    return Violation(rule, attempt.phone, attempt.invited_at, what)


def _of_track(rule: Rule, tracks: Tracks) -> Violation:
    return Violation(rule, "", None, tracks.stem)
