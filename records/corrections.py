"""What people change of a transcript and its leads; what a machine heard and found stays (F7, A6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, flags, schema, transcripts
from records.chain import Act
from records.database import Database
from records.listening import Talk
from records.post_call import Flag, Transcript, Utterance
from records.transcripts import current_of

BY_HAND = "by_hand"
"""Rule of a lead that somebody added."""
PERSON = "person"
"""Engine of a transcript that somebody corrected."""
LONGEST = 500
SEVERITIES = ("high", "medium", "low")

_flag, _transcript, _utterance = schema.flag, schema.transcript, schema.utterance


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a transcript: of which, and the how manieth, from 0, by its seconds."""

    transcript_id: int
    line: int


@dataclass(frozen=True, slots=True)
class Added:
    """What somebody says of a lead that no machine found."""

    category: str
    severity: str
    why: str


async def correct(db: Database, talk: Talk, place: Place, text: str, who: str, now: datetime) -> None:
    """Another version of the transcript, with another text in one line; the one before stays.

    The search finds the new text at once, and the call is flagged anew.

    Raises:
        InputError: no such line, somebody has changed it meanwhile, or the text cannot be taken.
    """
    said = _checked(text, "the text")

    def work(connection: sa.Connection) -> None:
        row, lines = _line(connection, talk, place)
        old = lines[place.line]
        if old.party == "system":
            raise InputError("what the system said is known to the word", where="the text")
        if old.text == said:
            return
        lines[place.line] = _retold(old, said)
        new = _version(connection, row, lines, who, now)
        if talk.attempt_id is not None:
            flags.queue_call(connection, talk.attempt_id, now)
        detail = {"second": old.start_s, "transcript": new}
        audit.note(connection, Act(now, who, "corrected", *_object(talk), detail))

    await db.write(work, contended=True)


async def add(db: Database, talk: Talk, place: Place, added: Added, who: str, now: datetime) -> None:
    """A lead by hand, over one line.

    Raises:
        InputError: no such line, somebody has changed it meanwhile, or something is missing.
    """
    category, why = _checked(added.category, "the category"), _checked(added.why, "the reason")
    if added.severity not in SEVERITIES:
        raise InputError("is no severity", where=added.severity)

    def work(connection: sa.Connection) -> None:
        _, lines = _line(connection, talk, place)
        one = lines[place.line]
        found = Flag(
            *(BY_HAND, "", category, added.severity, one.party, one.start_s, one.end_s, one.text),
            *(1.0, "certain", "", why),
        )
        values = {"transcript_id": place.transcript_id, "added_by": who, **asdict(found)}
        new = connection.execute(sa.insert(_flag).values(values).returning(_flag.c.id)).scalar_one()
        detail = {"flag": new, "category": category, "second": one.start_s}
        audit.note(connection, Act(now, who, "flagged", *_object(talk), detail))

    await db.write(work)


async def withdraw(db: Database, flag_id: int, why: str, who: str, now: datetime) -> None:
    """Let a lead stand no longer; it stays with the reason, and no machine brings it back.

    Raises:
        InputError: there is no such lead any more, or no reason.
    """
    reason = _checked(why, "the reason")
    gone = {"is_current": False, "withdrawn_by": who, "withdrawn_why": reason, "withdrawn_at": now}
    change = sa.update(_flag).where(_flag.c.id == flag_id, _flag.c.is_current).values(gone)

    def work(connection: sa.Connection) -> None:
        if not connection.execute(change).rowcount:
            raise InputError("there is no such lead any more", where=str(flag_id))
        audit.note(connection, Act(now, who, "withdrew", "flag", str(flag_id), {"why": reason}))

    await db.write(work)


def _line(connection: sa.Connection, talk: Talk, place: Place) -> tuple[sa.Row[Any], list[Utterance]]:
    """The current transcript and its lines; its row is locked, so that one correction waits for another."""
    query = sa.select(_transcript).where(current_of(talk.attempt_id, talk.recording_id)).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None or row.id != place.transcript_id:
        raise InputError("has been changed meanwhile: look at it again", where="the transcript")
    lines = list(transcripts.utterances_of(connection, row.id))
    if not 0 <= place.line < len(lines):
        raise InputError("there is no such line", where=str(place.line))
    return row, lines


def _version(
    connection: sa.Connection, row: sa.Row[Any], lines: Sequence[Utterance], who: str, now: datetime
) -> int:
    """Leads stay those that they are: they go on to the new version."""
    corrected = Transcript(
        row.attempt_id,
        PERSON,
        row.model_sha256,
        tuple(lines),
        (),
        row.doubt,
        row.recording_id,
        row.guessed,
        who,
    )
    new = transcripts.insert(connection, corrected, now)
    connection.execute(sa.update(_flag).where(_flag.c.transcript_id == row.id).values(transcript_id=new))
    return new


def _retold(one: Utterance, text: str) -> Utterance:
    """In the same seconds, each character in its share of them; a person is sure of it."""
    step = (one.end_s - one.start_s) / len(text)
    chars = tuple(round(one.start_s + step * at, 3) for at in range(len(text)))
    return replace(one, text=text, confidence=1.0, chars=chars, held=())


def _checked(text: str, where: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > LONGEST or not said.isprintable():
        raise InputError(f"takes 1 to {LONGEST} characters", where=where)
    return said


def _object(talk: Talk) -> tuple[str, str]:
    """As the audit trail names it."""
    if talk.attempt_id is not None:
        return "call", str(talk.attempt_id)
    return "recording", f"R{talk.recording_id}"
