"""What happened to customers: adding it twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from records import audit, schema
from records.chain import SYSTEM
from records.database import Database
from records.model import ImportResult
from records.people import Event, EventKind

_table = schema.customer_event
_e = _table.c
_CHUNK = 500
"""Customers looked up by one statement."""

_EVENT = (_e.id, _e.customer_id, _e.kind, _e.happened_on, _e.by_on, _e.by_whom, _e.words)

Key = tuple[int, str, date, str]
"""Customer, kind, day and who found or ordered it: one event."""


async def add(db: Database, events: Sequence[Event], now: datetime, by: str = SYSTEM) -> ImportResult:
    """Keep these, all or none; their ids don't count. Of two for one key the later counts.

    A kept event takes another last day and other words from the same event added again.

    Raises:
        StoreError: a customer is unknown.
    """

    def work(connection: sa.Connection) -> ImportResult:
        done = keep(connection, events, now)
        audit.note_import(connection, "events", done, by, now)
        return done

    return await db.write(work, contended=True)


async def look(db: Database, events: Sequence[Event]) -> ImportResult:
    """What `add` would do; nothing is changed."""
    return await db.read(lambda connection: _compared(connection, events).result)


def keep(connection: sa.Connection, events: Sequence[Event], now: datetime) -> ImportResult:
    """The same within a transaction."""
    found = _compared(connection, events)
    if found.added:
        connection.execute(sa.insert(_table), [_values(event, now) for event in found.added])
    for id_, event in found.changed:
        change = sa.update(_table).where(_e.id == id_).values(by_on=event.by_on, words=event.words)
        connection.execute(change)
    return found.result


@dataclass(frozen=True, slots=True)
class _Compared:
    """Events that are new, those that say something else with their ids, and the counts."""

    added: list[Event]
    changed: list[tuple[int, Event]]
    result: ImportResult


def _compared(connection: sa.Connection, events: Sequence[Event]) -> _Compared:
    wanted = {_key(event): event for event in events}
    known = {_key(event): event for event in _known(connection, sorted({key[0] for key in wanted}))}
    added = [event for key, event in wanted.items() if key not in known]
    changed = [
        (known[key].id, event)
        for key, event in wanted.items()
        if key in known and (known[key].by_on, known[key].words) != (event.by_on, event.words)
    ]
    unchanged = len(events) - len(added) - len(changed)
    return _Compared(added, changed, ImportResult(len(added), len(changed), unchanged))


async def events_of_branch(db: Database, branch: str, since: date) -> list[Event]:
    """What happened to the branch's customers on that day or later, by day, then as it came in."""
    customer = schema.customer.c
    query = (
        sa.select(*_EVENT)
        .join(schema.customer, customer.id == _e.customer_id)
        .where(customer.branch == branch, _e.happened_on >= since)
        .order_by(_e.happened_on, _e.id)
    )
    return await db.read(lambda connection: [_event(row) for row in connection.execute(query)])


async def events_of_customer(db: Database, customer_id: int) -> list[Event]:
    """What happened to one customer, the latest first."""
    query = (
        sa.select(*_EVENT).where(_e.customer_id == customer_id).order_by(_e.happened_on.desc(), _e.id.desc())
    )
    return await db.read(lambda connection: [_event(row) for row in connection.execute(query)])


def _known(connection: sa.Connection, customers: Sequence[int]) -> Iterator[Event]:
    for start in range(0, len(customers), _CHUNK):
        query = sa.select(*_EVENT).where(_e.customer_id.in_(customers[start : start + _CHUNK]))
        yield from map(_event, connection.execute(query))


def _key(event: Event) -> Key:
    return event.customer_id, event.kind.value, event.on, event.by


def _values(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "customer_id": event.customer_id,
        "kind": event.kind.value,
        "happened_on": event.on,
        "by_on": event.by_on,
        "by_whom": event.by,
        "words": event.words,
        "made_at": now,
    }


def _event(row: Sequence[Any]) -> Event:
    id_, customer_id, kind, *rest = row
    return Event(id_, customer_id, EventKind(kind), *rest)


async def events_of_ids(db: Database, ids: Sequence[int]) -> list[Event]:
    """The events of these ids."""

    def work(connection: sa.Connection) -> list[Event]:
        some = (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
        queries = (sa.select(*_EVENT).where(_e.id.in_(chunk)) for chunk in some)
        return [_event(row) for query in queries for row in connection.execute(query)]

    return await db.read(work)
