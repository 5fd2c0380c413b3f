"""The whole story of a campaign, as frozen values: customers, attempts, answers, flags, transcripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from base.errors import InputError
from records import rows, schema
from records.database import Database
from records.model import AnswerRow, Campaign, Customer, FollowUpState, SpokenRow
from records.post_call import Flag, Utterance
from records.transcripts import answers_of, spoken_of

T = TypeVar("T")

_attempt = schema.attempt
_follow_up = schema.follow_up


@dataclass(frozen=True, slots=True)
class AttemptReport:
    """One attempt. `started_at`: when the INVITE was permitted; None if it never was.

    `transcript`: the current one, by time; before transcription what the system said, with confidence 1.
    """

    id: int
    n: int
    started_at: datetime | None
    ended_at: datetime | None
    disposition: str
    rung: bool
    valid: bool
    sip_status: int
    sip_reason: str
    q850: int
    ended_by: str
    rang_s: float
    talked_s: float
    recording: str
    owner_confirmed: bool
    notes: tuple[str, ...]
    rule: str
    answers: tuple[AnswerRow, ...]
    spoken: tuple[SpokenRow, ...]
    flags: tuple[Flag, ...]
    transcript: tuple[Utterance, ...]
    transcribed: bool


@dataclass(frozen=True, slots=True)
class CustomerReport:
    """One follow-up with its customer. `disposition` is "" while it is open."""

    follow_up_id: int
    customer: Customer
    state: FollowUpState
    disposition: str
    rule: str
    due_at: datetime | None
    """When it is due, while it waits."""
    appointment: bool
    attempts: tuple[AttemptReport, ...]

    @property
    def answers(self) -> dict[str, AnswerRow]:
        """The latest answer to each question over all attempts."""
        return {answer.question: answer for attempt in self.attempts for answer in attempt.answers}

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All flags, in the order of the attempts."""
        return tuple(flag for attempt in self.attempts for flag in attempt.flags)


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """A campaign and everybody in it, in the order in which they were put in."""

    campaign: Campaign
    customers: tuple[CustomerReport, ...]


async def campaign_report(db: Database, campaign_id: int) -> CampaignReport:
    """Everything kept of a campaign, from one unchanging picture of the database.

    Raises:
        InputError: there is no such campaign.
    """

    def work(connection: sa.Connection) -> CampaignReport:
        query = sa.select(schema.campaign).where(schema.campaign.c.id == campaign_id)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise InputError(f"there is no campaign with id {campaign_id}")
        attempts = _attempts(connection, campaign_id)
        customers = _customers(connection, campaign_id, attempts)
        return CampaignReport(rows.campaign(row), customers)

    return await db.read(work)


async def ladder_of(db: Database, attempt_id: int) -> tuple[str, ...]:
    """The SIP messages of an attempt, one a line."""
    query = sa.select(schema.ladder.c.line).where(schema.ladder.c.attempt_id == attempt_id)

    def work(connection: sa.Connection) -> tuple[str, ...]:
        return tuple((connection.scalars(query.order_by(schema.ladder.c.position))).all())

    return await db.read(work)


def _customers(
    connection: sa.Connection, campaign_id: int, attempts: dict[int, list[AttemptReport]]
) -> tuple[CustomerReport, ...]:
    query = (
        sa.select(_follow_up, *(column.label(f"customer_{column.name}") for column in rows.CUSTOMER))
        .join(schema.customer, schema.customer.c.id == _follow_up.c.customer_id)
        .where(_follow_up.c.campaign_id == campaign_id)
        .order_by(_follow_up.c.id)
    )
    return tuple(
        CustomerReport(
            follow_up_id=row.id,
            customer=rows.customer(row[-len(rows.CUSTOMER) :]),
            state=FollowUpState(row.state),
            disposition=row.disposition,
            rule=row.rule,
            due_at=row.due_at if row.state == FollowUpState.WAITING.value else None,
            appointment=row.appointment,
            attempts=tuple(attempts.get(row.id, ())),
        )
        for row in connection.execute(query)
    )


