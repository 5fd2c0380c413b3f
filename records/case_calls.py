"""Whose a call is: asked before somebody may claim it or carry on its case (A1, C4)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from records import schema
from records.database import Database

HANDED_OVER = "handed_over"
"""The disposition of a call that a person took over."""

_attempt = schema.attempt
_follow_up = schema.follow_up
_customer = schema.customer
_record = schema.desk_record


@dataclass(frozen=True, slots=True)
class Whose:
    """A call's customer, their branch, and the follow-up that it was made for."""

    customer_id: int
    branch: str
    follow_up_id: int


async def whose(db: Database, call: int) -> Whose | None:
    """Whose call it was; None: there is no such call."""
    query = (
        sa.select(_customer.c.id, _customer.c.branch, _follow_up.c.id)
        .join(_follow_up, _follow_up.c.customer_id == _customer.c.id)
        .join(_attempt, _attempt.c.follow_up_id == _follow_up.c.id)
        .where(_attempt.c.id == call)
    )
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    return None if row is None else Whose(*row)


async def by_person(db: Database, call: int, customer_id: int) -> bool:
    """Whether a person of ours spoke with the customer in a call: took it over, or wrote its record."""
    wrote = sa.exists().where(_record.c.call == call, _record.c.customer_id == customer_id)
    query = (
        sa.select(_attempt.c.id)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .where(_attempt.c.id == call, _follow_up.c.customer_id == customer_id)
        .where(sa.or_(_attempt.c.disposition == HANDED_OVER, wrote))
    )
    return await db.read(lambda connection: connection.scalar(query)) is not None
