"""Who of a file's customers is kept already, and what the file says otherwise.

A customer is known by the account; one without, by name and phone. Where a row gives an account that nobody
has, who is kept without one under the same name and phone is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any

import sqlalchemy as sa

from records import schema
from records.customer_rows import Contact, CustomerRow, FurtherPhone

_table = schema.customer
_c = _table.c
_CHUNK = 500
"""Accounts, phones or customers looked up by one statement."""

Known = Mapping[str, Any]
"""A kept customer's row: `id`, `name`, `phone`, `account`, and what the file has columns for."""


class Rejected(Enum):
    """Why a row is not kept, though it reads well."""

    UNKNOWN = "unknown"
    """Nobody is known by it, and new customers are not wanted."""
    NAMELESS = "nameless"
    """Nobody is known by this account, and a new customer needs name and phone."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a row says otherwise than what is kept. `phones`, `contacts`: None where they stay."""

    id: int
    values: Mapping[str, Any]
    row: CustomerRow
    phones: tuple[FurtherPhone, ...] | None
    contacts: tuple[Contact, ...] | None


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows by what is to be done with them; `rejected` by their position."""

    columns: tuple[str, ...]
    added: tuple[CustomerRow, ...]
    changes: tuple[Change, ...]
    unchanged: int
    rejected: tuple[tuple[int, Rejected], ...]


def match(connection: sa.Connection, rows: Sequence[CustomerRow], new: bool) -> Matched:
    """Compare rows, each of another customer, with what is kept.

    Args:
        new: whether customers that are not known are wanted.
    """
    columns = tuple(dict.fromkeys(chain.from_iterable(row.values for row in rows)))
    known = list(_known(connection, rows, columns))
    numbers = _Numbers(
        connection, [one["id"] for one, row in zip(known, rows, strict=True) if one and _tells(row)]
    )
    added: list[CustomerRow] = []
    changes: list[Change] = []
    rejected: list[tuple[int, Rejected]] = []
    for at, (row, one) in enumerate(zip(rows, known, strict=True)):
        if one is not None:
            changes += _change(one, row, numbers)
        elif not new:
            rejected.append((at, Rejected.UNKNOWN))
        elif "name" in row.values and "phone" in row.values:
            added.append(row)
        else:
            rejected.append((at, Rejected.NAMELESS))
    unchanged = len(rows) - len(added) - len(changes) - len(rejected)
    return Matched(columns, tuple(added), tuple(changes), unchanged, tuple(rejected))


def ids_of(connection: sa.Connection, rows: Sequence[CustomerRow]) -> list[int | None]:
    """Each row's customer; None where nobody is known by it."""
    return [one["id"] if one else None for one in _known(connection, rows, ())]


def _tells(row: CustomerRow) -> bool:
    return row.phones is not None or row.contacts is not None


def _known(
    connection: sa.Connection, rows: Sequence[CustomerRow], columns: Iterable[str]
) -> Iterator[Known | None]:
    """Each row's customer; None where nobody is known by it."""
    wanted = [_c[name] for name in dict.fromkeys(("id", "account", "name", "phone", *columns))]
    accounts = [row.values["account"] for row in rows if row.values.get("account")]
    by_account = {
        one["account"]: one for one in _found(connection, wanted, _c.account, accounts, schema.has_account)
    }
    others = [row for row in rows if row.values.get("account", "") not in by_account]
    by_person = _by_person(
        connection, wanted, [row.values["phone"] for row in others if "phone" in row.values]
    )
    for row in rows:
        account = row.values.get("account", "")
        person = by_person.get((row.values.get("name", ""), row.values.get("phone", "")))
        if account in by_account:
            yield by_account[account]
        else:
            yield None if person and account and person["account"] else person


def _by_person(
    connection: sa.Connection, wanted: Sequence[sa.Column[Any]], phones: Sequence[str]
) -> dict[tuple[str, str], Known]:
    """By name and phone; of several who has no account, else the first that came."""
    people: dict[tuple[str, str], Known] = {}
    for one in sorted(_found(connection, wanted, _c.phone, phones), key=lambda one: one["id"]):
        key = one["name"], one["phone"]
        if key not in people or not one["account"]:
            people[key] = one
    return people


def _found(
    connection: sa.Connection,
    wanted: Sequence[sa.Column[Any]],
    column: sa.Column[Any],
    values: Sequence[str],
    *besides: sa.ColumnElement[bool],
) -> Iterator[Known]:
    for start in range(0, len(values), _CHUNK):
        query = sa.select(*wanted).where(column.in_(values[start : start + _CHUNK]), *besides)
        yield from map(dict, connection.execute(query).mappings())


def _change(one: Known, row: CustomerRow, numbers: _Numbers) -> Iterator[Change]:
    """Nothing, where the row says what is kept."""
    values = dict(row.values)
    if "details" in values:
        values["details"] = {
            key: value for key, value in {**one["details"], **values["details"]}.items() if value
        }
    differs = {name: value for name, value in values.items() if one[name] != value}
    phones, contacts = numbers.other_than(one["id"], row)
    if differs or phones is not None or contacts is not None:
        yield Change(
            one["id"],
            {name: values.get(name, one[name]) for name in one if name != "id"},
            row,
            phones,
            contacts,
        )


class _Numbers:
    """Further phones and contacts as they are kept."""

    def __init__(self, connection: sa.Connection, ids: Sequence[int]) -> None:
        self._phones: dict[int, set[FurtherPhone]] = {}
        self._contacts: dict[int, set[Contact]] = {}
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            for row in _rows(connection, schema.further_phone, FurtherPhone, chunk):
                self._phones.setdefault(row[0], set()).add(FurtherPhone(*row[1:]))
            for row in _rows(connection, schema.customer_contact, Contact, chunk):
                self._contacts.setdefault(row[0], set()).add(Contact(*row[1:]))

    def other_than(
        self, id_: int, row: CustomerRow
    ) -> tuple[tuple[FurtherPhone, ...] | None, tuple[Contact, ...] | None]:
        """What the row says in place of what is kept; None where it is the same, or nothing said."""
        phones = row.phones if set(row.phones or ()) != self._phones.get(id_, set()) else None
        contacts = row.contacts if set(row.contacts or ()) != self._contacts.get(id_, set()) else None
        return phones, contacts


def _rows(
    connection: sa.Connection, table: sa.Table, kind: type[FurtherPhone] | type[Contact], ids: Sequence[int]
) -> Sequence[Sequence[Any]]:
    columns = [table.c[name] for name in kind.__dataclass_fields__]
    query = sa.select(table.c.customer_id, *columns).where(table.c.customer_id.in_(ids))
    return connection.execute(query).all()
