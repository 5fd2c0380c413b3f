"""What is owed to customers: kept branch by branch, settled by calls or otherwise, counted (P9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, engines, schema
from records.chain import Act
from records.database import Database
from records.model import FollowUpState, Kind, PhoneKind
from records.planned import Drawn, Executor, Obligation, Settled, Tally

_table = schema.obligation
_o = _table.c
_sample = schema.sample
_follow_up = schema.follow_up.c
_CHUNK = 500
"""Ids named by one statement."""
_BATCH = 10_000
"""Rows inserted by one."""

Key = tuple[int, str, str]
"""Customer, duty, occasion."""

_COLUMNS = (
    *(_o.customer_id, _o.duty, _o.kind, _o.occasion, _o.due_from, _o.due_by, _o.begin_by, _o.pool, _o.share),
    *(_o.executor, _o.rule, _o.must),
)
_OPEN = _o.state.in_(("open", "planned"))
_FREE = _o.state == "open"
IN_VAIN = sa.exists().where(schema.notice.c.obligation_id == _o.id, schema.notice.c.state == "failed")


@dataclass(frozen=True, slots=True)
class Due:
    """An obligation that is open and on no worksheet.

    Attributes:
        tried: the disposition of the follow-up that came to nothing for it; "" before any.
        no_notice: a message did not arrive, or cannot: the number is a landline.
    """

    id: int
    branch: str
    owed: Obligation
    tried: str
    name: str
    account: str
    phone: str
    no_notice: bool


async def kept(db: Database, branch: str) -> tuple[frozenset[Key], dict[str, int]]:
    """Which obligations the branch's customers have already, and the seeds of its pools."""
    customer = schema.customer.c
    keys = (
        sa.select(_o.customer_id, _o.duty, _o.occasion)
        .join(schema.customer, customer.id == _o.customer_id)
        .where(customer.branch == branch)
    )
    seeds = sa.select(_sample.c.pool, _sample.c.seed).where(_sample.c.branch == branch)

    def work(connection: sa.Connection) -> tuple[frozenset[Key], dict[str, int]]:
        known = frozenset((row[0], row[1], row[2]) for row in connection.execute(keys))
        return known, {row[0]: row[1] for row in connection.execute(seeds)}

    return await db.read(work)


async def keep(db: Database, branch: str, owed: Sequence[Obligation], drawn: Sequence[Drawn]) -> None:
    """Keep what follows for a branch, all or none; what is kept already stays as it is."""

    def work(connection: sa.Connection) -> None:
        engines.replace_all(connection, _sample, [_of_stratum(one, branch) for one in drawn])
        for start in range(0, len(owed), _BATCH):
            some = [_values(one, branch) for one in owed[start : start + _BATCH]]
            engines.insert_all_new(connection, _table, some)

    await db.write(work)


async def free(db: Database) -> int:
    """Give back what closed follow-ups did not complete, for another way (A4, D2); says how much it was."""
    closed = sa.select(_follow_up.id).where(_follow_up.state == FollowUpState.CLOSED.value)
    given = sa.update(_table).where(_o.state == "planned", _o.follow_up_id.in_(closed)).values(state="open")
    return await db.write(lambda connection: connection.execute(given).rowcount)


async def due(
    db: Database,
    *,
    on: date,
    by: date | None = None,
    branch: str | None = None,
    kinds: Sequence[Kind] = (),
    duties: Sequence[str] = (),
    customers: Sequence[int] = (),
    limit: int | None = None,
) -> list[Due]:
    """What is open, on no worksheet, and may be done on that day: what must be done soonest comes first.

    Args:
        by: only what has its last day by then.
        limit: no more than so many.
        branch, kinds, duties, customers: only theirs.
    """
    customer = schema.customer.c
    query = (
        sa.select(_o.id, _o.branch, customer.name, customer.account, customer.phone, _follow_up.disposition)
        .add_columns(sa.or_(customer.phone_kind == PhoneKind.LANDLINE.value, IN_VAIN), *_COLUMNS)
        .join(schema.customer, customer.id == _o.customer_id)
        .outerjoin(schema.follow_up, _follow_up.id == _o.follow_up_id)
        .where(_FREE, _o.due_from <= on, *_narrowed(by, branch, kinds, duties, customers))
        .order_by(_o.due_by, _o.id)
        .limit(limit)
    )
    return await db.read(lambda connection: [_due(row) for row in connection.execute(query)])


