"""Notes that calls left for people: who complained, who was promised an answer (S13, S15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from records import schema
from records.database import Database

PROMISED = "answer_by"
"""The question whose answer is the day on which the customer was promised to hear from us (S13)."""

_attempt = schema.attempt


@dataclass(frozen=True, slots=True)
class NotedCall:
    """A call that left notes.

    Attributes:
        id: the attempt.
        ended_at: when the call was over; None while its number is still held open.
        notes: codes, such as "promised_answer".
        promised: the day by which an answer was promised, if one was named.
    """

    id: int
    ended_at: datetime | None
    campaign: str
    customer: str
    phone: str
    disposition: str
    notes: tuple[str, ...]
    promised: date | None


async def noted(db: Database, limit: int, code: str = "") -> tuple[NotedCall, ...]:
    """The last calls that left this note (without a code: any), newest first."""
    written = sa.cast(_attempt.c.notes, sa.Text)
    query = (
        sa.select(
            *(_attempt.c[name] for name in ("id", "ended_at", "phone", "disposition", "notes")),
            schema.campaign.c.name.label("campaign"),
            schema.customer.c.name.label("customer"),
            schema.answer.c.value.label("promised"),
        )
        .select_from(_attempt)
        .join(schema.follow_up, schema.follow_up.c.id == _attempt.c.follow_up_id)
        .join(schema.campaign, schema.campaign.c.id == schema.follow_up.c.campaign_id)
        .join(schema.customer, schema.customer.c.id == schema.follow_up.c.customer_id)
        .outerjoin(
            schema.answer,
            sa.and_(schema.answer.c.attempt_id == _attempt.c.id, schema.answer.c.question == PROMISED),
        )
        .where(written.contains(f'"{code}"', autoescape=True) if code else written != "[]")
        .order_by(_attempt.c.id.desc())
        .limit(limit)
    )

    def work(connection: sa.Connection) -> tuple[NotedCall, ...]:
        return tuple(_noted(dict(row._mapping)) for row in connection.execute(query))

    return await db.read(work)


def _noted(row: dict[str, Any]) -> NotedCall:
    return NotedCall(**row | {"notes": tuple(row["notes"]), "promised": _day(row["promised"])})


def _day(value: str | None) -> date | None:
    """An answer's value as a day; None where none was named."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
