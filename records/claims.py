"""Taking a follow-up for one attempt, and the last look right before the INVITE (D10).

A claim is one writing transaction: pace of the trunk, a free channel, the next due follow-up whose number is
free, then the attempt row. What it promises is held by the constraints in `records.schema` as well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from records import engines, rows, schema
from records.campaigns import APPOINTMENT_RANK
from records.database import Database
from records.model import (
    Campaign,
    CampaignStatus,
    Claim,
    FollowUpState,
    PastAttempt,
)

PERMIT_MARGIN_S = 2.0
"""The lease must outlast the permit by this: the time an INVITE may take to leave."""

_follow_up = schema.follow_up
_attempt = schema.attempt
_customer = schema.customer
_trunk = schema.trunk

_called_before = sa.exists().where(_attempt.c.follow_up_id == _follow_up.c.id)
_held = sa.exists().where(_attempt.c.phone == _customer.c.phone, _attempt.c.released_at.is_(None))

_CANDIDATE = (
    _follow_up.c.id,
    _follow_up.c.due_at,
    _follow_up.c.appointment,
    _follow_up.c.apologise,
    _called_before.label("called_before"),
    _held.label("held"),
    *rows.CUSTOMER,
)
_Candidate = sa.Row[Any]

# Statements are built once: building one costs more than running it.
_at: sa.BindParameter[datetime] = sa.bindparam("at", type_=schema.Instant)
_waits = (
    _follow_up.c.campaign_id == sa.bindparam("campaign"),
    _follow_up.c.state == FollowUpState.WAITING.value,
)
_RUNNING = (
    sa.select(schema.campaign)
    .where(schema.campaign.c.id == sa.bindparam("campaign"))
    .where(schema.campaign.c.status == CampaignStatus.RUNNING.value)
    .with_for_update(read=True)
)
_NEXT_AT = sa.select(_trunk.c.next_at).where(_trunk.c.name == sa.bindparam("trunk")).with_for_update()
_USED_SLOTS = sa.select(_attempt.c.slot).where(
    _attempt.c.trunk == sa.bindparam("trunk"), _attempt.c.ended_at.is_(None)
)
_HISTORY = (
    sa.select(*rows.PAST).where(_attempt.c.follow_up_id == sa.bindparam("follow_up")).order_by(_attempt.c.n)
)
_GROUP = (
    sa.select(_follow_up.c.rank, _follow_up.c.deadline)
    .where(*_waits)
    .order_by(_follow_up.c.rank, _follow_up.c.deadline)
    .limit(1)
)
# (rank, deadline) > (?, ?) would be one query, but SQLite then reads all of the rank: two seeks instead.
_GROUP_OF_RANK = _GROUP.where(
    _follow_up.c.rank == sa.bindparam("rank"), _follow_up.c.deadline > sa.bindparam("deadline")
)
_GROUP_BEHIND = _GROUP.where(_follow_up.c.rank > sa.bindparam("rank"))
_in_use = _held.where(sa.or_(_attempt.c.hold_until.is_(None), _attempt.c.hold_until > _at))
_barred = sa.exists().where(schema.do_not_call.c.phone == _customer.c.phone)
_FIRST_DUE = (
    sa.select(*_CANDIDATE)
    .join(_customer, _customer.c.id == _follow_up.c.customer_id)
    .where(*_waits)
    .where(_follow_up.c.rank == sa.bindparam("rank"), _follow_up.c.deadline == sa.bindparam("deadline"))
    .where(_follow_up.c.due_at <= _at, ~_in_use, ~_barred)
    .order_by(_follow_up.c.due_at, _follow_up.c.id)
    .limit(1)
    .with_for_update(of=_follow_up, skip_locked=True)
)
"""A group's first due follow-up whose number is neither in use, nor held beyond `at`, nor barred."""
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
    trunk: str,
    channels: int,
    cps: float,
    max_rung: int,
    node: str,
    now: datetime,
    lease_s: float,
    appointments_only: bool = False,
) -> Claim | None:
    """Take the campaign's next due follow-up: appointments, then rank, then deadline, then due time.

    Args:
        trunk, channels, cps: the line to use, how many calls it carries, how many it may begin per second.
        max_rung: how often the customer's phone may ring for one follow-up (D2).
        node: name of this process, for `reconcile`.
        lease_s: seconds for which the claim is safe from `reap`; `renew` prolongs it.
        appointments_only: outside the windows only what was agreed with the customer is called (D3, D6).

    Returns:
        None when the campaign isn't running, nothing is due, every number due is in use, no channel is free,
        or the trunk's pace forbids a call now. Else the attempt's row is committed; nothing is dialed yet.
    """

    def work(connection: sa.Connection) -> Claim | None:
        if not _may_begin(connection, trunk, now):
            return None
        fresh = _running(connection, campaign.id)
        slot = _free_slot(connection, trunk, channels)
        if fresh is None or slot is None:
            return None
        chosen = _choose(connection, campaign.id, max_rung, now, appointments_only)
        if chosen is None:
            return None
        candidate, history = chosen
        if candidate.held:
            _release_held(connection, now)
        lease_until = now + timedelta(seconds=lease_s)
        row = {"max_rung": max_rung, "trunk": trunk, "slot": slot, "node": node, "lease_until": lease_until}
        row |= {
            "claimed_at": now,
            **_counted(history),
            "follow_up_id": candidate.id,
            "phone": candidate.phone,
        }
        attempt_id = _take(connection, row, next_at=now + timedelta(seconds=1.0 / cps))
        return _claim(fresh, candidate, history, attempt_id, row)

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


