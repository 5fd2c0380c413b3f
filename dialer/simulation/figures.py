"""What a simulated run comes to: coverage, lateness, attempts, use of the channels (P9). Pure.

A follow-up is *due* when the last day of its plan is over by the end, and *settled* when no call follows:
completed, or handed to another channel or a person because the policy says so (D2, A4).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from base.clock import end_of
from dialer.disposition import Disposition
from dialer.profile import Profile
from dialer.simulation.course import OfDay, OfHour, days_of, hours_of, most_of, open_s, seconds, share
from dialer.simulation.model import FollowUp, Trace
from dialer.simulation.planning import Planned
from dialer.windows import is_open
from plans.standing import Standing, standings
from records.model import Kind
from records.planned import Obligation, Tally

_OWNER = frozenset(
    {Disposition.COMPLETED, Disposition.REFUSED, Disposition.RESCHEDULED, Disposition.HANDED_OVER}
)
"""The owner was on the line, surely."""


@dataclass(frozen=True, slots=True)
class OfKind:
    """The follow-ups of one kind; those of a merged call count for each of its kinds (D7).

    Attributes:
        due: the last day of their plan is over. coming: it is not.
        in_time: of those due, settled by their last day. late: settled after it, or not yet.
        required: so many of those due have to be completed by the profile's shares (P9).
        others: settled without being completed: for another channel or a person (D2, A4).
        late_days: calendar days after the last day, of the late ones: half of them at most, and the most.
        to_begin: whose day for the first call is over, where a duty names one; begun_late: of these, called
            first after it, or not yet (P6).
    """

    kind: Kind
    due: int
    coming: int
    in_time: int
    late: int
    called: int
    reached: int
    completed: int
    members: int
    required: int
    others: int
    late_days: tuple[int, int]
    to_begin: int
    begun_late: int

    @property
    def in_time_share(self) -> float:
        """Settled in time, of those due; 1 where nothing is due."""
        return self.in_time / self.due if self.due else 1.0

    @property
    def completed_share(self) -> float:
        """Completed, of all whom the duties concern: what P9 holds against the required share."""
        return self.completed / self.members if self.members else 1.0

    @property
    def required_share(self) -> float:
        """What the duties ask for, of all whom they concern."""
        return self.required / self.members if self.members else 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """All of a run.

    Attributes:
        attempts: follow-ups by the number of their calls; those settled.
        endings: settled follow-ups by how they ended.
        used: of the channels' seconds in open windows, the part that calls took.
        most: channels in use at once.
        kept: calls at an agreed time (D6).
    """

    channels: int
    kinds: tuple[OfKind, ...]
    standings: tuple[Standing, ...]
    days: tuple[OfDay, ...]
    hours: tuple[OfHour, ...]
    attempts: Mapping[int, int]
    endings: Mapping[str, int]
    calls: int
    answered: float
    used: float
    most: int
    kept: int
    nobody: int

    @property
    def mean_attempts(self) -> float:
        """Calls of a settled follow-up."""
        settled = sum(self.attempts.values())
        return sum(n * many for n, many in self.attempts.items()) / settled if settled else 0.0

    @property
    def in_time(self) -> float:
        """Settled in time, of all that is due."""
        due = sum(one.due for one in self.kinds)
        return sum(one.in_time for one in self.kinds) / due if due else 1.0


def figures(profile: Profile, channels: int, planned: Planned, trace: Trace) -> Figures:
    """The figures of a run of these plans."""
    days = tuple(days_of(profile, channels, trace))
    settled = [one for one in trace.follow_ups if one.closed_at is not None]
    whole_s = sum(open_s(profile, one.day) for one in days) * channels
    tallied = _standings(planned, trace)
    return Figures(
        channels=channels,
        kinds=tuple(_kinds(trace, tallied, _begin_by(planned))),
        standings=tallied,
        days=days,
        hours=tuple(hours_of(trace.calls, sum(one.used is not None for one in days))),
        attempts=dict(sorted(Counter(len(one.history) for one in settled).items())),
        endings=dict(Counter(str(one.step.disposition) for one in settled).most_common()),
        calls=len(trace.calls),
        answered=share(sum(call.answered for call in trace.calls), len(trace.calls)),
        used=share(sum(seconds(call) for call in trace.calls if is_open(profile, call.at)), whole_s),
        most=most_of(trace.calls),
        kept=sum(call.agreed is not None for call in trace.calls),
        nobody=len(planned.nobody),
    )


def _begin_by(planned: Planned) -> dict[int, datetime]:
    """By follow-up, when the first call must have begun, where a duty asks for that (P6)."""
    days = (
        (n, [one.begin_by for one in owed if one.begin_by is not None])
        for n, owed in enumerate(planned.settles)
    )
    return {n: end_of(min(named)) for n, named in days if named}


def _kinds(trace: Trace, tallied: Iterable[Standing], begin_by: Mapping[int, datetime]) -> Iterator[OfKind]:
    by_kind: dict[Kind, list[FollowUp]] = defaultdict(list)
    for one in trace.follow_ups:
        for kind in one.owed.kinds:
            by_kind[kind].append(one)
    counted: dict[str, list[Standing]] = defaultdict(list)
    for standing in tallied:
        counted[standing.kind].append(standing)
    for kind in Kind:
        if kind in by_kind:
            to_begin = [
                (one, by) for one in by_kind[kind] if (by := begin_by.get(one.owed.id, trace.end)) < trace.end
            ]
            yield _of_kind(kind, by_kind[kind], counted[kind.value], to_begin, trace.end)


def _of_kind(
    kind: Kind,
    theirs: Sequence[FollowUp],
    counted: Sequence[Standing],
    to_begin: Sequence[tuple[FollowUp, datetime]],
    end: datetime,
) -> OfKind:
    due = [one for one in theirs if one.owed.deadline < end]
    late = sorted(_late_days(one, end) for one in due if (one.closed_at or end) > one.owed.deadline)
    completed = sum(map(_completed, due))
    return OfKind(
        kind=kind,
        due=len(due),
        coming=len(theirs) - len(due),
        in_time=len(due) - len(late),
        late=len(late),
        called=sum(bool(one.history) for one in due),
        reached=sum(_reached(one) for one in due),
        completed=completed,
        members=sum(one.members for one in counted),
        required=sum(one.required for one in counted),
        others=sum(one.closed_at is not None for one in due) - completed,
        late_days=(late[len(late) // 2], late[-1]) if late else (0, 0),
        to_begin=len(to_begin),
        begun_late=sum(_begun(one, end) > by for one, by in to_begin),
    )


def _completed(one: FollowUp) -> bool:
    return one.closed_at is not None and one.step.disposition == Disposition.COMPLETED


def _late_days(one: FollowUp, end: datetime) -> int:
    return ((one.closed_at or end).date() - one.owed.deadline.date()).days


def _begun(one: FollowUp, end: datetime) -> datetime:
    """When it was called first, or closed without a call."""
    first = one.history[0].invited_at if one.history else one.closed_at
    return first or end


def _reached(one: FollowUp) -> bool:
    return any(past.disposition in _OWNER for past in one.history)


def _standings(planned: Planned, trace: Trace) -> tuple[Standing, ...]:
    """What is due by the end, duty by duty, in the words of P9."""
    pools: dict[tuple[str, str], list[tuple[Obligation, FollowUp]]] = defaultdict(list)
    for one in trace.follow_ups:
        if one.owed.deadline < trace.end:
            for owed in planned.settles[one.owed.id]:
                pools[owed.duty, owed.pool].append((owed, one))
    tallies = [_tally(theirs) for theirs in pools.values()]
    return tuple(standings(tallies, dict(_samples(planned, tallies)), by_branch=False))


def _tally(theirs: Sequence[tuple[Obligation, FollowUp]]) -> Tally:
    first = theirs[0][0]
    completed = [one for _, one in theirs if _completed(one)]
    in_time = sum(one.closed_at <= one.owed.deadline for one in completed if one.closed_at)
    return Tally(
        duty=first.duty,
        kind=first.kind.value,
        branch="",
        pool=first.pool,
        share=first.share,
        due=len(theirs),
        called=sum(bool(one.history) for _, one in theirs),
        reached=sum(_reached(one) for _, one in theirs),
        completed=len(completed),
        overdue=len(theirs) - in_time,
        late=len(completed) - in_time,
    )


def _samples(planned: Planned, tallies: Iterable[Tally]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Of a sampled pool, members and the required number in proportion to what of it is due by the end."""
    drawn = {one.pool: one.strata for one in planned.samples}
    for tally in tallies:
        if tally.pool in drawn:
            strata = drawn[tally.pool]
            part = share(tally.due, sum(len(one.drawn) for one in strata))
            members = sum(one.members for one in strata)
            yield tally.pool, (round(members * part), round(sum(one.required for one in strata) * part))
