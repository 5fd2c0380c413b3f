"""Spot checks of calls: what is drawn, whether it is what the seed gives, what flags miss (Q5). Pure.

Flagged calls are always in; of the others some are drawn, and from these the violations that no flag tells of
are estimated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from base.exact import Interval, trials
from plans.sampling import Member, draw, place
from records.scored import Score, SpotCheck, Tally


@dataclass(frozen=True, slots=True)
class Framed:
    """A call of the period. `flagged`: a lead was found in it."""

    id: int
    flagged: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """Calls to listen to, by id. `unflagged`: how many calls without a flag those `drawn` stand for."""

    flagged: tuple[int, ...]
    drawn: tuple[int, ...]
    unflagged: int


def sample(frame: Iterable[Framed], size: int, seed: int) -> Sample:
    """All flagged calls, and so many of the others, or all where there are no more."""
    flagged, others = _parted(frame)
    return Sample(tuple(sorted(flagged)), _first(others, size, seed), len(others))


def to_compare(frame: Iterable[Framed], size: int, seed: int) -> Sample:
    """Calls that several reviewers score: half of them flagged, where there are so many."""
    flagged, others = _parted(frame)
    half = _first(flagged, (size + 1) // 2, seed)
    return Sample(half, _first(others, size - len(half), seed), len(others))


def left_out(calls: Iterable[int], drawn: Collection[int], flagged: Collection[int], seed: int) -> list[int]:
    """Calls of the period that the seed puts before the last one drawn, and that are not in the sample.

    There is none in a sample by which nobody has picked: whatever came before was flagged then, and is in.
    """
    if not drawn:
        return []
    last = max(place(seed, str(one)) for one in drawn)
    there = {*drawn, *flagged}
    return sorted(one for one in calls if one not in there and place(seed, str(one)) <= last)


def is_shown(check: SpotCheck, tally: Tally, today: date) -> bool:
    """Whether reviewers may see each other's scores: when all are given, or the last day is over."""
    return not check.reviewers or tally.done >= tally.planned or today > check.due_on


def refusal_to_decide(score: Score, by: str) -> str:
    """Why somebody may not decide about an objection, a word; "" where they may: somebody else does (Q5)."""
    return {score.given.by: "scorer", score.objected_by: "objector"}.get(by, "")


@dataclass(frozen=True, slots=True)
class Heard:
    """What people said of calls that they listened to."""

    violations: int
    clean: int
    inaudible: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.violations + self.clean + self.inaudible


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share; None where nothing could be told. `interval`: exact, of 95 %."""

    share: float | None
    interval: Interval


@dataclass(frozen=True, slots=True)
class Missed:
    """What flags miss.

    Attributes:
        among_unflagged: how many of the calls without a flag hold a violation.
        calls: from how many to how many that are.
        of_violations: how many of all calls with a violation bear no flag; None until every flagged one was
            listened to.
    """

    among_unflagged: Estimate
    calls: Interval
    of_violations: Estimate | None


def missed(unflagged: Heard, of: int, flagged: Heard, flagged_of: int) -> Missed:
    """From the unflagged calls that were drawn, and the flagged ones.

    An inaudible call may hold a violation: the lower bounds take it as clean, the upper ones as not.

    Args:
        of: how many unflagged calls there are. flagged_of: how many flagged ones.
    """
    low = trials(unflagged.violations, unflagged.count)[0]
    high = trials(unflagged.violations + unflagged.inaudible, unflagged.count)[1]
    told = unflagged.violations + unflagged.clean
    share = unflagged.violations / told if told else None
    surely = of - unflagged.clean
    calls = max(low * of, unflagged.violations), min(high * of, surely)
    whole = flagged.count == flagged_of
    return Missed(Estimate(share, (low, high)), calls, _of_all(share, of, calls, flagged) if whole else None)


def _of_all(share: float | None, of: int, calls: Interval, flagged: Heard) -> Estimate:
    low = _part(calls[0], flagged.violations + flagged.inaudible)
    high = _part(calls[1], flagged.violations)
    found = None if share is None else _part(share * of, flagged.violations)
    return Estimate(found, (low or 0.0, 1.0 if high is None else high))


def _part(missed_: float, found: int) -> float | None:
    return missed_ / (missed_ + found) if missed_ + found else None


def _parted(frame: Iterable[Framed]) -> tuple[list[int], list[int]]:
    calls = list(frame)
    return [one.id for one in calls if one.flagged], [one.id for one in calls if not one.flagged]


def _first(calls: Sequence[int], size: int, seed: int) -> tuple[int, ...]:
    """So many by their place, or all."""
    share = min(1.0, size / len(calls)) if calls else 0.0
    drawn = draw([Member(str(one)) for one in calls], share, seed)
    return tuple(sorted(int(key) for one in drawn for key in one.drawn))
