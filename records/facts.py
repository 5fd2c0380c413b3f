"""What planning knows of customers, branch by branch: a firm of a million is never in memory at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sys import intern
from typing import Any

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.people import ClientKind, Facts, Source

_c = schema.customer.c
_CHUNK = 20_000
_NAMED = 500
"""Ids named by one statement."""

manager_of = sa.func.coalesce(sa.func.nullif(_c.manager_no, ""), _c.manager)
"""Where a file names the manager alone, the name keeps that person off (A1)."""

_FACTS = (
    *(_c.id, _c.account, _c.branch, _c.opened_on, _c.closed_on, _c.province, _c.client, _c.source),
    *(manager_of, _c.introducer, _c.opened_by, _c.signed_by),
    *(_c.assets, _c.volume, _c.commission, _c.turnover, _c.core, _c.dormant, _c.chosen),
    *(_c.adviser_since, _c.adviser_until),
)
_CLIENTS = {kind.value: kind for kind in ClientKind}
_SOURCES = {source.value: source for source in Source}


async def branches(db: Database) -> tuple[str, ...]:
    """Every branch that has customers, by name; "" stands for customers of no branch."""
    query = sa.select(_c.branch).distinct()
    return await db.read(lambda connection: tuple(sorted(connection.scalars(query))))


async def facts_of_branch(db: Database, branch: str) -> list[Facts]:
    """The branch's customers, by id; those without an account are among them."""
    return await db.read(lambda connection: list(_facts(connection, branch)))


def _facts(connection: sa.Connection, branch: str) -> Iterator[Facts]:
    """A chunk of rows at a time: drivers hold all that a statement finds."""
    query = sa.select(*_FACTS).where(_c.branch == branch).order_by(_c.id).limit(_CHUNK)
    after = 0
    while rows := connection.execute(query.where(_c.id > after)).all():
        yield from (_of(row, branch) for row in rows)
        after = rows[-1].id


def _of(row: Sequence[Any], branch: str) -> Facts:
    """From the columns _FACTS; words that many customers share are kept once."""
    id_, account, _, opened_on, closed_on, province, client, source, *more = row
    people: list[Any] = [intern(number) for number in more[:4]]
    known: list[Any] = [opened_on, closed_on, intern(province), _CLIENTS[client], _SOURCES[source]]
    return Facts(id_, account, branch, *known, *people, *more[4:])


async def facts_of(db: Database, customer_ids: Sequence[int]) -> dict[int, Facts]:
    """These customers, by id."""

    def work(connection: sa.Connection) -> dict[int, Facts]:
        found: dict[int, Facts] = {}
        for start in range(0, len(customer_ids), _NAMED):
            some = sa.select(*_FACTS).where(_c.id.in_(customer_ids[start : start + _NAMED]))
            found.update((row.id, _of(row, row.branch)) for row in connection.execute(some))
        return found

    return await db.read(work)
