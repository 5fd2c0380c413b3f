"""What breaks a call off: a stop, a silent line, a line worker that hangs or dies (D2, D10)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dialer.attempt import carry
from dialer.line import protocol as line
from dialer.watching import Stage
from records import ledger, schema
from records.model import FollowUpState
from tests.exchange import (
    Exchange,
    answers,
    attempt_end,
    hangs,
    loses_its_worker,
    rests_until,
    rings_on,
    stalls,
    story,
    until,
)
from tests.fakes.database import CountedDatabase
from tests.fakes.line import FakeLeg
from tests.records_kit import person, scalar, started, take, taken


async def test_a_stop_hangs_up_what_rings_and_a_later_run_goes_on(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, rings_on)
    running = asyncio.create_task(exchange.run())
    await until(lambda: any(view.stage is Stage.RINGING for view in exchange.views))
    exchange.stop.set()
    await running
    stopped = await story(db, campaign)
    assert [(one.disposition, one.rung, one.valid) for one in stopped.attempts] == [
        ("line_failure", True, False)
    ]
    assert stopped.state is FollowUpState.WAITING
    later = Exchange(db, tmp_path, answers, start=exchange.clock.now())
    await later.run()
    assert (await story(db, campaign)).disposition == "completed"


async def test_a_stop_breaks_a_talk_off_and_keeps_what_was_said(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, stalls)
    running = asyncio.create_task(exchange.run())
    await until(lambda: any(view.saying for view in exchange.views))
    exchange.stop.set()
    await running
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.rung, attempt.valid) == ("line_failure", True, False)
    assert attempt.recording


async def test_a_cancelled_run_files_its_calls_too(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, rings_on)
    running = asyncio.create_task(exchange.run())
    await until(lambda: any(view.stage is Stage.RINGING for view in exchange.views))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    [attempt] = (await story(db, campaign)).attempts
    assert attempt.disposition == "line_failure"


async def test_a_line_that_never_reports_the_end_is_filed_and_its_number_held(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1)])

    def deaf(exchange: Exchange, leg: FakeLeg) -> None:
        leg.reply = lambda _leg, _command: ()
        rings_on(exchange, leg)

    exchange = Exchange(db, tmp_path, deaf)
    running = asyncio.create_task(exchange.run())
    await until(lambda: any(view.stage is Stage.RINGING for view in exchange.views))
    exchange.stop.set()
    await running
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.rung) == ("line_failure", True)
    assert await scalar(db, sa.select(schema.attempt.c.hold_until)) is not None


async def test_a_call_whose_line_worker_hangs_is_broken_off_and_its_number_held(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """The worker keeps the call's limits; where it hangs, nobody would ever end the call."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, hangs)
    await carry(await taken(db, campaign), exchange.desk(), exchange.plan())
    [leg] = exchange.lines.legs
    assert len(leg.sent(line.Hangup)) == 1
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.rung, attempt.valid) == ("line_failure", True, False)
    assert await rests_until(db) >= attempt_end(attempt) + timedelta(seconds=ledger.HOLD_S)


async def test_a_call_whose_line_worker_died_counts_as_rung_and_its_number_rests(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """D2, D10: nobody has told the far end that the call is over, so its number is not dialed meanwhile."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, loses_its_worker)
    await carry(await taken(db, campaign), exchange.desk(), exchange.plan())
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.rung, attempt.valid) == ("line_failure", True, False)
    held = await rests_until(db)
    assert held >= attempt_end(attempt) + timedelta(seconds=ledger.HOLD_S)
    assert await take(db, campaign, held - timedelta(seconds=1)) is None
    assert await take(db, campaign, held + timedelta(seconds=1)) is not None
