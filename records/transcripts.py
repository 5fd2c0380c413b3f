"""Transcripts: what a worker needs; what it gives back is kept with its search index in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from base.errors import StoreError
from records import rows, schema, search_index
from records.database import Database
from records.model import AnswerRow, Kind, SpokenRow
from records.post_call import Flag, Material, Transcript, Utterance

T = TypeVar("T")

Attempts = Sequence[int] | sa.Select[tuple[int]]
"""Ids of attempts, or a query for them."""

_attempt = schema.attempt
_campaign = schema.campaign
_transcript = schema.transcript
_utterance = schema.utterance


async def material(db: Database, attempt_id: int) -> Material:
    """What is known of an attempt before it is transcribed.

    Raises:
        StoreError: there is no such attempt.
    """
    query = (
        sa.select(_attempt.c.recording, _attempt.c.talked_s)
        .add_columns(
            _campaign.c.kind, _campaign.c.script, _campaign.c.script_version, _campaign.c.script_sha256
        )
        .add_columns(*rows.ON_PAPER)
        .join(schema.follow_up, schema.follow_up.c.id == _attempt.c.follow_up_id)
        .join(_campaign, _campaign.c.id == schema.follow_up.c.campaign_id)
        .join(schema.customer, schema.customer.c.id == schema.follow_up.c.customer_id)
        .where(_attempt.c.id == attempt_id)
    )

    def work(connection: sa.Connection) -> Material:
        row = connection.execute(query).one_or_none()
        if row is None:
            raise StoreError(f"there is no attempt {attempt_id}")
        spoken = spoken_of(connection, [attempt_id])
        answers = answers_of(connection, [attempt_id])
        return Material(
            attempt_id=attempt_id,
            recording=row.recording,
            talked_s=row.talked_s,
            kind=Kind(row.kind),
            script=row.script,
            script_version=row.script_version,
            script_sha256=row.script_sha256,
            customer=rows.customer(row[-len(rows.ON_PAPER) :]),
            spoken=spoken.get(attempt_id, ()),
            answers=answers.get(attempt_id, ()),
        )

    return await db.read(work)


async def save(db: Database, transcript: Transcript, now: datetime) -> None:
    """Keep a transcript and make it the current one of its call or recording; an older one stays.

    Raises:
        StoreError: there is no such attempt or recording; nothing was kept.
    """

    await db.write(lambda connection: insert(connection, transcript, now), contended=True)


def insert(connection: sa.Connection, transcript: Transcript, now: datetime) -> int:
    """The same within a transaction; gives its id. What a person corrected is replaced by no machine."""
    of = {"attempt_id": transcript.attempt_id, "recording_id": transcript.recording_id}
    theirs = current_of(transcript.attempt_id, transcript.recording_id)
    corrected = connection.scalar(sa.select(_transcript.c.corrected_by).where(theirs))
    is_current = bool(transcript.corrected_by or not corrected)
    if is_current:
        search_index.remove(connection, sa.select(_transcript.c.id).where(theirs))
        connection.execute(sa.update(_transcript).where(theirs).values(is_current=False))
    values: dict[str, Any] = {name: getattr(transcript, name) for name in _OF_TRANSCRIPT}
    values |= {"is_current": is_current, "created_at": now, **of}
    inserted = connection.execute(sa.insert(_transcript).values(values).returning(_transcript.c.id))
    transcript_id: int = inserted.scalar_one()
    _insert(connection, _utterance, transcript_id, transcript.utterances)
    _insert(connection, schema.flag, transcript_id, transcript.flags)
    if is_current:
        search_index.add(connection, [transcript_id])
    return transcript_id


_OF_TRANSCRIPT = ("engine", "model_sha256", "guessed", "doubt", "corrected_by")


def current_of(attempt_id: int | None, recording_id: int | None) -> sa.ColumnElement[bool]:
    """The current transcript of a call, or of a recording made elsewhere."""
    of = {"attempt_id": attempt_id, "recording_id": recording_id}
    owner = (_transcript.c[name] == value for name, value in of.items() if value is not None)
    return sa.and_(*owner, _transcript.c.is_current)


def utterances_of(connection: sa.Connection, transcript_id: int) -> list[Utterance]:
    """What a transcript says, by its seconds."""
    query = sa.select(_utterance).where(_utterance.c.transcript_id == transcript_id)
    return [
        Utterance(
            *(row.party, row.start_s, row.end_s, row.text, row.confidence),
            tuple(row.chars),
            tuple((text, logprob) for text, logprob in row.held),
        )
        for row in connection.execute(query.order_by(_utterance.c.start_s, _utterance.c.id))
    ]


def spoken_of(connection: sa.Connection, attempts: Attempts) -> dict[int, tuple[SpokenRow, ...]]:
    """What the system said, by attempt, in order."""
    return _by_attempt(connection, schema.spoken, rows.SPOKEN, rows.spoken, attempts)


def answers_of(connection: sa.Connection, attempts: Attempts) -> dict[int, tuple[AnswerRow, ...]]:
    """What was answered, by attempt, in order; as a person settled it, where one has (how: "person")."""
    return _by_attempt(connection, schema.answer, rows.ANSWER, rows.answer, attempts, rows.ANSWERS)


def _by_attempt(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[sa.ColumnElement[Any]],
    make: Callable[[Sequence[Any]], T],
    attempts: Attempts,
    source: sa.FromClause | None = None,
) -> dict[int, tuple[T, ...]]:
    query = sa.select(table.c.attempt_id, *columns).select_from(table if source is None else source)
    query = query.where(table.c.attempt_id.in_(attempts))
    found = connection.execute(query.order_by(table.c.attempt_id, table.c.position))
    by_attempt: dict[int, tuple[T, ...]] = {}
    for attempt_id, *values in found:
        by_attempt[attempt_id] = (*by_attempt.get(attempt_id, ()), make(values))
    return by_attempt


def _insert(
    connection: sa.Connection,
    table: sa.Table,
    transcript_id: int,
    values: Sequence[Utterance] | Sequence[Flag],
) -> None:
    rows = [{"transcript_id": transcript_id, **asdict(one)} for one in values]
    if rows:
        connection.execute(sa.insert(table), rows)