def history_of(connection: sa.Connection, follow_up_id: int) -> tuple[PastAttempt, ...]:
    """The follow-up's attempts, in their order; an open one has no `ended_at`."""
    found = connection.execute(_HISTORY, {"follow_up": follow_up_id})
    return tuple(rows.past(row) for row in found)


def _release_held(connection: sa.Connection, now: datetime) -> None:
    """Free the numbers whose hold is over: a far leg that might have been up is gone."""
    over = sa.and_(_attempt.c.released_at.is_(None), _attempt.c.hold_until <= now)
    connection.execute(sa.update(_attempt).where(over).values(released_at=now))


def _running(connection: sa.Connection, campaign_id: int) -> Campaign | None:
    """The campaign if it runs; it is locked, so that a pause takes effect with the next claim."""
    row = connection.execute(_RUNNING, {"campaign": campaign_id}).one_or_none()
    return rows.campaign(row) if row is not None else None


def _may_begin(connection: sa.Connection, trunk: str, now: datetime) -> bool:
    """Whether the trunk's pace allows a call now. Locks its row, so claims on one trunk go one by one."""
    next_at = connection.scalar(_NEXT_AT, {"trunk": trunk})
    if next_at is None:
        engines.insert_new(connection, _trunk, name=trunk, next_at=now)
        next_at = connection.scalar(_NEXT_AT, {"trunk": trunk})
    return next_at is not None and next_at <= now


def _free_slot(connection: sa.Connection, trunk: str, channels: int) -> int | None:
    used = set(connection.scalars(_USED_SLOTS, {"trunk": trunk}))
    return next((slot for slot in range(channels) if slot not in used), None)


def _choose(
    connection: sa.Connection, campaign_id: int, max_rung: int, now: datetime, appointments_only: bool
) -> tuple[_Candidate, tuple[PastAttempt, ...]] | None:
    """The next candidate with a ring left. One without should have been closed by the policy: it is, here."""
    while True:
        candidate = _next_candidate(connection, campaign_id, now, appointments_only)
        if candidate is None:
            return None
        history = history_of(connection, candidate.id) if candidate.called_before else ()
        if sum(past.rung for past in history) < max_rung and len(history) < schema.MOST_ATTEMPTS:
            return candidate, history
        _close_spent(connection, candidate.id, history, max_rung, now)


def _next_candidate(
    connection: sa.Connection, campaign_id: int, now: datetime, appointments_only: bool
) -> _Candidate | None:
    """Walk the groups of equal (rank, deadline) by index seeks: what waits is never sorted."""
    group = _next_group(connection, campaign_id, None)
    while group is not None and not (appointments_only and group[0] > APPOINTMENT_RANK):
        values = {"campaign": campaign_id, "rank": group[0], "deadline": group[1], "at": now}
        candidate: _Candidate | None = connection.execute(_FIRST_DUE, values).one_or_none()
        if candidate is not None:
            return candidate
        group = _next_group(connection, campaign_id, group)
    return None


def _next_group(
    connection: sa.Connection, campaign_id: int, after: tuple[int, datetime] | None
) -> tuple[int, datetime] | None:
    """The first group of what waits, or the one after `after`."""
    if after is None:
        return _first_group(connection, _GROUP, campaign=campaign_id)
    values = {"campaign": campaign_id, "rank": after[0]}
    same_rank = _first_group(connection, _GROUP_OF_RANK, **values, deadline=after[1])
    return same_rank or _first_group(connection, _GROUP_BEHIND, **values)


def _first_group(
    connection: sa.Connection, query: sa.Select[tuple[int, datetime]], **values: object
) -> tuple[int, datetime] | None:
    row = connection.execute(query, values).one_or_none()
    return (row.rank, row.deadline) if row is not None else None


def _take(connection: sa.Connection, row: dict[str, Any], *, next_at: datetime) -> int:
    """Write the attempt, move its follow-up and the trunk's next time; the attempt's id."""
    attempt_id: int = connection.execute(_TAKE, row).scalar_one()
    connection.execute(_CALLING, {"follow_up": row["follow_up_id"]})
    connection.execute(_PACE, {"trunk": row["trunk"], "at": next_at})
    return attempt_id


def _close_spent(
    connection: sa.Connection,
    follow_up_id: int,
    history: tuple[PastAttempt, ...],
    max_rung: int,
    now: datetime,
) -> None:
    """No ring is left: a person takes over (D2)."""
    enough = sum(past.valid for past in history) >= max_rung
    connection.execute(
        sa.update(_follow_up)
        .where(_follow_up.c.id == follow_up_id)
        .values(state=FollowUpState.CLOSED.value, closed_at=now)
        .values(disposition="exhausted" if enough else "insufficient", rule="D2: no automatic ring is left")
    )


def _counted(history: tuple[PastAttempt, ...]) -> dict[str, Any]:
    """The next attempt's two counts (D2): all attempts, and the rings used up."""
    n = max((past.n for past in history), default=0) + 1
    return {"n": n, "ring": sum(past.rung for past in history) + 1}


def _claim(
    campaign: Campaign,
    candidate: _Candidate,
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
    )
