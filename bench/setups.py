"""How many calls a second are set up with all that the ledger commits: claim, permit, INVITE, BYE, filed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from base.clock import SHANGHAI, ShiftedClock
from base.errors import LineError
from bench.far_ends import ROOT
from dialer import profile
from dialer.campaign import CampaignRunner
from dialer.desk import Desk, Plan
from dialer.line.leg import Lines
from dialer.recordings import Recordings
from dialer.trunk import Trunk
from dialer.watching import CallEvent, Stage
from ivr.hearing import Heard
from ivr.values import Hangup, Happening, Line, Outcome, Result
from records import campaigns, customers, ledger
from records.database import Database
from records.model import CampaignStatus, Kind, NewCustomer, PhoneKind
from records.sounds import Sounds

TRUNK = "bench"
COMMITS_S = 1.0
NOBODY_S = 30.0
"""No call filed for so long: something is wrong."""


@dataclass
class Filed:
    """When calls were filed (monotonic seconds), and as what."""

    at: list[float] = field(default_factory=list)
    how: dict[str, int] = field(default_factory=dict)

    def on(self, event: CallEvent) -> None:
        """Count the calls that have ended."""
        if event.stage is Stage.ENDED:
            self.at.append(time.monotonic())
            self.how[event.disposition] = self.how.get(event.disposition, 0) + 1

    @property
    def per_second(self) -> float:
        """From the first to the last."""
        return (len(self.at) - 1) / (self.at[-1] - self.at[0]) if len(self.at) > 1 else 0.0


@dataclass(frozen=True)
class Goodbye:
    """A script that hangs up at once."""

    def step(self, happening: Happening) -> tuple[Self, tuple[Hangup, ...]]:
        """Nothing more."""
        del happening
        return self, ()

    def result(self) -> Result:
        """Done."""
        return Result(Outcome.COMPLETED, owner_confirmed=True)


class Mute:
    """Neither ear nor voice: this script needs none."""

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:  # noqa: ARG002
        """Nobody asks.

        Raises:
            LineError: always.
        """
        raise LineError(f"{len(pcm)} bytes that nobody should hear")

    def find(self, line: Line) -> Path | None:
        """No sound."""
        del line
        return None

    def seconds(self, line: Line) -> float:
        """No sound."""
        del line
        return 0.0


def bench_trunk(port: int, channels: int) -> Trunk:
    """The way to SIPp, as fast as trunks go. SIPp's scenarios know no OPTIONS."""
    uri = f"sip:{{number}}@127.0.0.1:{port}"
    return Trunk(name=TRUNK, uri=uri, channels=channels, cps=1000, health={"options_s": 0})


async def commits_per_s(db: Database, now: datetime) -> float:
    """Raw commits: one row written, one after the other."""
    count, begun = 0, time.monotonic()
    while time.monotonic() - begun < COMMITS_S:
        await ledger.pause_trunk(db, "nobody's", now, str(count))
        count += 1
    return count / (time.monotonic() - begun)


async def set_up(db: Database, lines: Lines, port: int, channels: int, calls: int, folder: Path) -> Filed:
    """Carry a campaign of so many customers who answer at once; the script hangs up at once."""
    rules = profile.load(ROOT / "config" / "profiles" / "demo.yaml")
    assert rules.business_start is not None
    clock = ShiftedClock()
    clock.offset = rules.business_start - clock.now()
    await _campaign(db, calls, clock)
    filed = Filed()
    mute = Mute()
    desk = Desk(
        db=db,
        lines=lines,
        trunks=(bench_trunk(port, channels),),
        ear=mute,
        prompts=mute,
        clock=clock,
        recordings=Recordings(Sounds(folder)),
        observer=filed,
        extension="8001",
        node="bench",
    )
    plan = Plan(rules, lambda _claim, _now: (Goodbye(), (Hangup(),)))
    async with asyncio.timeout(NOBODY_S + calls):
        await CampaignRunner(desk, lambda _: plan).run(True, asyncio.Event())
    return filed


async def _campaign(db: Database, calls: int, clock: ShiftedClock) -> None:
    name, now = uuid4().hex[:8], clock.now().astimezone(SHANGHAI)
    people = [
        NewCustomer(f"{name}{n}", f"+86138{n:08d}", PhoneKind.MOBILE, None, "", "") for n in range(calls)
    ]
    await customers.merge(db, people, now)
    ids = [one.id for one in await customers.all_customers(db) if one.name.startswith(name)]
    made = await campaigns.create(
        db,
        name=name,
        kind=Kind.NEW_ACCOUNT,
        script="bench",
        script_version="1",
        script_sha256="0" * 64,
        profile="demo",
        customer_ids=ids,
        due_at=now,
        deadline=None,
        now=now,
    )
    await campaigns.set_status(db, made.id, CampaignStatus.RUNNING, now)