async def complete_otherwise(
    db: Database, ids: Iterable[int], result: str, on: date, *, sheet: str, by: str, now: datetime
) -> int:
    """Persons have followed these up, in another way than a call of ours (C1, A6). Says how many were open.

    `sheet`: the number of the worksheet that they are on. `by`: who files it.
    """
    done = {"state": "completed", "settled_on": on, "why": result, "called": True, "reached": True}
    wanted = sorted(set(ids))
    act = Act(now, by, "filed", "worksheet", sheet, {"ids": wanted, "result": result, "on": on.isoformat()})

    def work(connection: sa.Connection) -> int:
        count = sum(
            connection.execute(sa.update(_table).where(_OPEN, _o.id.in_(some)).values(done)).rowcount
            for some in _chunks(wanted)
        )
        audit.note(connection, act)
        return count

    return await db.write(work)


async def settle(db: Database, ids: Iterable[int], how: Settled, why: str, on: date) -> int:
    """End obligations otherwise than by a follow-up (A4, P7); those that have ended stay. Says how many."""

    def work(connection: sa.Connection) -> int:
        return settle_in(connection, sorted(set(ids)), how, why, on)

    return await db.write(work)


def settle_in(connection: sa.Connection, ids: Sequence[int], how: Settled, why: str, on: date) -> int:
    """As `settle`, inside a transaction that does more."""
    settled = {"state": how.value, "why": why, "settled_on": on}
    return sum(
        connection.execute(sa.update(_table).where(_OPEN, _o.id.in_(some)).values(settled)).rowcount
        for some in _chunks(ids)
    )


