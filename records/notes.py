"""Notes that calls left for people: who complained, who was promised an answer; open until done (S13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from base.errors import InputError
from records import schema
from records.database import Database
from records.events import write
from records.model import LedgerEvent

DONE_EVENT = "note_done"
"""The event in the call's history that says who has done a note, and when."""

_note = schema.note
_attempt = schema.attempt


class NoteState(StrEnum):
    """Where a note stands. A late one is open, and its day is over (Q4)."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a call left for people to do.

    Attributes:
        call: the attempt.
        code: what it is, such as "promised_answer".
        due_on: the last day for it; None where any day will do.
        done_at, done_by: None and "" while it is open.
        ended_at: when the call was over.
        disposition: how the call ended.
    """

    id: int
    call: int
    code: str
    state: NoteState
    due_on: date | None
    done_at: datetime | None
    done_by: str
    ended_at: datetime
    campaign: str
    customer: str
    phone: str
    disposition: str


async def listed(
    db: Database, today: date, limit: int, *, code: str = "", state: NoteState | None = None
) -> tuple[Note, ...]:
    """So many notes at most: open ones first, the soonest due before all, then the newest.

    Args:
        today: the business day.
        code: only this note; "" for all.
        state: only these; late ones are among the open.
    """
    wanted = [_note.c.code == code] if code else []
    if state is not None:
        wanted.append(_in(state, today))
    rank = _note.c.done_at.is_not(None), _note.c.due_on.is_(None), _note.c.due_on, _note.c.id.desc()
    return await _read(db, _NOTES.where(*wanted).order_by(*rank).limit(limit), today)


async def of_call(db: Database, attempt_id: int, today: date) -> tuple[Note, ...]:
    """All notes of one call, as they came."""
    return await _read(db, _NOTES.where(_note.c.attempt_id == attempt_id).order_by(_note.c.id), today)


async def mark_done(db: Database, ids: Sequence[int], by: str, now: datetime) -> tuple[Note, ...]:
    """Note that somebody has done what these ask for, all or none; each call's history keeps it.

    Raises:
        InputError: there is no such note, or it is done already.
    """
    chosen = sorted(set(ids))
    query = _NOTES.where(_note.c.id.in_(chosen)).order_by(_note.c.id).with_for_update(of=_note)

    def work(connection: sa.Connection) -> tuple[Note, ...]:
        found = [_made(row, now.date()) for row in connection.execute(query)]
        _refuse(chosen, found)
        meet(connection, _note.c.id.in_(chosen), by, now)
        return tuple(replace(one, state=NoteState.DONE, done_at=now, done_by=by) for one in found)

    return await db.write(work)


def meet(connection: sa.Connection, which: sa.ColumnElement[bool], by: str, now: datetime) -> None:
    """Mark those that are open as done, each in its call's history, inside a transaction that does more."""
    query = sa.select(_note.c.id, _note.c.attempt_id, _note.c.code).where(which, _note.c.done_at.is_(None))
    for id_, call, code in connection.execute(query.order_by(_note.c.id)).all():
        change = sa.update(_note).where(_note.c.id == id_).values(done_at=now, done_by=by)
        connection.execute(change)
        write(connection, call, LedgerEvent(now, DONE_EVENT, {"note": code, "by": by}))


_NOTES = (
    sa.select(_note.c.id, _note.c.attempt_id.label("call"), _note.c.code, _note.c.due_on)
    .add_columns(_note.c.done_at, _note.c.done_by, _attempt.c.ended_at)
    .add_columns(schema.campaign.c.name.label("campaign"), schema.customer.c.name.label("customer"))
    .add_columns(_attempt.c.phone, _attempt.c.disposition)
    .join(_attempt, _attempt.c.id == _note.c.attempt_id)
    .join(schema.follow_up, schema.follow_up.c.id == _attempt.c.follow_up_id)
    .join(schema.campaign, schema.campaign.c.id == schema.follow_up.c.campaign_id)
    .join(schema.customer, schema.customer.c.id == schema.follow_up.c.customer_id)
)


def _in(state: NoteState, today: date) -> sa.ColumnElement[bool]:
    if state is NoteState.DONE:
        return _note.c.done_at.is_not(None)
    still_open = _note.c.done_at.is_(None)
    return sa.and_(still_open, _note.c.due_on < today) if state is NoteState.LATE else still_open


async def _read(db: Database, query: sa.Select[tuple[object, ...]], today: date) -> tuple[Note, ...]:
    return await db.read(lambda connection: tuple(_made(row, today) for row in connection.execute(query)))


def _made(row: sa.Row[tuple[object, ...]], today: date) -> Note:
    values = dict(row._mapping)
    late = values["due_on"] is not None and values["due_on"] < today
    state = NoteState.DONE if values["done_at"] else NoteState.LATE if late else NoteState.OPEN
    return Note(**values, state=state)


def _refuse(chosen: Sequence[int], found: Sequence[Note]) -> None:
    """Raises InputError where not all of them can be marked: unknown, or done before."""
    unknown = sorted(set(chosen) - {one.id for one in found})
    if unknown:
        remedy = "`huifang call notes` lists them with their ids"
        raise InputError("there is no such note", where=f"note {unknown[0]}", remedy=remedy)
    done = next((one for one in found if one.done_at), None)
    if done is not None:
        raise InputError(
            f"was done by {done.done_by} at {done.done_at:%Y-%m-%d %H:%M} already", where=f"note {done.id}"
        )
