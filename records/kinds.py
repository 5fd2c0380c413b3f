"""What calls did kind by kind: a merged call is filed for each kind that it carried (D7)."""

from __future__ import annotations

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.model import KindRow

_kind = schema.attempt_kind


async def kinds_of(db: Database, attempt_id: int) -> tuple[KindRow, ...]:
    """The kinds of one attempt, by name; empty where nobody was talked to."""
    query = sa.select(_kind.c.kind, _kind.c.completed).where(_kind.c.attempt_id == attempt_id)

    def work(connection: sa.Connection) -> tuple[KindRow, ...]:
        return tuple(KindRow(*row) for row in connection.execute(query.order_by(_kind.c.kind)))

    return await db.read(work)


async def completed(db: Database, campaign_id: int) -> dict[str, int]:
    """Of each kind of the campaign's calls: how many follow-ups have completed it, in whichever attempt."""
    attempt, follow_up = schema.attempt.c, schema.follow_up.c
    done = sa.case((_kind.c.completed, attempt.follow_up_id))
    query = (
        sa.select(_kind.c.kind, sa.func.count(sa.distinct(done)))
        .join(schema.attempt, attempt.id == _kind.c.attempt_id)
        .join(schema.follow_up, follow_up.id == attempt.follow_up_id)
        .where(follow_up.campaign_id == campaign_id)
        .group_by(_kind.c.kind)
        .order_by(_kind.c.kind)
    )
    return await db.read(lambda connection: {row[0]: row[1] for row in connection.execute(query)})
