"""Which seconds of a call somebody has heard: a case closes only after the stretch in question was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.engines import insert_new
from records.spans import Span, merged

_heard = schema.heard_span


async def keep(db: Database, call: int, by: str, spans: Sequence[Span], now: datetime) -> None:
    """Add what somebody's player has played to what they have heard before."""

    def work(connection: sa.Connection) -> None:
        insert_new(connection, _heard, attempt_id=call, by_whom=by, spans=[], at=now)
        this = sa.and_(_heard.c.attempt_id == call, _heard.c.by_whom == by)
        before = connection.scalar(sa.select(_heard.c.spans).where(this).with_for_update()) or []
        together = [list(one) for one in merged([*map(_span, before), *spans])]
        connection.execute(sa.update(_heard).where(this).values(spans=together, at=now))

    await db.write(work)


async def of_call(db: Database, call: int) -> Mapping[str, tuple[Span, ...]]:
    """By who heard them, the seconds of a call."""
    query = sa.select(_heard.c.by_whom, _heard.c.spans).where(_heard.c.attempt_id == call)
    found = await db.read(lambda connection: connection.execute(query).all())
    return {by: tuple(map(_span, spans)) for by, spans in found}


def _span(kept: Sequence[float]) -> Span:
    return kept[0], kept[1]
