"""A run goes on where one campaign, the clock or the database fails, and loses nothing that was said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from base.errors import LineError, ScriptError, StoreError
from dialer.attempt import carry
from dialer.campaign import CampaignRunner
from dialer.desk import Plan
from dialer.recordings import Recordings
from ivr.values import Outcome, Result, Unwilling
from records import campaigns, ledger, schema
from records.database import Work
from records.model import Campaign
from records.sounds import Sounds
from tests.exchange import ANSWERS, DEMO, SCRIPT, Exchange, answers
from tests.fakes.database import CountedDatabase, T
from tests.fakes.line import FakeLeg
from tests.fakes.talk import FakeSession
from tests.records_kit import after, again, dialed, how_many, person, scalar, started, take, taken


class Never(FakeSession):
    """The customer says that nobody shall ever call again (A4)."""

    def result(self) -> Result:
        return Result(Outcome.REFUSED, owner_confirmed=True, unwilling=Unwilling.NEVER)


def asked_never() -> Plan:
    return Plan(DEMO, lambda _claim, _now: (Never(ANSWERS), SCRIPT))


def spoilt(exchange: Exchange, campaign: Campaign) -> Plan:
    """The plan of a campaign whose script was altered, if it is called so."""
    if campaign.name == "altered":
        raise ScriptError("altered since it was made (S1)", where="new_account")
    return exchange.plan()


async def test_a_campaign_that_cannot_be_used_stops_no_other(db: CountedDatabase, tmp_path: Path) -> None:
    """The others are called first; then the run says what is wrong."""
    await started(db, [person(1)], name="altered")
    sound = await started(db, [person(2)], name="sound")
    exchange = Exchange(db, tmp_path, answers)
    with pytest.raises(ScriptError, match="altered"):
        await CampaignRunner(exchange.desk(), lambda one: spoilt(exchange, one)).run(True, exchange.stop)
    assert (await campaigns.progress(db, sound.id)).dispositions == {"completed": 1}


async def test_a_dead_call_of_a_campaign_that_cannot_be_used_is_closed_all_the_same(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """D10: it counts as rung, and is due on another day, when somebody may have mended the campaign."""
    altered = await started(db, [person(1)], name="altered")
    await dialed(db, altered)
    exchange = Exchange(db, tmp_path, answers)
    exchange.stop.set()
    await CampaignRunner(exchange.desk(), lambda one: spoilt(exchange, one)).run(False, exchange.stop)
    progress = await campaigns.progress(db, altered.id)
    assert (progress.calling, progress.waiting) == (0, 1)
    assert progress.next_due == after(86400)


async def test_a_pace_set_by_a_clock_that_was_ahead_binds_nobody(db: CountedDatabase) -> None:
    """Else a line would stand still until the true time comes to it; a pace that is near does bind."""
    campaign = await started(db, [person(n) for n in range(4)])
    assert await take(db, campaign, after(86400), cps=5) is not None
    assert await take(db, campaign, cps=5) is not None
    assert await take(db, campaign, after(0.1), cps=5) is None
    assert await take(db, campaign, after(0.2), cps=5) is not None


async def test_never_call_me_again_counts_though_the_attempt_was_closed_by_another(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """A4, D10: our lease was over while the customer spoke; the call is closed, the wish is kept."""
    campaign = await started(db, [person(1)])

    def is_reaped_and_answers(exchange: Exchange, leg: FakeLeg) -> None:
        async def answer() -> None:
            await ledger.reap(db, after(3600), lambda _c, _h: again(after(3600)))
            leg.answer(exchange.clock.second)

        exchange.later.append(asyncio.create_task(answer()))

    exchange = Exchange(db, tmp_path, is_reaped_and_answers)
    await carry(await taken(db, campaign), exchange.desk(), asked_never())
    assert await scalar(db, how_many(schema.do_not_call)) == 1
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"do_not_call": 1}


async def test_a_full_disk_stops_the_dialing_for_calls_must_be_recorded(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """R1, D5: PJSIP goes on without a word where the disk is full."""
    await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers)
    full = replace(exchange.desk(), recordings=Recordings(Sounds(tmp_path), least_free=2**60))
    with pytest.raises(LineError, match="no room to record"):
        await CampaignRunner(full, lambda _: exchange.plan()).run(True, exchange.stop)
    assert exchange.lines.legs == []


@dataclass
class Away:
    """Whether the database is to be reached."""

    tries: int = 0


class FlakyDatabase(CountedDatabase):
    """Refuses the next `away.tries` writing transactions."""

    away = Away()

    async def write(self, work: Work[T], *, contended: bool = False) -> T:
        if self.away.tries:
            self.away.tries -= 1
            raise StoreError("the server is being started anew")
        return await super().write(work, contended=contended)


async def test_filing_waits_for_a_database_that_is_started_anew(tmp_path: Path) -> None:
    """A4: what a customer said is not lost because the server was away when they hung up."""
    db = await FlakyDatabase.open(tmp_path / "huifang.db")
    campaign = await started(db, [person(1)])

    def answers_and_the_server_goes(exchange: Exchange, leg: FakeLeg) -> None:
        db.away.tries = 5
        leg.answer(exchange.clock.second)

    exchange = Exchange(db, tmp_path, answers_and_the_server_goes)
    await carry(await taken(db, campaign), exchange.desk(), asked_never())
    assert db.away.tries == 0
    assert await scalar(db, sa.select(schema.attempt.c.disposition)) == "refused"
    assert await scalar(db, how_many(schema.do_not_call)) == 1
    await db.close()
