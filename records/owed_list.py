"""Obligations as people look at them: whose, what came of each, on which worksheet, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.obligations import IN_VAIN
from records.search import Page

_o = schema.obligation.c
_customer = schema.customer.c
_follow_up = schema.follow_up.c
_item = schema.worksheet_item.c


class OwedState(StrEnum):
    """Where an obligation stands."""

    OPEN = "open"
    """Neither settled nor on a worksheet."""
    PLANNED = "planned"
    COMPLETED = "completed"
    NOTICED = "noticed"
    WITHDRAWN = "withdrawn"
    OVERDUE = "overdue"
    """Open or planned, and its last day is over."""


@dataclass(frozen=True, slots=True)
class OwedAsked:
    """Which obligations; "" and None ask for all. `customer`: an account, or a name.

    since, until: of the last day.
    """

    branch: str = ""
    kind: str = ""
    state: OwedState | None = None
    customer: str = ""
    customer_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OwedLine:
    """An obligation among others.

    Attributes:
        tried: the disposition of the follow-up that came to nothing for it, or settled it; "" before any.
        no_notice: a message did not arrive, or cannot.
        sheet: the newest worksheet that has it, by number; "" for none.
    """

    id: int
    customer_id: int
    customer: str
    account: str
    branch: str
    duty: str
    kind: str
    occasion: str
    due_by: date
    rule: str
    state: OwedState
    tried: str
    no_notice: bool
    sheet: str
    settled_on: date | None
    why: str


async def listed(db: Database, asked: OwedAsked, today: date, page: Page) -> tuple[int, list[OwedLine]]:
    """How many are meant, and a page of them, the soonest last day first."""
    which = list(_conditions(asked, today))
    total = sa.select(sa.func.count()).select_from(schema.obligation).where(*which)
    some = sa.select(_o.id).where(*which).order_by(_o.due_by, _o.id).limit(page.limit).offset(page.offset)

    def work(connection: sa.Connection) -> tuple[int, list[OwedLine]]:
        ids = list(connection.scalars(some))
        rows = connection.execute(_lines().where(_o.id.in_(ids)))
        return connection.scalar(total) or 0, [_line(row) for row in rows]

    return await db.read(work)


def _lines() -> sa.Select[Any]:
    number = (
        sa.select(schema.worksheet.c.number)
        .join(schema.worksheet_item, _item.worksheet_id == schema.worksheet.c.id)
        .where(_item.obligation_id == _o.id)
        .order_by(schema.worksheet.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(_o.id, _o.customer_id, _customer.name, _customer.account, _o.branch, _o.duty, _o.kind)
        .add_columns(_o.occasion, _o.due_by, _o.rule, _o.state, _follow_up.disposition)
        .add_columns(sa.or_(_customer.phone_kind == "landline", IN_VAIN), number, _o.settled_on, _o.why)
        .join(schema.customer, _customer.id == _o.customer_id)
        .outerjoin(schema.follow_up, _follow_up.id == _o.follow_up_id)
        .order_by(_o.due_by, _o.id)
    )


def _line(row: Sequence[Any]) -> OwedLine:
    *known, state, tried, no_notice, sheet = row[:-2]
    now = (OwedState(state), tried or "", bool(no_notice), sheet or "", *row[-2:])
    return OwedLine(*known, *now)


def _conditions(asked: OwedAsked, today: date) -> Iterator[sa.ColumnElement[bool]]:
    if asked.branch:
        yield _o.branch == asked.branch
    if asked.kind:
        yield _o.kind == asked.kind
    if asked.state is OwedState.OVERDUE:
        yield sa.and_(_o.state.in_((OwedState.OPEN, OwedState.PLANNED)), _o.due_by < today)
    elif asked.state is OwedState.OPEN:
        yield _o.state == sa.literal_column("'open'")  # a partial index holds these alone
    elif asked.state is not None:
        yield _o.state == asked.state.value
    if asked.customer_id is not None:
        yield _o.customer_id == asked.customer_id
    if asked.customer:
        named = sa.or_(_customer.account == asked.customer, _customer.name == asked.customer)
        yield _o.customer_id.in_(sa.select(_customer.id).where(named))
    if asked.since is not None:
        yield _o.due_by >= asked.since
    if asked.until is not None:
        yield _o.due_by <= asked.until
