"""Recordings made elsewhere: each file once, with its transcripts, searched and flagged like calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import SYSTEM, Act
from records.database import Database
from records.post_call import Recording, Transcript
from records.transcripts import insert

FOLDER = "elsewhere"
"""Where the copies lie in the data directory, by day."""

_recording = schema.recording
_transcript = schema.transcript


async def of_hash(db: Database, sha256: str) -> Recording | None:
    """The recording of a file with these bytes, if it is kept already."""
    return await _one(db, _recording.c.sha256 == sha256)


async def by_id(db: Database, recording_id: int) -> Recording:
    """The recording of an id.

    Raises:
        InputError: there is none.
    """
    found = await _one(db, _recording.c.id == recording_id)
    if found is None:
        remedy = "`huifang transcribe --list` shows those that are kept"
        raise InputError("there is no such recording", where=f"R{recording_id}", remedy=remedy)
    return found


async def newest(db: Database, limit: int) -> tuple[Recording, ...]:
    """The recordings that were added last, newest first."""
    query = sa.select(_recording).order_by(_recording.c.id.desc()).limit(limit)
    return await db.read(lambda connection: tuple(Recording(*row) for row in connection.execute(query)))


async def models_of(db: Database, recording_id: int) -> frozenset[str]:
    """SHA-256 of the models by which a recording was transcribed."""
    query = sa.select(_transcript.c.model_sha256).where(_transcript.c.recording_id == recording_id)
    return await db.read(lambda connection: frozenset(connection.scalars(query)))


async def keep(
    db: Database, recording: Recording, transcript: Transcript, now: datetime, by: str = SYSTEM
) -> Recording:
    """Keep a recording with its transcript, made `now`, in one transaction; gives it with its id.

    A recording with an id is there already, and gets another transcript. So does one whose file somebody else
    has kept meanwhile.
    """

    def work(connection: sa.Connection) -> Recording:
        kept = recording if recording.id else _inserted(connection, recording)
        insert(connection, replace(transcript, recording_id=kept.id), now)
        detail = {"name": kept.name, "sha256": kept.sha256}
        audit.note(connection, Act(now, by, "transcribed", "recording", f"R{kept.id}", detail))
        return kept

    return await db.write(work, contended=True)


def _inserted(connection: sa.Connection, recording: Recording) -> Recording:
    there = connection.execute(sa.select(_recording).where(_recording.c.sha256 == recording.sha256))
    row = there.one_or_none()
    if row is not None:
        return Recording(*row)
    values = {name: getattr(recording, name) for name in Recording.__slots__ if name != "id"}
    inserted = connection.execute(sa.insert(_recording).values(values).returning(_recording.c.id))
    return replace(recording, id=inserted.scalar_one())


async def _one(db: Database, condition: sa.ColumnElement[bool]) -> Recording | None:
    query = sa.select(_recording).where(condition)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    return None if row is None else Recording(*row)
