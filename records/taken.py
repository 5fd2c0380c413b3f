"""How calls were taken lately, one by one: what a simulation may count with instead of assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.database import Database

_a = schema.attempt.c


@dataclass(frozen=True, slots=True)
class TakenCall:
    """A call that left and is over. `rang_s`, `talked_s`: seconds, 0 where it never came to that."""

    number: str
    at: datetime
    disposition: str
    rang_s: float
    talked_s: float


async def calls_since(db: Database, moment: datetime) -> list[TakenCall]:
    """All calls from that moment on, in their order."""
    query = (
        sa.select(_a.phone, _a.invited_at, _a.disposition, _a.rang_s, _a.talked_s)
        .where(_a.invited_at >= moment, _a.ended_at.is_not(None))
        .order_by(_a.invited_at, _a.id)
    )
    return await db.read(lambda connection: [TakenCall(*row) for row in connection.execute(query)])
