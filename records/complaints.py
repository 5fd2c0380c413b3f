"""Complaints and opinions: registered, brought on by steps, the soonest clock on top (Q4, Q7, Q8, S15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, complaining, customer_events, handed, notes, schema
from records.chain import SYSTEM, Act
from records.complaining import Complaint, Did, Sort, State, Step
from records.database import Database
from records.people import Event, EventKind
from records.search import Page

_table = schema.complaint
_c = _table.c
_step = schema.complaint_step
_s = _step.c
_n = schema.note.c
_a = schema.attempt.c
_f = schema.follow_up.c
_customer = schema.customer.c

Due = Callable[[Complaint], date | None]
"""The last day of the clock that runs out next, by a profile (Q4)."""
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of complaints, the late ones first. `late`: how many of all open ones are."""

    total: int
    late: int
    complaints: tuple[tuple[Complaint, date | None], ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A complaint with what was done so far, as it came; `due_on`: the last day of the next clock."""

    complaint: Complaint
    due_on: date | None
    steps: tuple[Did, ...]


async def add(db: Database, complaint: Complaint, by: str, now: datetime, due: Due) -> int:
    """Register one; its number.

    Raises:
        InputError: nobody or nothing is named, or it is of a day to come.
    """
    if not complaint.person or not complaint.matter:
        raise InputError("lacks who complains, or what about", where="the complaint")
    if complaint.raised_at > now:
        raise InputError("was raised on a day to come", where="the complaint")
    return await db.write(lambda connection: _add(connection, complaint, by, now, due))


async def take_in(db: Database, words: Mapping[str, str], now: datetime, due: Due) -> int:
    """Register what customers complained of in calls (S15), once for each note; says how many.

    `words`: what a note is called.
    """
    if not await db.read(_raised):
        return 0

    def work(connection: sa.Connection) -> int:
        found = _raised(connection)
        for row in found:
            _add(connection, _of_note(row, words), SYSTEM, now, due)
        return len(found)

    return await db.write(work, contended=True)


async def step(db: Database, id_: int, did: Did, branch: str, due: Due) -> Complaint:
    """Bring one on.

    Raises:
        InputError: there is none of that number, or it is of another branch (C4).
        IllegalTransition: the step does not follow now, or lacks something.
    """

    def work(connection: sa.Connection) -> Complaint:
        query = sa.select(_table).where(_c.id == id_).with_for_update()
        after = complaining.advance(_seen(connection.execute(query).one_or_none(), id_, branch), did)
        connection.execute(sa.update(_table).where(_c.id == id_).values(**_values(after), due_on=due(after)))
        _write_step(connection, id_, did)
        if did.step is Step.CONTENT:
            _settled(connection, after, did)
        audit.note(connection, Act(did.at, did.by, did.step.value, "complaint", str(id_), {}))
        return after

    return await db.write(work)


async def get(db: Database, id_: int, branch: str = "") -> Course:
    """One with all that was done.

    Raises:
        InputError: there is none of that number, or it is of another branch (C4).
    """

    def work(connection: sa.Connection) -> Course:
        row = connection.execute(sa.select(_table).where(_c.id == id_)).one_or_none()
        found = _seen(row, id_, branch)
        steps = connection.execute(sa.select(*_STEP).where(_s.complaint_id == id_).order_by(_s.id))
        did = (Did(Step(one.step), one.at, one.by, one.words) for one in steps)
        return Course(found, row.due_on if row else None, tuple(did))

    return await db.read(work)


async def listed(db: Database, today: date, page: Page, *, branch: str = "", closed: bool = False) -> Listed:
    """Open ones, whose clock runs out next first; or closed ones, the newest first."""
    which: list[sa.ColumnElement[bool]] = [_c.closed_at.is_not(None) if closed else _c.closed_at.is_(None)]
    which += [_c.branch == branch] if branch else []
    order = (_c.closed_at.desc(),) if closed else (_c.due_on, _c.id)
    shown = sa.select(_table).where(*which).order_by(*order).limit(page.limit).offset(page.offset)
    is_late = sa.case((_c.due_on < today, 1), else_=0)
    count = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(is_late), 0)).where(*which)

    def work(connection: sa.Connection) -> Listed:
        total, late = connection.execute(count).one()
        return Listed(total, late, tuple((_made(row), row.due_on) for row in connection.execute(shown)))

    return await db.read(work)


async def of_customer(db: Database, customer_id: int) -> tuple[Complaint, ...]:
    """All that a customer raised, the newest first."""
    query = sa.select(_table).where(_c.customer_id == customer_id).order_by(_c.id.desc()).limit(50)
    return await db.read(lambda connection: tuple(_made(row) for row in connection.execute(query)))


def _add(connection: sa.Connection, complaint: Complaint, by: str, now: datetime, due: Due) -> int:
    """A department that is named has it from now on."""
    kept = replace(complaint, passed_at=now) if complaint.department else complaint
    values = {**_values(kept), "due_on": due(kept)}
    id_: int = connection.execute(sa.insert(_table).values(values).returning(_c.id)).scalar_one()
    _write_step(connection, id_, Did(Step.REGISTERED, now, by, complaint.matter))
    if complaint.department:
        _write_step(connection, id_, Did(Step.PASSED, now, by, complaint.department))
    detail = {"customer": complaint.customer_id, "call": complaint.call}
    audit.note(connection, Act(now, by, "registered", "complaint", str(id_), detail))
    return id_


def _raised(connection: sa.Connection) -> list[Any]:
    """Notes of calls that enter the process and have not."""
    query = (
        sa.select(_n.id, _n.code, _a.id.label("call"), _a.ended_at, _a.phone, _f.customer_id)
        .add_columns(_customer.name, _customer.branch)
        .join(schema.attempt, _a.id == _n.attempt_id)
        .join(schema.follow_up, _f.id == _a.follow_up_id)
        .join(schema.customer, _customer.id == _f.customer_id)
        .outerjoin(_table, _c.note == _n.id)
        .where(_n.code.in_(sorted(handed.COMPLAINTS)), _n.done_at.is_(None), _c.id.is_(None))
        .order_by(_n.id)
        .limit(MOST_AT_ONCE)
    )
    return list(connection.execute(query))


def _of_note(row: Any, words: Mapping[str, str]) -> Complaint:
    return Complaint(
        id=0,
        customer_id=row.customer_id,
        person=row.name,
        phone=row.phone,
        branch=row.branch,
        sort=Sort.COMPLAINT,
        raised_at=row.ended_at,
        way="call",
        matter=words.get(row.code, row.code),
        call=row.call,
        note=row.id,
    )


def _settled(connection: sa.Connection, complaint: Complaint, did: Did) -> None:
    """The end: the call's note is met, and the customer is owed a special follow-up (P7)."""
    if complaint.note is not None:
        notes.meet(connection, _n.id == complaint.note, did.by, did.at)
    if complaint.customer_id is not None:
        on, by = did.at.date(), complaint.department
        settled = Event(0, complaint.customer_id, EventKind.SETTLED, on, by=by, words=complaint.outcome)
        customer_events.keep(connection, [settled], did.at)


def _write_step(connection: sa.Connection, id_: int, did: Did) -> None:
    said = {
        Step.PASSED: did.department,
        Step.ANSWERED: did.measure,
        Step.HANDLED: "；".join(one for one in (did.outcome, did.cause, did.prevention) if one),
    }.get(did.step, "")
    words = "：".join(one for one in (said, did.words) if one)
    row = {"complaint_id": id_, "at": did.at, "by": did.by, "step": did.step.value, "words": words}
    connection.execute(sa.insert(_step).values(row))


def _seen(row: sa.Row[Any] | None, id_: int, branch: str) -> Complaint:
    if row is None or (branch and row.branch != branch):
        raise InputError("there is no such complaint", where=str(id_))
    return _made(row)


def _made(row: sa.Row[Any]) -> Complaint:
    values = {name: row._mapping[name] for name in Complaint.__slots__}
    return Complaint(**values | {"sort": Sort(values["sort"]), "state": State(values["state"])})


def _values(complaint: Complaint) -> dict[str, Any]:
    values = {name: getattr(complaint, name) for name in Complaint.__slots__ if name != "id"}
    return values | {"sort": complaint.sort.value, "state": complaint.state.value}


_STEP = (_s.at, _s.by, _s.step, _s.words)
