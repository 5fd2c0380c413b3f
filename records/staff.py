"""The firm's own people: whom A1 keeps off a customer, whose post P12 names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import SYSTEM
from records.database import Database
from records.model import ImportResult
from records.people import Staff

_table = schema.staff
_c = _table.c


async def everybody(db: Database) -> list[Staff]:
    """All of them, by number."""
    return await db.read(lambda connection: list(_all(connection).values()))


async def known(db: Database, numbers: Iterable[str]) -> dict[str, Staff]:
    """These people. Of whom nothing is kept the number alone is known."""
    kept = {one.number: one for one in await everybody(db)}
    return {number: kept.get(number) or Staff(number, "") for number in numbers}


async def staff_names(db: Database) -> dict[str, str]:
    """Everybody's name by number."""
    return {one.number: one.name for one in await everybody(db)}


async def require(db: Database, numbers: Iterable[str]) -> None:
    """Where the firm's people are known, let nobody else act or answer for anything (A1, A6).

    Raises:
        InputError: one of these is none of them.
    """
    firm = await staff_names(db)
    stranger = next((one for one in numbers if firm and one not in firm), None)
    if stranger is not None:
        remedy = "`huifang customers staff FILE` brings people in"
        raise InputError(
            "is no staff number of the firm", where=stranger or "the staff number", remedy=remedy
        )


async def numbers_by_name(db: Database) -> Mapping[str, str]:
    """Numbers of those whose name nobody else has."""
    people = await everybody(db)
    times = Counter(one.name for one in people)
    return {one.name: one.number for one in people if times[one.name] == 1}


async def keep(db: Database, people: Sequence[Staff], now: datetime, by: str = SYSTEM) -> ImportResult:
    """Add who is new, change who is known by the number, all or none."""

    def work(connection: sa.Connection) -> ImportResult:
        done = _keep(connection, people)
        audit.note_import(connection, "staff", done, by, now)
        return done

    return await db.write(work, contended=True)


async def look(db: Database, people: Sequence[Staff]) -> ImportResult:
    """What `keep` would do; nothing is changed."""
    return await db.read(lambda connection: _counted(_all(connection), people))


def _keep(connection: sa.Connection, people: Sequence[Staff]) -> ImportResult:
    known = _all(connection)
    added = [asdict(one) for one in people if one.number not in known]
    if added:
        connection.execute(sa.insert(_table), added)
    for one in people:
        if known.get(one.number, one) != one:
            connection.execute(sa.update(_table).where(_c.number == one.number).values(**asdict(one)))
    return _counted(known, people)


def _counted(known: Mapping[str, Staff], people: Sequence[Staff]) -> ImportResult:
    added = sum(one.number not in known for one in people)
    changed = sum(known.get(one.number, one) != one for one in people)
    return ImportResult(added, changed, len(people) - added - changed)


def _all(connection: sa.Connection) -> dict[str, Staff]:
    columns = (_c.number, _c.name, _c.branch, _c.department, _c.post, _c.superior)
    found = connection.execute(sa.select(*columns).order_by(_c.number))
    return {row.number: Staff(*row) for row in found}
