"""What the ledger says of every attempt, for whoever compares it with what the far end saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.model import CampaignStatus, FollowUpState

_attempt = schema.attempt
_follow_up = schema.follow_up


@dataclass(frozen=True, slots=True)
class AttemptEvidence:
    """One attempt as kept. Times are business time.

    Attributes:
        invited_at: its INVITE was permitted; None: it never was.
        recording: the stem of its tracks, "" for none.
        jobs: how many jobs it left.
    """

    id: int
    follow_up_id: int
    phone: str
    rung: bool
    invited_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    recording: str
    jobs: int


@dataclass(frozen=True, slots=True)
class Load:
    """Where all follow-ups together stand.

    Attributes:
        free: wait, are due, belong to a running campaign, and nothing rests their number.
        calling: have an open attempt.
    """

    total: int
    closed: int
    calling: int
    free: int


async def attempts(db: Database) -> tuple[AttemptEvidence, ...]:
    """Every attempt, oldest first."""
    jobs = sa.select(sa.func.count()).where(schema.job.c.attempt_id == _attempt.c.id).scalar_subquery()
    query = sa.select(
        *(_attempt.c[name] for name in AttemptEvidence.__slots__ if name != "jobs"), jobs.label("jobs")
    ).order_by(_attempt.c.id)

    def work(connection: sa.Connection) -> tuple[AttemptEvidence, ...]:
        return tuple(AttemptEvidence(**row._mapping) for row in connection.execute(query))

    return await db.read(work)


async def load(db: Database, now: datetime) -> Load:
    """How much is left to do, and how much of it could be called at business time `now`."""
    waits = _follow_up.c.state == FollowUpState.WAITING.value
    rests = sa.exists().where(
        _attempt.c.phone == schema.customer.c.phone,
        _attempt.c.released_at.is_(None),
        sa.or_(_attempt.c.hold_until.is_(None), _attempt.c.hold_until > now),
    )
    runs = schema.campaign.c.status == CampaignStatus.RUNNING.value
    free = (
        sa.select(sa.func.count())
        .select_from(_follow_up.join(schema.customer).join(schema.campaign))
        .where(waits, _follow_up.c.due_at <= now, runs, ~rests)
    )
    by_state = sa.select(_follow_up.c.state, sa.func.count()).group_by(_follow_up.c.state)

    def work(connection: sa.Connection) -> Load:
        states = {row[0]: row[1] for row in connection.execute(by_state)}
        closed, calling = (states.get(one.value, 0) for one in (FollowUpState.CLOSED, FollowUpState.CALLING))
        return Load(sum(states.values()), closed, calling, connection.scalar(free) or 0)

    return await db.read(work)
