"""How subscribers of a simulated network take their calls, drawn from a seed. Pure.

Every temper is one that counts as rung (D2): a drill that counts Call-IDs then knows how many are allowed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Temper:
    """How one call is taken. Seconds are counted from the INVITE, those of the talk from the answer.

    Attributes:
        trying_s: when the 100 leaves; the INVITE is repeated until then.
        ringing_s: when the 180 leaves; None has none.
        status, final_s: the final response and its time; 0 rings on.
        talk_s: hangs up so long after the answer; None never does.
        crosses: picks up when the CANCEL comes (RFC 3261, section 9.2).
        silent: nothing comes back at all.
    """

    name: str
    trying_s: float = 0.0
    ringing_s: float | None = None
    status: int = 0
    final_s: float = 0.0
    talk_s: float | None = None
    crosses: bool = False
    silent: bool = False


def draw(seed: int, number: str, nth: int) -> Temper:
    """How the `nth` call to a number is taken: the same for the same seed."""
    chance = random.Random(f"{seed}/{number}/{nth}")
    makers, weights = zip(*_KINDS, strict=True)
    make: Callable[[Random], Temper] = chance.choices(makers, weights)[0]
    return make(chance)


def _busy(chance: Random) -> Temper:
    at = chance.uniform(0.1, 1.0)
    rings_first = chance.random() < 0.7  # many networks say 180 whatever the phone does
    return Temper("busy", _trying(chance), at / 2 if rings_first else None, 486, at)


def _rejects(chance: Random) -> Temper:
    return Temper("rejects", _trying(chance), chance.uniform(0.05, 0.3), 603, chance.uniform(0.4, 3.0))


def _cut(chance: Random) -> Temper:
    return Temper("cut", _trying(chance), chance.uniform(0.05, 0.3), 480, chance.uniform(0.4, 3.0))


def _talks(chance: Random) -> Temper:
    at = chance.uniform(0.3, 2.5)
    return Temper("talks", _trying(chance), at / 2, 200, at, chance.uniform(0.2, 4.0), _crosses(chance))


def _stays(chance: Random) -> Temper:
    at = chance.uniform(0.3, 2.5)
    return Temper("stays", _trying(chance), at / 2, 200, at, crosses=_crosses(chance))


def _rings_on(chance: Random) -> Temper:
    return Temper("rings on", 0.0, chance.uniform(0.05, 0.3), crosses=_crosses(chance))


def _silent(_chance: Random) -> Temper:
    return Temper("silent", silent=True)


_KINDS: tuple[tuple[Callable[[Random], Temper], int], ...] = (
    (_busy, 26),
    (_rejects, 12),
    (_cut, 8),
    (_talks, 30),
    (_stays, 15),
    (_rings_on, 7),
    (_silent, 2),
)
"""Each with its weight: calls that come to nothing soon keep a drill dense, the others leave legs behind."""


def _trying(chance: Random) -> float:
    """Mostly at once; sometimes so late that the INVITE comes twice."""
    return chance.uniform(0.6, 1.4) if chance.random() < 0.15 else 0.0


def _crosses(chance: Random) -> bool:
    return chance.random() < 0.3
