"""Which follow-up is next: appointments, then rank, then deadline, then due time (D6, P4): `records.turns`.

Groups of equal rank and deadline are walked by index seeks: what waits is never sorted. What has no ring left
is closed on the way, and a number that rang often enough today is put off until tomorrow, so it stands in
nobody's way a second time (D2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from records import rows, schema
from records.columns import Instant
from records.lines import midnight
from records.model import FollowUpState, PastAttempt
from records.turns import APPOINTMENT_RANK

ENOUGH_TODAY = "D2: the number rang as often today as its cap allows"
"""Rule of a follow-up that was put off."""

_PUT_OFF_AT_ONCE = 1000

_follow_up = schema.follow_up
_attempt = schema.attempt
_customer = schema.customer

Candidate = sa.Row[Any]
"""The columns _CANDIDATE."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """What a choice depends on. `number_cap`: rings of a number in one day, None: no cap."""

    campaign_id: int
    max_rung: int
    number_cap: int | None
    now: datetime
    appointments_only: bool


# Statements are built once: building one costs more than running it.
_at: sa.BindParameter[datetime] = sa.bindparam("at", type_=Instant)
_called_before = sa.exists().where(_attempt.c.follow_up_id == _follow_up.c.id)
_held = sa.exists().where(_attempt.c.phone == _customer.c.phone, _attempt.c.released_at.is_(None))
_rings_today = (
    sa.select(sa.func.count())
    .where(_attempt.c.phone == _customer.c.phone, _attempt.c.ring.is_not(None))
    .where(_attempt.c.invited_at >= sa.bindparam("today", type_=Instant))
    .scalar_subquery()
)
_CANDIDATE = (
    _follow_up.c.id,
    _follow_up.c.due_at,
    _follow_up.c.appointment,
    _follow_up.c.apologise,
    _follow_up.c.deadline,
    _called_before.label("called_before"),
    _held.label("held"),
    *rows.CUSTOMER,
)
_waiting = _follow_up.c.state == FollowUpState.WAITING.value
_waits = (_follow_up.c.campaign_id == sa.bindparam("campaign"), _waiting)
_HISTORY = (
    sa.select(*rows.PAST).where(_attempt.c.follow_up_id == sa.bindparam("follow_up")).order_by(_attempt.c.n)
)
_GROUP = (
    sa.select(_follow_up.c.rank, _follow_up.c.deadline)
    .where(*_waits)
    .order_by(_follow_up.c.rank, _follow_up.c.deadline)
    .limit(1)
)
# (rank, deadline) > (?, ?) would be one query, but SQLite then reads all of the rank: two seeks instead.
_GROUP_OF_RANK = _GROUP.where(
    _follow_up.c.rank == sa.bindparam("of_rank"), _follow_up.c.deadline > sa.bindparam("of_deadline")
)
_GROUP_BEHIND = _GROUP.where(_follow_up.c.rank > sa.bindparam("of_rank"))
_same_group = (
    *_waits,
    _follow_up.c.rank == sa.bindparam("of_rank"),
    _follow_up.c.deadline == sa.bindparam("of_deadline"),
    _follow_up.c.due_at <= _at,
)
_in_use = _held.where(sa.or_(_attempt.c.hold_until.is_(None), _attempt.c.hold_until > _at))
_barred = sa.exists().where(schema.do_not_call.c.phone == _customer.c.phone)
_FIRST_DUE = (
    sa.select(*_CANDIDATE)
    .join(_customer, _customer.c.id == _follow_up.c.customer_id)
    .where(*_same_group, ~_in_use, ~_barred)
    .order_by(_follow_up.c.due_at, _follow_up.c.id)
    .limit(1)
    .with_for_update(of=_follow_up, skip_locked=True)
)
"""A group's first due follow-up whose number is neither in use, nor held beyond `at`, nor barred."""
_ENOUGH = (
    sa.select(_rings_today >= sa.bindparam("cap"))
    .select_from(_customer)
    .where(_customer.c.id == sa.bindparam("customer"))
)
_first_due = (
    sa.select(_follow_up.c.id, _follow_up.c.customer_id)
    .where(*_same_group, ~_follow_up.c.appointment)
    .order_by(_follow_up.c.due_at, _follow_up.c.id)
    .limit(_PUT_OFF_AT_ONCE)
    .subquery()
)
_enough_of_them = (
    sa.select(_first_due.c.id)
    .join(_customer, _customer.c.id == _first_due.c.customer_id)
    .where(_rings_today >= sa.bindparam("cap"))
)
_PUT_OFF = (
    sa.update(_follow_up)
    .where(_waiting, sa.or_(_follow_up.c.id == sa.bindparam("this"), _follow_up.c.id.in_(_enough_of_them)))
    .values(due_at=sa.bindparam("tomorrow", type_=Instant), rule=ENOUGH_TODAY)
)


