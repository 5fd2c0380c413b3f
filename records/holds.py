"""Legal holds (R3): while one is open nothing of its object is deleted, however old."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from base.errors import InputError
from records import audit, engines, schema
from records.chain import Act
from records.database import Database

_h = schema.legal_hold.c
_COLUMNS = (_h.id, _h.kind, _h.of, _h.why, _h.by, _h.at, _h.released_by, _h.released_at)
_LOCK = "legal holds"


class Object(StrEnum):
    """What can be held; a customer or a campaign with all that hangs on it."""

    CALL = "call"
    INBOUND = "inbound"
    RECORDING = "recording"
    CUSTOMER = "customer"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold; `of` is the object's id. Released: by whom and when, "" and None while it is open."""

    id: int
    kind: Object
    of: str
    why: str
    by: str
    at: datetime
    released_by: str = ""
    released_at: datetime | None = None


_IDS: Mapping[Object, sa.Column[int]] = {
    Object.CALL: schema.attempt.c.id,
    Object.INBOUND: schema.inbound_call.c.id,
    Object.RECORDING: schema.recording.c.id,
    Object.CUSTOMER: schema.customer.c.id,
    Object.CAMPAIGN: schema.campaign.c.id,
}


async def place(db: Database, kind: Object, of: int, why: str, by: str, now: datetime) -> Hold:
    """Hold an object.

    Raises:
        InputError: there is none.
    """

    def work(connection: sa.Connection) -> Hold:
        wait(connection)
        if connection.scalar(sa.select(_IDS[kind]).where(_IDS[kind] == of)) is None:
            raise InputError(f"there is no such {kind.value}", where=str(of))
        values = {"kind": kind.value, "of": str(of), "why": why, "by": by, "at": now}
        id_ = connection.execute(sa.insert(schema.legal_hold).values(values).returning(_h.id)).scalar_one()
        audit.note(connection, Act(now, by, "held", kind.value, str(of), {"hold": id_, "why": why}))
        return Hold(id_, kind, str(of), why, by, now)

    return await db.write(work)


async def release(db: Database, id_: int, by: str, now: datetime) -> Hold:
    """Release a hold; another one of the same object goes on.

    Raises:
        InputError: there is none, or it was released.
    """

    def work(connection: sa.Connection) -> Hold:
        found = next((one for one in _some(connection, _h.id == id_)), None)
        if found is None or found.released_at is not None:
            raise InputError(
                "there is no such open hold", where=str(id_), remedy="see huifang retention holds"
            )
        change = sa.update(schema.legal_hold).where(_h.id == id_)
        connection.execute(change.values(released_by=by, released_at=now))
        audit.note(connection, Act(now, by, "released", found.kind.value, found.of, {"hold": id_}))
        return next(iter(_some(connection, _h.id == id_)))

    return await db.write(work)


async def listed(db: Database) -> list[Hold]:
    """All of them, the newest first."""
    return await db.read(lambda connection: list(_some(connection, sa.true())))


def held(connection: sa.Connection) -> frozenset[tuple[Object, str]]:
    """The objects that are held now."""
    return frozenset((one.kind, one.of) for one in _some(connection, _h.released_at.is_(None)))


def wait(connection: sa.Connection) -> None:
    """Until the end of the transaction nobody else places a hold, or deletes by what is held."""
    engines.lock_name(connection, _LOCK)


def _some(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Iterable[Hold]:
    query = sa.select(*_COLUMNS).where(which).order_by(_h.id.desc())
    return [Hold(row[0], Object(row[1]), *row[2:]) for row in connection.execute(query)]
