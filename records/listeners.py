"""Who outside is told of what happens here: web addresses and mail boxes, each by its own wish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import Act
from records.database import Database

_table = schema.listener


class Happening(StrEnum):
    """What listeners are told of."""

    CALL_FINISHED = "call.finished"
    SEVERE_FLAG = "flag.severe"
    """The first lead of the gravest kind in a call."""
    CASE_CLOSED = "case.closed"


@dataclass(frozen=True, slots=True)
class Listener:
    """Whoever listens.

    Attributes:
        address: "https://…" or "mailto:…".
        secret: signs what a web address gets.
        branch: of whose customers they are told; "" is all (C4).
        stopped_at: told nothing since.
    """

    id: int
    address: str
    secret: str = field(repr=False)
    events: frozenset[Happening]
    branch: str
    made_by: str
    made_at: datetime
    stopped_at: datetime | None


async def add(
    db: Database, address: str, secret: str, events: Iterable[Happening], branch: str, by: str, now: datetime
) -> None:
    """Tell an address from now on; one that was stopped is told again, with the new secret.

    Raises:
        InputError: it is told already.
    """
    wished = sorted({one.value for one in events} or Happening)
    values = {
        "secret": secret,
        "events": wished,
        "branch": branch,
        "made_by": by,
        "made_at": now,
        "stopped_at": None,
    }

    def work(connection: sa.Connection) -> None:
        there = connection.execute(sa.select(_table).where(_table.c.address == address)).one_or_none()
        if there is not None and there.stopped_at is None:
            raise InputError("is told already", where=address, remedy="huifang listeners list shows who is")
        if there is None:
            connection.execute(sa.insert(_table).values(**values, address=address))
        else:
            connection.execute(sa.update(_table).where(_table.c.id == there.id).values(values))
        said = {"events": " ".join(wished), "branch": branch}
        audit.note(connection, Act(now, by, "added", "listener", address, said))

    await db.write(work, contended=True)


async def stop(db: Database, address: str, by: str, now: datetime) -> None:
    """Tell an address nothing more, not even what is waiting.

    Raises:
        InputError: it is not told anything.
    """

    def work(connection: sa.Connection) -> None:
        this = sa.and_(_table.c.address == address, _table.c.stopped_at.is_(None))
        found = connection.scalar(sa.select(_table.c.id).where(this))
        if found is None:
            raise InputError(
                "is not told anything", where=address, remedy="huifang listeners list shows who is"
            )
        connection.execute(sa.update(_table).where(_table.c.id == found).values(stopped_at=now))
        theirs = schema.delivery.c.listener_id == found
        connection.execute(sa.update(schema.delivery).where(theirs).values(next_at=None))
        audit.note(connection, Act(now, by, "stopped", "listener", address, {}))

    await db.write(work, contended=True)


async def everything(db: Database) -> list[Listener]:
    """All listeners, the newest first."""
    query = sa.select(_table).order_by(_table.c.id.desc())
    return await db.read(lambda connection: [listener_of(row) for row in connection.execute(query)])


def listener_of(row: sa.Row[tuple[object, ...]]) -> Listener:
    """From a row of the table."""
    told = {column.name: row._mapping[column.name] for column in _table.c}
    return Listener(**{**told, "events": frozenset(map(Happening, row.events))})