def choose(connection: sa.Connection, how: Choosing) -> tuple[Candidate, tuple[PastAttempt, ...]] | None:
    """The next candidate that may ring, with its history; None when there is none.

    One without a ring left should have been closed by the policy: it is, here.
    """
    for candidate, group in _due(connection, how):
        history = history_of(connection, candidate.id) if candidate.called_before else ()
        if sum(past.rung for past in history) >= how.max_rung or len(history) >= schema.MOST_ATTEMPTS:
            _close_spent(connection, candidate.id, history, how)
        elif _rang_enough(connection, candidate, how):
            _put_off(connection, candidate, group, how)
        else:
            return candidate, history
    return None


def history_of(connection: sa.Connection, follow_up_id: int) -> tuple[PastAttempt, ...]:
    """The follow-up's attempts, in their order; an open one has no `ended_at`."""
    found = connection.execute(_HISTORY, {"follow_up": follow_up_id})
    return tuple(rows.past(row) for row in found)


_Group = tuple[int, datetime]
"""Rank and deadline."""


def _due(connection: sa.Connection, how: Choosing) -> Iterator[tuple[Candidate, _Group]]:
    """Due follow-ups with a free number. Who doesn't take one closes it or puts it off before the next."""
    group = _next_group(connection, how.campaign_id, None)
    while group is not None and not (how.appointments_only and group[0] > APPOINTMENT_RANK):
        values = _of_group(group, how)
        while (candidate := connection.execute(_FIRST_DUE, values).one_or_none()) is not None:
            yield candidate, group
        group = _next_group(connection, how.campaign_id, group)


def _of_group(group: _Group, how: Choosing) -> dict[str, object]:
    return {"campaign": how.campaign_id, "of_rank": group[0], "of_deadline": group[1], "at": how.now}


def _rang_enough(connection: sa.Connection, candidate: Candidate, how: Choosing) -> bool:
    if how.number_cap is None or candidate.appointment:
        return False
    customer = rows.customer(candidate[-len(rows.CUSTOMER) :])
    values = {"customer": customer.id, "cap": how.number_cap, "today": midnight(how.now)}
    return bool(connection.scalar(_ENOUGH, values))


def _put_off(connection: sa.Connection, candidate: Candidate, group: _Group, how: Choosing) -> None:
    """Until tomorrow: this one, and those of its group's first that rang enough as well."""
    today = midnight(how.now)
    values = {
        "this": candidate.id,
        "cap": how.number_cap,
        "today": today,
        "tomorrow": today + timedelta(days=1),
    }
    connection.execute(_PUT_OFF, {**_of_group(group, how), **values})


def _next_group(
    connection: sa.Connection, campaign_id: int, after: tuple[int, datetime] | None
) -> tuple[int, datetime] | None:
    """The first group of what waits, or the one after `after`."""
    if after is None:
        return _first_group(connection, _GROUP, campaign=campaign_id)
    values = {"campaign": campaign_id, "of_rank": after[0]}
    same_rank = _first_group(connection, _GROUP_OF_RANK, **values, of_deadline=after[1])
    return same_rank or _first_group(connection, _GROUP_BEHIND, **values)


def _first_group(
    connection: sa.Connection, query: sa.Select[tuple[int, datetime]], **values: object
) -> tuple[int, datetime] | None:
    row = connection.execute(query, values).one_or_none()
    return (row.rank, row.deadline) if row is not None else None


def _close_spent(
    connection: sa.Connection,
    follow_up_id: int,
    history: tuple[PastAttempt, ...],
    how: Choosing,
) -> None:
    """No ring is left: a person takes over (D2)."""
    enough = sum(past.valid for past in history) >= how.max_rung
    connection.execute(
        sa.update(_follow_up)
        .where(_follow_up.c.id == follow_up_id)
        .values(state=FollowUpState.CLOSED.value, closed_at=how.now)
        .values(disposition="exhausted" if enough else "insufficient", rule="D2: no automatic ring is left")
    )