def _attempts(connection: sa.Connection, campaign_id: int) -> dict[int, list[AttemptReport]]:
    """All attempts of the campaign, by follow-up, in order."""
    ours = _follow_up.c.campaign_id == campaign_id
    joined = _attempt.join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
    ids = sa.select(_attempt.c.id).select_from(joined).where(ours)
    parts = _Parts.read(connection, ids)
    query = (
        sa.select(_attempt).select_from(joined).where(ours).order_by(_attempt.c.follow_up_id, _attempt.c.n)
    )
    found: dict[int, list[AttemptReport]] = {}
    for row in connection.execute(query):
        found.setdefault(row.follow_up_id, []).append(parts.report(row))
    return found


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to attempts, by attempt."""

    answers: dict[int, tuple[AnswerRow, ...]]
    spoken: dict[int, tuple[SpokenRow, ...]]
    flags: dict[int, list[Flag]]
    utterances: dict[int, list[Utterance]]
    transcribed: frozenset[int]
    notes: dict[int, tuple[str, ...]]

    @classmethod
    def read(cls, connection: sa.Connection, ids: sa.Select[tuple[int]]) -> _Parts:
        """Six queries, however many attempts."""
        current = schema.transcript.c.attempt_id.in_(ids), schema.transcript.c.is_current
        done = connection.scalars(sa.select(schema.transcript.c.attempt_id).where(*current))
        return cls(
            answers=answers_of(connection, ids),
            spoken=spoken_of(connection, ids),
            flags=_current(connection, schema.flag, Flag, Flag.__slots__, ids, schema.flag.c.is_current),
            utterances=_current(connection, schema.utterance, _utterance, Utterance.__slots__, ids),
            transcribed=frozenset(done.all()),
            notes=_notes(connection, ids),
        )

    def report(self, row: sa.Row[Any]) -> AttemptReport:
        """The attempt of this row of the table, with all that belongs to it."""
        spoken = self.spoken.get(row.id, ())
        transcribed = row.id in self.transcribed
        system = [Utterance("system", one.start_s, one.end_s, one.text, 1.0) for one in spoken]
        return AttemptReport(
            **{name: getattr(row, name) for name in _SAME},
            started_at=row.invited_at,
            notes=self.notes.get(row.id, ()),
            answers=self.answers.get(row.id, ()),
            spoken=spoken,
            flags=tuple(self.flags.get(row.id, ())),
            transcript=tuple(self.utterances.get(row.id, ()) if transcribed else system),
            transcribed=transcribed,
        )


_SAME = (
    *("id", "n", "ended_at", "disposition", "rung", "valid", "sip_status", "sip_reason", "q850", "ended_by"),
    *("rang_s", "talked_s", "recording", "owner_confirmed", "rule"),
)


def _notes(connection: sa.Connection, ids: sa.Select[tuple[int]]) -> dict[int, tuple[str, ...]]:
    """Codes of the notes, by attempt."""
    note = schema.note.c
    query = sa.select(note.attempt_id, note.code).where(note.attempt_id.in_(ids)).order_by(note.id)
    found: dict[int, tuple[str, ...]] = {}
    for attempt_id, code in connection.execute(query):
        found[attempt_id] = (*found.get(attempt_id, ()), code)
    return found


def _utterance(
    party: str,
    start_s: float,
    end_s: float,
    text: str,
    confidence: float,
    chars: list[float],
    held: list[tuple[str, float]],
) -> Utterance:
    others = tuple((other, logprob) for other, logprob in held)
    return Utterance(party, start_s, end_s, text, confidence, tuple(chars), others)


_ALL = sa.true()


def _current(
    connection: sa.Connection,
    table: sa.Table,
    make: Callable[..., T],
    names: Sequence[str],
    ids: sa.Select[tuple[int]],
    where: sa.ColumnElement[bool] = _ALL,
) -> dict[int, list[T]]:
    """Rows of the current transcripts, made of the columns of these names, in the order of their seconds."""
    transcript = schema.transcript
    query = (
        sa.select(transcript.c.attempt_id, *(table.c[name] for name in names))
        .join(table, table.c.transcript_id == transcript.c.id)
        .where(transcript.c.attempt_id.in_(ids), transcript.c.is_current, where)
        .order_by(transcript.c.attempt_id, table.c.start_s, table.c.id)
    )
    found: dict[int, list[T]] = {}
    for attempt_id, *values in connection.execute(query):
        found.setdefault(attempt_id, []).append(make(*values))
    return found
