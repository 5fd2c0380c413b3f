"""Campaigns and calls as they are at this moment; of one branch's customers, or of all (C4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records import rows, schema
from records.database import Database
from records.model import Campaign, CampaignStatus, FollowUpState

MOST_CALLS = 200
"""So many calls under way are shown; more than a site's lines carry."""

_campaign = schema.campaign
_follow_up = schema.follow_up
_attempt = schema.attempt
_customer = schema.customer
_LIVE = (CampaignStatus.RUNNING.value, CampaignStatus.PAUSED.value)
_closed = _follow_up.c.state == FollowUpState.CLOSED.value
_waiting = _follow_up.c.state == FollowUpState.WAITING.value
_calling = _follow_up.c.state == FollowUpState.CALLING.value
_CONFIRMED = sa.text("attempt.owner_confirmed")
"""As the index has it that holds those alone: engines must see that."""


@dataclass(frozen=True, slots=True)
class LiveCampaign:
    """A campaign with its follow-ups counted, of one branch or all.

    Attributes:
        due: wait for nothing but a line, a window and their number's rest.
        reached: the owner was on the line. completed: with all mandatory answers.
        overdue: open after their deadline.
        whole: it has follow-ups of no other branch.
    """

    campaign: Campaign
    total: int
    due: int
    calling: int
    closed: int
    reached: int
    completed: int
    overdue: int
    whole: bool


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A call on the line. `stage`: "claimed", "dialing", "ringing", "talking"; `since`: when it was begun."""

    id: int
    campaign: str
    customer: str
    phone: str
    n: int
    trunk: str
    node: str
    stage: str
    since: datetime


async def campaigns(db: Database, branch: str, now: datetime) -> list[LiveCampaign]:
    """Those that run or are paused, as they are served: by rank, then by deadline (P4)."""
    which = _campaign.c.status.in_(_LIVE)
    return await db.read(lambda connection: _counted(connection, which, branch, now))


async def campaign(db: Database, campaign_id: int, branch: str, now: datetime) -> LiveCampaign | None:
    """One of whatever status; None where there is none with customers of the branch."""
    which = _campaign.c.id == campaign_id
    return next(iter(await db.read(lambda connection: _counted(connection, which, branch, now))), None)


async def dispositions(db: Database, campaign_id: int, branch: str) -> list[tuple[str, int]]:
    """How the campaign's closed follow-ups ended, the most frequent first."""
    count = sa.func.count()
    query = (
        _of_branch(sa.select(_follow_up.c.disposition, count), branch)
        .where(_follow_up.c.campaign_id == campaign_id, _closed)
        .group_by(_follow_up.c.disposition)
        .order_by(count.desc(), _follow_up.c.disposition)
    )
    return await db.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])


async def under_way(db: Database, branch: str) -> list[UnderWay]:
    """Calls on the line, the longest first."""
    since = sa.func.coalesce(_attempt.c.invited_at, _attempt.c.claimed_at, type_=_attempt.c.claimed_at.type)
    stage = sa.case(
        (_attempt.c.stage != "", _attempt.c.stage),
        (_attempt.c.invited_at.is_(None), "claimed"),
        else_="dialing",
    )
    query = (
        sa.select(_attempt.c.id, _campaign.c.name.label("campaign"), _customer.c.name.label("customer"))
        .add_columns(_attempt.c.phone, _attempt.c.n, _attempt.c.trunk, _attempt.c.node)
        .add_columns(stage.label("stage"), since.label("since"))
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .join(_campaign, _campaign.c.id == _follow_up.c.campaign_id)
        .join(_customer, _customer.c.id == _follow_up.c.customer_id)
        .where(_attempt.c.ended_at.is_(None), *_theirs(branch))
        .order_by(_attempt.c.claimed_at, _attempt.c.id)
        .limit(MOST_CALLS)
    )
    return await db.read(lambda connection: [UnderWay(**row._mapping) for row in connection.execute(query)])


async def keep_stages(db: Database, stages: Mapping[int, str]) -> None:
    """Keep how far calls on the line are, by attempt; of ended ones nothing is changed."""
    change = (
        sa.update(_attempt)
        .where(_attempt.c.id == sa.bindparam("attempt"), _attempt.c.ended_at.is_(None))
        .values(stage=sa.bindparam("far"))
    )
    values = [{"attempt": attempt, "far": stage} for attempt, stage in stages.items()]
    await db.write(lambda connection: connection.execute(change, values))


def _counted(
    connection: sa.Connection, which: sa.ColumnElement[bool], branch: str, now: datetime
) -> list[LiveCampaign]:
    query = sa.select(_campaign).where(which).order_by(_campaign.c.rank, _campaign.c.deadline, _campaign.c.id)
    found = [rows.campaign(row) for row in connection.execute(query)]
    ids = [one.id for one in found]
    counts = {row.id: row for row in connection.execute(_counts(ids, branch, now))}
    completed = _by_campaign(connection, _completed(ids, branch))
    reached = _by_campaign(connection, _reached(ids, branch))
    totals = _by_campaign(connection, _totals(ids)) if branch else {}
    return [
        LiveCampaign(
            campaign=one,
            **{
                name: getattr(counts[one.id], name)
                for name in ("total", "due", "calling", "closed", "overdue")
            },
            reached=reached.get(one.id, 0),
            completed=completed.get(one.id, 0),
            whole=totals.get(one.id, counts[one.id].total) == counts[one.id].total,
        )
        for one in found
        if one.id in counts
    ]


def _counts(ids: list[int], branch: str, now: datetime) -> sa.Select[Any]:
    return _grouped(
        (
            sa.func.count().label("total"),
            _sum(sa.and_(_waiting, _follow_up.c.due_at <= now)).label("due"),
            _sum(_calling).label("calling"),
            _sum(_closed).label("closed"),
            _sum(sa.and_(~_closed, _follow_up.c.deadline < now)).label("overdue"),
        ),
        ids,
        branch,
    )


def _totals(ids: list[int]) -> sa.Select[Any]:
    return _grouped((sa.func.count(),), ids, "")


def _completed(ids: list[int], branch: str) -> sa.Select[Any]:
    return _grouped((sa.func.count(),), ids, branch).where(_follow_up.c.disposition == "completed")


def _reached(ids: list[int], branch: str) -> sa.Select[Any]:
    """Follow-ups of which one attempt had the owner on the line."""
    query = _grouped((sa.func.count(sa.distinct(_follow_up.c.id)),), ids, branch)
    return query.join(_attempt, _attempt.c.follow_up_id == _follow_up.c.id).where(_CONFIRMED)


def _grouped(counts: tuple[sa.ColumnElement[int], ...], ids: list[int], branch: str) -> sa.Select[Any]:
    """By campaign; of a branch all that it has: its customers are few, and engines begin with them."""
    campaign = _follow_up.c.campaign_id
    query = sa.select(campaign.label("id"), *counts).group_by(campaign)
    return _of_branch(query, branch) if branch else query.where(campaign.in_(ids))


def _of_branch(query: sa.Select[Any], branch: str) -> sa.Select[Any]:
    if not branch:
        return query
    return query.join(_customer, _customer.c.id == _follow_up.c.customer_id).where(*_theirs(branch))


def _theirs(branch: str) -> Iterator[sa.ColumnElement[bool]]:
    if branch:
        yield _customer.c.branch == branch


def _by_campaign(connection: sa.Connection, query: sa.Select[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
