"""Importing customers, and campaigns made of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from base.errors import IllegalTransition, InputError
from records import campaigns, customers, ledger
from records.database import Database
from records.model import Campaign, CampaignStatus, ImportResult, Kind
from tests.records_kit import NOW, Where, after, again, dialed, ending, opened, over, person, started


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def draft(db: Database, name: str = "三月", customer_ids: list[int] | None = None) -> Campaign:
    return await campaigns.create(
        db,
        name=name,
        kind=Kind.NEW_ACCOUNT,
        script="new_account",
        script_version="1",
        script_sha256="a" * 64,
        profile="demo",
        customer_ids=customer_ids,
        due_at=NOW,
        deadline=None,
        now=NOW,
    )


async def test_words_for_slots_are_kept_and_follow_the_file(db: Database) -> None:
    words = (("commission", "万分之三"), ("term", "一年"))
    await customers.merge(db, [replace(person(1), words=words), person(2)], NOW)
    assert [one.words for one in await customers.all_customers(db)] == [words, ()]
    assert await customers.merge(db, [replace(person(1), words=words), person(2)], NOW) == ImportResult(
        0, 0, 2
    )
    changed = [replace(person(1), words=words[:1])]
    assert await customers.merge(db, changed, after(1)) == ImportResult(0, 1, 0)
    assert (await customers.all_customers(db))[0].words == words[:1]


async def test_importing_twice_changes_nothing(db: Database) -> None:
    people = [person(n) for n in range(1200)]
    assert await customers.merge(db, people, NOW) == ImportResult(1200, 0, 0)
    before = await customers.all_customers(db)
    assert await customers.merge(db, people, after(60)) == ImportResult(0, 0, 1200)
    assert await customers.all_customers(db) == before


async def test_what_changed_is_updated_in_its_place(db: Database) -> None:
    await customers.merge(db, [person(1), person(2)], NOW)
    changed = replace(person(2), manager="王经理")
    assert await customers.merge(db, [person(1), changed, person(3)], after(1)) == ImportResult(1, 1, 1)
    kept = await customers.all_customers(db)
    assert [one.manager for one in kept] == ["李经理", "王经理", "李经理"]


async def test_two_rows_for_one_person_are_one_customer(db: Database) -> None:
    rows = [person(1), replace(person(1), manager="王经理")]
    assert await customers.merge(db, rows, NOW) == ImportResult(1, 0, 1)
    assert await customers.merge(db, rows, NOW) == ImportResult(0, 0, 2)


async def test_a_household_shares_a_number(db: Database) -> None:
    people = [person(1, phone="+862150000000"), person(2, phone="+862150000000")]
    assert await customers.merge(db, people, NOW) == ImportResult(2, 0, 0)


async def test_an_empty_import_is_no_error(db: Database) -> None:
    assert await customers.merge(db, [], NOW) == ImportResult(0, 0, 0)


async def test_a_campaign_takes_all_customers_or_some(db: Database) -> None:
    await customers.merge(db, [person(n) for n in range(3)], NOW)
    everybody = await draft(db, "all")
    some = await draft(db, "some", [2, 3, 3])
    assert (await campaigns.progress(db, everybody.id)).total == 3
    assert (await campaigns.progress(db, some.id)).waiting == 2
    assert await campaigns.get(db, "some") == some
    assert [one.name for one in await campaigns.list_all(db)] == ["all", "some"]


async def test_a_campaign_that_cannot_be_is_not_made(db: Database) -> None:
    with pytest.raises(InputError, match="nobody to call"):
        await draft(db)
    await customers.merge(db, [person(1)], NOW)
    with pytest.raises(InputError, match="1 of 2 customers are unknown"):
        await draft(db, customer_ids=[1, 99])
    assert await campaigns.list_all(db) == []
    await draft(db)
    with pytest.raises(InputError, match="already"):
        await draft(db)
    with pytest.raises(InputError, match="no campaign"):
        await campaigns.get(db, "四月")


async def test_a_number_on_the_list_is_closed_from_the_start(db: Database) -> None:
    await customers.merge(db, [person(1), person(2)], NOW)
    await ledger.do_not_call(db, person(1).phone, "asked for it", NOW)
    await ledger.do_not_call(db, person(1).phone, "asked again", NOW)
    progress = await campaigns.progress(db, (await draft(db)).id)
    assert (progress.waiting, progress.dispositions) == (1, {"do_not_call": 1})


@pytest.mark.parametrize(
    ("way", "refused"),
    [
        (["running", "paused", "running"], "draft"),
        (["running", "cancelled"], "running"),
        (["cancelled"], "running"),
        ([], "paused"),
        ([], "finished"),
        (["running"], "finished"),
        (["running"], "running"),
    ],
)
async def test_a_campaign_goes_its_way_only(db: Database, way: list[str], refused: str) -> None:
    await customers.merge(db, [person(1)], NOW)
    campaign = await draft(db)
    for status in way:
        await campaigns.set_status(db, campaign.id, CampaignStatus(status), NOW)
    before = (await campaigns.get(db, campaign.name)).status
    with pytest.raises(IllegalTransition):
        await campaigns.set_status(db, campaign.id, CampaignStatus(refused), NOW)
    assert (await campaigns.get(db, campaign.name)).status is before


async def test_a_campaign_is_finished_when_all_is_closed(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    await ledger.close(db, ending(claim, over("refused")), NOW)
    await campaigns.set_status(db, campaign.id, CampaignStatus.FINISHED, NOW)
    assert await campaigns.running(db) == []


async def test_progress_knows_when_the_next_is_due(db: Database) -> None:
    campaign = await started(db, [person(1), person(2)])
    claim = await dialed(db, campaign)
    progress = await campaigns.progress(db, campaign.id)
    assert (progress.total, progress.waiting, progress.calling, progress.next_due) == (2, 1, 1, NOW)
    await ledger.close(db, ending(claim, again(after(30))), NOW)
    other = await dialed(db, campaign)
    await ledger.close(db, ending(other, over("refused")), NOW)
    progress = await campaigns.progress(db, campaign.id)
    assert (progress.waiting, progress.closed, progress.next_due) == (1, 1, after(30))


async def test_an_unknown_campaign_has_no_status(db: Database) -> None:
    with pytest.raises(InputError):
        await campaigns.set_status(db, 77, CampaignStatus.RUNNING, NOW)
