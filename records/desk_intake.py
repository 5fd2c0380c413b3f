"""What the machine hands over, taken in from the ledger onto the desk of people (D2, A4, S13, S14, C3).

Nothing is handed over in a call's own transaction. What is on the desk follows from closed follow-ups, open
notes and cases, and is taken in whenever somebody looks: a crash loses nothing, and each thing comes once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from records import handed, rows, schema
from records.database import Database
from records.desk import NewItem, met_otherwise, put

MOST_AT_ONCE = 2000

_item = schema.desk_item
_i = _item.c
_f = schema.follow_up.c
_a = schema.attempt.c
_n = schema.note.c
_k = schema.review_case.c
_OVER = sa.and_(_f.state == "closed", _f.disposition.not_in(sorted(handed.SETTLED)))
_CHUNK = 500
SECOND_CALLS = ("check", "recall")
"""Tasks of a case that are a call by a person (`plans.grading.Task`)."""


async def take_in(db: Database) -> int:
    """Take in what the machine has handed over since; says how much it was.

    Complaints go another way (`records.complaints`).
    """
    if not await db.read(_handed):
        return 0

    def work(connection: sa.Connection) -> int:
        count = 0
        while found := _handed(connection):
            put(connection, *found)
            count += len(found)
        return count

    return await db.write(work)


def _handed(connection: sa.Connection) -> list[NewItem]:
    """What is over or noted and not on the desk yet."""
    return [*_follow_ups(connection), *_notes(connection), *_second_calls(connection)]


def _follow_ups(connection: sa.Connection) -> list[NewItem]:
    """Closed and not settled: the reason is what notes say of it, else how it ended."""
    query = (
        sa.select(_f.id, _f.customer_id, _f.disposition, _f.deadline, _f.closed_at)
        .outerjoin(_item, _i.follow_up_id == _f.id)
        .where(_OVER, _i.id.is_(None), ~met_otherwise(_f.id))
        .order_by(_f.id)
        .limit(MOST_AT_ONCE)
    )
    found = connection.execute(query).all()
    last: dict[int, tuple[int | None, str]] = {}
    notes: dict[int, list[str]] = defaultdict(list)
    ids = [row.id for row in found]
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        attempts = sa.select(_a.follow_up_id, _a.id, _a.disposition).where(_a.follow_up_id.in_(some))
        for of, call, disposition in connection.execute(attempts.order_by(_a.n)):
            last[of] = (call, disposition)
        noted = sa.select(_a.follow_up_id, _n.code).join(schema.note, _n.attempt_id == _a.id)
        for of, code in connection.execute(noted.where(_a.follow_up_id.in_(some), _n.done_at.is_(None))):
            notes[of].append(code)
    return [_of_follow_up(row, *last.get(row.id, (None, "")), notes[row.id]) for row in found]


def _of_follow_up(row: Any, call: int | None, last: str, notes: Sequence[str]) -> NewItem:
    deadline = rows.deadline(row.deadline)
    return NewItem(
        source=f"follow_up {row.id}",
        reason=handed.of_follow_up(row.disposition, last, notes),
        customer_id=row.customer_id,
        made_at=row.closed_at,
        follow_up_id=row.id,
        call=call,
        due_on=deadline.date() if deadline else None,
    )


def _notes(connection: sa.Connection) -> list[NewItem]:
    """Open notes, but those that the follow-up's own item stands for."""
    others = sorted(handed.COMPLAINTS | handed.SILENT)
    folded = sa.and_(_OVER, _n.code.in_(sorted(handed.MET)))
    query = (
        sa.select(_n.id, _n.code, _n.due_on, _a.id.label("call"), _a.ended_at, _f.customer_id)
        .join(schema.attempt, _a.id == _n.attempt_id)
        .join(schema.follow_up, _f.id == _a.follow_up_id)
        .outerjoin(_item, _i.note == _n.id)
        .where(_n.done_at.is_(None), _n.code.not_in(others), ~folded, _i.id.is_(None))
        .order_by(_n.id)
        .limit(MOST_AT_ONCE)
    )
    return [
        NewItem(
            source=f"note {row.id}",
            reason=handed.of_note(row.code),
            customer_id=row.customer_id,
            made_at=row.ended_at,
            call=row.call,
            note=row.id,
            words=row.code,
            due_on=row.due_on,
        )
        for row in connection.execute(query)
    ]


def _second_calls(connection: sa.Connection) -> list[NewItem]:
    """Calls that cases of review ask for next: by whoever has done nothing in them (Q2, Q3)."""
    here = sa.and_(_i.case_id == _k.id, _i.words == _k.step)
    calls = sa.or_(*(_k.step.like(f"{one}.%") for one in SECOND_CALLS))
    query = (
        sa.select(_k.id, _k.attempt_id, _k.step, _k.due_on, _k.raised_at, _f.customer_id)
        .join(schema.attempt, _a.id == _k.attempt_id)
        .join(schema.follow_up, _f.id == _a.follow_up_id)
        .outerjoin(_item, here)
        .where(
            _k.closed_at.is_(None),
            calls,
            _i.id.is_(None),
        )
        .order_by(_k.id)
        .limit(MOST_AT_ONCE)
    )
    acts = schema.case_act.c
    found = connection.execute(query).all()
    busy: dict[int, set[str]] = defaultdict(set)
    for start in range(0, len(found), _CHUNK):
        some = [row.id for row in found[start : start + _CHUNK]]
        for of, by in connection.execute(sa.select(acts.case_id, acts.by_whom).where(acts.case_id.in_(some))):
            busy[of].add(by)
    return [
        NewItem(
            source=f"case {row.id} {row.step}",
            reason=handed.Reason.SECOND_CALL,
            customer_id=row.customer_id,
            made_at=row.raised_at,
            call=row.attempt_id,
            case_id=row.id,
            words=row.step,
            not_by=tuple(sorted(busy[row.id])),
            due_on=row.due_on,
        )
        for row in found
    ]
