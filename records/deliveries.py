"""What listeners are still to be told.

Nothing that happens calls anybody: what is new is found by comparing what happened with what was told. So
nothing that was kept is lost, crash or no crash, and an event that is told twice has the same id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.engines import insert_all_new
from records.listeners import Happening, Listener, listener_of
from records.reviewed import Severity
from records.schema_cases import LEADS

LOOKED_BACK = timedelta(days=3)
"""What is older is not told any more: a listener that was added later, a program that stood still."""
GIVEN_UP = timedelta(days=2)
"""So long a delivery is tried."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
LEASE = timedelta(minutes=2)
"""Nobody else tries a delivery meanwhile."""
MOST = 500
"""Found, and tried, in one go."""

_delivery, _listener = schema.delivery, schema.listener
_attempt, _customer = schema.attempt, schema.customer
_follow_up, _campaign = schema.follow_up, schema.campaign
_transcript, _flag, _case = schema.transcript, schema.flag, schema.review_case


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a listener.

    Attributes:
        object_id: the call's; of a closed case the case's.
        tries: before this one.
    """

    id: int
    listener: Listener
    event: Happening
    object_id: int
    happened_at: datetime
    tries: int


def pause_after(tries: int) -> timedelta:
    """How long until the next try: 5 s, then twice as long each time, an hour at most."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(tries - 1, 20)))


async def find(db: Database, now: datetime) -> int:
    """Keep what is new for every listener; gives how much that is."""

    def work(connection: sa.Connection) -> int:
        rows = connection.execute(sa.select(_listener).where(_listener.c.stopped_at.is_(None)))
        return sum(_find(connection, listener_of(row), now) for row in rows.all())

    return await db.write(work)


