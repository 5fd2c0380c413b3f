"""How each node found its trunks when it last asked them: for people to look at, no decision rests on it."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from records import engines, schema
from records.database import Database
from records.model import LineHealth

_table = schema.line_health


async def keep(db: Database, health: LineHealth) -> None:
    """Keep it, in the place of what this node found before."""
    values = asdict(health)
    ours = sa.and_(_table.c.node == health.node, _table.c.trunk == health.trunk)

    def work(connection: sa.Connection) -> None:
        engines.insert_new(connection, _table, **values)
        connection.execute(sa.update(_table).where(ours).values(values))

    await db.write(work)


async def of_all(db: Database) -> tuple[LineHealth, ...]:
    """What every node found, by trunk and node."""
    query = sa.select(_table).order_by(_table.c.trunk, _table.c.node)
    return await db.read(
        lambda connection: tuple(LineHealth(**row._mapping) for row in connection.execute(query))
    )


async def calls_under_way(db: Database) -> dict[str, int]:
    """Channels in use by trunk, over all nodes."""
    attempt = schema.attempt.c
    query = (
        sa.select(attempt.trunk, sa.func.count().label("calls"))
        .where(attempt.ended_at.is_(None))
        .group_by(attempt.trunk)
    )
    return await db.read(lambda connection: {row.trunk: row.calls for row in connection.execute(query)})
