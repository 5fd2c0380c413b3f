"""A customer's file (客户档案): all that is kept of one, and lists of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import customer_events, facts, rows, schema
from records.customer_rows import Contact, FurtherPhone
from records.database import Database
from records.people import Event, Facts

_c = schema.customer.c


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer in a list."""

    id: int
    account: str
    name: str
    phone: str
    branch: str
    client: str
    source: str
    manager: str
    manager_no: str
    assets: float
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """All that is kept of a customer. `details`: what only papers want (W5); events: the latest first."""

    line: CustomerLine
    facts: Facts
    extension: str
    details: Mapping[str, Any]
    phones: tuple[FurtherPhone, ...]
    contacts: tuple[Contact, ...]
    events: tuple[Event, ...]


_LINE = tuple(
    rows.MANAGER.label(name) if name == "manager" else _c[name] for name in CustomerLine.__dataclass_fields__
)


async def listed(
    db: Database, *, branch: str | None = None, name: str = "", after: int = 0, limit: int = 50
) -> list[CustomerLine]:
    """Customers by id, those behind `after`; of one branch, or whose name or account it is."""
    query = sa.select(*_LINE).where(_c.id > after).order_by(_c.id).limit(limit)
    if branch is not None:
        query = query.where(_c.branch == branch)
    if name:
        query = query.where(sa.or_(_c.name == name, _c.account == name))
    return await db.read(lambda connection: [CustomerLine(*row) for row in connection.execute(query)])


async def count(db: Database, branch: str | None = None) -> int:
    """How many there are, of one branch or all."""
    query = sa.select(sa.func.count()).select_from(schema.customer)
    if branch is not None:
        query = query.where(_c.branch == branch)
    return await db.read(lambda connection: connection.scalar(query) or 0)


async def of(db: Database, who: str) -> CustomerFile:
    """The customer with this account, else with this id.

    Raises:
        InputError: there is none.
    """
    id_ = await db.read(lambda connection: _id(connection, who))
    if id_ is None:
        raise nobody(who)
    return await of_id(db, id_)


async def of_id(db: Database, id_: int) -> CustomerFile:
    """The customer with this id.

    Raises:
        InputError: there is none.
    """
    found = await facts.facts_of(db, [id_])
    if id_ not in found:
        raise nobody(str(id_))
    known = found[id_]
    events = await customer_events.events_of_customer(db, id_)
    return await db.read(lambda connection: _file(connection, known, events))


def nobody(who: str) -> InputError:
    """What is said of a customer who is not there."""
    return InputError("no customer has this account or id", where=who, remedy="see huifang customers list")


def _id(connection: sa.Connection, who: str) -> int | None:
    found = connection.scalar(sa.select(_c.id).where(_c.account == who, schema.has_account)) if who else None
    if found is None and who.isdecimal() and len(who) < 19:
        return connection.scalar(sa.select(_c.id).where(_c.id == int(who)))
    return found


def _file(connection: sa.Connection, known: Facts, events: Sequence[Event]) -> CustomerFile:
    query = sa.select(*_LINE, _c.extension, _c.details).where(_c.id == known.id)
    *line, extension, details = connection.execute(query).one()
    return CustomerFile(
        CustomerLine(*line),
        known,
        extension,
        details,
        tuple(
            FurtherPhone(*row) for row in _numbers(connection, schema.further_phone, FurtherPhone, known.id)
        ),
        tuple(Contact(*row) for row in _numbers(connection, schema.customer_contact, Contact, known.id)),
        tuple(events),
    )


def _numbers(
    connection: sa.Connection, table: sa.Table, kind: type[FurtherPhone] | type[Contact], id_: int
) -> Sequence[Sequence[Any]]:
    columns = [table.c[name] for name in kind.__dataclass_fields__]
    return connection.execute(sa.select(*columns).where(table.c.customer_id == id_).order_by(*columns)).all()
