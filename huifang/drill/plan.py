"""When a drill strikes whom: drawn from a seed. Pure.

A drill is a row of rounds. Within a round all nodes share a business clock that runs at the machine's speed;
at its end every node is dead, and business time moves on by more than a held number rests (D10). A round
begins shortly before a window opens, in its middle, or shortly before it closes: both edges are crossed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import cycle
from random import Random

from softphone.far_call import Moment

OPENS, CLOSES = 5, 25
"""Minutes of each hour between which the drill's windows are open."""
HOURS = range(9, 21)

GAP_S = 1900.0
"""Least business time between two rounds: longer than a number rests, and than a session lives."""


LONGEST_NAP_S = 4.0
"""How much longer than its lease a process sleeps at most."""


class Blow(StrEnum):
    """What is done to a node."""

    PARENT = "parent"
    WORKER = "worker"
    GROUP = "group"
    SLEEP = "sleep"


@dataclass(frozen=True, slots=True)
class Strike:
    """One blow.

    Attributes:
        after: the next such moment of one of the node's calls is waited for; None: the node's start.
        delay_s: seconds from there on.
        nap_s: for how long a process is stopped (SLEEP).
        choice: 0 to 1, which one is meant.
    """

    blow: Blow
    after: Moment | None
    delay_s: float
    nap_s: float
    choice: float


class Phase(StrEnum):
    """Where in a window a round begins."""

    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"


MOST_KILLS = {Phase.OPENING: 7, Phase.CLOSING: 2, Phase.OPEN: 7}
"""Of one node in a round; behind a closing nobody calls, so that little is to be learnt there."""
_LEADS_S = {Phase.OPENING: (1.0, 4.0), Phase.CLOSING: (8.0, 14.0), Phase.OPEN: (0.0, 0.0)}
_STARTS = {Phase.OPENING: 1, Phase.CLOSING: 2, Phase.OPEN: 0}


@dataclass(frozen=True, slots=True)
class Round:
    """One round: its phase, for how many seconds it calls or waits before the edge, each node's strikes."""

    phase: Phase
    lead_s: float
    strikes: tuple[tuple[Strike, ...], ...]

    @property
    def kills(self) -> int:
        """How many kill -9 it holds."""
        return sum(strike.blow is not Blow.SLEEP for row in self.strikes for strike in row)


def plan(kills: int, nodes: int, seed: int, lease_s: float) -> tuple[Round, ...]:
    """Rounds with so many kills in all; the same for the same arguments."""
    chance = random.Random(seed)
    return tuple(_rounds(kills, nodes, chance, lease_s))


def _rounds(kills: int, nodes: int, chance: Random, lease_s: float) -> Iterator[Round]:
    for phase in cycle(MOST_KILLS):
        if kills <= 0:
            return
        now = min(kills, MOST_KILLS[phase] * nodes)
        kills -= now
        shares = [now // nodes + (n < now % nodes) for n in range(nodes)]
        yield Round(
            phase, chance.uniform(*_LEADS_S[phase]), tuple(_strikes(n, chance, lease_s) for n in shares)
        )


def _strikes(kills: int, chance: Random, lease_s: float) -> tuple[Strike, ...]:
    """One node's: in the end it is dead."""
    if kills == 0:
        return ()
    blows = chance.choices((Blow.PARENT, Blow.WORKER, Blow.GROUP), (3, 5, 2), k=kills - 1)
    blows.append(chance.choice((Blow.PARENT, Blow.GROUP)))
    if kills > 1 and chance.random() < 0.5:
        blows.insert(chance.randrange(kills), Blow.SLEEP)
    return tuple(_strike(blow, chance, lease_s) for blow in blows)


def _strike(blow: Blow, chance: Random, lease_s: float) -> Strike:
    starting = blow is not Blow.WORKER and chance.random() < 0.1
    after = None if starting else chance.choice(tuple(Moment))
    # Half of them so soon after what just happened that its commit, its answer or its file is under way.
    spread = 5.0 if starting else chance.choice((0.05, 2.0))
    nap_s = chance.choice((chance.uniform(0.5, 5.0), lease_s + chance.uniform(0.5, LONGEST_NAP_S)))
    return Strike(blow, after, chance.uniform(0, spread), nap_s, chance.random())


def begins(one: Round, not_before: datetime, start_s: float) -> datetime:
    """The business time at which a round begins, `not_before` at the earliest.

    Args:
        start_s: how long a node takes to start: it is up before the edge, twice where one kill comes first.
    """
    lead_s = one.lead_s + start_s * _STARTS[one.phase]
    day = not_before.replace(minute=0, second=0, microsecond=0)
    edge = {Phase.OPENING: OPENS, Phase.CLOSING: CLOSES, Phase.OPEN: (OPENS + CLOSES) // 2}[one.phase]
    while True:
        start = day + timedelta(minutes=edge, seconds=-lead_s)
        if day.hour in HOURS and start >= not_before:
            return start
        day += timedelta(hours=1)


def windows() -> Iterator[tuple[time, time]]:
    """The windows of a drill's days: an opening and a closing every hour."""
    for hour in HOURS:
        yield time(hour, OPENS), time(hour, CLOSES)
