"""Keeping what a file says of customers, within the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from records import customer_events, schema
from records.customer_matching import Change, Matched, Rejected, ids_of, match
from records.customer_rows import Contact, CustomerRow, FurtherPhone
from records.model import ImportResult
from records.people import Event, EventKind

NEWS = timedelta(days=60)
"""Accounts opened and contracts signed within so many days become events (P1, P6); older ones are history."""

_table = schema.customer

_EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(("opened_on", "closed_on", "adviser_since", "adviser_until")),
    **dict.fromkeys(("manager", "branch", "extension", "account", "manager_no", "introducer"), ""),
    **dict.fromkeys(("opened_by", "signed_by", "province"), ""),
    **dict.fromkeys(("assets", "volume", "commission", "turnover"), 0.0),
    **dict.fromkeys(("core", "dormant", "chosen"), False),
    **{"words": [], "details": {}, "client": "person", "source": "ordinary"},
}
"""Of a new customer, what its row says nothing of though others do."""

_TELLING = {"opened_on": EventKind.OPENED, "adviser_since": EventKind.SIGNED}
"""Days that are events."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the rows; `rejected` by their position."""

    result: ImportResult
    rejected: tuple[tuple[int, Rejected], ...] = ()


def look(connection: sa.Connection, rows: Sequence[CustomerRow], *, new: bool = True) -> Kept:
    """What `keep` would do; nothing is changed."""
    return _kept(match(connection, rows, new))


def keep(connection: sa.Connection, rows: Sequence[CustomerRow], now: datetime, *, new: bool = True) -> Kept:
    """Add new customers and change known ones; each row is of another customer.

    Args:
        new: whether customers that are not known are added.
    """
    found = match(connection, rows, new)
    _insert(connection, found, now)
    _update(connection, found.changes, now)
    added = _told(connection, [row for row in found.added if _is_told(row, now)])
    changes = (*added, *found.changes)
    _put(connection, schema.further_phone, {one.id: one.phones for one in changes if one.phones is not None})
    _put(
        connection,
        schema.customer_contact,
        {one.id: one.contacts for one in changes if one.contacts is not None},
    )
    events = [event for change in changes for event in _news(change.id, change.row, now)]
    for change in found.changes:
        _correct(connection, change, now)
    customer_events.keep(connection, events, now)
    return _kept(found)


def _kept(found: Matched) -> Kept:
    result = ImportResult(len(found.added), len(found.changes), found.unchanged)
    return Kept(result, found.rejected)


def _insert(connection: sa.Connection, found: Matched, now: datetime) -> None:
    if found.added:
        empty = {name: _EMPTY[name] for name in found.columns if name in _EMPTY}
        at = now.astimezone(UTC)  # once, not for each row
        times = {"created_at": at, "updated_at": at}
        values = [{**empty, **row.values, **times} for row in found.added]
        connection.execute(sa.insert(_table), values)


def _update(connection: sa.Connection, changes: Sequence[Change], now: datetime) -> None:
    if changes:
        columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in changes[0].values}
        change = sa.update(_table).where(_table.c.id == sa.bindparam("this"))
        values = [
            {"this": one.id, **{f"new_{name}": value for name, value in one.values.items()}}
            for one in changes
        ]
        connection.execute(change.values(**columns, updated_at=now), values)


def _is_told(row: CustomerRow, now: datetime) -> bool:
    """Whether a new customer's id is needed: for numbers, or for an event."""
    return bool(row.phones or row.contacts) or any(_recent(row, now))


def _told(connection: sa.Connection, rows: Sequence[CustomerRow]) -> Iterator[Change]:
    for id_, row in zip(ids_of(connection, rows), rows, strict=True):
        if id_ is not None:
            yield Change(id_, row.values, row, row.phones or None, row.contacts or None)


def _put(
    connection: sa.Connection,
    table: sa.Table,
    numbers: Mapping[int, tuple[FurtherPhone, ...] | tuple[Contact, ...]],
) -> None:
    """These of each customer, in place of those kept."""
    if not numbers:
        return
    theirs = table.c.customer_id == sa.bindparam("this")
    connection.execute(sa.delete(table).where(theirs), [{"this": id_} for id_ in numbers])
    rows = [{"customer_id": id_, **asdict(one)} for id_, some in numbers.items() for one in some]
    if rows:
        connection.execute(sa.insert(table), rows)


def _recent(row: CustomerRow, now: datetime) -> Iterator[tuple[EventKind, date]]:
    for column, kind in _TELLING.items():
        day = row.values.get(column)
        if day is not None and day >= now.date() - NEWS:
            yield kind, day


def _correct(connection: sa.Connection, change: Change, now: datetime) -> None:
    """An account is opened once: a day that is corrected is no second event."""
    for kind, day in _recent(change.row, now):
        if kind is EventKind.OPENED:
            customer_events.move(connection, change.id, kind, day)


def _news(id_: int, row: CustomerRow, now: datetime) -> Iterator[Event]:
    for kind, day in _recent(row, now):
        yield Event(0, id_, kind, day)
