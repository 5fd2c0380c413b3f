"""The crash drill: nodes call a simulated network, are killed again and again, and are judged by it (D10).

Round by round: the business clock is set, the nodes call, each gets its strikes, all are dead. Between two
rounds business time moves on by more than a number rests; far legs that nobody ended expire meanwhile, as
they do in a real network. In the end the campaigns are carried on for a while without kills, the nodes stop
in good order, and three sources are compared: the far end's own record, the ledger, and the recordings.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from base.clock import ShiftedClock
from base.errors import InputError
from dialer.line.tracks import finished
from dialer.recordings import CUSTOMER, FOLDER, SYSTEM
from dialer.windows import is_open
from huifang.drill import judge, stage
from huifang.drill.field import Field, Moments
from huifang.drill.plan import Blow, plan
from records import evidence
from records.database import Database, is_bare
from softphone.far_end import FarEnd


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for.

    Attributes:
        place: an empty directory for the nodes' data.
        database: URL of an empty database; "" makes one of SQLite in `place`.
        channels: calls at once, over all nodes.
        customers: how many each campaign has; there are as many campaigns as it takes.
        carry_s: seconds at most without kills at the end.
    """

    place: Path
    kills: int
    seed: int
    database: str = ""
    channels: int = 8
    customers: int = 40
    nodes: int = 1
    lease_s: float = 8.0
    carry_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a drill.

    Attributes:
        blows: how often what was struck.
        starts: how often a node was started.
        invites: INVITE datagrams at the far end; calls: Call-IDs there.
        seconds: machine time that it took.
    """

    engine: str
    seed: int
    nodes: int
    blows: dict[Blow, int]
    rounds: int
    starts: int
    invites: int
    calls: int
    answered: int
    numbers: int
    follow_ups: evidence.Load
    attempts: int
    recordings: int
    seconds: float
    violations: tuple[judge.Violation, ...]


Tell = Callable[[int, int], None]
"""Hears of progress: kills done, Call-IDs seen."""


async def crash(order: Order, tell: Tell, stop: asyncio.Event) -> Report:
    """Run the drill. Once `stop` is set it ends with the round under way, and is judged all the same.

    Raises:
        InputError: the database is not empty, or no database.
        HuifangError: a node does not start; its log says why.
    """
    began = time.monotonic()
    async with _laid_out(order) as field:
        rounds = 0
        for one in plan(order.kills, order.nodes, order.seed, order.lease_s):
            if stop.is_set():
                break
            await field.fight(one, lambda: tell(field.kills, field.moments.calls.total()))
            rounds += 1
        load = await field.carry(0.0 if stop.is_set() else order.carry_s)
        tell(field.kills, field.moments.calls.total())
        attempts = await evidence.attempts(field.db)
        tracks = tuple(track for node in field.nodes for track in _tracks(node.data))
        calls = field.far.calls
        return Report(
            engine="postgresql" if order.database.startswith("postgresql") else "sqlite",
            seed=order.seed,
            nodes=order.nodes,
            blows={blow: field.blows[blow] for blow in Blow},
            rounds=rounds,
            starts=sum(node.starts for node in field.nodes),
            invites=field.far.invites,
            calls=len(calls),
            answered=sum(call.answered_at is not None for call in calls),
            numbers=len({call.number for call in calls}),
            follow_ups=load,
            attempts=len(attempts),
            recordings=len(tracks),
            seconds=time.monotonic() - began,
            violations=_judged(field, attempts, tracks),
        )


@asynccontextmanager
async def _laid_out(order: Order) -> AsyncIterator[Field]:
    """Far end, database and nodes; whatever runs is killed in the end."""
    url = order.database or f"sqlite:///{order.place / 'huifang.db'}"
    if not await is_bare(url):
        raise InputError(
            "is not empty", where="--database", remedy="name an empty one: the drill fills it with its calls"
        )
    clock, moments = ShiftedClock(), Moments()
    clock.offset = stage.FIRST_DAY - clock.now()
    far = await FarEnd.start(order.seed, clock.now, moments.on)
    setting = stage.Setting(order.place, url, far.here, order.channels, order.lease_s)
    nodes = stage.nodes(setting, order.nodes)
    db = await Database.open(url)
    try:
        waves = stage.Waves(order.customers, stage.profile(nodes[0]).attempts)
        yield Field(setting, nodes, far, db, clock, waves, moments)
    finally:
        for node in nodes:
            await node.kill_group()
        await db.close()
        far.close()


def _judged(
    field: Field, attempts: tuple[evidence.AttemptEvidence, ...], tracks: tuple[judge.Tracks, ...]
) -> tuple[judge.Violation, ...]:
    profile = stage.profile(field.nodes[0])

    def opens(at: datetime) -> bool:
        return is_open(profile, at)

    return (
        *judge.of_far_end(field.far.calls, field.waves.allowed, opens),
        *judge.of_ledger(attempts, field.far.calls, profile.attempts, opens),
        *judge.of_recordings(attempts, tracks),
        *judge.of_processes(field.lingering, field.ended),
    )


def _tracks(data: Path) -> Iterator[judge.Tracks]:
    """Every recording below a data directory."""
    files = (data / FOLDER).glob("*/*.wav")
    stems = {path.with_name(path.stem.rpartition("_")[0]) for path in files}
    for stem in sorted(stems):
        both = [stem.with_name(f"{stem.name}_{party}.wav") for party in (SYSTEM, CUSTOMER)]
        there = all(path.exists() for path in both)
        yield judge.Tracks(str(stem.relative_to(data)), there, all(map(finished, both)))
