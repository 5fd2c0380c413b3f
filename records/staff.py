"""The firm's own people, by their staff numbers."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.people import Staff

_table = schema.staff


async def known(db: Database, numbers: Iterable[str]) -> dict[str, Staff]:
    """These people. Of whom nothing is kept the number alone is known."""
    wanted = list(dict.fromkeys(numbers))
    query = sa.select(*(_table.c[name] for name in Staff.__slots__)).where(_table.c.number.in_(wanted))

    def work(connection: sa.Connection) -> dict[str, Staff]:
        return {row.number: Staff(*row) for row in connection.execute(query)}

    kept = await db.read(work)
    return {number: kept.get(number) or Staff(number, "") for number in wanted}
