"""Whose a call is: asked before somebody may claim it or carry on its case (A1, C4)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from records import schema
from records.database import Database

_EVENT = "event "
"""So the occasion of what is owed upon an event begins; its id follows."""

HANDED_OVER = "handed_over"
"""The disposition of a call that a person took over."""

_attempt = schema.attempt
_follow_up = schema.follow_up
_customer = schema.customer
_owed = schema.obligation


@dataclass(frozen=True, slots=True)
class Whose:
    """A call's customer. `events`: ids of those for whose sake it was made; who ordered it is interested."""

    customer_id: int
    branch: str
    events: tuple[int, ...]


async def whose(db: Database, call: int) -> Whose | None:
    """Whose call it was; None: there is no such call."""
    customer = (
        sa.select(_customer.c.id, _customer.c.branch)
        .join(_follow_up, _follow_up.c.customer_id == _customer.c.id)
        .join(_attempt, _attempt.c.follow_up_id == _follow_up.c.id)
        .where(_attempt.c.id == call)
    )
    occasions = (
        sa.select(_owed.c.occasion)
        .join(_attempt, _attempt.c.follow_up_id == _owed.c.follow_up_id)
        .where(_attempt.c.id == call, _owed.c.occasion.startswith(_EVENT))
    )

    def work(connection: sa.Connection) -> Whose | None:
        row = connection.execute(customer).one_or_none()
        events = (int(one.removeprefix(_EVENT)) for one in connection.scalars(occasions))
        return Whose(row.id, row.branch, tuple(events)) if row else None

    return await db.read(work)


async def by_person(db: Database, call: int, customer_id: int) -> bool:
    """Whether a person of ours spoke with the customer in a call."""
    query = (
        sa.select(_attempt.c.id)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .where(_attempt.c.id == call, _follow_up.c.customer_id == customer_id)
        .where(_attempt.c.disposition == HANDED_OVER)
    )
    return await db.read(lambda connection: connection.scalar(query)) is not None