async def due(db: Database, now: datetime) -> list[Delivery]:
    """Deliveries whose time has come; nobody else gets them for a while."""
    query = (
        sa.select(_delivery, _delivery.c.id.label("delivery"))
        .where(_delivery.c.next_at <= now)
        .order_by(_delivery.c.next_at, _delivery.c.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )

    def work(connection: sa.Connection) -> list[Delivery]:
        rows = connection.execute(query).all()
        ids = [row.id for row in rows]
        connection.execute(sa.update(_delivery).where(_delivery.c.id.in_(ids)).values(next_at=now + LEASE))
        known = {one.id: one for one in map(listener_of, connection.execute(sa.select(_listener)))}
        return [_of(row, known) for row in rows]

    return await db.write(work)


async def arrived(db: Database, one: Delivery, answer: str, now: datetime) -> None:
    """It was taken."""
    await _keep(db, one, answer, {"next_at": None, "done_at": now})


async def failed(db: Database, one: Delivery, why: str, now: datetime) -> None:
    """It was not taken: tried again later, unless it has been tried for long."""
    over = now - one.happened_at >= GIVEN_UP
    await _keep(db, one, why, {"next_at": None if over else now + pause_after(one.tries + 1)})


async def standing(db: Database) -> dict[int, tuple[int, int, str]]:
    """By listener: deliveries that wait, those that arrived, and the last answer."""
    last = (
        sa.select(sa.func.max(_delivery.c.id))
        .where(_delivery.c.answer != "")
        .group_by(_delivery.c.listener_id)
    )
    counts = sa.select(
        _delivery.c.listener_id, sa.func.count(_delivery.c.next_at), sa.func.count(_delivery.c.done_at)
    ).group_by(_delivery.c.listener_id)
    answers = sa.select(_delivery.c.listener_id, _delivery.c.answer).where(_delivery.c.id.in_(last))

    def work(connection: sa.Connection) -> dict[int, tuple[int, int, str]]:
        said = {row.listener_id: row.answer for row in connection.execute(answers)}
        return {id_: (waiting, done, said.get(id_, "")) for id_, waiting, done in connection.execute(counts)}

    return await db.read(work)


async def facts(db: Database, one: Delivery) -> Mapping[str, object]:
    """What a listener is told: ids and kinds, never a name, a number or a word that was said (A2)."""
    query = _closed_facts(one.object_id) if one.event is Happening.CASE_CLOSED else _call_facts(one.object_id)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    return dict(row._mapping) if row is not None else {}


async def _keep(db: Database, one: Delivery, answer: str, values: Mapping[str, object]) -> None:
    change = sa.update(_delivery).where(_delivery.c.id == one.id)
    said = {"tries": one.tries + 1, "answer": answer[:200], **values}
    await db.write(lambda connection: connection.execute(change.values(said)))


def _find(connection: sa.Connection, listener: Listener, now: datetime) -> int:
    since = max(listener.made_at, now - LOOKED_BACK)
    found = 0
    for event in sorted(listener.events):
        told = sa.select(_delivery.c.object_id).where(
            _delivery.c.listener_id == listener.id, _delivery.c.event == event.value
        )
        new = _HAPPENED[event](since, listener.branch)
        some = sa.select(new.c.id, new.c.at).where(new.c.id.not_in(told)).order_by(new.c.at).limit(MOST)
        rows = connection.execute(some).all()
        about = {"listener_id": listener.id, "event": event.value, "next_at": now}
        insert_all_new(
            connection, _delivery, [{**about, "object_id": row.id, "happened_at": row.at} for row in rows]
        )
        found += len(rows)
    return found


def _calls(since: datetime, branch: str) -> sa.Subquery:
    query = sa.select(_attempt.c.id, _attempt.c.ended_at.label("at")).where(_attempt.c.ended_at >= since)
    return _of_branch(query, branch).subquery()


def _flags(since: datetime, branch: str) -> sa.Subquery:
    query = (
        sa.select(_attempt.c.id, sa.func.min(_transcript.c.created_at).label("at"))
        .join(_transcript, _transcript.c.attempt_id == _attempt.c.id)
        .join(_flag, _flag.c.transcript_id == _transcript.c.id)
        .where(_transcript.c.created_at >= since, _transcript.c.is_current)
        .where(*LEADS, _flag.c.severity == Severity.HIGH.value)
        .group_by(_attempt.c.id)
    )
    return _of_branch(query, branch).subquery()


def _cases(since: datetime, branch: str) -> sa.Subquery:
    query = (
        sa.select(_case.c.id, _case.c.closed_at.label("at"))
        .join(_attempt, _attempt.c.id == _case.c.attempt_id)
        .where(_case.c.closed_at >= since)
    )
    return _of_branch(query, branch).subquery()


_HAPPENED = {Happening.CALL_FINISHED: _calls, Happening.SEVERE_FLAG: _flags, Happening.CASE_CLOSED: _cases}


def _of_branch(query: sa.Select[tuple[int, datetime]], branch: str) -> sa.Select[tuple[int, datetime]]:
    if not branch:
        return query
    whose = (
        sa.select(_follow_up.c.id)
        .join(_customer, _customer.c.id == _follow_up.c.customer_id)
        .where(_customer.c.branch == branch)
    )
    return query.where(_attempt.c.follow_up_id.in_(whose))


def _call_facts(call: int) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(_attempt.c.id.label("call"), _follow_up.c.customer_id.label("customer"), _attempt.c.n)
        .add_columns(_campaign.c.name.label("campaign"), _campaign.c.kind, _attempt.c.disposition)
        .add_columns(_attempt.c.ended_at, _attempt.c.rang_s, _attempt.c.talked_s)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .join(_campaign, _campaign.c.id == _follow_up.c.campaign_id)
        .where(_attempt.c.id == call)
    )


def _closed_facts(case: int) -> sa.Select[tuple[object, ...]]:
    return sa.select(
        *(_case.c.id.label("case"), _case.c.attempt_id.label("call"), _case.c.grade, _case.c.major),
        *(_case.c.severity, _case.c.raised_at, _case.c.closed_at),
    ).where(_case.c.id == case)


def _of(row: sa.Row[tuple[object, ...]], known: Mapping[int, Listener]) -> Delivery:
    about = (row.object_id, row.happened_at, row.tries)
    return Delivery(row.delivery, known[row.listener_id], Happening(row.event), *about)
