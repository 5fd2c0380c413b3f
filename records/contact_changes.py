"""Numbers and addresses that customers gave: asked of the business process with what proves them (C3).

Nothing of a customer is changed here. What the process made of it comes back by the next import.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import Act
from records.database import Database

_table = schema.contact_change
_c = _table.c
_customer = schema.customer.c


class What(StrEnum):
    """What is to be another one."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    NONE = "none"
    """The number is somebody else's, and the right one is not known."""


class State(StrEnum):
    """Asked of the business process, which made the change or declined it."""

    ASKED = "asked"
    MADE = "made"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Change:
    """A request. `call`: whose recording proves it; `proof`: else the hash of a sound that does."""

    id: int
    customer_id: int
    what: What
    wanted: str
    item_id: int | None
    call: int | None
    proof: str
    asked_at: datetime
    asked_by: str
    state: State = State.ASKED
    words: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    customer: str = ""
    account: str = ""


async def ask(db: Database, change: Change) -> int:
    """Register a request; its number.

    Raises:
        InputError: it does not say what is wanted, or nothing proves it (C3).
    """
    if not change.wanted:
        raise InputError("does not say what it is to be", where="the change")
    if change.call is None and not change.proof:
        remedy = "name a call that was recorded, or attach a recording"
        raise InputError("is not proven by a recording (C3)", where="the change", remedy=remedy)

    def work(connection: sa.Connection) -> int:
        values = {name: getattr(change, name) for name in _KEPT} | {"what": change.what.value}
        id_: int = connection.execute(sa.insert(_table).values(values).returning(_c.id)).scalar_one()
        detail = {"customer": change.customer_id, "what": change.what.value, "call": change.call}
        audit.note(
            connection, Act(change.asked_at, change.asked_by, "asked", "contact_change", str(id_), detail)
        )
        return id_

    return await db.write(work)


async def close(
    db: Database, id_: int, state: State, words: str, branch: str, by: str, now: datetime
) -> None:
    """Note what the business process made of a request; who asked for it does not say so themselves.

    Raises:
        InputError: there is none of that number, it is closed, one's own, or why it was declined is not said.
    """
    if state is State.DECLINED and not words:
        raise InputError("say why it was declined", where=str(id_))

    def work(connection: sa.Connection) -> None:
        query = _LISTED.where(_c.id == id_).with_for_update(of=_table)
        row = connection.execute(query).one_or_none()
        if row is None or (branch and row.branch != branch):
            raise InputError("there is no such request", where=str(id_))
        if row.state != State.ASKED.value:
            raise InputError("is closed already", where=str(id_))
        if row.asked_by == by:
            raise InputError("who asked for a change does not confirm it", where=str(id_))
        closed = {"state": state.value, "words": words, "closed_at": now, "closed_by": by}
        connection.execute(sa.update(_table).where(_c.id == id_).values(closed))
        audit.note(connection, Act(now, by, state.value, "contact_change", str(id_), {}))

    await db.write(work)


async def customer_of(db: Database, id_: int) -> int | None:
    """Whose number or address it is about; None: there is no such request."""
    query = sa.select(_c.customer_id).where(_c.id == id_)
    return await db.read(lambda connection: connection.scalar(query))


async def listed(db: Database, *, branch: str = "", customer_id: int | None = None) -> tuple[Change, ...]:
    """Requests, those that wait first; of a branch's customers (C4), or of one."""
    query = _LISTED.order_by(_c.closed_at.is_not(None), _c.id.desc()).limit(200)
    if branch:
        query = query.where(_customer.branch == branch)
    if customer_id is not None:
        query = query.where(_c.customer_id == customer_id)
    return await db.read(lambda connection: tuple(_made(row) for row in connection.execute(query)))


_KEPT = (
    *("customer_id", "what", "wanted", "item_id", "call", "proof", "asked_at", "asked_by"),
    *("words",),
)
_LISTED = sa.select(_table, _customer.name, _customer.account, _customer.branch).join(
    schema.customer, _customer.id == _c.customer_id
)


def _made(row: sa.Row[Any]) -> Change:
    said = row._mapping
    own = {name: said[name] for name in Change.__slots__ if name not in ("customer", "account")}
    own |= {"what": What(own["what"]), "state": State(own["state"])}
    return Change(**own, customer=row.name, account=row.account)
