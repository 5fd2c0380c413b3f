"""Written records of what people did for an item of the desk (R1, C1): kept in the act that ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records import audit, desk, notes, obligations, schema
from records.chain import Act
from records.database import Database
from records.handed import MET, Result
from records.model import Kind

_table = schema.desk_record
_c = _table.c
_n = schema.note.c
_a = schema.attempt.c

PHONE = "phone"
COUNTS_AS = {Result.COMPLETED: "completed", Result.INFORMED: "noticed"}
"""States of an obligation that such a result brings; others leave it open."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the script, as it was asked, and what a person wrote of the answer."""

    question: str
    asked: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Record:
    """What R1 asks for.

    Attributes:
        at: when it was done. by: who did it. second: the second member of staff (C1), "" for none.
        way: "phone", "visit", "letter", "email", "sms".
        owner: the customer was confirmed (A2).
        call: an attempt whose recording proves it; None for none.
    """

    at: datetime
    by: str
    kind: Kind
    way: str
    purpose: str
    content: str
    problem: str
    result: Result
    owner: bool
    second: str = ""
    answers: tuple[Answered, ...] = ()
    call: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is kept. `counted`: completed, noticed, or "" for contact alone."""

    id: int
    item_id: int
    customer_id: int
    record: Record
    counted: str
    made_at: datetime


async def finish(db: Database, item_id: int, record: Record, branch: str, now: datetime) -> int:
    """Keep the record, end the item, meet its notes and, where it counts, what was owed. Gives its number.

    Whether it counts as completed or informed was looked at before (`plans.worth`).

    Raises:
        InputError: there is no such item, it is done, or somebody else has it.
    """

    def work(connection: sa.Connection) -> int:
        item = desk.get_in(connection, item_id, branch, lock=True)
        desk.require_claimed(item, record.by)
        values = {"item_id": item_id, "customer_id": item.customer.id, **_values(record), "made_at": now}
        id_: int = connection.execute(sa.insert(_table).values(values).returning(_c.id)).scalar_one()
        desk.finish(connection, item_id, record.result.value, record.by, now)
        _meet_notes(connection, item, record.by, now)
        if counted := COUNTS_AS.get(record.result):
            why = f"{record.way} {record.by}: {record.content}"
            obligations.by_person(
                *(connection, item.customer.id, item.follow_up_id, record.kind, counted, why),
                record.at.date(),
            )
        detail = {"result": record.result.value, "way": record.way, "record": id_}
        audit.note(connection, Act(now, record.by, "followed_up", "desk", str(item_id), detail))
        return id_

    return await db.write(work)


async def of_item(db: Database, item_id: int) -> tuple[Kept, ...]:
    """What was written of an item."""
    return await _read(db, _c.item_id == item_id)


async def of_case(db: Database, case_id: int) -> tuple[Kept, ...]:
    """What people wrote of the calls that a case of review asked for (Q2, Q3), the newest first."""
    its = sa.select(schema.desk_item.c.id).where(schema.desk_item.c.case_id == case_id)
    return await _read(db, _c.item_id.in_(its))


async def of_customer(db: Database, customer_id: int) -> tuple[Kept, ...]:
    """What people wrote of a customer, the newest first."""
    return await _read(db, _c.customer_id == customer_id)


async def has_recording(db: Database, call: int, customer_id: int) -> bool:
    """Whether a call to this customer was recorded: what it may prove (C3, P9)."""
    query = (
        sa.select(_a.recording)
        .join(schema.follow_up, schema.follow_up.c.id == _a.follow_up_id)
        .where(_a.id == call, schema.follow_up.c.customer_id == customer_id)
    )
    return bool(await db.read(lambda connection: connection.scalar(query)))


def _meet_notes(connection: sa.Connection, item: desk.Item, by: str, now: datetime) -> None:
    """The item's own note; where it is a whole follow-up's, the wishes that it stands for."""
    its = _n.id == item.note
    if item.follow_up_id is not None:
        calls = sa.select(_a.id).where(_a.follow_up_id == item.follow_up_id)
        its = sa.and_(_n.attempt_id.in_(calls), _n.code.in_(sorted(MET)))
    notes.meet(connection, its, by, now)


async def _read(db: Database, which: sa.ColumnElement[bool]) -> tuple[Kept, ...]:
    query = sa.select(_table).where(which).order_by(_c.at.desc(), _c.id.desc()).limit(200)
    return await db.read(lambda connection: tuple(_made(row) for row in connection.execute(query)))


def _made(row: sa.Row[Any]) -> Kept:
    said = row._mapping
    own = {name: said[name] for name in Record.__slots__}
    own |= {"kind": Kind(own["kind"]), "result": Result(own["result"])}
    own["answers"] = tuple(Answered(**one) for one in own["answers"])
    return Kept(
        said["id"], said["item_id"], said["customer_id"], Record(**own), said["counted"], said["made_at"]
    )


def _values(record: Record) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in Record.__slots__}
    answers = [{name: getattr(one, name) for name in Answered.__slots__} for one in record.answers]
    values |= {"kind": record.kind.value, "result": record.result.value, "answers": answers}
    return {**values, "counted": COUNTS_AS.get(record.result, "")}
