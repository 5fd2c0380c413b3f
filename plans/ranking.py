"""Who is key and active in a branch (P3). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import attrgetter

from plans.sampling import required
from plans.sections import KeyActive, Measure
from records.people import Facts, Source


@dataclass(frozen=True, slots=True)
class KeyCustomers:
    """The key and active of a branch, by id.

    Attributes:
        demanded: who must be among them: added by hand, or introduced and high in any ranking.
    """

    active: frozenset[int]
    demanded: frozenset[int]


def key_active(branch: Sequence[Facts], ranking: KeyActive) -> KeyCustomers:
    """The key and active among all customers of one branch."""
    active = {one.id for one in branch if one.chosen}
    demanded = set(active)
    for measure in ranking.by:
        ranked = _ranked(branch, measure)
        active.update(one.id for one in _first(ranked, measure, ranking.share))
        high = _first(ranked, measure, ranking.introduced)
        demanded.update(one.id for one in high if one.source is Source.INTRODUCED)
    return KeyCustomers(frozenset(active | demanded), frozenset(demanded))


def _ranked(branch: Sequence[Facts], measure: Measure) -> list[Facts]:
    """The largest first. Who has nothing of it is in no ranking."""
    value = attrgetter(measure.value)
    return sorted(filter(value, branch), key=value, reverse=True)


def _first(ranked: Sequence[Facts], measure: Measure, share: float) -> Iterator[Facts]:
    """The first part of a ranking, and who has as much as its last: a tie is no reason to be left out."""
    if not ranked:
        return iter(())
    value = attrgetter(measure.value)
    least = value(ranked[required(len(ranked), share) - 1])
    return takewhile(lambda one: value(one) >= least, ranked)
