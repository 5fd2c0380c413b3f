"""All attempts of the follow-up that a call belongs to, each with its SIP messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.database import Database

_a = schema.attempt.c


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt. `ladder`: its SIP messages; `rule`: what decided the next step."""

    id: int
    n: int
    invited_at: datetime | None
    disposition: str
    trunk: str
    sip_status: int
    sip_reason: str
    rang_s: float
    talked_s: float
    rule: str
    ladder: tuple[str, ...]


_SAME = (
    *("id", "n", "invited_at", "disposition", "trunk", "sip_status", "sip_reason"),
    *("rang_s", "talked_s", "rule"),
)


async def of_call(db: Database, attempt_id: int) -> tuple[Attempted, ...]:
    """The attempts of its follow-up, this one among them, in their order."""
    mine = sa.select(_a.follow_up_id).where(_a.id == attempt_id).scalar_subquery()
    query = sa.select(*(_a[name] for name in _SAME)).where(_a.follow_up_id == mine).order_by(_a.n)
    line = schema.ladder.c
    ids = sa.select(_a.id).where(_a.follow_up_id == mine)
    messages = sa.select(line.attempt_id, line.line).where(line.attempt_id.in_(ids))

    def work(connection: sa.Connection) -> tuple[Attempted, ...]:
        ladders: dict[int, list[str]] = {}
        for id_, text in connection.execute(messages.order_by(line.attempt_id, line.position)):
            ladders.setdefault(id_, []).append(text)
        rows = connection.execute(query).all()
        return tuple(Attempted(**row._mapping, ladder=tuple(ladders.get(row.id, ()))) for row in rows)

    return await db.read(work)
