"""What happened in an attempt, in order, written by whoever runs the call.

Claim, permit, end and release are not among them: they are columns of the attempt's row.
"""

from __future__ import annotations

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.model import LedgerEvent

_table = schema.attempt_event


def write(connection: sa.Connection, attempt_id: int, *events: LedgerEvent) -> None:
    """Add events within the caller's transaction."""
    values = [{"attempt_id": attempt_id, "at": e.at, "kind": e.kind, "detail": e.detail} for e in events]
    if values:
        connection.execute(sa.insert(_table), values)


async def events_of(db: Database, attempt_id: int) -> tuple[LedgerEvent, ...]:
    """All events of an attempt, as they were written."""
    query = sa.select(_table.c.at, _table.c.kind, _table.c.detail).where(_table.c.attempt_id == attempt_id)

    def work(connection: sa.Connection) -> tuple[LedgerEvent, ...]:
        found = connection.execute(query.order_by(_table.c.id))
        return tuple(LedgerEvent(row.at, row.kind, row.detail) for row in found)

    return await db.read(work)
