"""Calls that were dialed, newest first, narrowed down by the filters of a search."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.search import Page
from records.search_filters import Filters, conditions

_attempt = schema.attempt
_follow_up = schema.follow_up
_campaign = schema.campaign
_customer = schema.customer
_transcript = schema.transcript
_flag = schema.flag

_OF_FOLLOW_UP = ("customer", "number", "branch", "manager", "campaign", "kind")
"""Filters that ask whom a call was made to, or for what."""


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call among others. `flags`: how many of each tier; `transcribed`: whether its words are searched."""

    id: int
    at: datetime
    customer: str
    branch: str
    manager: str
    phone: str
    campaign: str
    kind: str
    disposition: str
    n: int
    rang_s: float
    talked_s: float
    transcribed: bool
    flags: dict[str, int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Calls:
    """A page of calls; `total`: how many there are in all."""

    total: int
    calls: tuple[ListedCall, ...]


class Order(StrEnum):
    """In which order calls are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LONGEST = "longest"


async def listed(db: Database, filters: Filters, page: Page, order: Order = Order.NEWEST) -> Calls:
    """The calls that are meant; what filters say of who spoke is not asked for."""
    followed = any(getattr(filters, name) for name in _OF_FOLLOW_UP)
    rows = dialed(followed=followed, heard=bool(filters.flag or filters.tier))
    which = sa.select(rows.c.attempt_id).where(*conditions(filters, rows.c))
    shown = which.order_by(*_by(rows, order)).limit(page.limit).offset(page.offset)

    def work(connection: sa.Connection) -> Calls:
        total = connection.scalar(sa.select(sa.func.count()).select_from(which.subquery())) or 0
        ids = list(connection.scalars(shown))
        flags = _flags(connection, ids)
        found = {row.id: row for row in connection.execute(_details(ids))}
        return Calls(total, tuple(ListedCall(**found[id_]._mapping, flags=flags.get(id_, {})) for id_ in ids))

    return await db.read(work)


def _by(rows: sa.Subquery, order: Order) -> list[sa.ColumnElement[Any]]:
    newest: list[sa.ColumnElement[Any]] = [rows.c.at.desc(), rows.c.attempt_id.desc()]
    if order is Order.OLDEST:
        return [rows.c.at, rows.c.attempt_id]
    return [rows.c.talked_s.desc(), *newest] if order is Order.LONGEST else newest


async def branch_of(db: Database, attempt_id: int) -> str | None:
    """Whose customer a call was made to (C4); None: there is no such call."""
    query = (
        sa.select(_customer.c.branch)
        .join(_follow_up, _follow_up.c.customer_id == _customer.c.id)
        .join(_attempt, _attempt.c.follow_up_id == _follow_up.c.id)
        .where(_attempt.c.id == attempt_id)
    )
    return await db.read(lambda connection: connection.scalar(query))


def dialed(*, followed: bool = True, heard: bool = True) -> sa.Subquery:
    """Calls with the columns of `searchable` that filters ask for.

    Without `followed` none of the customer and the campaign, without `heard` none of the transcript: what
    nobody asks for is not joined.
    """
    query = sa.select(
        _attempt.c.id.label("attempt_id"),
        _attempt.c.invited_at.label("at"),
        _attempt.c.disposition,
        _attempt.c.talked_s,
    ).where(_attempt.c.invited_at.is_not(None))
    if followed:
        query = query.add_columns(_follow_up.c.campaign_id, _follow_up.c.customer_id)
        query = query.join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
    if heard:
        current = sa.and_(_transcript.c.attempt_id == _attempt.c.id, _transcript.c.is_current)
        query = query.add_columns(_transcript.c.id.label("transcript_id")).outerjoin(_transcript, current)
    return query.subquery()


def _details(ids: list[int]) -> sa.Select[Any]:
    spoken = sa.exists().where(_transcript.c.attempt_id == _attempt.c.id, _transcript.c.is_current)
    return (
        sa.select(_attempt.c.id, _attempt.c.invited_at.label("at"), _customer.c.name.label("customer"))
        .add_columns(_customer.c.branch, _customer.c.manager, _attempt.c.phone, _attempt.c.disposition)
        .add_columns(_attempt.c.n, _attempt.c.rang_s, _attempt.c.talked_s, spoken.label("transcribed"))
        .add_columns(_campaign.c.name.label("campaign"), _campaign.c.kind)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .join(_campaign, _campaign.c.id == _follow_up.c.campaign_id)
        .join(_customer, _customer.c.id == _follow_up.c.customer_id)
        .where(_attempt.c.id.in_(ids))
    )


def _flags(connection: sa.Connection, ids: list[int]) -> dict[int, dict[str, int]]:
    query = (
        sa.select(_transcript.c.attempt_id, _flag.c.tier, sa.func.count())
        .join(_flag, _flag.c.transcript_id == _transcript.c.id)
        .where(_transcript.c.attempt_id.in_(ids), _transcript.c.is_current, _flag.c.is_current)
        .group_by(_transcript.c.attempt_id, _flag.c.tier)
    )
    found: dict[int, dict[str, int]] = {}
    for attempt_id, tier, count in connection.execute(query):
        found.setdefault(attempt_id, {})[tier] = count
    return found
