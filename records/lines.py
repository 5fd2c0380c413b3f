"""Lines: their pace, channels and caps, their pauses, and how their last calls went (D5).

Every claim on a line locks its row first, so claims on one line go one by one on both engines, and counting
is safe. A call counts for its line's caps from its permit on; one that is only claimed counts as if it were
permitted now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from base.clock import SHANGHAI
from records import engines, schema
from records.columns import Instant
from records.database import Database
from records.model import FOR_GOOD, UNSENT, Caps, FollowUpState, LineLimits, Tried, TrunkState

_LONG_AGO = schema.LONG_AGO
CLOCK_WAS_WRONG = timedelta(minutes=1)
"""A pace that would make a line wait for so much longer than its gap was set by a clock that was ahead."""

_trunk = schema.trunk
_attempt = schema.attempt
_name: sa.BindParameter[str] = sa.bindparam("trunk")

# Statements are built once: building one costs more than running it.
_STATE = sa.select(_trunk).where(_trunk.c.name == _name)
_LOCKED = _STATE.with_for_update()
_open = _attempt.c.ended_at.is_(None)
_USED_SLOTS = sa.select(_attempt.c.slot, _attempt.c.invited_at).where(_attempt.c.trunk == _name, _open)
_SINCE = (
    sa.select(sa.literal(1))
    .where(_attempt.c.trunk == _name, _attempt.c.invited_at >= sa.bindparam("since", type_=Instant))
    .limit(sa.bindparam("most"))
)
_CALLS_SINCE = sa.select(sa.func.count()).select_from(_SINCE.subquery())
_OF_CAMPAIGN = sa.select(sa.func.count()).where(
    schema.follow_up.c.campaign_id == sa.bindparam("campaign"),
    schema.follow_up.c.state == FollowUpState.CALLING.value,
)
_OF_NODE = sa.select(sa.func.count()).where(_attempt.c.node == sa.bindparam("node"), _open)
_alerted = sa.or_(_attempt.c.ringing_at.is_not(None), _attempt.c.answered_at.is_not(None))
_failed = sa.and_(_attempt.c.sip_status == 0, _attempt.c.ended_by == "failure")
# What a dead process left says nothing of the trunk: it never told its Call-ID, a line worker no ladder. Nor
# does a call that was not even given to a line worker: for want of room, or of words for the customer.
_sent = sa.and_(
    _attempt.c.call_id != "",
    sa.or_(~_failed, sa.exists().where(schema.ladder.c.attempt_id == _attempt.c.id)),
)
_event = schema.attempt_event
_unsent = sa.and_(
    _attempt.c.call_id == "", sa.exists().where(_event.c.attempt_id == _attempt.c.id, _event.c.kind == UNSENT)
)
_TRIED = (
    sa.select(_attempt.c.phone, _alerted, _failed, _attempt.c.ended_at)
    .where(_attempt.c.trunk == _name, ~_open, _attempt.c.invited_at.is_not(None), sa.or_(_sent, _unsent))
    .order_by(_attempt.c.invited_at.desc())
    .limit(sa.bindparam("most"))
)


async def trunk_states(db: Database) -> dict[str, TrunkState]:
    """What is kept of every trunk that was ever used or paused, by name."""

    def work(connection: sa.Connection) -> dict[str, TrunkState]:
        return {row.name: _state(row) for row in connection.execute(sa.select(_trunk))}

    return await db.read(work)


async def pause_trunk(db: Database, name: str, until: datetime | None, why: str) -> None:
    """Claim nothing on this trunk before `until` (None: until it is resumed); calls under way go on."""
    await _set_pause(db, name, until or FOR_GOOD, why)


async def resume_trunk(db: Database, name: str) -> None:
    """End the trunk's pause. Idempotent."""
    await _set_pause(db, name, None, "")


async def tried(db: Database, trunk: str, limit: int) -> tuple[Tried, ...]:
    """The trunk's last calls that have ended, newest INVITE first."""
    values = {"trunk": trunk, "most": limit}
    return await db.read(lambda connection: tuple(Tried(*row) for row in connection.execute(_TRIED, values)))


async def used_up(db: Database, line: LineLimits, now: datetime) -> bool:
    """Whether the line has begun all the calls that it may begin on this day of Shanghai."""
    cap = line.per_day
    if cap is None:
        return False
    return not await db.read(lambda connection: _below(connection, line.name, cap, midnight(now), 0))


def may_begin(connection: sa.Connection, line: LineLimits, now: datetime, *, probe: bool) -> bool:
    """Whether pace and pause allow a call now. Locks the line's row until the transaction's end."""
    values = {"trunk": line.name}
    row = connection.execute(_LOCKED, values).one_or_none()
    if row is None:
        engines.insert_new(connection, _trunk, name=line.name, next_at=now)
        row = connection.execute(_LOCKED, values).one()
    paused = row.paused_until is not None and row.paused_until > now
    paced = now < row.next_at <= now + line.gap + CLOCK_WAS_WRONG
    return not paced and (probe or not paused)


def free_slot(connection: sa.Connection, line: LineLimits, now: datetime, *, probe: bool) -> int | None:
    """A channel that is free and may be used under the line's caps; a probe takes it only if all are free."""
    taken = connection.execute(_USED_SLOTS, {"trunk": line.name}).all()
    if probe and taken:
        return None
    pending = sum(row.invited_at is None for row in taken)
    if not all(_below(connection, line.name, cap, since, pending) for cap, since in _line_caps(line, now)):
        return None
    used = {row.slot for row in taken}
    return next((slot for slot in range(line.channels) if slot not in used), None)


def within(connection: sa.Connection, caps: Caps, campaign_id: int, node: str) -> bool:
    """Whether the campaign and the node may have one call more. The campaign's row must be locked."""
    counted = (
        (caps.campaign_channels, _OF_CAMPAIGN, {"campaign": campaign_id}),
        (caps.node_channels, _OF_NODE, {"node": node}),
    )
    return all(
        cap is None or connection.execute(query, values).scalar_one() < cap for cap, query, values in counted
    )


def midnight(now: datetime) -> datetime:
    """When the day began in Shanghai."""
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def _line_caps(line: LineLimits, now: datetime) -> Sequence[tuple[int, datetime]]:
    """The line's caps, each with the time from which on calls count for it."""
    caps = ((line.per_hour, now - timedelta(hours=1)), (line.per_day, midnight(now)))
    return [(cap, since) for cap, since in caps if cap is not None]


def _below(connection: sa.Connection, trunk: str, cap: int, since: datetime, pending: int) -> bool:
    values = {"trunk": trunk, "since": since, "most": max(cap, 1)}
    return bool(connection.execute(_CALLS_SINCE, values).scalar_one() + pending < cap)


async def _set_pause(db: Database, name: str, until: datetime | None, why: str) -> None:
    change = sa.update(_trunk).where(_trunk.c.name == name).values(paused_until=until, paused_why=why)

    def work(connection: sa.Connection) -> None:
        engines.insert_new(connection, _trunk, name=name, next_at=_LONG_AGO)
        connection.execute(change)

    await db.write(work)


def _state(row: sa.Row[Any]) -> TrunkState:
    return TrunkState(row.name, row.next_at, row.paused_until, row.paused_why)
