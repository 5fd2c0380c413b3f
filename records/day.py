"""What happened on a day, counted for charts; of one branch's customers, or of all (C4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from base.clock import SHANGHAI
from records import schema
from records.columns import Instant
from records.database import Database
from records.model import CampaignStatus, FollowUpState

_campaign = schema.campaign
_follow_up = schema.follow_up
_attempt = schema.attempt
_customer = schema.customer
_transcript = schema.transcript
_flag = schema.flag
_HOURS = range(24)

Span = tuple[datetime, datetime]
"""From, and before."""


@dataclass(frozen=True, slots=True)
class Hour:
    """The calls begun in an hour of a day, 0 to 23."""

    hour: int
    calls: int
    answered: int


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How many current flags of a category the calls of a day have."""

    category: str
    severity: str
    count: int


async def by_hour(db: Database, branch: str, day: date) -> list[Hour]:
    """A day's calls by the hour of their INVITE, all 24."""
    spans = _spans([_at(day) + timedelta(hours=hour) for hour in (*_HOURS, 24)])
    calls = sa.and_(_attempt.c.invited_at >= spans.c.begin, _attempt.c.invited_at < spans.c.end)
    counts = (sa.func.count(), sa.func.count(_attempt.c.answered_at))
    query = _attempts(sa.select(spans.c.n, *counts).join(_attempt, calls), branch).group_by(spans.c.n)
    found = {row[0]: row for row in await db.read(lambda connection: connection.execute(query).all())}
    return [Hour(hour, *(found[hour][1:] if hour in found else (0, 0))) for hour in _HOURS]


async def dispositions(db: Database, branch: str, day: date) -> list[tuple[str, int]]:
    """How the day's calls ended, the most frequent first."""
    count = sa.func.count()
    query = (
        _attempts(sa.select(_attempt.c.disposition, count).select_from(_attempt), branch)
        .where(*_on(day), _attempt.c.ended_at.is_not(None))
        .group_by(_attempt.c.disposition)
        .order_by(count.desc(), _attempt.c.disposition)
    )
    return await db.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])


async def flags(db: Database, branch: str, day: date) -> list[FlagCount]:
    """Flags of the day's calls, the most frequent first."""
    count = sa.func.count()
    kind = (_flag.c.category, _flag.c.severity)
    query = (
        _attempts(sa.select(*kind, count).select_from(_attempt), branch)
        .join(_transcript, sa.and_(_transcript.c.attempt_id == _attempt.c.id, _transcript.c.is_current))
        .join(_flag, sa.and_(_flag.c.transcript_id == _transcript.c.id, _flag.c.is_current))
        .where(*_on(day))
        .group_by(*kind)
        .order_by(count.desc(), *kind)
    )
    return await db.read(lambda connection: [FlagCount(*row) for row in connection.execute(query)])


async def closed_by_day(db: Database, branch: str, days: Sequence[date]) -> list[int]:
    """How many follow-ups of live campaigns were closed on each of these days, which follow each other."""
    spans = _spans([_at(day) for day in (*days, days[-1] + timedelta(days=1))])
    closed = sa.and_(_follow_up.c.closed_at >= spans.c.begin, _follow_up.c.closed_at < spans.c.end)
    query = _live(sa.select(spans.c.n, sa.func.count()).join(_follow_up, closed), branch).group_by(spans.c.n)
    found = {row[0]: row[1] for row in await db.read(lambda connection: connection.execute(query).all())}
    return [found.get(n, 0) for n in range(len(days))]


async def open_by_deadline(db: Database, branch: str) -> list[tuple[datetime, int]]:
    """Deadlines of live campaigns' open follow-ups, each with how many there are; the soonest first."""
    query = (
        _live(sa.select(_follow_up.c.deadline, sa.func.count()).select_from(_follow_up), branch)
        .where(_follow_up.c.state != FollowUpState.CLOSED.value)
        .group_by(_follow_up.c.deadline)
        .order_by(_follow_up.c.deadline)
    )
    return await db.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])


def _spans(edges: Sequence[datetime]) -> sa.CTE:
    """Rows n, begin, end: an engine counts each by its index, wherever its clock is."""
    each = (
        sa.select(
            sa.literal(n).label("n"),
            sa.literal(begin, Instant).label("begin"),
            sa.literal(end, Instant).label("end"),
        )
        for n, (begin, end) in enumerate(pairwise(edges))
    )
    return sa.union_all(*each).cte("span")


def _attempts(query: sa.Select[Any], branch: str) -> sa.Select[Any]:
    """Of the branch: each attempt is asked, for a day has few of them."""
    if not branch:
        return query
    theirs = sa.exists().where(
        _follow_up.c.id == _attempt.c.follow_up_id,
        _customer.c.id == _follow_up.c.customer_id,
        _customer.c.branch == branch,
    )
    return query.where(theirs)


def _live(query: sa.Select[Any], branch: str) -> sa.Select[Any]:
    running = (CampaignStatus.RUNNING.value, CampaignStatus.PAUSED.value)
    live = query.join(_campaign, _campaign.c.id == _follow_up.c.campaign_id).where(
        _campaign.c.status.in_(running)
    )
    if not branch:
        return live
    return live.join(_customer, _customer.c.id == _follow_up.c.customer_id).where(
        _customer.c.branch == branch
    )


def _on(day: date) -> Iterator[sa.ColumnElement[bool]]:
    yield _attempt.c.invited_at >= _at(day)
    yield _attempt.c.invited_at < _at(day) + timedelta(days=1)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
