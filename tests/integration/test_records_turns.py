"""The ledger claims in the order that `records.turns` says (D6, P4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from records import campaigns, ledger, priorities, schema
from records.database import Database
from records.model import Kind
from records.turns import Place, Turn, turn_of
from tests.records_kit import NOW, Where, after, again, dialed, ending, opened, person, started, take

_MADE = (
    ("later", Kind.PERIODIC, NOW + timedelta(days=9)),
    ("sooner", Kind.PERIODIC, NOW + timedelta(days=3)),
    ("abnormal", Kind.ABNORMAL, NOW + timedelta(days=20)),
    ("open end", Kind.PERIODIC, None),
)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def test_claims_come_in_the_order_of_turns(db: Database) -> None:
    for n, (name, kind, deadline) in enumerate(_MADE):
        people = [person(10 * n + i) for i in range(4)]
        campaign = await started(db, people, name=name, kind=kind, deadline=deadline, due_at=after(-60 * n))
        claim = await dialed(db, campaign)
        await ledger.close(db, ending(claim, again(after(600), appointment=True)), NOW)
        await priorities.prioritise_customer(db, campaign.id, claim.customer.id + 2, rank=2)
        await priorities.prioritise_customer(
            db, campaign.id, claim.customer.id + 1, deadline=NOW + timedelta(days=1)
        )
    wanted = await db.read(_turns)
    claimed: list[int] = []
    for lane in await campaigns.lanes(db, after(900)):
        while (
            got := await take(db, lane.campaign, after(900), appointments_only=lane.appointments)
        ) is not None:
            claimed.append(got.follow_up_id)
    assert len(claimed) == 16
    assert claimed == [turn[-1] for turn in sorted(wanted)]


def _turns(connection: sa.Connection) -> list[Turn]:
    one, theirs = schema.follow_up.c, schema.campaign.c
    query = sa.select(
        theirs.rank, theirs.deadline, theirs.id, one.rank, one.deadline, one.id, one.due_at, one.appointment
    ).join_from(schema.follow_up, schema.campaign)
    return [
        turn_of(Place(*place), due_at, appointment=appointment)
        for *place, due_at, appointment in connection.execute(query)
    ]
