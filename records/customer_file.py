"""What is known of one customer, for the file that is kept of core customers (W5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from base.errors import InputError
from records import schema
from records.database import Database

_c = schema.customer.c


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may speak for the customer. `post`: what they are there."""

    name: str
    phone: str
    post: str


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """A customer with what only papers want. Phones are E.164; assets in yuan; `details` by its keys."""

    id: int
    name: str
    account: str
    phone: str
    branch: str
    manager: str
    assets: float
    details: Mapping[str, str]
    phones: tuple[str, ...]
    people: tuple[Person, ...]


async def of_account(db: Database, account: str) -> CustomerFile:
    """The customer of that account.

    Raises:
        InputError: there is none.
    """
    query = sa.select(_c.id, _c.name, _c.account, _c.phone, _c.branch, _c.manager, _c.assets, _c.details)

    def work(connection: sa.Connection) -> CustomerFile:
        row = connection.execute(query.where(_c.account == account)).one_or_none() if account else None
        if row is None:
            raise InputError("there is no customer with this account", where=account or "''")
        phone, contact = schema.further_phone.c, schema.customer_contact.c
        phones = sa.select(phone.phone).where(phone.customer_id == row.id).order_by(phone.phone)
        people = sa.select(contact.name, contact.phone, contact.post).where(contact.customer_id == row.id)
        known = {key: str(value) for key, value in row.details.items()}
        return CustomerFile(
            *(*row[:7], known, tuple(connection.scalars(phones))),
            tuple(Person(*one) for one in connection.execute(people.order_by(contact.name))),
        )

    return await db.read(work)
