"""Which column of a branch's files means what, kept by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from base.errors import InputError
from records import schema
from records.database import Database

_table = schema.import_mapping
_c = _table.c


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """`columns`: heading → key of a field, "" for a column that means nothing."""

    name: str
    columns: Mapping[str, str]
    saved_at: datetime


async def listed(db: Database) -> list[ImportMapping]:
    """All of them, by name."""
    query = sa.select(_c.name, _c.columns, _c.saved_at).order_by(_c.name)
    return await db.read(lambda connection: [ImportMapping(*row) for row in connection.execute(query)])


async def get(db: Database, name: str) -> ImportMapping:
    """The one of that name.

    Raises:
        InputError: there is none.
    """
    known = {one.name: one for one in await listed(db)}
    if name not in known:
        names = ", ".join(known) or "none yet"
        raise InputError("no mapping has this name", where=name, remedy=f"known: {names}")
    return known[name]


async def save(db: Database, name: str, columns: Mapping[str, str], now: datetime) -> None:
    """Keep it, in place of one of that name."""

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.delete(_table).where(_c.name == name))
        connection.execute(sa.insert(_table).values(name=name, columns=dict(columns), saved_at=now))

    await db.write(work, contended=True)
