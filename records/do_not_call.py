"""Numbers that are never called (D10, A4): the claim passes them over, and their follow-ups are closed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from base.phones import masked
from records import audit, engines, schema
from records.chain import SYSTEM, Act
from records.database import Database

DISPOSITION = "do_not_call"
"""Of a follow-up closed because its number must not be called."""

_RULE = "A4: the number is not to be called"

_table = schema.do_not_call
_follow_up = schema.follow_up


async def do_not_call(db: Database, phone: str, reason: str, now: datetime) -> None:
    """Never call this number again; what waits for it is closed in the same transaction. Idempotent."""
    await db.write(lambda connection: bar(connection, phone, reason, now))


def bar(connection: sa.Connection, phone: str, reason: str, now: datetime) -> None:
    """As `do_not_call`, inside a transaction that does more."""
    theirs = sa.select(schema.customer.c.id).where(schema.customer.c.phone == phone)
    new = engines.insert_new(connection, _table, phone=phone, reason=reason, at=now)
    close_barred(connection, now, _follow_up.c.customer_id.in_(theirs))
    if new:
        detail = {
            "reason": reason,
            "customers": list(connection.scalars(theirs.order_by(schema.customer.c.id))),
        }
        audit.note(connection, Act(now, SYSTEM, "do_not_call", "phone", masked(phone), detail))


def close_barred(connection: sa.Connection, now: datetime, which: sa.ColumnElement[bool]) -> None:
    """Close those of `which` follow-ups that wait for a number on the list."""
    connection.execute(closing_barred(which), {"at": now})


def closing_barred(which: sa.ColumnElement[bool]) -> sa.Update:
    """The statement for it; its parameter `at` is now."""
    barred = sa.exists().where(
        schema.customer.c.id == _follow_up.c.customer_id, schema.customer.c.phone == _table.c.phone
    )
    return (
        sa.update(_follow_up)
        .where(which, _follow_up.c.state == "waiting", barred)
        .values(state="closed", disposition=DISPOSITION, rule=_RULE, closed_at=sa.bindparam("at"))
    )
