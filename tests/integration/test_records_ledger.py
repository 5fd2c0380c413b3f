"""The life of an attempt on a real database: claim, permit, close, give back (D2, D6, D10, P4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from base.clock import SHANGHAI
from base.errors import IllegalTransition, StoreError
from records import campaigns, jobs, ledger, report, schema, transcripts
from records.database import Database
from records.model import CampaignStatus, Kind, LedgerEvent
from records.post_call import Flag, Transcript
from tests.records_kit import (
    LEASE_S,
    NOW,
    Where,
    after,
    again,
    dialed,
    ending,
    execute,
    how_many,
    opened,
    over,
    person,
    said,
    scalar,
    started,
    take,
    taken,
    talk,
)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def test_a_claim_carries_all_that_a_call_needs(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    assert (claim.n, claim.slot, claim.trunk, claim.past) == (1, 0, "demo", ())
    assert claim.customer.phone == "+8613800000001"
    assert claim.campaign == campaign
    assert claim.appointment is None
    assert not claim.apologise


async def test_nothing_is_claimed_before_it_is_due(db: Database) -> None:
    campaign = await started(db, [person(1)], due_at=after(10))
    assert await take(db, campaign, after(9)) is None
    assert await take(db, campaign, after(10)) is not None


async def test_appointments_first_then_deadline_then_due_time(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(3)])
    first = await dialed(db, campaign)
    await ledger.close(db, ending(first, again(after(100), appointment=True)), NOW)
    second = await dialed(db, campaign)
    await ledger.close(db, ending(second, again(after(50))), NOW)
    order = [await taken(db, campaign, after(200)) for _ in range(3)]
    # The appointment, although due last; then the one that was due from the start; then the retry.
    assert order[0].follow_up_id == first.follow_up_id
    assert order[0].appointment == after(100)
    assert order[1].follow_up_id not in {first.follow_up_id, second.follow_up_id}
    assert order[2].follow_up_id == second.follow_up_id


async def test_an_appointment_not_yet_due_lets_others_pass(db: Database) -> None:
    campaign = await started(db, [person(1), person(2)])
    first = await dialed(db, campaign)
    await ledger.close(db, ending(first, again(after(100), appointment=True)), NOW)
    other = await taken(db, campaign, after(1))
    assert other.follow_up_id != first.follow_up_id


async def test_outside_the_windows_only_appointments_are_claimed(db: Database) -> None:
    """D3, D6: an evening is for those who asked for it."""
    campaign = await started(db, [person(1), person(2)])
    first = await dialed(db, campaign)
    await ledger.close(db, ending(first, again(after(100), appointment=True)), NOW)
    progress = await campaigns.progress(db, campaign.id)
    assert (progress.next_due, progress.next_agreed) == (NOW, after(100))
    assert await take(db, campaign, after(99), appointments_only=True) is None
    appointed = await take(db, campaign, after(100), appointments_only=True)
    assert appointed is not None
    assert appointed.follow_up_id == first.follow_up_id
    assert await take(db, campaign, after(100), appointments_only=True) is None
    assert await take(db, campaign, after(100)) is not None


async def test_campaigns_are_served_abnormal_first_then_by_deadline(db: Database) -> None:
    late = await started(db, [person(1)], name="late", deadline=after(9000))
    soon = await started(db, [person(2)], name="soon", deadline=after(900))
    abnormal = await started(db, [person(3)], name="abnormal", kind=Kind.ABNORMAL)
    assert [one.name for one in await campaigns.running(db)] == [abnormal.name, soon.name, late.name]


async def test_a_number_in_use_waits_though_another_customer_has_it(db: Database) -> None:
    campaign = await started(db, [person(1, phone="+862150000000"), person(2, phone="+862150000000")])
    first = await dialed(db, campaign)
    assert await take(db, campaign) is None
    await ledger.close(db, ending(first, over()), NOW)
    assert (await taken(db, campaign)).customer.phone == "+862150000000"


async def test_a_held_number_is_free_when_the_hold_is_over(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    await ledger.close(db, replace(ending(claim, again(NOW)), hold_until=after(32)), NOW)
    assert await take(db, campaign, after(31)) is None
    assert await take(db, campaign, after(32)) is not None


async def test_a_held_number_is_free_at_the_real_final_response(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    await ledger.close(db, replace(ending(claim, again(NOW)), hold_until=after(32)), NOW)
    await ledger.release(db, claim.attempt_id, after(2))
    assert await take(db, campaign, after(2)) is not None


async def test_no_more_calls_than_channels_and_slots_are_used_again(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(4)])
    claims = [await take(db, campaign, channels=2) for _ in range(3)]
    assert [claim and claim.slot for claim in claims] == [0, 1, None]
    assert claims[0] is not None
    await ledger.give_back(db, claims[0].attempt_id, NOW)
    freed = await take(db, campaign, channels=2)
    assert freed is not None
    assert freed.slot == 0


async def test_the_pace_of_a_trunk_is_kept(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(3)])
    assert await take(db, campaign, after(0), cps=2.0) is not None
    assert await take(db, campaign, after(0.4), cps=2.0) is None
    assert await take(db, campaign, after(0.4), cps=2.0, trunk="other") is not None
    assert await take(db, campaign, after(0.5), cps=2.0) is not None


async def test_a_pause_takes_effect_with_the_next_claim(db: Database) -> None:
    campaign = await started(db, [person(1), person(2)])
    claim = await taken(db, campaign)
    await campaigns.set_status(db, campaign.id, CampaignStatus.PAUSED, NOW)
    assert await take(db, campaign) is None
    assert not await ledger.permit_invite(db, claim.attempt_id, NOW)
    await campaigns.set_status(db, campaign.id, CampaignStatus.RUNNING, NOW)
    assert await ledger.permit_invite(db, claim.attempt_id, NOW)


async def test_a_permit_is_given_once(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    assert not await ledger.permit_invite(db, claim.attempt_id, NOW)


async def test_a_late_sleeper_gets_no_permit(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    too_late = after(LEASE_S - ledger.PERMIT_MARGIN_S)
    assert not await ledger.permit_invite(db, claim.attempt_id, too_late)
    await ledger.renew(db, [claim.attempt_id], too_late, LEASE_S)
    assert await ledger.permit_invite(db, claim.attempt_id, too_late)


async def test_what_was_never_dialed_is_given_back_with_its_n(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    await ledger.give_back(db, claim.attempt_id, NOW)
    following = await taken(db, campaign)
    assert following.n == 1
    assert following.attempt_id != claim.attempt_id
    assert not await ledger.permit_invite(db, claim.attempt_id, NOW)


async def test_what_was_dialed_cannot_be_given_back(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    with pytest.raises(IllegalTransition):
        await ledger.give_back(db, claim.attempt_id, NOW)


async def test_an_attempt_ends_once(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    await ledger.close(db, ending(claim, again(after(5))), NOW)
    with pytest.raises(IllegalTransition):
        await ledger.close(db, ending(claim, over()), NOW)
    assert (await campaigns.progress(db, campaign.id)).waiting == 1


async def test_a_ring_that_was_never_permitted_is_refused(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    with pytest.raises(StoreError):
        await ledger.close(db, ending(claim, over()), NOW)
    assert (await campaigns.progress(db, campaign.id)).calling == 1


async def test_three_rings_and_not_one_more(db: Database) -> None:
    """The policy is wrong here and asks for ever more attempts; the ledger makes three (D2, D10)."""
    campaign = await started(db, [person(1)])
    for n in range(1, 4):
        claim = await dialed(db, campaign)
        assert claim.n == n
        assert [past.n for past in claim.past] == list(range(1, n))
        await ledger.close(db, ending(claim, again(NOW)), NOW)
    assert await take(db, campaign) is None
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"exhausted": 1}


async def test_a_call_that_rang_nowhere_uses_no_ring_up(db: Database) -> None:
    campaign = await started(db, [person(1)])
    for _ in range(4):
        claim = await dialed(db, campaign)
        failed = replace(ending(claim, again(NOW), disposition="line_failure"), rung=False, valid=False)
        await ledger.close(db, failed, NOW)
    claims = []
    for _ in range(3):
        claims.append(await dialed(db, campaign))
        await ledger.close(db, replace(ending(claims[-1], again(NOW)), valid=False), NOW)
    assert [claim.n for claim in claims] == [5, 6, 7]
    assert await take(db, campaign) is None
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"insufficient": 1}


async def test_closing_keeps_everything_and_leaves_a_job(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    answered = LedgerEvent(after(3), "answered", {"status": 200})
    await ledger.record(db, claim.attempt_id, [answered])
    closing = talk(claim, at=after(3))
    await ledger.close(db, closing, after(16))
    (attempt,) = (await report.campaign_report(db, campaign.id)).customers[0].attempts
    assert attempt.answers == closing.answers
    assert attempt.spoken == closing.spoken
    assert await report.ladder_of(db, claim.attempt_id) == closing.ladder
    assert await ledger.events_of(db, claim.attempt_id) == (
        LedgerEvent(after(3), "answered", {"status": 200}),
    )
    job = await jobs.claim(db, kinds=[ledger.TRANSCRIBE], node="worker", now=after(20), lease_s=60)
    assert job is not None
    assert job.attempt_id == claim.attempt_id
    progress = await campaigns.progress(db, campaign.id)
    assert (progress.closed, progress.dispositions) == (1, {"completed": 1})


async def test_a_report_tells_what_was_heard_and_flagged(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    await ledger.close(db, talk(claim), NOW)
    place = ("customer", 2.0, 3.6, "三七分成", 0.9)
    flag = Flag("sharing", "1", "收益分成", "high", *place, "certain", "affirmed", "原文命中")
    heard = Transcript(claim.attempt_id, "test", "a" * 64, (said("他说亏了三七分成"),), (flag,))
    await transcripts.save(db, heard, NOW)
    (attempt,) = (await report.campaign_report(db, campaign.id)).customers[0].attempts
    assert (attempt.flags, attempt.transcript) == ((flag,), heard.utterances)


async def test_no_byte_of_a_far_end_keeps_a_call_from_closing(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    strange = replace(ending(claim, over()), sip_reason="Busy\0Here", ladder=("← 486 \0\x01é\\'\"%s",))
    await ledger.close(db, strange, NOW)
    assert await report.ladder_of(db, claim.attempt_id) == ("← 486 \ufffd\x01é\\'\"%s",)


async def test_a_fault_in_the_middle_of_closing_leaves_nothing(db: Database) -> None:
    """The job is the last but one thing written; one that exists already makes it fail."""
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    row = {"kind": ledger.TRANSCRIBE, "attempt_id": claim.attempt_id, "state": "waiting"}
    await execute(db, sa.insert(schema.job).values(**row, created_at=NOW, changed_at=NOW))
    with pytest.raises(StoreError):
        await ledger.close(db, talk(claim), NOW)
    for table in (schema.spoken, schema.answer, schema.ladder):
        assert await scalar(db, how_many(table)) == 0
    (past,) = await ledger.past(db, claim.follow_up_id)
    assert past.ended_at is None
    assert (await campaigns.progress(db, campaign.id)).calling == 1


async def test_an_apology_is_owed_until_somebody_answers(db: Database) -> None:
    """D8: the call after a silent one apologises, also when nobody picked up in between."""
    campaign = await started(db, [person(1)])
    silent = await dialed(db, campaign)
    closing = replace(ending(silent, again(NOW), disposition="silent"), answered_at=NOW)
    await ledger.close(db, closing, NOW)
    unanswered = await dialed(db, campaign)
    assert unanswered.apologise
    await ledger.close(db, ending(unanswered, again(NOW)), NOW)
    answered = await dialed(db, campaign)
    assert answered.apologise
    await ledger.close(db, talk(answered, again(NOW)), NOW)
    assert await take(db, campaign, max_rung=4) is not None


async def test_a_number_not_to_be_called_is_closed_and_never_claimed(db: Database) -> None:
    """A4, D10: also where the claim was taken before the number was barred; nothing waits for ever."""
    campaign = await started(db, [person(1), person(2), person(3)])
    live = await taken(db, campaign)
    waiting = {1: "+8613800000001", 2: "+8613800000002", 3: "+8613800000003"}
    del waiting[int(live.customer.phone[-1])]
    for phone in [live.customer.phone, *waiting.values()]:
        await ledger.do_not_call(db, phone, "asked for it", NOW)
    assert not await ledger.permit_invite(db, live.attempt_id, NOW)
    await ledger.give_back(db, live.attempt_id, NOW)
    assert await take(db, campaign) is None
    later = await campaigns.progress(db, campaign.id)
    assert (later.waiting, later.dispositions) == (0, {"do_not_call": 3})


async def test_times_come_back_in_shanghai_whatever_zone_they_came_in(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign, NOW)
    (past,) = await ledger.past(db, claim.follow_up_id)
    assert past.invited_at == NOW
    assert past.invited_at is not None
    assert past.invited_at.utcoffset() == NOW.astimezone(SHANGHAI).utcoffset()


async def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    campaign = await started(db, [person(1)])
    with pytest.raises(StoreError, match="without a zone"):
        await take(db, campaign, datetime(2026, 3, 4, 15, 0))  # noqa: DTZ001


async def test_who_asks_never_to_be_called_is_barred_with_the_attempt(db: Database) -> None:
    """A4 "never", D10: the number is on the list in the transaction that ends the attempt."""
    campaign = await started(db, [person(1)], name="this month")
    other = await started(db, [person(1)], name="next month")
    claim = await dialed(db, campaign)
    closing = ending(claim, over("refused"), disposition="refused")
    await ledger.close(db, replace(closing, do_not_call="A4: asked for it"), NOW)
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"refused": 1}
    assert (await campaigns.progress(db, other.id)).dispositions == {"do_not_call": 1}
