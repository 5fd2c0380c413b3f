"""The ledger's rows as they stand, and what must be true of them at any moment (D10)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from records import schema


def books(connection: sa.Connection) -> tuple[list[sa.Row[Any]], list[sa.Row[Any]]]:
    """Attempts and follow-ups."""
    attempt, follow_up, campaign = schema.attempt.c, schema.follow_up.c, schema.campaign.c
    attempts = (
        sa.select(attempt.id, attempt.follow_up_id, attempt.phone, attempt.trunk, attempt.slot, attempt.node)
        .add_columns(attempt.ended_at, attempt.disposition, follow_up.campaign_id)
        .join(schema.follow_up, follow_up.id == attempt.follow_up_id)
    )
    follow_ups = sa.select(follow_up.id, follow_up.state, campaign.status).join(schema.campaign)
    return list(connection.execute(attempts)), list(connection.execute(follow_ups))


def most(rows: list[sa.Row[Any]], *columns: str) -> int:
    """How many rows agree in these columns, at most."""
    counted = Counter(tuple(getattr(row, column) for column in columns) for row in rows)
    return max(counted.values(), default=0)


def states_fit(follow_ups: list[sa.Row[Any]], called: set[int]) -> None:
    """On the line is what has an open attempt; nothing waits in a cancelled campaign."""
    assert {row.id for row in follow_ups if row.state == "calling"} == called
    assert not [row for row in follow_ups if row.state == "waiting" and row.status == "cancelled"]
