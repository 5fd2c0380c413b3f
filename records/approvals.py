"""The register of who asked for material and who allowed it (A5); each step is on the audit trail (A6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from base.errors import InputError
from records import approval, audit, schema
from records.approval import MOST_DAYS, Approval, Use
from records.chain import Act
from records.database import Database
from records.search import Page

_table = schema.approval
_a = _table.c
_COLUMNS = (
    *(_a.id, _a.call, sa.func.coalesce(schema.customer.c.name, "").label("customer"), _a.branch, _a.use),
    *(_a.recipient, _a.why, _a.asked_by, _a.asked_at, _a.decided_by, _a.decided_at, _a.granted, _a.words),
    *(_a.expires_at, _a.filed_by, _a.filed_at, _a.reference),
)


class _Done(NamedTuple):
    """A step, for the audit trail."""

    what: str
    by: str
    at: datetime
    detail: dict[str, str]


Judge = Callable[[Approval], str]
"""Why something may not be done with a request; "" where it may."""


async def ask(
    db: Database, call: int, branch: str, use: Use, recipient: str, why: str, by: str, now: datetime
) -> Approval:
    """Ask for the material of a call. `branch`: of its customer.

    Raises:
        InputError: there is no reason, or no regulator is named.
    """
    if wrong := approval.unfit(use, recipient, why):
        raise InputError(wrong, where="the request")
    values = {"call": call, "branch": branch, "use": use.value, "recipient": recipient, "why": why}

    def work(connection: sa.Connection) -> Approval:
        new = sa.insert(_table).values(**values, asked_by=by, asked_at=now).returning(_a.id)
        one = _get(connection, connection.execute(new).scalar_one())
        _note(connection, one, _Done("asked", by, now, {"why": why, "recipient": recipient}))
        return one

    return await db.write(work, contended=True)


async def decide(db: Database, id_: int, days: int, words: str, by: str, now: datetime) -> Approval:
    """Allow it for some days; 0 refuses, which takes words.

    Raises:
        InputError: there is none, it was decided, whoever asked decides, or the days are none.
    """
    if not 0 <= days <= MOST_DAYS:
        raise InputError(
            f"{days} days cannot be", where="the approval", remedy=f"1 to {MOST_DAYS}, 0 refuses"
        )
    if not days and not words.strip():
        raise InputError("a refusal has no reason", where="the approval", remedy="write why")
    until = now + timedelta(days=days) if days else None
    values = {"decided_by": by, "decided_at": now, "granted": bool(days), "words": words, "expires_at": until}
    said = {"words": words, **({"until": until.isoformat()} if until else {})}
    done = _Done("approved" if days else "refused", by, now, said)
    return await _change(db, id_, lambda one: approval.undecidable(one, by), values, done)


async def file(db: Database, id_: int, reference: str, by: str, now: datetime) -> Approval:
    """Register a hand-over to a regulator with compliance, by the number of its file.

    Raises:
        InputError: there is none, nothing is to be filed, whoever asked files it, or there is no number.
    """
    if not reference.strip():
        raise InputError("has no number", where="the file")
    values = {"filed_by": by, "filed_at": now, "reference": reference}
    done = _Done("filed", by, now, {"reference": reference})
    return await _change(db, id_, lambda one: approval.unfilable(one, by), values, done)


async def get(db: Database, id_: int) -> Approval:
    """A request.

    Raises:
        InputError: there is none.
    """
    return await db.read(lambda connection: _get(connection, id_))


async def listed(db: Database, branch: str, asked_by: str, page: Page) -> tuple[int, list[Approval]]:
    """How many there are and a page of them, the newest first; of a branch, or by somebody, where told."""
    which = [column == value for column, value in ((_a.branch, branch), (_a.asked_by, asked_by)) if value]

    def work(connection: sa.Connection) -> tuple[int, list[Approval]]:
        total = connection.scalar(sa.select(sa.func.count()).select_from(_table).where(*which)) or 0
        some = _query().where(*which).order_by(_a.id.desc()).limit(page.limit).offset(page.offset)
        return total, [_of(row) for row in connection.execute(some)]

    return await db.read(work)


async def _change(db: Database, id_: int, judge: Judge, values: dict[str, Any], done: _Done) -> Approval:
    """Once: nobody else decides between the look and the change."""

    def work(connection: sa.Connection) -> Approval:
        connection.execute(sa.select(_a.id).where(_a.id == id_).with_for_update())
        before = _get(connection, id_)
        if wrong := judge(before):
            raise InputError(wrong, where=f"request {id_}")
        connection.execute(sa.update(_table).where(_a.id == id_).values(values))
        one = _get(connection, id_)
        _note(connection, one, done)
        return one

    return await db.write(work, contended=True)


def _note(connection: sa.Connection, one: Approval, done: _Done) -> None:
    said = {"call": one.call, "use": one.use.value, **done.detail}
    audit.note(connection, Act(done.at, done.by, done.what, "approval", str(one.id), said))


def _query() -> sa.Select[Any]:
    attempt, follow_up, customer = schema.attempt, schema.follow_up, schema.customer
    return (
        sa.select(*_COLUMNS)
        .outerjoin(attempt, attempt.c.id == _a.call)
        .outerjoin(follow_up, follow_up.c.id == attempt.c.follow_up_id)
        .outerjoin(customer, customer.c.id == follow_up.c.customer_id)
    )


def _get(connection: sa.Connection, id_: int) -> Approval:
    row = connection.execute(_query().where(_a.id == id_)).one_or_none()
    if row is None:
        raise InputError("there is no such request", where=str(id_))
    return _of(row)


def _of(row: Any) -> Approval:
    return Approval(**{**row._mapping, "use": Use(row.use)})
