"""Who is called sooner: ranks and deadlines of campaigns and of single follow-ups, changed at any time (P4).

A smaller rank is served first, then the earlier deadline. Appointments go before all else, whatever the rank.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from base.errors import InputError
from records import schema
from records.database import Database
from records.model import FollowUpState

FIRST_RANK, LAST_RANK = 1, 9
"""The ranks that may be given."""

_AT_ONCE = 10_000
"""So many deadlines are moved in one transaction: other writers get their turn in between."""

_campaign = schema.campaign
_follow_up = schema.follow_up
_open = _follow_up.c.state != FollowUpState.CLOSED.value


async def prioritise(
    db: Database, campaign_id: int, *, rank: int | None = None, deadline: datetime | None = None
) -> None:
    """Give a campaign another rank or deadline; the next claim knows it.

    The deadline is that of its open follow-ups too, but for those that were given another one.

    Raises:
        InputError: no such rank.
    """
    values = _values(rank, deadline)
    if deadline is not None:
        await _move_deadlines(db, campaign_id, deadline)
    change = sa.update(_campaign).where(_campaign.c.id == campaign_id).values(**values)
    await db.write(lambda connection: connection.execute(change))


async def prioritise_customer(
    db: Database,
    campaign_id: int,
    customer_id: int,
    *,
    rank: int | None = None,
    deadline: datetime | None = None,
) -> None:
    """Give one customer's follow-up in a campaign another rank or deadline.

    Raises:
        InputError: no such rank, or no open follow-up of that customer.
    """
    values: dict[str, object] = _values(rank, deadline)
    if rank is not None:
        kept = sa.case((_follow_up.c.appointment, _follow_up.c.rank), else_=rank)
        values |= {"own_rank": rank, "rank": kept}
    ours = sa.and_(_follow_up.c.campaign_id == campaign_id, _follow_up.c.customer_id == customer_id, _open)
    change = sa.update(_follow_up).where(ours).values(**values)
    if await db.write(lambda connection: connection.execute(change).rowcount) == 0:
        raise InputError(
            "the campaign has no open follow-up of this customer", where=f"customer {customer_id}"
        )


def _values(rank: int | None, deadline: datetime | None) -> dict[str, object]:
    if rank is not None and not FIRST_RANK <= rank <= LAST_RANK:
        raise InputError(f"a rank lies between {FIRST_RANK} (first) and {LAST_RANK}", where=str(rank))
    if rank is None and deadline is None:
        raise InputError("neither a rank nor a deadline is given")
    given = {"rank": rank, "deadline": deadline}
    return {name: value for name, value in given.items() if value is not None}


async def _move_deadlines(db: Database, campaign_id: int, deadline: datetime) -> None:
    old = sa.select(_campaign.c.deadline).where(_campaign.c.id == campaign_id).scalar_subquery()
    wanted = (_follow_up.c.campaign_id == campaign_id, _open, _follow_up.c.deadline == old)
    some = sa.select(_follow_up.c.id).where(*wanted, _follow_up.c.deadline != deadline).limit(_AT_ONCE)
    change = sa.update(_follow_up).where(_follow_up.c.id.in_(some)).values(deadline=deadline)
    while await db.write(lambda connection: connection.execute(change).rowcount):
        pass
