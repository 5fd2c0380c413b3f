"""Papers that were made: filed by number and hash, signed over it, handed in (R6, W4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import Act
from records.database import Database
from records.search import Page

_p = schema.paper.c
_s = schema.paper_signature.c
_n = schema.paper_customer.c


@dataclass(frozen=True, slots=True)
class Signed:
    """An act over what a paper said."""

    role: str
    by: str
    at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper as it was made last.

    Attributes:
        chain: roles that sign it, in order.
        report, branch, period: what it is in the calendar; "" where no calendar asks for it.
        attempt_id: the call whose record it is. done_by: who did what it tells of, "" where nobody is named.
        signed: over its present hash.
    """

    number: str
    title: str
    sha256: str
    chain: tuple[str, ...]
    report: str
    branch: str
    period: str
    made_at: datetime
    handed_at: datetime | None = None
    handed_by: str = ""
    attempt_id: int | None = None
    done_by: str = ""
    signed: tuple[Signed, ...] = ()


Named = frozenset[tuple[int, str]]
"""Customers whom a paper names, each with the occasion that they were called for, "" for none (A1)."""


async def file(db: Database, made: Filed, named: Named) -> tuple[Signed, ...]:
    """Keep that it was made, and whom it names; gives who has signed just this content before."""
    values = {name: getattr(made, name) for name in _KEPT} | {"chain": list(made.chain)}

    def work(connection: sa.Connection) -> tuple[Signed, ...]:
        known = connection.scalar(sa.select(_p.number).where(_p.number == made.number))
        if known is None:
            connection.execute(sa.insert(schema.paper).values(values))
        else:
            connection.execute(sa.update(schema.paper).where(_p.number == made.number).values(values))
        _name(connection, made.number, named)
        return _signatures(connection, made.number, made.sha256)

    return await db.write(work, contended=True)


async def get(db: Database, number: str) -> Filed:
    """The paper of that number.

    Raises:
        InputError: none was made.
    """
    return await db.read(lambda connection: _get(connection, number))


async def found(db: Database, number: str) -> Filed | None:
    """The paper of that number; None where none was made."""

    def work(connection: sa.Connection) -> Filed | None:
        is_there = connection.scalar(sa.select(_p.number).where(_p.number == number))
        return _get(connection, number) if is_there else None

    return await db.read(work)


async def listed(db: Database) -> list[Filed]:
    """All of them, the newest first, without their signatures."""
    query = sa.select(*_COLUMNS).order_by(_p.made_at.desc(), _p.number)
    return await db.read(lambda connection: [_filed(row) for row in connection.execute(query)])


async def whom(db: Database, number: str) -> dict[int, list[str]]:
    """Occasions by customer whom the paper names."""
    query = (
        sa.select(_n.customer_id, _n.occasion)
        .where(_n.number == number)
        .order_by(_n.customer_id, _n.occasion)
    )
    found: dict[int, list[str]] = {}
    for id_, occasion in await db.read(lambda connection: connection.execute(query).all()):
        found.setdefault(id_, []).append(occasion)
    return found


async def sign(
    db: Database, papers: Sequence[Filed], role: str, by: str, proof: str, now: datetime
) -> list[Filed]:
    """Keep that somebody signed what these papers said when they were read, all or none.

    `proof`: how they have shown who they are, such as "password"; "" where nobody can.

    Raises:
        InputError: one says something else meanwhile; or the role has signed it, or the person has, in
            whichever role.
    """

    def work(connection: sa.Connection) -> list[Filed]:
        for one in papers:
            _sign(connection, one, role, by, now)
        for one in papers:
            detail = {"role": role, "sha256": one.sha256, "proof": proof}
            audit.note(connection, Act(now, by, "signed", "paper", one.number, detail))
        return [_get(connection, one.number) for one in papers]

    return await db.write(work, contended=True)


