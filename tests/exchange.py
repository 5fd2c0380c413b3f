"""A node on fake lines: a real ledger, virtual time, and customers whose phones do what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dialer.campaign import CampaignRunner
from dialer.desk import Desk, Plan
from dialer.line import protocol as line
from dialer.profile import Profile, load
from dialer.recordings import Recordings
from dialer.trunk import Trunk
from dialer.watching import CallEvent
from ivr.values import Hangup, Listen, Outcome
from records import report, schema
from records.database import Database
from records.model import Campaign
from records.sounds import Sounds
from tests.fakes.clock import VirtualClock
from tests.fakes.database import CountedDatabase
from tests.fakes.line import FakeLeg, FakeLines, no_reply
from tests.fakes.talk import FakeEar, FakePrompts, FakeSession, play
from tests.records_kit import NOW, scalar

PROFILES = Path(__file__).parents[1] / "config" / "profiles"
DEMO = load(PROFILES / "demo.yaml")
DEFAULT = load(PROFILES / "default.yaml")
SCRIPT = (play("hello"), Listen("hello"))
ANSWERS = ((), (play("bye"), Hangup()))

Far = Callable[["Exchange", FakeLeg], None]
"""What a customer's phone does when it is called."""


def a_trunk(name: str = "demo", **keys: Any) -> Trunk:
    """A trunk to the fake exchange."""
    told = {"uri": f"sip:{{number}}@{name}.example", "caller_id": "95500", "cps": 50, **keys}
    return Trunk.model_validate({"name": name, **told})


@dataclass
class Exchange:
    """A node with its lines, a clock and customers whose phones do what the test says."""

    db: CountedDatabase
    data: Path
    far: Far
    profile: Profile = DEMO
    outcome: Outcome = Outcome.COMPLETED
    start: datetime = NOW
    views: list[CallEvent] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    channels: int = 4
    trunks: tuple[Trunk, ...] = ()
    later: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = FakeLines(channels=self.channels, make=self.call)
        self.clock = VirtualClock(self.start, self.db.busy)

    def on(self, event: CallEvent) -> None:
        self.views.append(event)

    def call(self, order: line.Originate) -> FakeLeg:
        leg = FakeLeg(order=order, reply=self.talk)
        leg.give(line.Invited(leg.id, f"{leg.id}@far", self.clock.second))
        self.far(self, leg)
        return leg

    def talk(self, leg: FakeLeg, command: line.Command) -> Iterable[line.Event]:
        """An obliging customer: hears prompts out, says yes."""
        if isinstance(command, line.Play):
            return (line.Played(leg.id, command.play, leg.second, leg.tick(1.0), True),)
        if isinstance(command, line.Listen):
            start = leg.tick(0.3)
            return (line.Utterance(leg.id, command.listen, start, leg.tick(0.5), "是".encode()),)
        if isinstance(command, line.Hangup):
            return self.end(leg, line.EndedBy.US, 200 if leg.second else 487, answered=leg.second > 0)
        return ()

    def end(
        self,
        leg: FakeLeg,
        by: line.EndedBy,
        status: int,
        *,
        rang: float | None = None,
        answered: bool = False,
    ) -> tuple[line.Event, ...]:
        now = self.clock.second
        ringing = now if rang is not None or answered else None
        end = now + (rang or 0.0) + leg.second
        picked = now if answered else None
        ended = line.Ended(
            leg.id, status, "", 0, by, False, now, ringing, picked, end, ladder=("0.000 > INVITE",)
        )
        return ended, line.SlotFree(leg.id, end)

    def desk(self) -> Desk:
        return Desk(
            db=self.db,
            lines=self.lines,
            trunks=self.trunks or (a_trunk(channels=self.channels),),
            ear=FakeEar(),
            prompts=FakePrompts(),
            clock=self.clock,
            recordings=Recordings(Sounds(self.data)),
            observer=self,
            extension="8001",
            node="node-1",
        )

    def plan(self) -> Plan:
        session = FakeSession(ANSWERS, outcome=self.outcome)
        return Plan(self.profile, lambda _claim, _now: (session, SCRIPT))

    async def run(self, *, until_done: bool = True) -> None:
        await CampaignRunner(self.desk(), lambda _: self.plan()).run(until_done, self.stop)


def answers(exchange: Exchange, leg: FakeLeg) -> None:
    leg.answer(exchange.clock.second)


def answers_late(exchange: Exchange, leg: FakeLeg) -> None:
    """After two seconds, so that others are called meanwhile."""

    async def pick_up() -> None:
        await exchange.clock.sleep(2.0)
        leg.answer(exchange.clock.second)

    exchange.later.append(asyncio.create_task(pick_up()))


def never_answers(exchange: Exchange, leg: FakeLeg) -> None:
    ringing = line.Provisional(leg.id, 180, False, True, exchange.clock.second)
    leg.give(ringing, *exchange.end(leg, line.EndedBy.RING_LIMIT, 487, rang=30.0))


def refuses(status: int) -> Far:
    return lambda exchange, leg: leg.give(*exchange.end(leg, line.EndedBy.THEM, status))


def rings_on(exchange: Exchange, leg: FakeLeg) -> None:
    leg.give(line.Provisional(leg.id, 180, False, True, exchange.clock.second))


def hangs(exchange: Exchange, leg: FakeLeg) -> None:
    """Rings, and then its line worker says nothing more."""
    rings_on(exchange, leg)
    leg.reply = no_reply


def loses_its_worker(exchange: Exchange, leg: FakeLeg) -> None:
    """Rings, and then its line worker is gone: no slot is freed, for the far end rings on."""
    rings_on(exchange, leg)
    ended, _ = exchange.end(leg, line.EndedBy.FAILURE, 0, rang=1.0)
    leg.give(ended)


def stalls(exchange: Exchange, leg: FakeLeg) -> None:
    """Answers and then neither speaks nor lets a prompt end."""
    leg.reply = lambda one, command: (
        exchange.end(one, line.EndedBy.US, 200, answered=True) if isinstance(command, line.Hangup) else ()
    )
    leg.answer(exchange.clock.second)


async def story(db: Database, campaign: Campaign) -> report.CustomerReport:
    """What became of the campaign's only customer."""
    return (await report.campaign_report(db, campaign.id)).customers[0]


async def until(true: Callable[[], bool]) -> None:
    """Let the others work until it is so."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def rests_until(db: Database) -> datetime:
    """Until when the number of the only attempt is held."""
    until: datetime | None = await scalar(db, sa.select(schema.attempt.c.hold_until))
    assert until is not None
    return until


def attempt_end(attempt: report.AttemptReport) -> datetime:
    assert attempt.ended_at is not None
    return attempt.ended_at
