"""Where the follow-ups of a duty stand against what is required (P9). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from plans.sampling import required
from records.planned import Tally


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty, in one branch or in all.

    Attributes:
        members: of whom a share is due: all whom the duty concerns.
        required: so many of them have to be followed up.
        ratio: of the members, the part that is validly completed; `share` is what is asked for.
        missing: still to be completed until the share is reached.
    """

    duty: str
    kind: str
    branch: str
    share: float
    members: int
    required: int
    due: int
    called: int
    reached: int
    completed: int
    noticed: int
    overdue: int
    late: int

    @property
    def ratio(self) -> float:
        """Completed of the members; 1 where there is nobody."""
        return self.completed / self.members if self.members else 1.0

    @property
    def missing(self) -> int:
        """To be completed until the share is reached."""
        return max(0, self.required - self.completed)


@dataclass(frozen=True, slots=True)
class BranchStanding:
    """A branch with all its duties. `missing`: what one duty has too many of makes up for no other's."""

    branch: str
    members: int
    required: int
    due: int
    called: int
    reached: int
    completed: int
    noticed: int
    overdue: int
    missing: int

    @property
    def ratio(self) -> float:
        """Of what is required, the part that is done; 1 where nothing is."""
        return 1.0 - self.missing / self.required if self.required else 1.0


_SUMMED = ("due", "called", "reached", "completed", "noticed", "overdue", "late")
_OF_BRANCH = ("members", "required", *_SUMMED[:-1], "missing")


def standings(
    tallies: Iterable[Tally], samples: Mapping[str, tuple[int, int]], *, by_branch: bool = True
) -> list[Standing]:
    """Each duty's standing, by branch or for all branches together.

    Args:
        tallies: one for each pool.
        samples: members and the required number of those pools that a sample was drawn from.
    """
    groups: dict[tuple[str, str], list[Tally]] = defaultdict(list)
    for one in tallies:
        groups[one.duty, one.branch if by_branch else ""].append(one)
    return [_standing(branch, groups[duty, branch], samples) for duty, branch in sorted(groups)]


def of_branches(found: Iterable[Standing]) -> list[BranchStanding]:
    """Each branch's duties together; whoever is furthest behind comes first."""
    theirs: dict[str, list[Standing]] = defaultdict(list)
    for one in found:
        theirs[one.branch].append(one)
    summed = (
        BranchStanding(branch, *(sum(map(attrgetter(name), duties)) for name in _OF_BRANCH))
        for branch, duties in theirs.items()
    )
    return sorted(summed, key=lambda one: (one.ratio, -one.overdue, one.branch))


def _standing(branch: str, pools: list[Tally], samples: Mapping[str, tuple[int, int]]) -> Standing:
    sizes = [samples.get(one.pool) or _whole(one) for one in pools]
    sums = {name: sum(map(attrgetter(name), pools)) for name in _SUMMED}
    return Standing(
        duty=pools[0].duty,
        kind=pools[0].kind,
        branch=branch,
        share=pools[0].share,
        members=sum(members for members, _ in sizes),
        required=sum(least for _, least in sizes),
        **sums,
    )


def _whole(pool: Tally) -> tuple[int, int]:
    """Members and the required number where everybody is due: who was informed by notice stays counted."""
    return pool.due, required(pool.due, pool.share)
