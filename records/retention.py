"""What is kept, by age, and its deletion as a whole, on the audit trail (R3, A6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from records import audit, holds, retention_filed, schema, search_index
from records.chain import Act
from records.database import Database
from records.holds import Object
from records.kept import Filed, Kept

_attempt, _follow_up, _campaign = schema.attempt.c, schema.follow_up.c, schema.campaign.c
_customer, _recording, _inbound = schema.customer.c, schema.recording.c, schema.inbound_call.c
_transcript = schema.transcript

_OF_ATTEMPT = (
    *(schema.job, schema.note, schema.attempt_kind, schema.ladder, schema.spoken),
    *(schema.settled_answer, schema.answer, schema.attempt_event, schema.heard_span),
    *(schema.review_case, schema.call_score, schema.spot_check_call),
)


async def made_before(db: Database, moment: datetime) -> list[Kept]:
    """Whatever is over and was made before, the oldest first."""

    def work(connection: sa.Connection) -> list[Kept]:
        some = (_calls, _came_in, _elsewhere, retention_filed.made_before)
        found = [one for each in some for one in each(connection, moment)]
        return sorted(found, key=lambda one: (one.made_at, one.kind, str(one.id).zfill(20)))

    return await db.read(work)


async def profiles(db: Database) -> frozenset[str]:
    """The policy profiles that campaigns and worksheets go by."""
    query = sa.union(sa.select(_campaign.profile), sa.select(schema.worksheet.c.profile))
    return await db.read(lambda connection: frozenset(connection.scalars(query)))


async def held(db: Database) -> frozenset[tuple[Object, str]]:
    """The objects that are held now."""
    return await db.read(holds.held)


async def delete(db: Database, kept: Kept, files: list[str], by: str, now: datetime) -> bool:
    """Delete all rows of it and note it with its files; False where it is held meanwhile: then it stays."""

    def work(connection: sa.Connection) -> bool:
        holds.wait(connection)
        if kept.hangs_on & holds.held(connection):
            return False
        _DELETE[kept.kind](connection, kept.id)
        detail = {"made": kept.made_at.isoformat(), "files": files}
        audit.note(connection, Act(now, by, "purged", kept.kind.value, str(kept.id), detail))
        return True

    return await db.write(work)


def _calls(connection: sa.Connection, moment: datetime) -> Iterator[Kept]:
    """Those of follow-ups that are closed: of the others the count of rings must stay (D10).

    What is under review stays until its case is closed.
    """
    case = schema.review_case.c
    open_case = sa.exists().where(case.attempt_id == _attempt.id, case.closed_at.is_(None))
    query = (
        sa.select(_attempt.id, _attempt.claimed_at, _campaign.profile, _customer.closed_on)
        .add_columns(_customer.id, _campaign.id, _attempt.node, _attempt.recording)
        .join(schema.follow_up, _follow_up.id == _attempt.follow_up_id)
        .join(schema.campaign, _campaign.id == _follow_up.campaign_id)
        .join(schema.customer, _customer.id == _follow_up.customer_id)
        .where(_attempt.claimed_at < moment, _attempt.released_at.is_not(None), _follow_up.state == "closed")
        .where(~open_case)
    )
    for id_, made_at, profile, closed_on, customer, campaign, node, sound in connection.execute(query):
        on = {(Object.CALL, id_), (Object.CUSTOMER, customer), (Object.CAMPAIGN, campaign)}
        yield Kept(Object.CALL, id_, made_at, profile, closed_on, _named(on), node, sound)


def _came_in(connection: sa.Connection, moment: datetime) -> Iterator[Kept]:
    """Held with every customer of their number."""
    query = (
        sa.select(_inbound.id, _inbound.at, _inbound.node, _inbound.recording)
        .add_columns(_customer.id.label("customer_id"), _customer.closed_on)
        .outerjoin(schema.customer, sa.and_(_customer.phone == _inbound.phone, _inbound.phone != ""))
        .where(_inbound.at < moment, _inbound.ended_at.is_not(None))
        .order_by(_inbound.id)
    )
    for id_, rows in groupby(connection.execute(query), lambda row: int(row[0])):
        theirs: list[Any] = list(rows)
        closed = [row.closed_on for row in theirs]
        last = max(closed) if all(closed) else None
        callers = {(Object.CUSTOMER, row.customer_id) for row in theirs if row.customer_id is not None}
        on = _named({(Object.INBOUND, id_), *callers})
        yield Kept(Object.INBOUND, id_, theirs[0].at, "", last, on, theirs[0].node, theirs[0].recording)


def _elsewhere(connection: sa.Connection, moment: datetime) -> Iterator[Kept]:
    made_at = sa.func.coalesce(_recording.began_at, _recording.added_at)
    query = sa.select(_recording.id, made_at, _recording.path).where(made_at < moment)
    for id_, at, path in connection.execute(query):
        yield Kept(Object.RECORDING, id_, at, "", None, _named({(Object.RECORDING, id_)}), "", path)


def _named(objects: set[tuple[Object, int]]) -> frozenset[tuple[Object, str]]:
    return frozenset((kind, str(id_)) for kind, id_ in objects)


def _delete_call(connection: sa.Connection, id_: int | str) -> None:
    _delete_transcripts(connection, _transcript.c.attempt_id == id_)
    theirs = sa.select(schema.review_case.c.id).where(schema.review_case.c.attempt_id == id_)
    connection.execute(sa.delete(schema.case_act).where(schema.case_act.c.case_id.in_(theirs)))
    for table in _OF_ATTEMPT:
        connection.execute(sa.delete(table).where(table.c.attempt_id == id_))
    connection.execute(sa.delete(schema.attempt).where(_attempt.id == id_))


def _delete_came_in(connection: sa.Connection, id_: int | str) -> None:
    connection.execute(sa.delete(schema.inbound_call).where(_inbound.id == id_))


def _delete_elsewhere(connection: sa.Connection, id_: int | str) -> None:
    _delete_transcripts(connection, _transcript.c.recording_id == id_)
    heard = schema.heard_span
    connection.execute(sa.delete(heard).where(heard.c.recording_id == id_))
    connection.execute(sa.delete(schema.recording).where(_recording.id == id_))


def _delete_transcripts(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    theirs = sa.select(_transcript.c.id).where(which)
    search_index.remove(connection, theirs)
    flags = sa.select(schema.flag.c.id).where(schema.flag.c.transcript_id.in_(theirs))
    connection.execute(sa.delete(schema.verdict).where(schema.verdict.c.flag_id.in_(flags)))
    for table in (schema.flag, schema.utterance):
        connection.execute(sa.delete(table).where(table.c.transcript_id.in_(theirs)))
    connection.execute(sa.delete(_transcript).where(which))


_DELETE: Mapping[Object | Filed, Callable[[sa.Connection, int | str], None]] = {
    Object.CALL: _delete_call,
    Object.INBOUND: _delete_came_in,
    Object.RECORDING: _delete_elsewhere,
    Filed.MESSAGE: retention_filed.delete_message,
    Filed.WORKSHEET: retention_filed.delete_worksheet,
    Filed.PAPER: retention_filed.delete_paper,
}
