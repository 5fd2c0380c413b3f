"""Messages that another system sends: listed for it, then what it says became of them (A4, C1, C5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records import engines, obligations, schema
from records.database import Database
from records.model import PhoneKind
from records.planned import Settled

_table = schema.notice
_n = _table.c
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one customer.

    Attributes:
        way: "sms". occasion: what it is for; a customer has one message for each.
        obligation_id: that it meets when it is delivered (A4); None: it was due for its own sake (C5).
        batch: the list that it went out with.
        state: listed, delivered, failed.
    """

    customer_id: int
    obligation_id: int | None
    way: str
    occasion: str
    phone: str
    words: str
    batch: str
    state: str = "listed"
    reply: str = ""


@dataclass(frozen=True, slots=True)
class SentNotice:
    """A message as it went out, with what became of it: listed, delivered, failed."""

    at: datetime
    customer: str
    phone: str
    words: str
    state: str
    reply: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the other system says of one message."""

    phone: str
    delivered: bool
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Success:
    """How many of a list arrived (C1)."""

    batch: str
    listed: int
    delivered: int
    failed: int
    replied: int

    @property
    def rate(self) -> float | None:
        """Of those of which something was said; None where nothing was."""
        told = self.delivered + self.failed
        return self.delivered / told if told else None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a message, and at which number."""

    name: str
    account: str
    phone: str
    phone_kind: PhoneKind


async def addressees(db: Database, customer_ids: Sequence[int]) -> dict[int, Addressee]:
    """These customers, by id."""
    customer = schema.customer.c
    query = sa.select(customer.id, customer.name, customer.account, customer.phone, customer.phone_kind)

    def work(connection: sa.Connection) -> dict[int, Addressee]:
        found: dict[int, Addressee] = {}
        for start in range(0, len(customer_ids), _CHUNK):
            some = query.where(customer.id.in_(customer_ids[start : start + _CHUNK]))
            for row in connection.execute(some):
                kind = PhoneKind(row.phone_kind)
                found[row.id] = Addressee(row.name, row.account, row.phone, kind)
        return found

    return await db.read(work)


async def listed_already(db: Database, way: str) -> frozenset[tuple[int, str]]:
    """Customer and occasion of every message that ever went out that way."""
    query = sa.select(_n.customer_id, _n.occasion).where(_n.way == way)
    return await db.read(lambda connection: frozenset((row[0], row[1]) for row in connection.execute(query)))


async def keep(db: Database, notices: Sequence[Notice], now: datetime) -> None:
    """Keep a list that goes out; a message that went out before is not listed again."""
    rows = [{**_values(one), "listed_at": now} for one in notices]
    await db.write(lambda connection: engines.insert_all_new(connection, _table, rows))


async def told(db: Database, batch: str, results: Sequence[Told], now: datetime) -> tuple[int, list[str]]:
    """What became of a list. A delivered message meets the obligation that it stands for (A4).

    Telling it again changes nothing but a reply.

    Returns:
        How many of its messages it told of, and the phones that the list doesn't have.
    """
    by_phone = {one.phone: one for one in results}

    def work(connection: sa.Connection) -> tuple[int, list[str]]:
        found = connection.execute(sa.select(_table).where(_n.batch == batch)).all()
        ours = [(row, by_phone[row.phone]) for row in found if row.phone in by_phone]
        for row, said in ours:
            connection.execute(sa.update(_table).where(_n.id == row.id).values(_outcome(said, now)))
        met = [row.obligation_id for row, said in ours if said.delivered and row.obligation_id]
        obligations.settle_in(connection, met, Settled.NOTICED, f"A4: {batch}", now.date())
        known = {row.phone for row in found}
        return len(ours), [phone for phone in by_phone if phone not in known]

    return await db.write(work)


async def sent(db: Database, way: str, begin: datetime, end: datetime) -> list[SentNotice]:
    """Messages that went out between two moments, in order (C1)."""
    customer = schema.customer.c
    query = (
        sa.select(_n.listed_at, customer.name, _n.phone, _n.words, _n.state, _n.reply)
        .join(schema.customer, customer.id == _n.customer_id)
        .where(_n.way == way, _n.listed_at >= begin, _n.listed_at < end)
        .order_by(_n.listed_at, _n.id)
    )
    return await db.read(lambda connection: [SentNotice(*row) for row in connection.execute(query)])


async def success(db: Database) -> list[Success]:
    """Each list's success, oldest first (C1)."""
    query = (
        sa.select(_n.batch, sa.func.count(), *(_count(_n.state == one) for one in ("delivered", "failed")))
        .add_columns(_count(_n.reply != ""))
        .group_by(_n.batch)
        .order_by(sa.func.min(_n.id))
    )
    return await db.read(lambda connection: [Success(*row) for row in connection.execute(query)])


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _outcome(said: Told, now: datetime) -> Mapping[str, Any]:
    return {"state": "delivered" if said.delivered else "failed", "reply": said.reply, "told_at": now}


def _values(one: Notice) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Notice.__slots__}
