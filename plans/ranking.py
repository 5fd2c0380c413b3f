"""Who is key and active in a branch (P3). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from plans.model import Facts, Source
from plans.sampling import required
from plans.sections import KeyActive, Measure


def first_by(customers: Iterable[Facts], measure: Measure, share: float) -> Iterable[Facts]:
    """The first part of a ranking. Who has nothing of it is in no ranking.

    Who has as much as the last of them is among them: a tie is no reason to be left out.
    """
    value = attrgetter(measure.value)
    ranked = sorted((one for one in customers if value(one) > 0), key=value, reverse=True)
    if not ranked:
        return ()
    least = value(ranked[required(len(ranked), share) - 1])
    return (one for one in ranked if value(one) >= least)


def demanded(branch: Sequence[Facts], ranking: KeyActive) -> frozenset[int]:
    """Who must be among them: added by hand, or introduced and high in any ranking (P3); by id."""
    by_hand = {one.id for one in branch if one.chosen}
    high = (one for measure in ranking.by for one in first_by(branch, measure, ranking.introduced))
    return frozenset(by_hand | {one.id for one in high if one.source is Source.INTRODUCED})


def key_active(branch: Sequence[Facts], ranking: KeyActive) -> frozenset[int]:
    """The key and active among all customers of one branch, by id."""
    first = {one.id for measure in ranking.by for one in first_by(branch, measure, ranking.share)}
    return demanded(branch, ranking) | first
