"""What a cancelled campaign leaves: follow-ups that wait are closed, calls under way end as they are.

Whoever makes a follow-up wait again (a call's end, a claim given back) closes it instead, once its campaign
is cancelled: so nothing waits in a cancelled campaign, whatever comes first.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.model import CampaignStatus, FollowUpState

DISPOSITION = "cancelled"
"""Of a follow-up that was closed because its campaign was cancelled; its rule is the reason."""

_AT_ONCE = 10_000
"""So many follow-ups are closed in one transaction: other writers get their turn in between."""

_campaign = schema.campaign
_follow_up = schema.follow_up
_ours = _follow_up.c.campaign_id == sa.bindparam("campaign")
_waiting = _follow_up.c.state == FollowUpState.WAITING.value
_why = sa.select(_campaign.c.status_why).where(_campaign.c.id == _follow_up.c.campaign_id).scalar_subquery()


def closing_cancelled(which: sa.ColumnElement[bool]) -> sa.Update:
    """The statement that closes those of `which` that wait in a cancelled campaign; `at` is now."""
    cancelled = sa.exists().where(
        _campaign.c.id == _follow_up.c.campaign_id, _campaign.c.status == CampaignStatus.CANCELLED.value
    )
    closed = {"state": FollowUpState.CLOSED.value, "disposition": DISPOSITION, "rule": _why}
    return (
        sa.update(_follow_up).where(which, _waiting, cancelled).values(**closed, closed_at=sa.bindparam("at"))
    )


_SOME = sa.select(_follow_up.c.id).where(_ours, _waiting).limit(_AT_ONCE)
_CLOSE_SOME = closing_cancelled(_follow_up.c.id.in_(_SOME))
_LOCK_CALLING = (
    sa.select(_follow_up.c.id)
    .where(_ours, _follow_up.c.state == FollowUpState.CALLING.value)
    .with_for_update()
)


async def close_waiting(db: Database, campaign_id: int, now: datetime) -> None:
    """Close what waits in a cancelled campaign."""

    def some(connection: sa.Connection) -> int:
        # A call that ends at this moment has made its follow-up wait before we look, or looks after us.
        connection.execute(_LOCK_CALLING, {"campaign": campaign_id}).all()
        return connection.execute(_CLOSE_SOME, {"campaign": campaign_id, "at": now}).rowcount

    while await db.write(some):
        pass
