"""Campaigns paused, resumed, cancelled, finished and put first or last, on a real database (P4, D6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from base.errors import InputError
from records import campaigns, ledger, priorities, report
from records.database import Database
from records.model import Campaign, CampaignStatus, Kind, Lane
from tests.records_kit import (
    NOW,
    Where,
    after,
    again,
    dialed,
    ending,
    opened,
    over,
    person,
    retry_in,
    started,
    take,
    taken,
)

WHY = "the list was wrong"


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def cancel(db: Database, campaign: Campaign, now: datetime = NOW) -> None:
    await campaigns.set_status(db, campaign.id, CampaignStatus.CANCELLED, now, WHY)


async def fates(db: Database, campaign: Campaign) -> list[tuple[str, str]]:
    """Disposition and rule of each follow-up."""
    found = await report.campaign_report(db, campaign.id)
    return [(one.disposition, one.rule) for one in found.customers]


async def test_what_waits_is_closed_with_the_reason_and_calls_end_as_they_are(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(6)])
    talking, in_vain, lost = [await dialed(db, campaign) for _ in range(3)]
    undialed = await taken(db, campaign)
    await cancel(db, campaign)
    assert await take(db, campaign) is None
    assert not await ledger.permit_invite(db, undialed.attempt_id, NOW)
    await ledger.give_back(db, undialed.attempt_id, NOW)
    await ledger.close(db, ending(talking, over("completed")), NOW)
    await ledger.close(db, ending(in_vain, again(after(600))), NOW)
    assert await ledger.reap(db, after(60), retry_in(600)) == [lost.attempt_id]
    assert await fates(db, campaign) == [("completed", "D2: closed"), *[("cancelled", WHY)] * 5]
    progress = await campaigns.progress(db, campaign.id)
    assert (progress.waiting, progress.calling) == (0, 0)


async def test_a_call_that_ends_while_its_campaign_is_cancelled_leaves_nothing_waiting(db: Database) -> None:
    """Whichever comes first: on PostgreSQL both are at work at once."""
    campaign = await started(db, [person(n) for n in range(12)])
    claims = [await dialed(db, campaign) for _ in range(12)]
    closings = [ledger.close(db, ending(claim, again(after(60))), NOW) for claim in claims]
    await asyncio.gather(*closings[:6], cancel(db, campaign), *closings[6:])
    assert await fates(db, campaign) == [("cancelled", WHY)] * 12


async def test_a_cancelling_that_was_interrupted_is_finished_by_another(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(3)])
    await cancel(db, campaign)
    await cancel(db, campaign)
    assert await fates(db, campaign) == [("cancelled", WHY)] * 3


async def test_a_pause_keeps_its_reason_until_it_ends(db: Database) -> None:
    campaign = await started(db, [person(1)])
    await campaigns.set_status(db, campaign.id, CampaignStatus.PAUSED, NOW, WHY)
    assert (await campaigns.get(db, campaign.name)).status_why == WHY
    await campaigns.set_status(db, campaign.id, CampaignStatus.RUNNING, NOW)
    assert (await campaigns.get(db, campaign.name)).status_why == ""
    assert await take(db, campaign) is not None


async def test_a_campaign_is_finished_only_when_it_runs_and_nothing_is_open(db: Database) -> None:
    campaign = await started(db, [person(1)])
    assert not await campaigns.finish(db, campaign.id, NOW)
    claim = await dialed(db, campaign)
    await ledger.close(db, ending(claim, over()), NOW)
    assert await campaigns.finish(db, campaign.id, NOW)
    assert (await campaigns.get(db, campaign.name)).status is CampaignStatus.FINISHED
    other = await started(db, [person(2)], name="other")
    await cancel(db, other)
    assert not await campaigns.finish(db, other.id, NOW)


async def names(db: Database) -> list[str]:
    return [campaign.name for campaign in await campaigns.running(db)]


async def test_a_campaign_is_served_by_its_rank_then_its_deadline(db: Database) -> None:
    """P4: abnormal accounts go first unless somebody puts others before them."""
    late = await started(db, [person(1)], name="late", deadline=after(9000))
    await started(db, [person(2)], name="soon", deadline=after(900))
    await started(db, [person(3)], name="abnormal", kind=Kind.ABNORMAL)
    assert await names(db) == ["abnormal", "soon", "late"]
    await priorities.prioritise(db, late.id, deadline=after(600))
    assert await names(db) == ["abnormal", "late", "soon"]
    await priorities.prioritise(db, late.id, rank=1)
    assert await names(db) == ["late", "abnormal", "soon"]


async def test_a_campaigns_new_deadline_spares_those_with_their_own(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(3)], deadline=after(9000))
    closed = await dialed(db, campaign)
    await ledger.close(db, ending(closed, over()), NOW)
    second, third = [await taken(db, campaign) for _ in range(2)]
    await priorities.prioritise_customer(db, campaign.id, third.customer.id, deadline=after(300))
    await priorities.prioritise(db, campaign.id, deadline=after(600))
    for claim in (second, third):
        await ledger.give_back(db, claim.attempt_id, NOW)
    again_third, again_second = await taken(db, campaign), await taken(db, campaign)
    assert [again_third.deadline, again_second.deadline] == [after(300), after(600)]
    assert again_third.customer == third.customer


async def test_a_customer_put_first_is_first_and_stays_so_after_an_appointment(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(3)])
    found = [await taken(db, campaign) for _ in range(3)]
    for claim in found:
        await ledger.give_back(db, claim.attempt_id, NOW)
    chosen = found[2].customer
    await priorities.prioritise_customer(db, campaign.id, chosen.id, rank=1)
    claim = await dialed(db, campaign)
    assert claim.customer == chosen
    await ledger.close(db, ending(claim, again(after(60), appointment=True)), NOW)
    await priorities.prioritise_customer(db, campaign.id, chosen.id, rank=2)
    appointed = await take(db, campaign, after(60), appointments_only=True)
    assert appointed is not None
    assert await ledger.permit_invite(db, appointed.attempt_id, after(60))
    await ledger.close(db, ending(appointed, again(after(90)), at=after(60)), after(60))
    assert (await taken(db, campaign, after(90))).customer == chosen


async def test_what_cannot_be_is_refused(db: Database) -> None:
    campaign = await started(db, [person(1)])
    for rank in (0, 10):
        with pytest.raises(InputError, match="a rank lies between"):
            await priorities.prioritise(db, campaign.id, rank=rank)
    with pytest.raises(InputError, match="neither"):
        await priorities.prioritise(db, campaign.id)
    with pytest.raises(InputError, match="no open follow-up"):
        await priorities.prioritise_customer(db, campaign.id, 99, rank=1)


async def test_due_appointments_of_every_campaign_go_before_all_else(db: Database) -> None:
    """D6: also before a campaign that is served sooner."""
    late = await started(db, [person(1), person(2)], name="late", deadline=after(9000))
    soon = await started(db, [person(3)], name="soon", deadline=after(900))
    claim = await dialed(db, late)
    await ledger.close(db, ending(claim, again(after(60), appointment=True)), NOW)
    both = [Lane(soon, False), Lane(late, False)]
    assert await campaigns.lanes(db, after(59)) == both
    assert await campaigns.lanes(db, after(60)) == [Lane(late, True), *both]
    await campaigns.set_status(db, late.id, CampaignStatus.PAUSED, NOW)
    assert await campaigns.lanes(db, after(60)) == [Lane(soon, False)]
