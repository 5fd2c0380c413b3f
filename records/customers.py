"""Customers: imported by (name, phone), so that importing a file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

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

    def work(connection: sa.Connection) -> tuple[int, int]:
        known = _known(connection, {phone for _, phone in people})
        added = [row for key, row in people.items() if key not in known]
        changed = [
            (known[key].id, row) for key, row in people.items() if key in known and _differs(known[key], row)
        ]
        _insert(connection, added, now)
        _update(connection, changed, now)
        return len(added), len(changed)

    added, changed = await db.write(work, contended=True)
    return ImportResult(added, changed, len(rows) - added - changed)


async def all_customers(db: Database) -> list[Customer]:
    """Every customer, in the order they came in."""

    def work(connection: sa.Connection) -> list[Customer]:
        found = connection.execute(sa.select(*CUSTOMER).order_by(_table.c.id))
        return [customer(row) for row in found]

    return await db.read(work)


async def of_campaign(db: Database, campaign_id: int) -> list[Customer]:
    """Customers whose follow-up in this campaign is still open, in the order they were put in."""
    follow_up = schema.follow_up
    query = (
        sa.select(*CUSTOMER)
        .join(follow_up, follow_up.c.customer_id == _table.c.id)
        .where(follow_up.c.campaign_id == campaign_id, follow_up.c.state != FollowUpState.CLOSED.value)
        .order_by(follow_up.c.id)
    )
    return await db.read(lambda connection: [customer(row) for row in connection.execute(query)])


def _differs(kept: Customer, row: NewCustomer) -> bool:
    """Whether the file says something else than what is kept."""
    return any(getattr(kept, name) != value for name, value in asdict(row).items())


def _known(connection: sa.Connection, phones: Iterable[str]) -> dict[tuple[str, str], Customer]:
    """Customers with one of these phones, by name and phone."""
    wanted = sorted(phones)
    known: dict[tuple[str, str], Customer] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found = connection.execute(sa.select(*CUSTOMER).where(_table.c.phone.in_(chunk)))
        for kept in map(customer, found):
            known[kept.name, kept.phone] = kept
    return known


def _insert(connection: sa.Connection, added: Sequence[NewCustomer], now: datetime) -> None:
    if added:
        values = [{**_columns(row), "created_at": now, "updated_at": now} for row in added]
        connection.execute(sa.insert(_table), values)


def _update(connection: sa.Connection, changed: Sequence[tuple[int, NewCustomer]], now: datetime) -> None:
    for id_, row in changed:
        change = sa.update(_table).where(_table.c.id == id_).values(**_columns(row), updated_at=now)
        connection.execute(change)


def _columns(row: NewCustomer) -> dict[str, Any]:
    return {**asdict(row), "phone_kind": row.phone_kind.value}
