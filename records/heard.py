"""What was said in one call or recording, by its current transcript, and which versions there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.post_call import Flag, Utterance
from records.transcripts import utterances_of

_transcript = schema.transcript
_flag = schema.flag


@dataclass(frozen=True, slots=True)
class Version:
    """A transcript: by what, and when it was made. `by`: who corrected it by hand, "" for a machine's."""

    engine: str
    model_sha256: str
    made_at: datetime
    is_current: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A current transcript.

    Attributes:
        guessed: who spoke was guessed.
        doubt: why flags say little of it; "" when they can be relied on.
        utterances: in the order of their seconds.
        flags: those in force; faint ones among them.
        versions: all transcripts, oldest first, this one among them.
        id: of this transcript.
    """

    engine: str
    model_sha256: str
    made_at: datetime
    guessed: bool
    doubt: str
    utterances: tuple[Utterance, ...]
    flags: tuple[Flag, ...]
    versions: tuple[Version, ...]
    id: int


async def of_call(db: Database, attempt_id: int) -> Heard | None:
    """What was said in a call; None before it is transcribed."""
    return await db.read(lambda connection: _heard(connection, _transcript.c.attempt_id == attempt_id))


async def of_recording(db: Database, recording_id: int) -> Heard | None:
    """What was said in a recording made elsewhere."""
    return await db.read(lambda connection: _heard(connection, _transcript.c.recording_id == recording_id))


def _heard(connection: sa.Connection, of: sa.ColumnElement[bool]) -> Heard | None:
    rows = connection.execute(sa.select(_transcript).where(of).order_by(_transcript.c.id)).all()
    current = next((row for row in rows if row.is_current), None)
    if current is None:
        return None
    return Heard(
        current.engine,
        current.model_sha256,
        current.created_at,
        current.guessed,
        current.doubt,
        tuple(utterances_of(connection, current.id)),
        _flags(connection, current.id),
        tuple(
            Version(row.engine, row.model_sha256, row.created_at, row.is_current, row.corrected_by)
            for row in rows
        ),
        current.id,
    )


def _flags(connection: sa.Connection, transcript_id: int) -> tuple[Flag, ...]:
    query = sa.select(*(_flag.c[name] for name in Flag.__slots__))
    ours = (_flag.c.transcript_id == transcript_id, _flag.c.is_current)
    found = connection.execute(query.where(*ours).order_by(_flag.c.start_s, _flag.c.id))
    return tuple(Flag(*row) for row in found)
