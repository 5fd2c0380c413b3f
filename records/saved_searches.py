"""Searches of calls that users keep for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from base.errors import InputError
from records import schema
from records.database import Database

MOST = 50
"""That one user keeps."""
LONGEST_NAME = 40

_table = schema.saved_search
_c = _table.c


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One of a user's searches. `query`: of the address of the page of calls."""

    id: int
    name: str
    query: str


async def listed(db: Database, who: str) -> tuple[SavedSearch, ...]:
    """A user's searches, by name."""
    query = sa.select(_c.id, _c.name, _c.query).where(_c.who == who).order_by(_c.name).limit(MOST)
    return await db.read(lambda connection: tuple(SavedSearch(*row) for row in connection.execute(query)))


async def save(db: Database, who: str, name: str, query: str, now: datetime) -> None:
    """Keep a search; one of the same name is replaced.

    Raises:
        InputError: no name, or too many are kept.
    """
    said = " ".join(name.split())
    if not 0 < len(said) <= LONGEST_NAME:
        raise InputError(f"takes 1 to {LONGEST_NAME} characters", where="the name")

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.delete(_table).where(_c.who == who, _c.name == said))
        kept = connection.scalar(sa.select(sa.func.count()).select_from(_table).where(_c.who == who)) or 0
        if kept >= MOST:
            raise InputError(f"{MOST} searches are kept already", remedy="delete one first")
        connection.execute(sa.insert(_table).values(who=who, name=said, query=query, at=now))

    await db.write(work, contended=True)


async def delete(db: Database, who: str, search_id: int) -> None:
    """Forget one of the user's own; nothing happens where it is none."""
    theirs = sa.delete(_table).where(_c.id == search_id, _c.who == who)
    await db.write(lambda connection: connection.execute(theirs))
