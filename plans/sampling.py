"""Samples: stratified, seeded, the same whenever they are drawn again (P1, P2, P5). Pure.

Each member has a place in its stratum by a hash under the pool's seed: nobody can foresee it who does not
know the seed, and whoever knows it can show that nothing was picked by hand. The members that must be called
come first, then those drawn before, then the first by place: a member that comes later puts out nobody.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Member:
    """One of a pool.

    Attributes:
        key: unique in the pool.
        stratum: of each stratum the same share is drawn.
        must: drawn in any case (P3, P5).
        kept: drawn before, and stays.
        late: its time is over: others go before it when more are needed.
    """

    key: str
    stratum: str = ""
    must: bool = False
    kept: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn of one stratum; `required` is the least number that the share asks for."""

    stratum: str
    members: int
    required: int
    drawn: frozenset[str]


def draw(members: Iterable[Member], share: float, seed: int) -> list[Draw]:
    """Draw at least the share of every stratum, by the names of the strata.

    Args:
        members: the whole pool.
        share: of each stratum, rounded up to a whole member.
        seed: of the pool.
    """
    strata: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        strata[member.stratum].append(member)
    return [_of_stratum(name, strata[name], share, seed) for name in sorted(strata)]


def required(members: int, share: float) -> int:
    """The least whole number that is this share of so many."""
    return math.ceil(round(members * share, 9))


def _of_stratum(name: str, members: list[Member], share: float, seed: int) -> Draw:
    least = required(len(members), share)
    chosen = {one.key for one in members if one.must or one.kept}
    if len(chosen) < least:
        others = [(one.late, place(seed, one.key), one.key) for one in members if one.key not in chosen]
        chosen.update(key for _, _, key in sorted(others)[: least - len(chosen)])
    return Draw(name, len(members), least, frozenset(chosen))


def place(seed: int, key: str) -> bytes:
    """Where a member stands in its stratum: the first by it are drawn."""
    return blake2b(key.encode(), digest_size=8, key=seed.to_bytes(8, "big")).digest()