def plan(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Put obligations on a worksheet, inside the transaction that writes it.

    Raises:
        InputError: some are on another one, or have ended meanwhile.
    """
    taken = sum(
        connection.execute(sa.update(_table).where(_FREE, _o.id.in_(some)).values(state="planned")).rowcount
        for some in _chunks(ids)
    )
    if taken != len(ids):
        raise InputError(
            f"{len(ids) - taken} of {len(ids)} obligations were planned or settled meanwhile",
            remedy="make the worksheet again",
        )


def give_back(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Take obligations off a worksheet that will not be carried out."""
    connection.execute(sa.update(_table).where(which, _o.state == "planned").values(state="open"))


def called(connection: sa.Connection, follow_up_id: int, *, reached: bool) -> None:
    """An attempt was made for what this follow-up is to settle; `reached`: its owner was on the line."""
    flags = {"called": True, "reached": True} if reached else {"called": True}
    connection.execute(sa.update(_table).where(_o.follow_up_id == follow_up_id).values(flags))


def complete(connection: sa.Connection, attempt_id: int, kinds: Sequence[str], on: date) -> None:
    """A valid follow-up was made: the owner, all mandatory questions of these kinds, a recording (P9).

    It settles what it was made for, late or not, and what else of the kind is open for the customer and
    within its dates. Only special follow-ups have questions of their own: one never stands for another (P7).
    """
    attempt = schema.attempt.c
    query = (
        sa.select(_follow_up.id, _follow_up.customer_id)
        .join(schema.attempt, attempt.follow_up_id == _follow_up.id)
        .where(attempt.id == attempt_id)
    )
    follow_up_id, customer_id = connection.execute(query).one()
    own = sa.and_(_o.follow_up_id == follow_up_id, _OPEN)
    others = sa.and_(
        *(_o.customer_id == customer_id, _FREE, _o.kind != Kind.SPECIAL.value),
        *(_o.due_from <= on, _o.due_by >= on),
    )
    done = {"state": "completed", "settled_on": on, "why": "", "called": True, "reached": True}
    for which in (own, others):
        connection.execute(sa.update(_table).where(which, _o.kind.in_(kinds)).values(done))


async def occasions_of(db: Database, follow_up_id: int) -> tuple[str, ...]:
    """For whose sake a follow-up was made."""
    query = sa.select(_o.occasion).where(_o.follow_up_id == follow_up_id)
    return await db.read(lambda connection: tuple(connection.scalars(query)))


def by_person(
    connection: sa.Connection,
    customer_id: int,
    follow_up_id: int | None,
    kind: Kind,
    how: str,
    why: str,
    on: date,
) -> int:
    """A person followed a customer up or informed them: as `complete`, in a transaction that does more.

    Args:
        follow_up_id: what the machine could not settle; None where nothing was handed over.
        how: completed (P9), or noticed (A4). why: the way, and who.
        on: the day it was done.
    """
    others = sa.and_(
        *(_o.customer_id == customer_id, _FREE, _o.kind == kind.value, _o.kind != Kind.SPECIAL.value),
        *(_o.due_from <= on, _o.due_by >= on),
    )
    done = {"state": how, "settled_on": on, "why": why}
    if how == "completed":
        done |= {"called": True, "reached": True}
    own = sa.and_(_o.follow_up_id == follow_up_id, _OPEN) if follow_up_id else sa.false()
    return connection.execute(sa.update(_table).where(sa.or_(own, others)).values(done)).rowcount


async def tallies(db: Database, today: date, branch: str | None = None) -> list[Tally]:
    """The counts of each pool (P9)."""
    groups = (_o.duty, _o.kind, _o.branch, _o.pool, _o.share)
    counts = (
        sa.func.count(),
        _sum(_o.called),
        _sum(_o.reached),
        _sum(_o.state == "completed"),
        _sum(_o.state == Settled.NOTICED.value),
        _sum(sa.and_(_OPEN, _o.due_by < today)),
        _sum(sa.and_(_o.state == "completed", _o.settled_on > _o.due_by)),
    )
    query = (
        sa.select(*groups, *counts)
        .where(_o.state != Settled.WITHDRAWN.value, *_narrowed(None, branch))
        .group_by(*groups)
        .order_by(*groups)
    )
    return await db.read(lambda connection: [Tally(*row) for row in connection.execute(query)])


async def sizes(db: Database, branch: str | None = None) -> dict[str, tuple[int, int]]:
    """Members and the required number of every pool that a sample was drawn from."""
    pool = _sample.c.pool
    query = sa.select(pool, sa.func.sum(_sample.c.members), sa.func.sum(_sample.c.required)).group_by(pool)
    if branch is not None:
        query = query.where(_sample.c.branch == branch)
    return await db.read(lambda connection: {row[0]: (row[1], row[2]) for row in connection.execute(query)})


async def samples(db: Database, branch: str | None = None) -> list[Drawn]:
    """What was drawn of every stratum, with the seed that shows it."""
    query = sa.select(*(_sample.c[name] for name in Drawn.__slots__)).order_by(_sample.c.pool)
    if branch is not None:
        query = query.where(_sample.c.branch == branch)
    return await db.read(lambda connection: [Drawn(*row) for row in connection.execute(query)])


async def needs(db: Database, branch: str | None = None) -> list[tuple[date, int]]:
    """How many are neither completed nor settled, by their last day."""
    query = (
        sa.select(_o.due_by, sa.func.count())
        .where(_OPEN, *_narrowed(None, branch))
        .group_by(_o.due_by)
        .order_by(_o.due_by)
    )
    return await db.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])


def obligation(row: Sequence[Any]) -> Obligation:
    """From the columns of one."""
    values = list(row)
    values[2], values[9] = Kind(values[2]), Executor(values[9])
    return Obligation(*values)


def _due(row: Sequence[Any]) -> Due:
    id_, branch, name, account, phone, tried, no_notice, *owed = row
    return Due(id_, branch, obligation(owed), tried or "", name, account, phone, bool(no_notice))


def _narrowed(
    by: date | None,
    branch: str | None,
    kinds: Sequence[Kind] = (),
    duties: Sequence[str] = (),
    customers: Sequence[int] = (),
) -> Iterator[sa.ColumnElement[bool]]:
    if by is not None:
        yield _o.due_by <= by
    if branch is not None:
        yield _o.branch == branch
    if kinds:
        yield _o.kind.in_([kind.value for kind in kinds])
    if duties:
        yield _o.duty.in_(duties)
    if customers:
        yield _o.customer_id.in_(customers)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _of_stratum(one: Drawn, branch: str) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in Drawn.__slots__}, "branch": branch}


def _values(one: Obligation, branch: str) -> dict[str, Any]:
    return {
        "customer_id": one.customer_id,
        "duty": one.duty,
        "occasion": one.occasion,
        "kind": one.kind.value,
        "branch": branch,
        "due_from": one.due_from,
        "due_by": one.due_by,
        "begin_by": one.begin_by,
        "pool": one.pool,
        "share": one.share,
        "executor": one.executor.value,
        "rule": one.rule,
        "must": one.must,
    }
