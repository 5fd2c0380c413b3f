"""What dead or stalled processes leave behind (D10): undialed claims are given back, dialed calls are closed.

A call whose process died counts as rung (nobody knows), never as valid, and its number is held: the far leg
may still be up until its session expires. Nobody knows whether it was answered, either: where it was to be
recorded, a transcription job looks for sound (R1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from records import rows, schema
from records.choosing import history_of
from records.closing import add_job, decide_next, end_attempt, undo_claim
from records.database import Database
from records.model import Campaign, Next, PastAttempt

Decide = Callable[[Campaign, tuple[PastAttempt, ...]], Next]
"""The policy's answer to a follow-up's attempts, the one just closed last."""

HOLD_S = 1860.0
"""A session that nobody ends expires after 1800 s (RFC 4028's usual interval); a minute more to be sure."""

DISPOSITION = "line_failure"

_attempt = schema.attempt
_PENDING_RULE = "D10: the process that made the call is gone"


async def reap(db: Database, now: datetime, decide: Decide, *, hold_s: float = HOLD_S) -> list[int]:
    """End every attempt whose lease is over; the ids of those ended or given back."""
    return await _end_all(db, _attempt.c.lease_until <= now, now, decide, hold_s)


async def reconcile(
    db: Database, node: str, now: datetime, decide: Decide, *, hold_s: float = HOLD_S
) -> list[int]:
    """At a node's start: whatever is open under its own name belongs to a dead process; then as `reap`."""
    whose = sa.or_(_attempt.c.node == node, _attempt.c.lease_until <= now)
    return await _end_all(db, whose, now, decide, hold_s)


async def resting(db: Database, attempt_ids: Sequence[int]) -> tuple[int, datetime | None]:
    """How many of these were closed, not given back, and until when the last of their numbers is held."""
    held = sa.func.max(_attempt.c.hold_until)
    query = sa.select(sa.func.count(), held).where(_attempt.c.id.in_(attempt_ids))
    row = await db.read(lambda connection: connection.execute(query).one())
    return row[0], row[1]


async def _end_all(
    db: Database, which: sa.ColumnElement[bool], now: datetime, decide: Decide, hold_s: float
) -> list[int]:
    query = sa.select(_attempt.c.id, _attempt.c.invited_at, _attempt.c.ring)
    query = query.where(_attempt.c.ended_at.is_(None), which)

    def work(connection: sa.Connection) -> list[int]:
        found = connection.execute(query.order_by(_attempt.c.id).with_for_update(skip_locked=True))
        ended = found.all()
        for attempt_id, invited_at, ring in ended:
            if invited_at is None:
                undo_claim(connection, attempt_id, now)
                continue
            _end_lost(connection, attempt_id, now, hold_s, rung=ring is not None)
            if ring is not None:
                campaign, history = _case(connection, attempt_id)
                decide_next(connection, attempt_id, decide(campaign, history), now)
        return [attempt_id for attempt_id, _, _ in ended]

    return await db.write(work)


def _end_lost(
    connection: sa.Connection, attempt_id: int, now: datetime, hold_s: float, *, rung: bool
) -> None:
    """What has no ring is a person's call: it never counts as one (`records.person_calls`)."""
    ending = {
        "disposition": DISPOSITION,
        "ended_at": now,
        "ended_by": "failure",
        "hold_until": now + timedelta(seconds=hold_s),
        "rule": _PENDING_RULE,
    }
    end_attempt(connection, attempt_id, ending, rung)
    recording = sa.select(_attempt.c.recording).where(_attempt.c.id == attempt_id)
    if connection.scalar(recording):
        add_job(connection, attempt_id, now)


def _case(connection: sa.Connection, attempt_id: int) -> tuple[Campaign, tuple[PastAttempt, ...]]:
    """The attempt's campaign, and all attempts of its follow-up."""
    follow_up = schema.follow_up
    query = (
        sa.select(schema.campaign)
        .add_columns(follow_up.c.id.label("follow_up_id"))
        .join(follow_up, follow_up.c.campaign_id == schema.campaign.c.id)
        .join(_attempt, _attempt.c.follow_up_id == follow_up.c.id)
        .where(_attempt.c.id == attempt_id)
    )
    row = connection.execute(query).one()
    return rows.campaign(row), history_of(connection, row.follow_up_id)