def _sign(connection: sa.Connection, paper: Filed, role: str, by: str, now: datetime) -> None:
    found = _get(connection, paper.number)
    if found.sha256 != paper.sha256:
        raise InputError("was made anew meanwhile", where=paper.number, remedy="read it again")
    if any(role == one.role or by == one.by for one in found.signed):
        raise InputError(f"{role} or {by} has signed it already", where=paper.number)
    values = {"number": paper.number, "sha256": paper.sha256, "role": role, "by_whom": by, "at": now}
    connection.execute(sa.insert(schema.paper_signature).values(values))


async def hand_in(db: Database, number: str, by: str, now: datetime) -> Filed:
    """Keep that it was handed in.

    Raises:
        InputError: none was made, or it was handed in already.
    """

    def work(connection: sa.Connection) -> Filed:
        found = _get(connection, number)
        if found.handed_at is not None:
            raise InputError(f"was handed in on {found.handed_at:%Y-%m-%d} already", where=number)
        change = sa.update(schema.paper).where(_p.number == number)
        connection.execute(change.values(handed_at=now, handed_by=by))
        audit.note(connection, Act(now, by, "handed_in", "paper", number, {"sha256": found.sha256}))
        return _get(connection, number)

    return await db.write(work)


async def known(db: Database, number: str) -> Filed | None:
    """The paper of that number; None where none was made."""

    def work(connection: sa.Connection) -> Filed | None:
        there = number and connection.scalar(sa.select(_p.number).where(_p.number == number))
        return _get(connection, number) if there else None

    return await db.read(work)


async def books(db: Database, page: Page, branch: str = "") -> tuple[int, list[Filed]]:
    """How many were made, of a branch or in all, and a page of them with their signatures, newest first."""
    which = [_p.branch == branch] if branch else []
    total = sa.select(sa.func.count()).select_from(schema.paper).where(*which)
    some = sa.select(_p.number).where(*which).order_by(_p.made_at.desc(), _p.number)
    some = some.limit(page.limit).offset(page.offset)

    def work(connection: sa.Connection) -> tuple[int, list[Filed]]:
        found = [_get(connection, number) for number in list(connection.scalars(some))]
        return connection.scalar(total) or 0, found

    return await db.read(work)


async def handed(db: Database) -> dict[tuple[str, str, str], date]:
    """The days on which reports were handed in, by (entry of the profile, branch, period)."""
    query = sa.select(_p.report, _p.branch, _p.period, _p.handed_at)
    query = query.where(_p.handed_at.is_not(None), _p.report != "")
    found = await db.read(lambda connection: connection.execute(query).all())
    return {(row[0], row[1], row[2]): row[3].date() for row in found}


_KEPT = ("number", "title", "sha256", "report", "branch", "period", "made_at", "attempt_id", "done_by")
_COLUMNS = (
    *(_p.number, _p.title, _p.sha256, _p.chain, _p.report, _p.branch, _p.period, _p.made_at),
    *(_p.handed_at, _p.handed_by, _p.attempt_id, _p.done_by),
)


def _get(connection: sa.Connection, number: str) -> Filed:
    row = connection.execute(sa.select(*_COLUMNS).where(_p.number == number)).one_or_none()
    if row is None:
        remedy = "make it first; `huifang report filed` lists those that were"
        raise InputError(f"there is no paper {number!r}", remedy=remedy)
    return _filed(row, _signatures(connection, number, row.sha256))


def _filed(row: Sequence[Any], signed: tuple[Signed, ...] = ()) -> Filed:
    number, title, sha256, chain, *more = row
    return replace(Filed(number, title, sha256, tuple(chain), *more), signed=signed)


def _name(connection: sa.Connection, number: str, named: Named) -> None:
    connection.execute(sa.delete(schema.paper_customer).where(_n.number == number))
    rows = [{"number": number, "customer_id": id_, "occasion": occasion} for id_, occasion in sorted(named)]
    if rows:
        connection.execute(sa.insert(schema.paper_customer), rows)


def _signatures(connection: sa.Connection, number: str, sha256: str) -> tuple[Signed, ...]:
    query = sa.select(_s.role, _s.by_whom, _s.at, _s.sha256)
    query = query.where(_s.number == number, _s.sha256 == sha256).order_by(_s.id)
    return tuple(Signed(*row) for row in connection.execute(query))
