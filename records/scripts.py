"""Filed scripts (S1): one content for each version, kept for good; and their rehearsals (P11)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import schema
from records.database import Database

_filed = schema.filed_script
_rehearsal = schema.rehearsal

NEW_VERSION = "give it a new version"
"""What to do about wording that was altered."""


@dataclass(frozen=True, slots=True)
class FiledScript:
    """A version of a script as it was approved.

    Attributes:
        sha256: of its content, when it was filed.
        wording: "standard" (not altered) or "reference" (may be adapted, and is filed).
        content: the compiled script, JSON-ready.
    """

    name: str
    version: str
    sha256: str
    title: str
    kind: str
    wording: str
    content: dict[str, Any]
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A script gone through before customers hear it.

    Attributes:
        who: the account it was done from.
        walks: conversations; `seed` of the random ones, None where a person typed.
        failed: walks without a proper end. outcomes: the others, counted.
        unvisited: nodes that no walk came to.
    """

    at: datetime
    who: str
    script: str
    version: str
    sha256: str
    walks: int
    seed: int | None
    failed: int
    outcomes: dict[str, int] = field(default_factory=dict)
    unvisited: tuple[str, ...] = ()


async def file(db: Database, script: FiledScript) -> bool:
    """Keep a version; gives whether it is new.

    Raises:
        InputError: the version is filed with another content (S1).
    """
    return await db.write(lambda connection: keep(connection, script), contended=True)


def keep(connection: sa.Connection, script: FiledScript) -> bool:
    """The same within the caller's transaction."""
    query = _of(script.name).where(_filed.c.version == script.version)
    row = connection.execute(query).one_or_none()
    if row is None:
        connection.execute(sa.insert(_filed).values(**asdict(script)))
        return True
    if row.sha256 != script.sha256:
        what = f"version {script.version} is filed with another content (S1)"
        raise InputError(what, where=script.name, remedy=NEW_VERSION)
    return False


async def filed(db: Database, name: str, version: str) -> FiledScript | None:
    """That version; None when it was never filed."""
    found = await _read(db, _of(name).where(_filed.c.version == version))
    return found[0] if found else None


async def newest(db: Database, name: str) -> FiledScript | None:
    """The version filed last; None when the script was never filed."""
    found = await _read(db, _of(name).order_by(_filed.c.id.desc()).limit(1))
    return found[0] if found else None


async def all_filed(db: Database) -> list[FiledScript]:
    """Every version of every script, in the order of filing."""
    return await _read(db, sa.select(_filed).order_by(_filed.c.id))


async def rehearsed(db: Database, rehearsal: Rehearsal) -> None:
    """Log a rehearsal (P11)."""
    values = {**asdict(rehearsal), "unvisited": list(rehearsal.unvisited)}
    await db.write(lambda connection: connection.execute(sa.insert(_rehearsal).values(**values)))


async def rehearsals(db: Database, script: str, version: str = "") -> list[Rehearsal]:
    """Rehearsals of a script (of one version, where it is named), oldest first."""
    columns = [_rehearsal.c[one.name] for one in fields(Rehearsal)]
    query = sa.select(*columns).where(_rehearsal.c.script == script).order_by(_rehearsal.c.id)
    if version:
        query = query.where(_rehearsal.c.version == version)

    def work(connection: sa.Connection) -> list[Rehearsal]:
        found = connection.execute(query)
        return [Rehearsal(**{**row._mapping, "unvisited": tuple(row.unvisited)}) for row in found]

    return await db.read(work)


def _of(name: str) -> sa.Select[Any]:
    return sa.select(_filed).where(_filed.c.name == name)


async def _read(db: Database, query: sa.Select[Any]) -> list[FiledScript]:
    names = [one.name for one in fields(FiledScript)]

    def work(connection: sa.Connection) -> list[FiledScript]:
        return [FiledScript(**{n: getattr(row, n) for n in names}) for row in connection.execute(query)]

    return await db.read(work)
