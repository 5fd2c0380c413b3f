"""Customers: importing a file twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from base.phones import normalise
from records import audit, customer_keeping, customer_matching, schema
from records.chain import SYSTEM
from records.customer_keeping import Kept
from records.customer_rows import CustomerRow, row_of
from records.database import Database
from records.model import Customer, FollowUpState, ImportResult, NewCustomer
from records.rows import CUSTOMER, customer

_table = schema.customer


async def merge(db: Database, rows: Sequence[NewCustomer], now: datetime) -> ImportResult:
    """Add new customers and update known ones, all or none. Of two rows for one person the later counts."""
    people = [row_of(one) for one in {(one.name, one.phone): one for one in rows}.values()]
    result = (await keep(db, people, now)).result
    return replace(result, unchanged=result.unchanged + len(rows) - len(people))


async def keep(
    db: Database, rows: Sequence[CustomerRow], now: datetime, *, new: bool = True, by: str = SYSTEM
) -> Kept:
    """Keep what rows say of as many customers, all or none.

    Args:
        new: whether customers that are not known are added.
        by: who brings them.
    """

    def work(connection: sa.Connection) -> Kept:
        done = customer_keeping.keep(connection, rows, now, new=new)
        audit.note_import(connection, "customers", done.result, by, now)
        return done

    return await db.write(work, contended=True)


async def look(db: Database, rows: Sequence[CustomerRow], *, new: bool = True) -> Kept:
    """What `keep` would do; nothing is changed."""
    return await db.read(lambda connection: customer_keeping.look(connection, rows, new=new))


async def find(db: Database, rows: Sequence[CustomerRow]) -> list[int | None]:
    """The id of each row's customer; None where nobody is known by it."""
    return await db.read(lambda connection: customer_matching.ids_of(connection, rows))


async def all_customers(db: Database) -> list[Customer]:
    """Every customer, in the order they came in."""

    def work(connection: sa.Connection) -> list[Customer]:
        found = connection.execute(sa.select(*CUSTOMER).order_by(_table.c.id))
        return [customer(row) for row in found]

    return await db.read(work)


async def named(db: Database, said: str, branch: str = "") -> list[Customer]:
    """Customers by account or whole telephone number, at most two: of several nobody is meant.

    `branch`: only of its customers (C4); "" for all.
    """
    try:
        phone = normalise(said).e164
    except ValueError:
        phone = ""
    is_meant = sa.or_(sa.and_(_table.c.account == said, schema.has_account), _table.c.phone == phone)
    query = sa.select(*CUSTOMER).where(is_meant).order_by(_table.c.id).limit(2)
    query = query.where(_table.c.branch == branch) if branch else query
    return await db.read(lambda connection: [customer(row) for row in connection.execute(query)])


async def of_call(db: Database, attempt_id: int) -> Customer | None:
    """Whom a call was made to; None: there is no such call."""
    follow_up, attempt = schema.follow_up, schema.attempt
    query = (
        sa.select(*CUSTOMER)
        .join(follow_up, follow_up.c.customer_id == _table.c.id)
        .join(attempt, attempt.c.follow_up_id == follow_up.c.id)
        .where(attempt.c.id == attempt_id)
    )
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    return None if row is None else customer(row)


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
