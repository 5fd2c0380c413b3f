"""How an attempt ends: closed with all that it leaves, or given back because nothing was dialed.

Both are one transaction. What has ended once cannot end again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from base.errors import IllegalTransition
from records import events, obligations, schema
from records.cancelling import closing_cancelled
from records.database import Database
from records.do_not_call import bar, closing_barred
from records.model import Closing, FollowUpState, Next
from records.turns import APPOINTMENT_RANK

TRANSCRIBE = "transcribe"
"""Kind of the job that a recorded call leaves."""

SILENT = "silent"

_follow_up = schema.follow_up
_attempt = schema.attempt

# Statements are built once: building one costs more than running it.
_END = sa.update(_attempt).where(_attempt.c.id == sa.bindparam("attempt"), _attempt.c.ended_at.is_(None))
_ours = _follow_up.c.id == sa.bindparam("follow_up")
_CASE = (
    sa.select(_follow_up.c.id, _follow_up.c.apologise, _follow_up.c.own_rank)
    .add_columns(_attempt.c.disposition, _attempt.c.answered_at, _attempt.c.owner_confirmed)
    .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
    .where(_attempt.c.id == sa.bindparam("attempt"))
)
_STEP = sa.update(_follow_up).where(_ours)
_CLOSE_BARRED = closing_barred(_ours)
_CLOSE_CANCELLED = closing_cancelled(_ours)
_ADD_JOB = sa.insert(schema.job)


async def close(db: Database, closing: Closing, now: datetime) -> None:
    """End an attempt: its row, what was said and answered, the ladder, the follow-up's next step, the job.

    Raises:
        IllegalTransition: the attempt is not open (closed already, given back, or reaped after its lease).
        StoreError: the database refused, for example a ring without a permitted INVITE. Nothing was kept.
    """

    def work(connection: sa.Connection) -> None:
        end_attempt(connection, closing.attempt_id, _ending(closing), closing.rung)
        _insert_numbered(connection, schema.spoken, closing.attempt_id, map(asdict, closing.spoken))
        _insert_numbered(connection, schema.answer, closing.attempt_id, map(asdict, closing.answers))
        _insert_numbered(
            connection, schema.ladder, closing.attempt_id, ({"line": line} for line in closing.ladder)
        )
        _insert_each(connection, schema.attempt_kind, closing.attempt_id, map(asdict, closing.kinds))
        _insert_each(connection, schema.note, closing.attempt_id, map(asdict, closing.notes))
        done = [one.kind for one in closing.kinds if one.completed]
        if done and closing.owner_confirmed and closing.recording:
            obligations.complete(connection, closing.attempt_id, done, closing.ended_at.date())
        if closing.transcribe:
            add_job(connection, closing.attempt_id, now)
        decide_next(connection, closing.attempt_id, closing.next, now)
        events.write(connection, closing.attempt_id, *closing.events)
        if closing.do_not_call:
            query = sa.select(_attempt.c.phone).where(_attempt.c.id == closing.attempt_id)
            phone = connection.execute(query).scalar_one()
            bar(connection, phone, closing.do_not_call, now)

    await db.write(work)


async def give_back(db: Database, attempt_id: int, now: datetime) -> None:
    """Undo a claim that was never dialed: number, slot and n are free again, the follow-up is due as before.

    A number that was barred since the claim is what permits refuse: then the follow-up is closed (A4).

    Raises:
        IllegalTransition: the attempt is not open, or its INVITE was permitted: then it must be closed.
    """
    await db.write(lambda connection: undo_claim(connection, attempt_id, now))


async def release(db: Database, attempt_id: int, now: datetime) -> None:
    """The real final response has come: the number of an ended attempt is free before its hold is over."""

    def work(connection: sa.Connection) -> None:
        held = sa.and_(
            _attempt.c.id == attempt_id, _attempt.c.ended_at.is_not(None), _attempt.c.released_at.is_(None)
        )
        connection.execute(sa.update(_attempt).where(held).values(released_at=now))

    await db.write(work)


async def renew(db: Database, attempt_ids: Sequence[int], now: datetime, lease_s: float) -> None:
    """Prolong the leases of open attempts; one that has ended meanwhile stays ended."""
    ours = sa.and_(_attempt.c.id.in_(attempt_ids), _attempt.c.ended_at.is_(None))
    lease_until = now + timedelta(seconds=lease_s)

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.update(_attempt).where(ours).values(lease_until=lease_until))

    await db.write(work)


def end_attempt(connection: sa.Connection, attempt_id: int, ending: dict[str, Any], rung: bool) -> None:
    """Write how an open attempt ended, and free its ring if no phone rang.

    Raises:
        IllegalTransition: the attempt is not open.
    """
    values = {"attempt": attempt_id, **ending, "rung": rung}
    ended = connection.execute(_END, values if rung else {**values, "ring": None})
    if ended.rowcount != 1:
        raise IllegalTransition(f"attempt {attempt_id} is not open")


def decide_next(connection: sa.Connection, attempt_id: int, step: Next, now: datetime) -> None:
    """Make the follow-up of an ended attempt due again, or close it."""
    row = connection.execute(_CASE, {"attempt": attempt_id}).one()
    # The apology (D8) is owed until somebody has answered again.
    owed = row.disposition == SILENT or (row.apologise and row.answered_at is None)
    values = _step(step, row.own_rank, now)
    connection.execute(_STEP, {"follow_up": row.id, **values, "apologise": owed})
    obligations.called(connection, row.id, reached=row.owner_confirmed)
    if step.due_at is not None:
        _close_unwanted(connection, row.id, now)


def undo_claim(connection: sa.Connection, attempt_id: int, now: datetime) -> None:
    """Remove an attempt that was never dialed. Its id is never used again.

    Raises:
        IllegalTransition: the attempt is not open, or its INVITE was permitted.
    """
    undialed = sa.and_(
        _attempt.c.id == attempt_id, _attempt.c.ended_at.is_(None), _attempt.c.invited_at.is_(None)
    )
    follow_up_id = connection.scalar(sa.select(_attempt.c.follow_up_id).where(undialed).with_for_update())
    if follow_up_id is None:
        raise IllegalTransition(f"attempt {attempt_id} cannot be given back: it was dialed or is not open")
    events = schema.attempt_event
    connection.execute(sa.delete(events).where(events.c.attempt_id == attempt_id))
    connection.execute(sa.delete(_attempt).where(_attempt.c.id == attempt_id))
    ours = _follow_up.c.id == follow_up_id
    connection.execute(sa.update(_follow_up).where(ours).values(state=FollowUpState.WAITING.value))
    _close_unwanted(connection, follow_up_id, now)


def _close_unwanted(connection: sa.Connection, follow_up_id: int, now: datetime) -> None:
    """What waits again is closed if its number was barred or its campaign cancelled meanwhile."""
    for statement in (_CLOSE_BARRED, _CLOSE_CANCELLED):
        connection.execute(statement, {"follow_up": follow_up_id, "at": now})


def _step(step: Next, own_rank: int, now: datetime) -> dict[str, Any]:
    """The follow-up's columns after this step."""
    if step.due_at is None:
        return {
            "state": FollowUpState.CLOSED.value,
            "disposition": str(step.disposition),
            "rule": step.rule,
            "closed_at": now,
        }
    return {
        "state": FollowUpState.WAITING.value,
        "due_at": step.due_at,
        "appointment": step.appointment,
        "rank": APPOINTMENT_RANK if step.appointment else own_rank,
        "rule": step.rule,
    }


