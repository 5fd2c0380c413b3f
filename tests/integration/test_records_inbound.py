"""Calls that came in: kept, ended, listed beside the attempt that they answer; on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from records import inbound
from records.database import Database
from records.inbound import Arrival, Departure
from tests.records_kit import NOW, Where, after, dialed, opened, person, started

CALL = Arrival(
    NOW, "main", "node", "02161234567", "013800000000", "+8613800000000", "announced", "call-1", "r/1"
)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def test_a_call_is_kept_from_its_beginning_to_its_end(db: Database) -> None:
    key = await inbound.arrived(db, CALL)
    (begun,) = await inbound.newest(db, 10)
    assert (begun.id, begun.at, begun.phone, begun.ended_at, begun.campaign) == (
        key,
        NOW,
        CALL.phone,
        None,
        None,
    )
    await inbound.left(db, key, Departure(after(9), after(1), 7.5, "them"))
    (ended,) = await inbound.newest(db, 10)
    assert (ended.answered_at, ended.ended_at, ended.heard_s, ended.ended_by) == (
        after(1),
        after(9),
        7.5,
        "them",
    )


async def test_the_newest_come_first_and_strange_callers_are_kept_as_they_are(db: Database) -> None:
    for n, caller in enumerate(("anonymous", "x\0y")):
        await inbound.arrived(db, replace(CALL, at=after(n), caller=caller, phone=""))
    assert [call.caller for call in await inbound.newest(db, 10)] == ["x\ufffdy", "anonymous"]
    assert len(await inbound.newest(db, 1)) == 1


async def test_it_stands_beside_the_last_attempt_that_it_may_answer(db: Database) -> None:
    campaign = await started(db, [person(1)])
    claim = await dialed(db, campaign)
    await inbound.arrived(db, replace(CALL, at=after(-60), phone=claim.customer.phone))
    await inbound.arrived(db, replace(CALL, at=after(60), phone=claim.customer.phone))
    later, before = await inbound.newest(db, 10)
    assert (later.attempt, later.campaign, later.customer) == (
        claim.attempt_id, campaign.name, claim.customer.name,
    )  # fmt: skip
    assert (before.attempt, before.campaign, before.customer) == (None, None, None)
