"""A run over a real ledger, fake lines and virtual time: what is dialed, filed and retried (D1-D3, D10)."""

from __future__ import annotations

import asyncio
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from base.errors import LineError, ScriptError
from dialer.campaign import CampaignRunner
from dialer.desk import Plan
from dialer.line import protocol as line
from dialer.watching import Stage
from ivr.values import Action
from records import campaigns, ledger, report
from records.model import CampaignStatus, Claim, FollowUpState
from tests.exchange import (
    ANSWERS,
    DEFAULT,
    DEMO,
    SCRIPT,
    Exchange,
    Far,
    answers,
    answers_late,
    never_answers,
    refuses,
    story,
    until,
)
from tests.fakes.database import CountedDatabase
from tests.fakes.line import FakeLeg
from tests.fakes.talk import FakeSession
from tests.records_kit import NOW, person, started


async def test_an_answered_call_is_filed_whole(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers)
    await exchange.run()
    customer = await story(db, campaign)
    assert (customer.state, customer.disposition) == (FollowUpState.CLOSED, "completed")
    [attempt] = customer.attempts
    assert (attempt.n, attempt.rung, attempt.valid, attempt.sip_status) == (1, True, True, 200)
    assert attempt.talked_s == pytest.approx(2.8)
    assert [(one.prompt, one.start_s) for one in attempt.spoken] == [("hello", 0.0), ("bye", 1.8)]
    assert attempt.recording == "recordings/2026-03-04/20260304-150000_8001"
    assert (await campaigns.get(db, campaign.name)).status is CampaignStatus.FINISHED
    kinds = [event.kind for event in await ledger.events_of(db, attempt.id)]
    assert kinds[:4] == ["routed", "permitted", "invited", "rang"]
    assert kinds[-1] == "classified"


async def test_the_order_says_what_policy_and_trunk_want(db: CountedDatabase, tmp_path: Path) -> None:
    await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, never_answers)
    await exchange.run()
    orders = [leg.order for leg in exchange.lines.legs if leg.order]
    assert len(orders) == 3
    assert {order.uri for order in orders} == {"sip:13800000001@demo.example"}
    assert {order.from_uri for order in orders} == {"sip:95500@demo.example"}
    assert {order.ring_limit_s for order in orders} == {30.0}
    assert len({order.record_customer for order in orders}) == 3


async def test_no_answer_is_tried_three_times_then_exhausted(db: CountedDatabase, tmp_path: Path) -> None:
    """D2, D10."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, never_answers)
    await exchange.run()
    customer = await story(db, campaign)
    assert customer.disposition == "exhausted"
    assert [one.disposition for one in customer.attempts] == ["no_answer"] * 3
    assert all(one.valid and one.rang_s == pytest.approx(30.0) for one in customer.attempts)
    starts = [one.started_at for one in customer.attempts if one.started_at]
    assert all((later - sooner).total_seconds() >= 4 for sooner, later in pairwise(starts))
    assert exchange.views[-1].outcome == "exhausted"


@pytest.mark.parametrize(
    ("far", "outcome", "tries"),
    [(refuses(486), "exhausted", 3), (refuses(603), "exhausted", 3), (refuses(404), "unallocated_number", 1)],
    ids=["busy", "rejected", "empty number"],
)
async def test_refusals(db: CountedDatabase, tmp_path: Path, far: Far, outcome: str, tries: int) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, far)
    await exchange.run()
    customer = await story(db, campaign)
    assert (customer.disposition, len(customer.attempts)) == (outcome, tries)


async def test_the_next_attempt_keeps_the_deadline(db: CountedDatabase, tmp_path: Path) -> None:
    """An hour apart would be too late: a quarter of an hour, in the next part of the day."""
    campaign = await started(db, [person(1)], deadline=NOW.replace(hour=16, minute=30))
    begins = NOW.replace(hour=15, minute=50)
    exchange = Exchange(db, tmp_path, never_answers, profile=DEFAULT, start=begins)
    running = asyncio.create_task(exchange.run(until_done=False))
    await until(lambda: any(view.stage is Stage.ENDED for view in exchange.views))
    exchange.stop.set()
    await running
    due_at = (await story(db, campaign)).due_at
    assert due_at is not None
    assert NOW.replace(hour=16, minute=5) <= due_at < NOW.replace(hour=16, minute=10)


async def test_a_carrier_that_cuts_leaves_the_follow_up_insufficient(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """D1, D2."""
    campaign = await started(db, [person(1)])

    def cuts(exchange: Exchange, leg: FakeLeg) -> None:
        leg.give(*exchange.end(leg, line.EndedBy.THEM, 480, rang=12.0))

    await Exchange(db, tmp_path, cuts).run()
    customer = await story(db, campaign)
    assert customer.disposition == "insufficient"
    assert {one.disposition for one in customer.attempts} == {"carrier_cut"}


async def test_no_more_calls_at_once_than_channels(db: CountedDatabase, tmp_path: Path) -> None:
    await started(db, [person(n) for n in range(7)])
    exchange = Exchange(db, tmp_path, answers_late, channels=2)
    await exchange.run()
    live = most = 0
    for view in exchange.views:
        live += {Stage.CLAIMED: 1, Stage.ENDED: -1}.get(view.stage, 0)
        most = max(most, live)
    assert most == 2
    assert len(exchange.lines.legs) == 7


async def test_no_line_leaves_nothing_rung(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers)
    refused: list[line.Originate] = []

    def full(order: line.Originate) -> FakeLeg:
        if not refused:
            refused.append(order)
            raise LineError("no line worker has room")
        return exchange.call(order)

    exchange.lines.make = full
    await exchange.run()
    customer = await story(db, campaign)
    assert [(one.disposition, one.rung) for one in customer.attempts] == [
        ("line_failure", False),
        ("completed", True),
    ]


async def test_outside_the_windows_nothing_is_dialed(db: CountedDatabase, tmp_path: Path) -> None:
    """D3, D10: 19:00 is outside 15:00-18:00; the run ends, for nothing can be done today."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers, profile=DEFAULT, start=NOW.replace(hour=19))
    await exchange.run()
    assert exchange.lines.legs == []
    assert (await story(db, campaign)).state is FollowUpState.WAITING


async def test_a_paused_campaign_rests_and_a_resumed_one_goes_on(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    await campaigns.set_status(db, campaign.id, CampaignStatus.PAUSED, NOW)
    exchange = Exchange(db, tmp_path, answers)
    await exchange.run()
    assert exchange.lines.legs == []
    await campaigns.set_status(db, campaign.id, CampaignStatus.RUNNING, NOW)
    await exchange.run()
    assert len(exchange.lines.legs) == 1


async def test_a_script_that_lacks_words_for_a_customer_rings_nobody_and_stops_nobody_else(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1), person(2)])
    exchange = Exchange(db, tmp_path, answers)

    def lacking(claim: Claim, _now: datetime) -> tuple[FakeSession, tuple[Action, ...]]:
        if claim.customer.name == "客户1":
            raise ScriptError("no text for {manager}", where="new_account")
        return FakeSession(ANSWERS), SCRIPT

    await CampaignRunner(exchange.desk(), lambda _: Plan(DEMO, lacking)).run(True, exchange.stop)
    assert [leg.order.uri for leg in exchange.lines.legs if leg.order] == ["sip:13800000002@demo.example"]
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 1, "insufficient": 1}
    customers = (await report.campaign_report(db, campaign.id)).customers
    mute = next(one for one in customers if one.customer.name == "客户1")
    assert {(one.disposition, one.rung) for one in mute.attempts} == {("line_failure", False)}
