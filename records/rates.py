"""What calls came to lately: what a forecast counts with (P9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.database import Database

_a = schema.attempt.c


@dataclass(frozen=True, slots=True)
class CallRates:
    """Of attempts that left: how many, how many completed their follow-up, their mean length in seconds."""

    attempts: int
    completed: int
    mean_s: float


async def since(db: Database, day: datetime) -> CallRates:
    """Of all attempts from that moment on."""
    wanted = sa.select(_a.disposition, _a.rang_s, _a.talked_s).where(
        _a.invited_at >= day, _a.ended_at.is_not(None)
    )
    some = wanted.subquery()
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(sa.case((some.c.disposition == "completed", 1), else_=0)), 0),
        sa.func.coalesce(sa.func.avg(some.c.rang_s + some.c.talked_s), 0.0),
    )
    return await db.read(lambda connection: CallRates(*connection.execute(query).one()))
