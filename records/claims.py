"""Taking a follow-up for one attempt, and the last look right before the INVITE (D10).

A claim is one writing transaction: pace, pause and caps of the line, a free channel, the next due follow-up
whose number is free, then the attempt row. What it promises is held by the constraints in `records.schema` as
well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from records import engines, lines, rows, schema
from records.choosing import Candidate, Choosing, choose
from records.columns import Instant
from records.database import Database
from records.model import (
    NO_CAPS,
    Campaign,
    CampaignStatus,
    Caps,
    Claim,
    FollowUpState,
    LineLimits,
    PastAttempt,
)

PERMIT_MARGIN_S = 2.0
"""The lease must outlast the permit by this: the time an INVITE may take to leave."""

_follow_up = schema.follow_up
_attempt = schema.attempt
_trunk = schema.trunk

# Statements are built once: building one costs more than running it.
_at: sa.BindParameter[datetime] = sa.bindparam("at", type_=Instant)
_OF_ID = (
    sa.select(schema.campaign)
    .where(schema.campaign.c.id == sa.bindparam("campaign"))
    .where(schema.campaign.c.status == CampaignStatus.RUNNING.value)
)
_RUNNING = _OF_ID.with_for_update(read=True)
_RUNNING_ALONE = _OF_ID.with_for_update(key_share=True)
_TAKE = sa.insert(_attempt).returning(_attempt.c.id)
_CALLING = (
    sa.update(_follow_up)
    .where(_follow_up.c.id == sa.bindparam("follow_up"))
    .values(state=FollowUpState.CALLING.value)
)
_PACE = sa.update(_trunk).where(_trunk.c.name == sa.bindparam("trunk")).values(next_at=_at)
_runs = sa.exists().where(
    _follow_up.c.id == _attempt.c.follow_up_id,
    _follow_up.c.campaign_id == schema.campaign.c.id,
    schema.campaign.c.status == CampaignStatus.RUNNING.value,
)
_PERMIT = (
    sa.update(_attempt)
    .where(
        _attempt.c.id == sa.bindparam("attempt"),
        _attempt.c.ended_at.is_(None),
        _attempt.c.invited_at.is_(None),
        _attempt.c.lease_until > sa.bindparam("least"),
        _runs,
        ~sa.exists().where(schema.do_not_call.c.phone == _attempt.c.phone),
    )
    .values(invited_at=_at, recording=sa.bindparam("kept"))
)


async def claim(
    db: Database,
    campaign: Campaign,
    *,
    line: LineLimits,
    caps: Caps = NO_CAPS,
    max_rung: int,
    node: str,
    now: datetime,
    lease_s: float,
    appointments_only: bool = False,
    probe: bool = False,
) -> Claim | None:
    """Take the campaign's next due follow-up: appointments, then rank, then deadline, then due time.

    Args:
        line: the line to use, with its limits.
        caps: further limits; a number at its cap waits until tomorrow and lets the ones behind it pass.
        max_rung: how often the customer's phone may ring for one follow-up (D2).
        node, lease_s: this process, for `reconcile`; seconds for which `reap` spares it, until `renew`.
        appointments_only: outside the windows only what was agreed with the customer is called (D3, D6).
        probe: also on a paused line, but only while no other call is on it.

    Returns:
        None when the campaign isn't running, nothing is due, every number due is in use or capped, the line
        is paused, at a cap or without a free channel, or its pace forbids a call now. Else the attempt's row
        is committed; nothing is dialed yet.
    """
    how = Choosing(campaign.id, max_rung, caps.number_per_day, now, appointments_only)
    lease_until = now + timedelta(seconds=lease_s)
    terms = {"max_rung": max_rung, "trunk": line.name, "node": node, "lease_until": lease_until}

    def work(connection: sa.Connection) -> Claim | None:
        slot = _admit(connection, line, caps, node, now, probe)
        fresh = _running(connection, campaign.id, caps) if slot is not None else None
        if fresh is None or not lines.within(connection, caps, fresh.id, node):
            return None
        return _take_next(connection, fresh, how, line, terms | {"slot": slot})

    return await db.write(work, contended=True)


async def permit_invite(db: Database, attempt_id: int, now: datetime, *, recording: str = "") -> bool:
    """The last look before the INVITE: True exactly once, and only while all of this holds.

    The attempt is open, was not permitted before, and its lease lasts (a sleeper may have been reaped);
    the campaign still runs; the number is not on the do-not-call list. After False: `give_back`.

    Args:
        recording: where the call is going to be recorded, kept at once: a crash must not lose it (R1, R2).
    """
    values: dict[str, object] = {
        "attempt": attempt_id,
        "at": now,
        "least": now + timedelta(seconds=PERMIT_MARGIN_S),
    }
    values["kept"] = recording
    permitted = await db.write(lambda connection: connection.execute(_PERMIT, values).rowcount)
    return permitted == 1


def _take_next(
    connection: sa.Connection, campaign: Campaign, how: Choosing, line: LineLimits, terms: dict[str, Any]
) -> Claim | None:
    """Choose, and take what was chosen; `terms`: the columns that are the same whoever it is."""
    chosen = choose(connection, how)
    if chosen is None:
        return None
    candidate, history = chosen
    if candidate.held:
        _release_held(connection, how.now)
    row = _row(candidate, history, how.now) | terms
    attempt_id = _take(connection, row, next_at=how.now + line.gap)
    return _claim(campaign, candidate, history, attempt_id, row)


def _release_held(connection: sa.Connection, now: datetime) -> None:
    """Free the numbers whose hold is over: a far leg that might have been up is gone."""
    over = sa.and_(_attempt.c.released_at.is_(None), _attempt.c.hold_until <= now)
    connection.execute(sa.update(_attempt).where(over).values(released_at=now))


def _admit(
    connection: sa.Connection, line: LineLimits, caps: Caps, node: str, now: datetime, probe: bool
) -> int | None:
    """The channel to use, if the line may begin a call now; locks what the counting relies on."""
    if caps.node_channels is not None:
        engines.lock_name(connection, f"node {node}")
    if not lines.may_begin(connection, line, now, probe=probe):
        return None
    return lines.free_slot(connection, line, now, probe=probe)


def _running(connection: sa.Connection, campaign_id: int, caps: Caps) -> Campaign | None:
    """The campaign if it runs; it is locked, so that a pause takes effect with the next claim.

    Where its calls are counted, claims go one by one.
    """
    query = _RUNNING if caps.campaign_channels is None else _RUNNING_ALONE
    row = connection.execute(query, {"campaign": campaign_id}).one_or_none()
    return rows.campaign(row) if row is not None else None


def _take(connection: sa.Connection, row: dict[str, Any], *, next_at: datetime) -> int:
    """Write the attempt, move its follow-up and the trunk's next time; the attempt's id."""
    attempt_id: int = connection.execute(_TAKE, row).scalar_one()
    connection.execute(_CALLING, {"follow_up": row["follow_up_id"]})
    connection.execute(_PACE, {"trunk": row["trunk"], "at": next_at})
    return attempt_id


def _row(candidate: Candidate, history: tuple[PastAttempt, ...], now: datetime) -> dict[str, Any]:
    """The attempt's row, with its two counts (D2): all attempts, and the rings used up."""
    n = max((past.n for past in history), default=0) + 1
    ring = sum(past.rung for past in history) + 1
    return {"claimed_at": now, "n": n, "ring": ring, "follow_up_id": candidate.id, "phone": candidate.phone}


def _claim(
    campaign: Campaign,
    candidate: Candidate,
    history: tuple[PastAttempt, ...],
    attempt_id: int,
    row: dict[str, Any],
) -> Claim:
    return Claim(
        attempt_id=attempt_id,
        follow_up_id=candidate.id,
        campaign=campaign,
        customer=rows.customer(candidate[-len(rows.CUSTOMER) :]),
        n=row["n"],
        trunk=row["trunk"],
        slot=row["slot"],
        past=history,
        appointment=candidate.due_at if candidate.appointment else None,
        apologise=candidate.apologise,
        deadline=rows.deadline(candidate.deadline),
    )
