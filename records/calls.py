"""One attempt as the ledger keeps it: its times, causes, SIP messages, events and the rule that came next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from base.errors import InputError
from records import schema
from records.database import Database
from records.events import events_of
from records.kinds import kinds_of
from records.model import FollowUpState, KindRow, LedgerEvent
from records.notes import Note
from records.notes import of_call as notes_of
from records.report import ladder_of


@dataclass(frozen=True, slots=True)
class CallRecord:
    """All that is kept of an attempt's way over the line.

    Attributes:
        n, ring: which attempt of the follow-up, and which ring (None: not counted as one).
        invited_at: when the INVITE was permitted.
        released_at: when the number was free again; `hold_until` where it is held for longer.
        rang_s, talked_s: seconds.
        rule: what decided the next step, with its words.
        state, due_at: of the follow-up now; due_at is None when it is closed.
        script, script_version, script_sha256: what was said, as it was approved (S1).
        kinds: what it did for each kind (D7). notes: what it left for people to do.
        score, band: of a questionnaire (S12).
        ladder: SIP messages, "0.012 < 100 Trying".
        events: what happened, in order.
    """

    id: int
    campaign: str
    customer: str
    phone: str
    n: int
    ring: int | None
    trunk: str
    slot: int
    node: str
    claimed_at: datetime
    invited_at: datetime | None
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    released_at: datetime | None
    hold_until: datetime | None
    disposition: str
    rung: bool
    valid: bool
    call_id: str
    sip_status: int
    sip_reason: str
    q850: int
    ended_by: str
    rang_s: float
    talked_s: float
    recording: str
    rule: str
    state: FollowUpState
    due_at: datetime | None
    script: str
    script_version: str
    script_sha256: str
    kinds: tuple[KindRow, ...]
    notes: tuple[Note, ...]
    score: int | None
    band: str
    ladder: tuple[str, ...]
    events: tuple[LedgerEvent, ...]


@dataclass(frozen=True, slots=True)
class CallLine:
    """A campaign's call among others; `rule` decided what came next. It ends with a disposition."""

    id: int
    customer: str
    phone: str
    n: int
    trunk: str
    invited_at: datetime | None
    ended_at: datetime | None
    disposition: str
    rang_s: float
    talked_s: float
    rule: str


_SAME = (
    *("id", "phone", "n", "ring", "trunk", "slot", "node", "claimed_at", "invited_at", "ringing_at"),
    *("answered_at", "ended_at", "released_at", "hold_until", "disposition", "rung", "valid", "call_id"),
    *(
        "sip_status",
        "sip_reason",
        "q850",
        "ended_by",
        "rang_s",
        "talked_s",
        "recording",
        "rule",
        "score",
        "band",
    ),
)
_SCRIPT = ("script", "script_version", "script_sha256")


async def call_of(db: Database, attempt_id: int, today: date) -> CallRecord:
    """The record of an attempt; `today`: the business day, for notes that are late.

    Raises:
        InputError: there is no such attempt (one that was never dialed and given back leaves none).
    """
    attempt, follow_up = schema.attempt.c, schema.follow_up.c
    query = (
        sa.select(
            *(attempt[name] for name in _SAME),
            schema.campaign.c.name.label("campaign"),
            schema.customer.c.name.label("customer"),
            follow_up.state,
            follow_up.due_at,
            *(schema.campaign.c[name] for name in _SCRIPT),
        )
        .join(schema.follow_up, follow_up.id == attempt.follow_up_id)
        .join(schema.campaign, schema.campaign.c.id == follow_up.campaign_id)
        .join(schema.customer, schema.customer.c.id == follow_up.customer_id)
        .where(attempt.id == attempt_id)
    )
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        remedy = "`huifang campaign calls NAME` lists the calls of a campaign"
        raise InputError("there is no such call", where=str(attempt_id), remedy=remedy)
    state = FollowUpState(row.state)
    return CallRecord(
        **{name: getattr(row, name) for name in (*_SAME, "campaign", "customer", *_SCRIPT)},
        state=state,
        due_at=row.due_at if state is FollowUpState.WAITING else None,
        kinds=await kinds_of(db, attempt_id),
        notes=await notes_of(db, attempt_id, today),
        ladder=await ladder_of(db, attempt_id),
        events=await events_of(db, attempt_id),
    )


async def calls_of(db: Database, campaign_id: int) -> list[CallLine]:
    """All calls of a campaign, as they were claimed; one that was given back leaves none."""
    attempt = schema.attempt.c
    query = (
        sa.select(attempt.id, schema.customer.c.name, attempt.phone, attempt.n, attempt.trunk)
        .add_columns(attempt.invited_at, attempt.ended_at, attempt.disposition)
        .add_columns(attempt.rang_s, attempt.talked_s, attempt.rule)
        .join(schema.follow_up, schema.follow_up.c.id == attempt.follow_up_id)
        .join(schema.customer, schema.customer.c.id == schema.follow_up.c.customer_id)
        .where(schema.follow_up.c.campaign_id == campaign_id)
        .order_by(attempt.id)
    )
    return await db.read(lambda connection: [CallLine(*row) for row in connection.execute(query)])
