"""Calls that came in: customers who rang the callback number back. None of them is an attempt (D2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.database import Database

_inbound = schema.inbound_call
_attempt = schema.attempt


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call that has just come in.

    Attributes:
        at: when.
        trunk, node: by which trunk, at which machine.
        number: that was rung.
        caller: as the network told it; `phone` is its E.164 form, "" where it is none.
        outcome: what becomes of it (`dialer.inbound_rules.Outcome`).
        recording: stem of the two tracks, "" where nothing is recorded.
    """

    at: datetime
    trunk: str
    node: str
    number: str
    caller: str
    phone: str
    outcome: str
    call_id: str
    recording: str = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """How it ended. `heard_s`: seconds of the announcement that were sent."""

    ended_at: datetime
    answered_at: datetime | None = None
    heard_s: float = 0.0
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class InboundCall:
    """A row of the list. `campaign` and `customer` are those that this number was called for last, before."""

    id: int
    at: datetime
    trunk: str
    caller: str
    phone: str
    outcome: str
    answered_at: datetime | None
    ended_at: datetime | None
    heard_s: float
    ended_by: str
    recording: str
    attempt: int | None
    campaign: str | None
    customer: str | None


_SAME = (
    *("id", "at", "trunk", "caller", "phone", "outcome", "answered_at", "ended_at", "heard_s", "ended_by"),
    "recording",
)


async def arrived(db: Database, call: Arrival) -> int:
    """Write a call down; gives its id."""
    values = {name: getattr(call, name) for name in Arrival.__dataclass_fields__}

    def work(connection: sa.Connection) -> int:
        key = connection.execute(sa.insert(_inbound).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    return await db.write(work)


async def left(db: Database, call_id: int, end: Departure) -> None:
    """Write its end down."""
    values = {name: getattr(end, name) for name in Departure.__dataclass_fields__}
    await db.write(
        lambda connection: connection.execute(
            sa.update(_inbound).where(_inbound.c.id == call_id).values(values)
        )
    )


async def newest(db: Database, limit: int) -> tuple[InboundCall, ...]:
    """The last calls that came in, newest first, each with the attempt it may answer."""
    earlier = _attempt.alias()
    answered = (
        sa.select(sa.func.max(earlier.c.id))
        .where(earlier.c.phone == _inbound.c.phone, earlier.c.invited_at <= _inbound.c.at)
        .correlate(_inbound)
        .scalar_subquery()
    )
    query = (
        sa.select(
            *(_inbound.c[name] for name in _SAME),
            _attempt.c.id.label("attempt"),
            schema.campaign.c.name.label("campaign"),
            schema.customer.c.name.label("customer"),
        )
        .select_from(_inbound)
        .outerjoin(_attempt, _attempt.c.id == answered)
        .outerjoin(schema.follow_up, schema.follow_up.c.id == _attempt.c.follow_up_id)
        .outerjoin(schema.campaign, schema.campaign.c.id == schema.follow_up.c.campaign_id)
        .outerjoin(schema.customer, schema.customer.c.id == schema.follow_up.c.customer_id)
        .order_by(_inbound.c.at.desc(), _inbound.c.id.desc())
        .limit(limit)
    )

    def work(connection: sa.Connection) -> tuple[InboundCall, ...]:
        return tuple(InboundCall(**row._mapping) for row in connection.execute(query))

    return await db.read(work)
