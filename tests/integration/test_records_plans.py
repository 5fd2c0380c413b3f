"""What is owed, worksheets and notices, on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from base.clock import end_of
from base.errors import InputError
from records import campaigns, facts, notices, obligations, worksheets
from records.closing import close
from records.database import Database
from records.model import Claim, Closing, Kind, KindRow
from records.notices import Notice, Told
from records.planned import Drawn, Obligation, Settled, SheetState, Worksheet
from tests.plans_kit import obligation
from tests.records_kit import NOW, Where, dialed, opened, over, person, started, talk

TODAY = NOW.date()


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def _owed(db: Database, *owed: Obligation) -> list[int]:
    """Kept; their ids in order of their last days."""
    await obligations.keep(db, "上海营业部", owed, ())
    return [one.id for one in await obligations.due(db, on=date(2026, 12, 31))]


def sheet(number: str = "HF-001", count: int = 1) -> Worksheet:
    return Worksheet(
        number=number,
        branch="上海营业部",
        check=False,
        kind=Kind.PERIODIC,
        type_="定期-其他",
        count=count,
        share=1.0,
        purpose="",
        content="",
        method="电话",
        starts_on=TODAY,
        ends_on=date(2026, 12, 31),
        responsible="S09",
        state=SheetState.DRAFT,
        script="periodic",
        profile="boci",
    )


async def test_computing_again_keeps_what_is_kept(db: Database) -> None:
    await started(db, [person(1)])
    drawn = Drawn("periodic 上海营业部 2026", "A", 7, 10, 3, 3)
    for members in (10, 12):
        grown = replace(drawn, members=members, required=4)
        await obligations.keep(db, "上海营业部", [obligation(1)], [grown])
    keys, seeds = await obligations.kept(db, "上海营业部")
    assert keys == {(1, "periodic", "2026")}
    assert seeds == {drawn.pool: 7}
    assert await obligations.sizes(db) == {drawn.pool: (12, 4)}
    assert len(await obligations.due(db, on=TODAY)) == 1
    assert await obligations.samples(db, "上海营业部") == [replace(drawn, members=12, required=4)]


async def test_what_is_due_is_found_by_its_day_kind_duty_branch_and_customer(db: Database) -> None:
    await started(db, [person(1), person(2)])
    soon = obligation(1, Kind.SPECIAL, occasion="event 1", due_by=date(2026, 3, 6))
    later = obligation(2, due_from=date(2026, 4, 1))
    await _owed(db, later, soon, obligation(2))
    found = await obligations.due(db, on=TODAY)
    assert [one.owed for one in found] == [soon]
    found = await obligations.due(db, on=date(2026, 4, 1))
    assert [one.owed for one in found] == [soon, later]
    assert await obligations.due(db, on=TODAY, branch="深圳") == []
    april = date(2026, 4, 1)
    assert len(await obligations.due(db, on=april, by=date(2026, 3, 6))) == 1
    assert len(await obligations.due(db, on=april, kinds=[Kind.PERIODIC])) == 1
    assert len(await obligations.due(db, on=april, duties=["special"])) == 1
    assert len(await obligations.due(db, on=april, customers=[2])) == 1


async def _running(db: Database, *owed: Obligation) -> Claim:
    """A worksheet of these that is carried out, with the first call on the line."""
    campaign = await started(db, [person(1)])
    ids = await _owed(db, *owed)
    await worksheets.create(db, sheet(count=len(ids)), ids, "S01", NOW)
    for state in (SheetState.SUBMITTED, SheetState.APPROVED):
        await worksheets.decide(db, "HF-001", state, "S02", NOW)
    await worksheets.start(db, "HF-001", campaign.id, "S01", NOW)
    return await dialed(db, campaign)


def valid(claim: Claim, *kinds: KindRow) -> Closing:
    return replace(talk(claim, over()), kinds=kinds, owner_confirmed=True, recording="2026/03/04/x")


DONE = KindRow("periodic", True)


async def _states(db: Database) -> list[tuple[str, bool, bool]]:
    return [(one.state, one.called, one.reached) for one in await worksheets.items(db, "HF-001")]


async def test_a_valid_follow_up_completes_what_it_was_made_for_however_late(db: Database) -> None:
    claim = await _running(db, obligation(1, due_by=date(2026, 3, 2)))
    assert (await obligations.tallies(db, TODAY))[0].overdue == 1
    await close(db, valid(claim, DONE), NOW)
    (tally,) = await obligations.tallies(db, TODAY)
    assert (tally.due, tally.called, tally.reached, tally.completed, tally.late) == (1, 1, 1, 1, 1)
    assert (tally.overdue, tally.noticed) == (0, 0)


@pytest.mark.parametrize(
    "flaw",
    [
        {"kinds": (KindRow("periodic", False),)},
        {"owner_confirmed": False},
        {"recording": ""},
        {"kinds": (KindRow("special", True),)},
    ],
)
async def test_a_follow_up_that_is_not_valid_completes_nothing(db: Database, flaw: dict[str, object]) -> None:
    claim = await _running(db, obligation(1))
    await close(db, replace(valid(claim, DONE), **flaw), NOW)  # type: ignore[arg-type]
    (tally,) = await obligations.tallies(db, TODAY)
    assert (tally.called, tally.completed) == (1, 0)
    assert await obligations.free(db) == 1
    (again,) = await obligations.due(db, on=TODAY)
    assert again.tried == "completed"


async def test_kinds_of_one_call_are_completed_each_for_itself(db: Database) -> None:
    claim = await _running(db, obligation(1), obligation(1, Kind.ADVISER_CONTINUING))
    await close(db, valid(claim, DONE, KindRow("adviser_continuing", False)), NOW)
    found = {one.kind.value: one.state for one in await worksheets.items(db, "HF-001")}
    assert found == {"periodic": "completed", "adviser_continuing": "planned"}


async def test_a_call_settles_what_else_of_its_kind_is_open_within_its_dates(db: Database) -> None:
    campaign = await started(db, [person(1)])
    march = obligation(1, duty="core", occasion="2026-03", due_by=date(2026, 3, 31))
    february = obligation(1, duty="core", occasion="2026-02", due_by=date(2026, 2, 28))
    april = obligation(1, duty="core", occasion="2026-04", due_from=date(2026, 4, 1))
    order = obligation(1, Kind.SPECIAL, occasion="event 1")
    await _owed(db, march, february, april, order)
    kinds = (DONE, KindRow("special", True))
    await close(db, valid(await dialed(db, campaign), *kinds), NOW)
    left = await obligations.due(db, on=date(2026, 12, 31))
    assert {one.owed.occasion for one in left} == {"2026-02", "2026-04", "event 1"}


async def test_a_worksheet_goes_from_hand_to_hand(db: Database) -> None:
    await _running(db, obligation(1))
    found = await worksheets.get(db, "HF-001")
    assert (found.state, found.submitted_by, found.approved_by) == (SheetState.RUNNING, "S02", "S02")
    assert found.campaign
    chain = [(one.state, one.by) for one in await worksheets.decisions(db, "HF-001")]
    assert chain == [("draft", "S01"), ("submitted", "S02"), ("approved", "S02"), ("running", "S01")]
    (item,) = await worksheets.items(db, "HF-001")
    assert (item.name, item.state, item.result) == ("客户1", "planned", "")
    assert await worksheets.list_all(db) == [found]
    assert await worksheets.list_all(db, "深圳") == []
    assert await worksheets.next_number(db, "HF-") == "HF-002"


async def test_a_worksheet_is_done_when_its_campaign_is_over(db: Database) -> None:
    claim = await _running(db, obligation(1))
    await close(db, valid(claim, DONE), NOW)
    await campaigns.finish(db, claim.campaign.id, NOW)
    assert (await worksheets.get(db, "HF-001")).state is SheetState.DONE
    (item,) = await worksheets.items(db, "HF-001")
    assert (item.state, item.result, item.settled_on) == ("completed", "completed", TODAY)


async def test_nothing_is_planned_twice(db: Database) -> None:
    await started(db, [person(1)])
    ids = await _owed(db, obligation(1))
    await worksheets.create(db, sheet(), ids, "S01", NOW)
    with pytest.raises(InputError, match="1 of 1 obligations were planned or settled meanwhile"):
        await worksheets.create(db, sheet("HF-002"), ids, "S01", NOW)
    with pytest.raises(InputError, match="already"):
        await worksheets.create(db, sheet(), [], "S01", NOW)
    assert [one.number for one in await worksheets.list_all(db)] == ["HF-001"]


async def test_what_was_rejected_is_over_and_its_obligations_are_free(db: Database) -> None:
    await started(db, [person(1)])
    ids = await _owed(db, obligation(1))
    await worksheets.create(db, sheet(), ids, "S01", NOW)
    with pytest.raises(InputError, match="is draft: it cannot become approved"):
        await worksheets.decide(db, "HF-001", SheetState.APPROVED, "S02", NOW)
    await worksheets.decide(db, "HF-001", SheetState.SUBMITTED, "S01", NOW)
    rejected = await worksheets.decide(db, "HF-001", SheetState.REJECTED, "S02", NOW, "缺目的")
    assert (rejected.state, rejected.why) == (SheetState.REJECTED, "缺目的")
    await worksheets.create(db, sheet("HF-002"), ids, "S01", NOW)
    with pytest.raises(InputError, match="is rejected"):
        await worksheets.decide(db, "HF-001", SheetState.SUBMITTED, "S01", NOW)
    with pytest.raises(InputError, match="no worksheet"):
        await worksheets.get(db, "HF-009")
    with pytest.raises(InputError, match="no worksheet"):
        await worksheets.decide(db, "HF-009", SheetState.SUBMITTED, "S01", NOW)


async def test_what_is_withdrawn_counts_no_more(db: Database) -> None:
    await started(db, [person(1)])
    ids = await _owed(db, obligation(1), obligation(1, Kind.SPECIAL))
    assert await obligations.settle(db, ids[:1], Settled.WITHDRAWN, "指令撤回", TODAY) == 1
    assert await obligations.settle(db, ids[:1], Settled.NOTICED, "", TODAY) == 0
    assert sum(one.due for one in await obligations.tallies(db, TODAY)) == 1
    assert await obligations.needs(db) == [(date(2026, 12, 31), 1)]


def notice(obligation_id: int | None, occasion: str, batch: str = "SMS-1") -> Notice:
    return Notice(1, obligation_id, "sms", occasion, "+8613800000001", "您好", batch)


async def test_a_delivered_notice_meets_the_duty_to_inform(db: Database) -> None:
    await started(db, [person(1)])
    (id_,) = await _owed(db, obligation(1))
    listed = [notice(id_, "obligation 1"), notice(None, "opened 14")]
    await notices.keep(db, listed, NOW)
    await notices.keep(db, [notice(id_, "obligation 1", "SMS-2")], NOW)
    assert await notices.listed_already(db, "sms") == {(1, "obligation 1"), (1, "opened 14")}
    told = [Told("+8613800000001", True, "知道了"), Told("+8613800000009", False)]
    assert await notices.told(db, "SMS-1", told, NOW) == (2, ["+8613800000009"])
    (tally,) = await obligations.tallies(db, TODAY)
    assert (tally.noticed, tally.completed) == (1, 0)
    (success,) = await notices.success(db)
    assert (success.listed, success.delivered, success.replied, success.rate) == (2, 2, 2, 1.0)


async def test_a_notice_that_failed_meets_nothing(db: Database) -> None:
    await started(db, [person(1)])
    (id_,) = await _owed(db, obligation(1))
    await notices.keep(db, [notice(id_, "obligation 1")], NOW)
    assert (await notices.success(db))[0].rate is None
    await notices.told(db, "SMS-1", [Told("+8613800000001", False)], NOW)
    assert (await obligations.tallies(db, TODAY))[0].noticed == 0
    assert (await notices.success(db))[0].rate == 0.0


async def test_customers_are_known_by_their_ids(db: Database) -> None:
    await started(db, [person(1), person(2)])
    found = await facts.facts_of(db, [2, 99])
    assert [(one.id, one.branch) for one in found.values()] == [(2, "上海营业部")]


async def test_calls_that_have_to_begin_by_a_day_make_their_campaign_urgent(db: Database) -> None:
    """P6: the campaign's turn comes by that day; the follow-up's own deadline is the last day."""
    begin_by, due_by = date(2026, 3, 9), date(2026, 4, 2)
    claim = await _running(db, obligation(1, Kind.ADVISER_SIGNUP, begin_by=begin_by, due_by=due_by))
    campaign = await campaigns.get(db, claim.campaign.name)
    assert campaign.deadline == end_of(begin_by)
    assert claim.deadline == end_of(due_by)


async def test_a_campaign_that_ends_sooner_keeps_its_deadline(db: Database) -> None:
    campaign = await started(db, [person(1)], deadline=end_of(date(2026, 3, 6)))
    ids = await _owed(db, obligation(1, begin_by=date(2026, 3, 9)))
    await worksheets.create(db, sheet(count=1), ids, "S01", NOW)
    for state in (SheetState.SUBMITTED, SheetState.APPROVED):
        await worksheets.decide(db, "HF-001", state, "S02", NOW)
    await worksheets.start(db, "HF-001", campaign.id, "S01", NOW)
    assert (await campaigns.get(db, campaign.name)).deadline == end_of(date(2026, 3, 6))
