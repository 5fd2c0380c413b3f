"""One campaign that calls every row's number: real ledger, real line workers, real SIP on 127.0.0.1."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from base.clock import ShiftedClock
from base.phones import national
from dialer.announcements import load as load_announcements
from dialer.campaign import CampaignRunner
from dialer.desk import Desk, Plan
from dialer.dialplan import Dialed
from dialer.line.addresses import sip_user
from dialer.line.leg import Leg
from dialer.line.protocol import Originate, Probed, Registered
from dialer.line.settings import TrunkAccount
from dialer.line.workers import WorkerPool
from dialer.overhearing import Listener
from dialer.profile import Answering, Profile, load
from dialer.recordings import Recordings
from dialer.trunk import Trunk
from dialer.trunk_parts import Auth, Breaker, Health
from dialer.watching import CallEvent, Stage
from records import ledger, report
from records.database import Database
from records.model import Campaign, LedgerEvent
from records.sounds import Sounds
from tests.matrix.pitched import PitchEar
from tests.matrix.row import RING_S, SETUP_S, SILENCE_S, TALK_S, Row
from tests.matrix.scripted import PASSWORD, USER
from tests.matrix.talk import OPENING, Question, Tones
from tests.matrix.witness import Seen, Standing
from tests.records_kit import NOW, opened, person, started

WORKERS = 6
PATIENCE_S = 200.0
CONFIG = Path(__file__).parents[2] / "config"
DEFAULT = load(CONFIG / "profiles" / "default.yaml")
LIMITS = {"ring_s": RING_S, "setup_s": SETUP_S, "talk_s": TALK_S}
HEARD = {"answering": Answering(silence_s=SILENCE_S)}
PROFILE: Profile = DEFAULT.model_copy(update={**LIMITS, **HEARD, "parts": ()})
"""The policy that firms inherit, but for its limits, which would make the matrix long, and its parts of the
day, which would make the waits depend on the hour."""


class Exchange(Trunk):
    """A trunk that connects each number to its far end."""

    routes: Mapping[str, int]

    def request_uri(self, dialed: Dialed) -> str:
        """The number at its far end's port."""
        return f"sip:{dialed.user}@127.0.0.1:{self.routes[dialed.phone]}"


@dataclass
class ByAccount:
    """Line workers that send each number's call by its far end's account."""

    pool: WorkerPool
    accounts: Mapping[str, str]

    @property
    def free(self) -> int:
        """As the pool says."""
        return self.pool.free

    def originate(self, order: Originate) -> Leg:
        """By the account of the number's far end, where it has one."""
        return self.pool.originate(replace(order, trunk=self.accounts.get(sip_user(order.uri), order.trunk)))

    @property
    def registrations(self) -> Mapping[str, Registered]:
        """As the pool says."""
        return self.pool.registrations

    async def probe(self, trunk: str) -> Probed:
        """By the pool."""
        return await self.pool.probe(trunk)

    async def close(self) -> None:
        """Close the pool."""
        await self.pool.close()


@dataclass(frozen=True)
class Outcome:
    """What became of a row's follow-up, and what its far end saw."""

    follow_up: report.CustomerReport
    ladder: tuple[str, ...]
    events: Sequence[LedgerEvent]
    seen: list[Seen]

    @property
    def attempt(self) -> report.AttemptReport:
        """The only attempt."""
        (attempt,) = self.follow_up.attempts
        return attempt


@dataclass
class _Counter:
    """Stops the run when so many calls have ended."""

    left: int
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def on(self, event: CallEvent) -> None:
        self.left -= event.stage is Stage.ENDED
        if self.left == 0:
            self.stop.set()


async def play(rows: Sequence[Row], folder: Path) -> dict[str, Outcome]:
    """Call every row once; what became of it, by the row's name."""
    rows = sorted(rows, key=lambda row: not row.slow)
    phones = {row.name: person(n).phone for n, row in enumerate(rows)}
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(opened(folder / "huifang.db"))
        ends = await stack.enter_async_context(_standing(rows, phones, folder))
        trunk = _exchange({phones[name]: end.port for name, end in ends.items()})
        accounts = _accounts(rows, phones, ends, folder)
        pool = await stack.enter_async_context(
            await WorkerPool.start(workers=WORKERS, trunks=[trunk.account(), *accounts.values()])
        )
        campaign = await started(db, [person(n) for n in range(len(rows))])
        counter, clock = _Counter(len(rows)), ShiftedClock()
        clock.offset = NOW - clock.now() + timedelta(seconds=1)
        desk = Desk(
            db=db,
            lines=ByAccount(pool, {number: account.name for number, account in accounts.items()}),
            trunks=(trunk,),
            ear=(ear := PitchEar()),
            prompts=Tones(folder),
            clock=clock,
            recordings=Recordings(Sounds(folder)),
            observer=counter,
            extension="8001",
            node="node-1",
            listener=Listener(ear, load_announcements(CONFIG / "announcements.yaml")),
        )
        plan = Plan(PROFILE, lambda _claim, _now: (Question(), OPENING))
        async with asyncio.timeout(PATIENCE_S):
            await CampaignRunner(desk, lambda _: plan).run(False, counter.stop)
        return await _outcomes(db, campaign, phones, ends)


def _accounts(
    rows: Sequence[Row], phones: Mapping[str, str], ends: Mapping[str, Standing], folder: Path
) -> dict[str, TrunkAccount]:
    """The accounts of far ends that want one, by number."""
    numbers = {row.name: national(phones[row.name]) for row in rows}
    return {
        numbers[row.name]: row.account(f"sip:127.0.0.1:{ends[row.name].port}", folder / numbers[row.name])
        for row in rows
        if row.account is not None
    }


def _exchange(routes: Mapping[str, int]) -> Exchange:
    """It is never given a rest, though many of the far ends neither ring nor answer."""
    return Exchange(
        name="matrix",
        uri="sip:{number}@127.0.0.1:5060",
        caller_id="95500",
        channels=WORKERS * 4,
        cps=5,
        auth=Auth(user=USER, password=PASSWORD),
        health=Health(options_s=0),
        breaker=Breaker(silent_share=0, failures=0, barred=0),
        routes=routes,
    )


@asynccontextmanager
async def _standing(
    rows: Sequence[Row], phones: Mapping[str, str], folder: Path
) -> AsyncIterator[dict[str, Standing]]:
    """Every row's far end, each with a folder named like its number."""
    async with AsyncExitStack() as stack:
        ends: dict[str, Standing] = {}
        for row in rows:
            own = folder / national(phones[row.name])
            own.mkdir()
            ends[row.name] = await stack.enter_async_context(row.far.open(own))
        yield ends


async def _outcomes(
    db: Database, campaign: Campaign, phones: Mapping[str, str], ends: Mapping[str, Standing]
) -> dict[str, Outcome]:
    told = await report.campaign_report(db, campaign.id)
    by_phone = {one.customer.phone: one for one in told.customers}
    return {
        name: Outcome(
            by_phone[phone],
            await report.ladder_of(db, by_phone[phone].attempts[0].id),
            await ledger.events_of(db, by_phone[phone].attempts[0].id),
            ends[name].seen(),
        )
        for name, phone in phones.items()
    }