_COPIED = (
    *("disposition", "valid", "call_id", "sip_status", "sip_reason", "q850", "ended_by", "ringing_at"),
    *("answered_at", "ended_at", "rang_s", "talked_s", "recording", "owner_confirmed", "score", "band"),
)


def _ending(closing: Closing) -> dict[str, Any]:
    """The attempt's columns; the number is free at the end unless the far leg may still be up."""
    ending = {name: getattr(closing, name) for name in _COPIED}
    return {
        **ending,
        "rule": closing.next.rule,
        "hold_until": closing.hold_until,
        "released_at": None if closing.hold_until else closing.ended_at,
    }


def _insert_numbered(
    connection: sa.Connection, table: sa.Table, attempt_id: int, values: Iterable[dict[str, Any]]
) -> None:
    numbered = ({"position": n, **value} for n, value in enumerate(values))
    _insert_each(connection, table, attempt_id, numbered)


def _insert_each(
    connection: sa.Connection, table: sa.Table, attempt_id: int, values: Iterable[dict[str, Any]]
) -> None:
    rows = [{"attempt_id": attempt_id, **value} for value in values]
    if rows:
        connection.execute(sa.insert(table), rows)


def add_job(connection: sa.Connection, attempt_id: int, now: datetime) -> None:
    """Queue the transcription of an attempt."""
    row = {
        "kind": TRANSCRIBE,
        "attempt_id": attempt_id,
        "state": "waiting",
        "created_at": now,
        "changed_at": now,
    }
    connection.execute(_ADD_JOB, row)
