"""Customers: imported by (name, phone), so that importing a file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from records import schema
from records.database import Database
from records.model import Customer, FollowUpState, ImportResult, NewCustomer
from records.rows import CUSTOMER, customer

_table = schema.customer
_CHUNK = 500
"""Phones looked up by one statement."""


async def merge(db: Database, rows: Sequence[NewCustomer], now: datetime) -> ImportResult:
    """Add new customers and update known ones, all or none. Of two rows for one person the later counts."""
    people = {(row.name, row.phone): row for row in rows}
    async with db.begin() as connection:
        known = await _known(connection, {phone for _, phone in people})
        added = [row for key, row in people.items() if key not in known]
        changed = [
            (known[key].id, row) for key, row in people.items() if key in known and _differs(known[key], row)
        ]
        await _insert(connection, added, now)
        await _update(connection, changed, now)
    return ImportResult(len(added), len(changed), len(rows) - len(added) - len(changed))


async def all_customers(db: Database) -> list[Customer]:
    """Every customer, in the order they came in."""
    async with db.read() as connection:
        found = await connection.execute(sa.select(*CUSTOMER).order_by(_table.c.id))
        return [customer(row) for row in found]


async def of_campaign(db: Database, campaign_id: int) -> list[Customer]:
    """Customers whose follow-up in this campaign is still open, in the order they were put in."""
    follow_up = schema.follow_up
    query = (
        sa.select(*CUSTOMER)
        .join(follow_up, follow_up.c.customer_id == _table.c.id)
        .where(follow_up.c.campaign_id == campaign_id, follow_up.c.state != FollowUpState.CLOSED.value)
        .order_by(follow_up.c.id)
    )
    async with db.read() as connection:
        return [customer(row) for row in await connection.execute(query)]


def _differs(kept: Customer, row: NewCustomer) -> bool:
    """Whether the file says something else than what is kept."""
    return any(getattr(kept, name) != value for name, value in asdict(row).items())


async def _known(connection: AsyncConnection, phones: Iterable[str]) -> dict[tuple[str, str], Customer]:
    """Customers with one of these phones, by name and phone."""
    wanted = sorted(phones)
    known: dict[tuple[str, str], Customer] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found = await connection.execute(sa.select(*CUSTOMER).where(_table.c.phone.in_(chunk)))
        for kept in map(customer, found):
            known[kept.name, kept.phone] = kept
    return known


async def _insert(connection: AsyncConnection, added: Sequence[NewCustomer], now: datetime) -> None:
    if added:
        values = [{**_columns(row), "created_at": now, "updated_at": now} for row in added]
        await connection.execute(sa.insert(_table), values)


async def _update(
    connection: AsyncConnection, changed: Sequence[tuple[int, NewCustomer]], now: datetime
) -> None:
    for id_, row in changed:
        change = sa.update(_table).where(_table.c.id == id_).values(**_columns(row), updated_at=now)
        await connection.execute(change)


def _columns(row: NewCustomer) -> dict[str, Any]:
    return {**asdict(row), "phone_kind": row.phone_kind.value}
