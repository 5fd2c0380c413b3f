"""What a claim may not pass: caps of lines, numbers, campaigns and nodes; pauses of trunks (D2, D5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from records import ledger, schema
from records.choosing import ENOUGH_TODAY
from records.database import Database
from records.model import Campaign, Caps, Tried
from tests.records_kit import (
    NOW,
    Where,
    after,
    again,
    dialed,
    ending,
    how_many,
    opened,
    over,
    person,
    scalar,
    started,
    take,
    taken,
)

HOUR_S, DAY_S = 3600.0, 86400.0
TOMORROW = NOW.replace(hour=0) + timedelta(days=1)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def called(db: Database, campaign: Campaign, at_s: float) -> bool:
    """Whether a call may begin then; it is over at once."""
    claim = await take(db, campaign, after(at_s), per_hour=2, per_day=3)
    if claim is None:
        return False
    assert await ledger.permit_invite(db, claim.attempt_id, after(at_s))
    await ledger.close(db, ending(claim, over(), at=after(at_s)), after(at_s))
    return True


async def test_a_line_keeps_its_caps_of_hour_and_day(db: Database) -> None:
    """D5: an hour is any 60 minutes, a day is one of Shanghai; NOW is 15:00."""
    campaign = await started(db, [person(n) for n in range(9)])
    assert [await called(db, campaign, minute * 60) for minute in (0, 30, 59)] == [True, True, False]
    assert [await called(db, campaign, HOUR_S + minute * 60) for minute in (1, 2)] == [True, False]
    assert not await called(db, campaign, 8.9 * HOUR_S)
    assert [await called(db, campaign, 9 * HOUR_S + n) for n in range(3)] == [True, True, False]


async def test_what_is_claimed_but_not_dialed_counts_for_a_lines_cap(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(3)])
    claims = [await take(db, campaign, per_hour=2) for _ in range(3)]
    assert [claim is not None for claim in claims] == [True, True, False]
    assert claims[0] is not None
    await ledger.give_back(db, claims[0].attempt_id, NOW)
    assert await take(db, campaign, per_hour=2) is not None
    assert await take(db, campaign, trunk="other", per_hour=0) is None
    assert await take(db, campaign, trunk="other", per_hour=1) is not None


async def test_a_number_at_its_cap_waits_and_lets_the_others_pass(db: Database) -> None:
    """D2: over all campaigns; those behind are claimed in the same breath, the capped one is due tomorrow."""
    first = await started(db, [person(n) for n in range(3)], name="first")
    second = await started(db, [person(n) for n in range(4)], name="second")
    for _ in range(3):
        claim = await dialed(db, first)
        await ledger.close(db, ending(claim, over()), NOW)
    caps = Caps(number_per_day=1)
    passed = await take(db, second, after(1), caps=caps)
    assert passed is not None
    assert passed.customer.phone == person(3).phone
    assert await take(db, second, TOMORROW - timedelta(seconds=1), caps=caps) is None
    claims = [await take(db, second, TOMORROW, caps=caps) for _ in range(4)]
    assert [claim is not None for claim in claims] == [True, True, True, False]
    follow_up = schema.follow_up.c
    put_off = how_many(schema.follow_up).where(follow_up.rule == ENOUGH_TODAY, follow_up.due_at == TOMORROW)
    assert await scalar(db, put_off) == 3


async def test_a_silent_phone_is_not_called_often(db: Database) -> None:
    """D2: what provably rang nowhere counts for no cap of a number."""
    campaign = await started(db, [person(1)])
    for _ in range(3):
        claim = await dialed(db, campaign)
        failure = replace(ending(claim, again(NOW), disposition="line_failure"), rung=False, valid=False)
        await ledger.close(db, failure, NOW)
    assert await take(db, campaign, caps=Caps(number_per_day=1)) is not None


async def test_an_appointment_is_kept_however_often_the_number_rang(db: Database) -> None:
    """D6: the customer asked for it."""
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    await ledger.close(db, ending(claim, again(after(600), appointment=True)), NOW)
    assert await take(db, campaign, after(600), caps=Caps(number_per_day=1)) is not None


async def test_a_campaign_and_a_node_have_their_channels(db: Database) -> None:
    """Claims at once, on several trunks: neither passes its cap on any engine."""
    campaign = await started(db, [person(n) for n in range(9)])
    other = await started(db, [person(n) for n in range(10, 19)], name="other")
    caps = Caps(campaign_channels=2, node_channels=3)
    first = await asyncio.gather(*(take(db, campaign, trunk=name, caps=caps) for name in "abcd"))
    assert sum(claim is not None for claim in first) == 2
    second = await asyncio.gather(*(take(db, other, trunk=name, caps=caps) for name in "abcd"))
    assert sum(claim is not None for claim in second) == 1
    assert await take(db, other, node="node-2", caps=caps) is not None
    assert await take(db, other, node="node-2", caps=caps) is None


async def test_a_paused_trunk_is_claimed_on_by_one_probe_only(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(4)])
    await ledger.pause_trunk(db, "demo", after(60), "busy")
    assert await take(db, campaign) is None
    assert await take(db, campaign, trunk="other") is not None
    probe = await take(db, campaign, probe=True)
    assert probe is not None
    assert await take(db, campaign, probe=True) is None
    await ledger.give_back(db, probe.attempt_id, NOW)
    state = (await ledger.trunk_states(db))["demo"]
    assert (state.paused_until, state.paused_why) == (after(60), "busy")
    assert await take(db, campaign, after(60)) is not None
    await ledger.pause_trunk(db, "demo", None, "for good")
    assert await take(db, campaign, after(DAY_S)) is None
    await ledger.resume_trunk(db, "demo")
    state = (await ledger.trunk_states(db))["demo"]
    assert (state.paused_until, state.paused_why) == (None, "")
    assert await take(db, campaign, after(DAY_S)) is not None


async def test_a_breaker_is_told_what_the_trunk_did(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(5)])
    claims = [await dialed(db, campaign, after(n)) for n in range(4)]
    rang, refused, broken, lost = (ending(claim, over(), at=after(90 - claim.slot)) for claim in claims)
    await ledger.close(db, rang, after(90))
    await ledger.close(db, replace(refused, ringing_at=None, sip_status=503), after(90))
    broken = replace(broken, ringing_at=None, sip_status=0, ended_by="failure", rung=False, valid=False)
    await ledger.close(db, replace(broken, ladder=("0.000 > INVITE",)), after(90))
    await ledger.close(db, replace(lost, ringing_at=None, call_id=""), after(90))
    await taken(db, campaign, after(91))
    newest_first = (
        Tried(claims[2].customer.phone, False, True, after(88)),
        Tried(claims[1].customer.phone, False, False, after(89)),
        Tried(claims[0].customer.phone, True, False, after(90)),
    )
    assert await ledger.tried(db, "demo", 9) == newest_first
    assert await ledger.tried(db, "demo", 1) == newest_first[:1]
    assert await ledger.tried(db, "other", 9) == ()


async def test_a_line_worker_that_died_says_nothing_of_the_trunk(db: Database) -> None:
    """Three calls of a worker that was killed are no failure of the transport: the trunk is not paused."""
    campaign = await started(db, [person(1)])
    died = ending(await dialed(db, campaign), over("line_failure"), at=after(5), disposition="line_failure")
    died = replace(died, ringing_at=None, sip_status=0, ended_by="failure", valid=False)
    await ledger.close(db, died, after(5))
    assert await ledger.tried(db, "demo", 9) == ()
