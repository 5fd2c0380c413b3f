"""The last look before an INVITE, and what a dead or sleeping process left (D10)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from dialer.attempt import carry
from dialer.line import protocol as line
from dialer.watching import Stage
from dialer.windows import LEAVING_S
from records import campaigns, jobs, ledger, schema
from tests.exchange import DEFAULT, Exchange, answers, rests_until, rings_on, story, until
from tests.fakes.database import CountedDatabase
from tests.records_kit import NOW, after, again, person, scalar, started, taken


async def test_what_a_dead_process_left_is_reconciled_at_the_start(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1)])
    await taken(db, campaign)
    exchange = Exchange(db, tmp_path, answers)
    await exchange.run()
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.n, attempt.disposition) == (1, "completed")


async def test_dialed_calls_of_a_dead_process_are_told_and_due_when_their_numbers_are_free(
    db: CountedDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """D10; and what they have recorded is kept (R1)."""
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    assert await ledger.permit_invite(db, claim.attempt_id, NOW, recording="recordings/1")
    exchange = Exchange(db, tmp_path, answers)
    exchange.stop.set()
    await exchange.run()
    assert "their numbers rest" in capsys.readouterr().out
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.recording) == ("line_failure", "recordings/1")
    assert (await campaigns.progress(db, campaign.id)).next_due == await rests_until(db)
    assert await jobs.pending(db) == 1


async def test_the_stem_is_kept_before_the_call_is_dialed(db: CountedDatabase, tmp_path: Path) -> None:
    """R2: a crash during the call loses no recording."""
    await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, rings_on)
    running = asyncio.create_task(exchange.run())
    await until(lambda: bool(exchange.lines.legs))
    stem = await scalar(db, sa.select(schema.attempt.c.recording))
    exchange.stop.set()
    await running
    order = exchange.lines.legs[0].order
    assert order is not None
    assert order.record_customer == f"{tmp_path}/{stem}_customer.wav"


async def test_a_process_that_slept_past_its_lease_does_not_dial(db: CountedDatabase, tmp_path: Path) -> None:
    """D10: the claim was reaped meanwhile; the permit is refused and nothing is lost."""
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    exchange = Exchange(db, tmp_path, answers, start=after(3600))
    await ledger.reap(db, after(3600), lambda _c, _h: again(after(3600)))
    await carry(claim, exchange.desk(), exchange.plan())
    assert exchange.lines.legs == []
    assert exchange.views[-1].stage is Stage.ENDED
    assert (await story(db, campaign)).attempts == ()


async def test_a_process_that_slept_past_the_window_does_not_dial(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """D3, D10: claimed in time, awake again when the windows are closed: the claim is given back."""
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    exchange = Exchange(db, tmp_path, answers, profile=DEFAULT, start=NOW.replace(hour=18))
    await carry(claim, exchange.desk(), exchange.plan())
    assert exchange.lines.legs == []
    assert (await story(db, campaign)).attempts == ()


async def test_nothing_begins_in_the_last_moments_of_a_window(db: CountedDatabase, tmp_path: Path) -> None:
    """D10: an INVITE takes a moment to leave, and must not leave after the window has closed."""
    await started(db, [person(1)])
    closing = NOW.replace(hour=17, minute=59, second=58, microsecond=1)
    exchange = Exchange(db, tmp_path, answers, profile=DEFAULT, start=closing)
    await exchange.run()
    assert exchange.lines.legs == []


async def test_an_order_to_dial_is_good_for_a_moment_only(db: CountedDatabase, tmp_path: Path) -> None:
    """D10: a process that sleeps between permit and INVITE must not dial when it wakes up."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers)
    await carry(await taken(db, campaign), exchange.desk(), exchange.plan())
    [leg] = exchange.lines.legs
    assert leg.order is not None
    assert leg.order.not_after == LEAVING_S


async def test_a_call_that_was_closed_for_us_is_not_filed_twice(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    exchange = Exchange(db, tmp_path, rings_on)
    calling = asyncio.create_task(carry(claim, exchange.desk(), exchange.plan()))
    await until(lambda: bool(exchange.lines.legs))
    await ledger.reap(db, after(3600), lambda _c, _h: again(after(3600)))
    leg = exchange.lines.legs[0]
    leg.give(*exchange.end(leg, line.EndedBy.THEM, 486))
    await calling
    assert [one.disposition for one in (await story(db, campaign)).attempts] == ["line_failure"]
