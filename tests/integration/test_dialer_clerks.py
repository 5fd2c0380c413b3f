"""Calls by click over real SIP: the clerk is rung, then the customer; joined, recorded, filed (R1, D10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from base.audio import read_wav, seconds, write_wav
from base.clock import ShiftedClock
from dialer.clerks import ClerkDesk, Clerks
from dialer.desk import Desk
from dialer.handing_over import Phone
from dialer.inbox import drop
from dialer.line.leg import Leg
from dialer.line.protocol import Answered, Ended, Play, Respond
from dialer.line.workers import WorkerPool
from dialer.recordings import CUSTOMER, SYSTEM, Recordings, track
from dialer.trunk import Trunk
from dialer.watching import Unobserved
from records import desk as desk_items
from records import desk_intake, ledger, person_calls, schema
from records.calls import call_of
from records.database import Database
from records.person_calls import PersonCall
from records.sounds import Sounds
from tests.exchange import DEMO
from tests.fakes.talk import FakeEar
from tests.integration import test_dialer_handover_sip as far
from tests.integration.test_dialer_handover_sip import Tones, busy, customer, phones, talks
from tests.linekit import found_at
from tests.records_kit import NOW, dialed, ending, execute, opened, over, person, retry_in, started
from tests.speechlike import tone

pytestmark = pytest.mark.sip

CLERK = "2001"


@dataclass
class Office:
    """A clerk's item of the desk, and a node that calls by click."""

    db: Database
    folder: Path
    clock: ShiftedClock

    async def call(self) -> PersonCall:
        """Ask for a call, and wait until it is over."""
        await person_calls.ask(self.db, 1, CLERK, "", self.clock.now())
        async with asyncio.timeout(60):
            while True:
                last = await person_calls.of_item(self.db, 1, self.clock.now())
                if last is not None and last.state == "over":
                    return last
                await asyncio.sleep(0.1)


@asynccontextmanager
async def office(folder: Path, **people: far.Phone) -> AsyncIterator[Office]:
    """One follow-up was tried in vain, and 2001 has taken it."""
    for hertz in (far.CUSTOMER_HZ, far.PERSON_HZ, far.PROMPT_HZ):
        write_wav(folder / f"{hertz}.wav", tone(hertz, 0.6))
    async with opened(folder / "huifang.db") as db, phones(folder, **people) as port:
        claim = await dialed(db, await started(db, [person(1)]))
        await ledger.close(db, ending(claim, over("insufficient")), NOW)
        await desk_intake.take_in(db)
        trunk = Trunk(name="demo", uri=f"sip:{{number}}@127.0.0.1:{port}", caller_id="95500", channels=1)
        async with await WorkerPool.start(workers=1, trunks=[trunk.account()], kept=1) as pool:
            clock = ShiftedClock()
            clock.offset = NOW - clock.now() + timedelta(minutes=5)
            await desk_items.claim(db, 1, CLERK, clock.now())
            node = Desk(
                db=db,
                lines=pool,
                trunks=(trunk,),
                ear=FakeEar(),
                prompts=Tones(folder),
                clock=clock,
                recordings=Recordings(Sounds(folder)),
                observer=Unobserved(),
                extension="8001",
                node="node-1",
            )
            clerk = Phone(uri=f"sip:clerk@127.0.0.1:{port}")
            running = asyncio.create_task(ClerkDesk(Clerks(node, {CLERK: clerk}, DEMO)).run())
            yield Office(db, folder, clock)
            await drop(running)


async def speaks(leg: Leg, sounds: Path) -> None:
    """A clerk who says something at once."""
    leg.send(Respond(leg.id, 200))
    await far.until(leg, Answered)
    leg.send(Play(leg.id, "hello", (str(sounds / f"{far.CUSTOMER_HZ}.wav"),)))
    await far.until(leg, Ended)


async def test_a_clerk_talks_with_the_customer_and_both_are_recorded_apart(tmp_path: Path) -> None:
    async with office(tmp_path, clerk=speaks, **{"13800000001": talks}) as made:
        last = await made.call()
        assert last.outcome == "talked"
        assert last.call is not None
        call = await call_of(made.db, last.call, NOW.date())
    assert (call.disposition, call.ring, call.rung, call.valid) == ("handed_over", None, False, False)
    clerks, customers = (read_wav(track(tmp_path, call.recording, one)) for one in (SYSTEM, CUSTOMER))
    assert len(found_at(customers, far.PERSON_HZ)) * 0.02 == pytest.approx(0.6, abs=0.1)
    assert len(found_at(clerks, far.CUSTOMER_HZ)) * 0.02 == pytest.approx(0.6, abs=0.1)
    assert found_at(clerks, far.PERSON_HZ) == found_at(customers, far.CUSTOMER_HZ) == []
    assert abs(seconds(clerks) - seconds(customers)) <= 0.04


async def test_a_customer_who_is_busy_leaves_the_follow_up_and_its_count_as_they_were(tmp_path: Path) -> None:
    async with office(tmp_path, clerk=customer, **{"13800000001": busy}) as made:
        last = await made.call()
        assert last.outcome == "busy"
        past = await ledger.past(made.db, 1)
        assert [(one.rung, one.disposition) for one in past] == [(True, "no_answer"), (False, "busy")]
        again = await made.call()
        assert again.id != last.id


async def test_nobody_is_rung_whose_number_is_barred_or_has_a_call(tmp_path: Path) -> None:
    async with office(tmp_path, clerk=customer) as made:
        held = sa.update(schema.attempt).values(
            released_at=None, hold_until=made.clock.now() + timedelta(hours=1)
        )
        await execute(made.db, held)
        assert (await made.call()).outcome == "in_use"
        await execute(made.db, sa.update(schema.attempt).values(released_at=NOW))
        await ledger.do_not_call(made.db, "+8613800000001", "A4", made.clock.now())
        last = await made.call()
        assert (last.outcome, last.call) == ("barred", None)


async def test_what_a_dead_node_leaves_is_closed_without_a_ring_and_the_follow_up_stays_closed(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        claim = await dialed(db, await started(db, [person(1)]))
        await ledger.close(db, ending(claim, over("insufficient")), NOW)
        await desk_intake.take_in(db)
        await desk_items.claim(db, 1, CLERK, NOW)
        await person_calls.ask(db, 1, CLERK, "", NOW)
        limits = Trunk(name="demo", uri="sip:{number}@127.0.0.1", channels=1).limits
        taken = await person_calls.take(db, [CLERK], [limits], "dead", "recordings/x", NOW, 60.0)
        assert taken is not None
        await ledger.reconcile(db, "dead", NOW, retry_in(60))
        call = await call_of(db, taken.attempt_id, NOW.date())
        assert (call.disposition, call.rung, call.state.value) == ("line_failure", False, "closed")
        assert await person_calls.ask(db, 1, CLERK, "", NOW)
