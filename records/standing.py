"""What of a campaign waits, and for what: for people who ask why nobody is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.choosing import ENOUGH_TODAY
from records.database import Database
from records.model import FollowUpState

_follow_up = schema.follow_up
_attempt = schema.attempt


@dataclass(frozen=True, slots=True)
class Waits:
    """Waiting follow-ups by what they wait for.

    Attributes:
        due: for nothing but a line and an open window.
        resting: due, but the number is on the line or held. `held_until`: the last of these holds.
        put_off: rang as often today as the number's cap allows.
        later: due at another time. `appointments`: how many of all were agreed with the customer.
    """

    due: int
    resting: int
    held_until: datetime | None
    put_off: int
    later: int
    appointments: int


async def waits(db: Database, campaign_id: int, now: datetime) -> Waits:
    """Why the campaign's waiting follow-ups wait."""
    rests = sa.exists().where(
        schema.customer.c.id == _follow_up.c.customer_id,
        _attempt.c.phone == schema.customer.c.phone,
        _attempt.c.released_at.is_(None),
        sa.or_(_attempt.c.hold_until.is_(None), _attempt.c.hold_until > now),
    )
    due = _follow_up.c.due_at <= now
    put_off = sa.and_(~due, _follow_up.c.rule == ENOUGH_TODAY)
    query = sa.select(
        _count(sa.and_(due, ~rests)),
        _count(sa.and_(due, rests)),
        _count(put_off),
        _count(sa.and_(~due, ~put_off)),
        _count(_follow_up.c.appointment),
    ).where(_follow_up.c.campaign_id == campaign_id, _follow_up.c.state == FollowUpState.WAITING.value)
    held = (
        sa.select(sa.func.max(_attempt.c.hold_until))
        .join(schema.customer, schema.customer.c.phone == _attempt.c.phone)
        .join(_follow_up, _follow_up.c.customer_id == schema.customer.c.id)
        .where(_follow_up.c.campaign_id == campaign_id, due, _attempt.c.released_at.is_(None))
        .where(_follow_up.c.state == FollowUpState.WAITING.value, _attempt.c.hold_until > now)
    )

    def work(connection: sa.Connection) -> Waits:
        due, resting, put_off, later, appointments = connection.execute(query).one()
        return Waits(due, resting, connection.scalar(held), put_off, later, appointments)

    return await db.read(work)


def _count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0)
