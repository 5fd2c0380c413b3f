"""A follow-up that was claimed on one line goes out by another (D5): nothing was dialed yet."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from records import lines, schema
from records.columns import Instant
from records.database import Database
from records.model import LineLimits

_attempt, _trunk = schema.attempt, schema.trunk

_MOVE = (
    sa.update(_attempt)
    .where(
        _attempt.c.id == sa.bindparam("attempt"),
        _attempt.c.ended_at.is_(None),
        _attempt.c.invited_at.is_(None),
    )
    .values(trunk=sa.bindparam("line"), slot=sa.bindparam("channel"))
)
_PACE = (
    sa.update(_trunk)
    .where(_trunk.c.name == sa.bindparam("line"))
    .values(next_at=sa.bindparam("at", type_=Instant))
)


async def change_line(db: Database, attempt_id: int, line: LineLimits, now: datetime) -> int | None:
    """Give an attempt that was not permitted yet a channel of another line.

    Returns:
        The channel; None when that line is paused, full, at a cap or paced, or the attempt is over or
        permitted: then nothing has changed.
    """

    def work(connection: sa.Connection) -> int | None:
        if not lines.may_begin(connection, line, now, probe=False):
            return None
        slot = lines.free_slot(connection, line, now, probe=False)
        values = {"attempt": attempt_id, "line": line.name, "channel": slot}
        if slot is None or connection.execute(_MOVE, values).rowcount == 0:
            return None
        next_at = now + line.gap
        connection.execute(_PACE, {"line": line.name, "at": next_at})
        return slot

    return await db.write(work, contended=True)
