"""The audit trail (A6): what was done with whose data, written in the transaction that does it.

Writers wait for each other from `note` to the end of their transaction, so it comes last in one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records import chain, engines
from records.chain import Act, Anchor, Checked, Row
from records.database import Database
from records.model import ImportResult
from records.schema_custody import audit

_c = audit.c
_COLUMNS = (_c.n, _c.at, _c.who, _c.what, _c.kind, _c.of, _c.detail, _c.before, _c.sha256)
_CHUNK = 10_000
_NAMED = 500
"""Rows named by one statement."""
_LOCK = "audit trail"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows: "" and None ask for all. `of`: "call 17", or a kind alone."""

    who: str = ""
    what: str = ""
    of: str = ""
    since: datetime | None = None
    until: datetime | None = None


def note(connection: sa.Connection, act: Act) -> None:
    """Put an act on the trail, within the caller's transaction."""
    engines.lock_name(connection, _LOCK)
    row = chain.link(_storable(act), _last(connection))
    said = {name: getattr(row.act, name) for name in ("at", "who", "what", "kind", "of")}
    values = {"n": row.n, **said, "detail": dict(row.act.detail), "before": row.before, "sha256": row.sha256}
    connection.execute(sa.insert(audit).values(values))


def note_import(connection: sa.Connection, what: str, result: ImportResult, by: str, now: datetime) -> None:
    """Put on the trail that rows of a file were kept; nothing where none was new or different."""
    if result.added or result.updated:
        detail = {"added": result.added, "updated": result.updated}
        note(connection, Act(now, by, "imported", what, "", detail))


async def keep(db: Database, *acts: Act) -> None:
    """Put acts on the trail that change nothing else here, such as a look or an export."""

    def work(connection: sa.Connection) -> None:
        for act in acts:
            note(connection, act)

    await db.write(work, contended=True)


async def listed(db: Database, asked: Asked, limit: int) -> list[Row]:
    """Rows of the trail, the newest first."""
    query = sa.select(*_COLUMNS).where(*_conditions(asked)).order_by(_c.n.desc()).limit(limit)
    return await db.read(lambda connection: [_row(found) for found in connection.execute(query)])


async def extract(db: Database, objects: Sequence[tuple[str, str]]) -> tuple[list[Row], dict[int, str]]:
    """Rows about some objects ("call", "17"), in order; the hashes of those and of their neighbours."""
    about = sa.or_(*(sa.and_(_c.kind == kind, _c.of == of) for kind, of in objects))

    def work(connection: sa.Connection) -> tuple[list[Row], dict[int, str]]:
        found = connection.execute(sa.select(*_COLUMNS).where(about).order_by(_c.n).limit(_CHUNK))
        rows = [_row(one) for one in found]
        near = sorted({row.n + step for row in rows for step in (-1, 0, 1)})
        hashes: dict[int, str] = {}
        for start in range(0, len(near), _NAMED):
            query = sa.select(_c.n, _c.sha256).where(_c.n.in_(near[start : start + _NAMED]))
            hashes |= {row.n: row.sha256 for row in connection.execute(query)}
        return rows, hashes

    return await db.read(work)


async def last(db: Database) -> Row | None:
    """The newest row; None before the first act."""
    return await db.read(_last)


async def check(db: Database, anchors: Sequence[Anchor], progress: Progress) -> Checked:
    """Walk along the whole trail; `progress` is told how many rows of how many are read."""

    def work(connection: sa.Connection) -> Checked:
        return chain.check(_rows(connection, progress), anchors)

    return await db.read(work)


def _rows(connection: sa.Connection, progress: Progress) -> Iterator[Row]:
    count = connection.scalar(sa.select(sa.func.count()).select_from(audit)) or 0
    read, after = 0, None
    while True:
        behind = sa.true() if after is None else _c.n > after
        query = sa.select(*_COLUMNS).where(behind).order_by(_c.n).limit(_CHUNK)
        some = [_row(found) for found in connection.execute(query)]
        if not some:
            return
        yield from some
        read, after = read + len(some), some[-1].n
        progress(read, count)


def _last(connection: sa.Connection) -> Row | None:
    found = connection.execute(sa.select(*_COLUMNS).order_by(_c.n.desc()).limit(1)).one_or_none()
    return None if found is None else _row(found)


def _conditions(asked: Asked) -> Iterable[sa.ColumnElement[bool]]:
    kind, _, of = asked.of.partition(" ")
    for column, value in ((_c.who, asked.who), (_c.what, asked.what), (_c.kind, kind), (_c.of, of)):
        if value:
            yield column == value
    if asked.since is not None:
        yield _c.at >= asked.since
    if asked.until is not None:
        yield _c.at < asked.until


def _storable(act: Act) -> Act:
    """As it will be read again: what no database keeps must not be hashed either."""
    detail = json.loads(_text(json.dumps(dict(act.detail), ensure_ascii=False)))
    who, what, kind, of = map(_text, (act.who, act.what, act.kind, act.of))
    return Act(act.at, who, what, kind, of, detail)


def _text(words: str) -> str:
    return words.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _row(found: Sequence[Any]) -> Row:
    n, at, who, what, kind, of, detail, before, sha256 = found
    return Row(n, Act(at, who, what, kind, of, detail), before, sha256)
