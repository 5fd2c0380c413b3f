"""Campaigns (批次): made as drafts, started, paused, finished; their progress."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from base.errors import IllegalTransition, InputError
from records import audit, rows, schema
from records.cancelling import close_waiting
from records.chain import Act
from records.columns import Instant
from records.database import Database
from records.do_not_call import close_barred
from records.model import Campaign, CampaignStatus, FollowUpState, Kind, Lane, Progress
from records.scripts import FiledScript, keep
from records.turns import APPOINTMENT_RANK, NORMAL_RANK, rank_of

_table = schema.campaign
_follow_up = schema.follow_up
_customer = schema.customer
_CHUNK = 500

_CHANGES = {
    CampaignStatus.DRAFT: {CampaignStatus.RUNNING, CampaignStatus.CANCELLED},
    CampaignStatus.RUNNING: {CampaignStatus.PAUSED, CampaignStatus.FINISHED, CampaignStatus.CANCELLED},
    CampaignStatus.PAUSED: {CampaignStatus.RUNNING, CampaignStatus.FINISHED, CampaignStatus.CANCELLED},
    CampaignStatus.FINISHED: set[CampaignStatus](),
    CampaignStatus.CANCELLED: {CampaignStatus.CANCELLED},
}

_SERVED = (
    sa.select(_table)
    .where(_table.c.status == CampaignStatus.RUNNING.value)
    .order_by(_table.c.rank, _table.c.deadline, _table.c.id)
)
_APPOINTED = (
    sa.exists()
    .where(
        _follow_up.c.campaign_id == _table.c.id,
        _follow_up.c.state == FollowUpState.WAITING.value,
        _follow_up.c.rank == APPOINTMENT_RANK,
        _follow_up.c.due_at <= sa.bindparam("at", type_=Instant),
    )
    .label("appointed")
)


async def create(
    db: Database,
    *,
    name: str,
    kind: Kind,
    script: str,
    script_version: str,
    script_sha256: str,
    profile: str,
    customer_ids: Sequence[int] | None,
    due_at: datetime,
    deadline: datetime | None,
    now: datetime,
    filing: FiledScript | None = None,
) -> Campaign:
    """Make a draft with one follow-up per customer (`customer_ids` None: all of them), due at `due_at`.

    `filing`: its script, filed with it where this version is not filed yet (S1).

    Raises:
        InputError: the name is taken, a customer unknown, nobody to call, or the script filed otherwise.
    """
    until = deadline or schema.NO_DEADLINE
    draft = (
        sa.insert(_table)
        .values(name=name, kind=kind.value, script=script, script_version=script_version)
        .values(script_sha256=script_sha256, profile=profile, status=CampaignStatus.DRAFT.value)
        .values(deadline=until, created_at=now, status_at=now, rank=rank_of(kind))
    )

    def work(connection: sa.Connection) -> Campaign:
        _name_must_be_free(connection, name)
        if filing is not None:
            keep(connection, filing)
        campaign = rows.campaign(connection.execute(draft.returning(*_table.c)).one())
        _follow_ups(connection, campaign, customer_ids, due_at, until)
        close_barred(connection, now, _follow_up.c.campaign_id == campaign.id)
        return campaign

    return await db.write(work, contended=True)


async def get(db: Database, name: str) -> Campaign:
    """The campaign of that name.

    Raises:
        InputError: there is none.
    """
    query = sa.select(_table).where(_table.c.name == name)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        raise InputError(f"there is no campaign {name!r}", remedy="`huifang campaign list` shows all")
    return rows.campaign(row)


async def list_all(db: Database) -> list[Campaign]:
    """Every campaign, oldest first."""

    def work(connection: sa.Connection) -> list[Campaign]:
        found = connection.execute(sa.select(_table).order_by(_table.c.id))
        return [rows.campaign(row) for row in found]

    return await db.read(work)


async def running(db: Database) -> list[Campaign]:
    """Running campaigns, in the order in which they should be served: by rank, then by deadline (P4)."""

    def work(connection: sa.Connection) -> list[Campaign]:
        return [rows.campaign(row) for row in connection.execute(_SERVED)]

    return await db.read(work)


async def lanes(db: Database, now: datetime) -> list[Lane]:
    """What to claim from, in this order: due appointments of every campaign (D6), then the campaigns."""

    def work(connection: sa.Connection) -> list[tuple[Campaign, bool]]:
        found = connection.execute(_SERVED.add_columns(_APPOINTED), {"at": now})
        return [(rows.campaign(row), row.appointed) for row in found]

    served = await db.read(work)
    return [Lane(one, True) for one, appointed in served if appointed] + [
        Lane(one, False) for one, _ in served
    ]


async def finish(db: Database, campaign_id: int, now: datetime) -> bool:
    """Finish a campaign if it runs and all its follow-ups are closed; gives whether that was so."""
    change = sa.update(_table).where(_table.c.id == campaign_id)

    def work(connection: sa.Connection) -> bool:
        running = _status(connection, campaign_id) is CampaignStatus.RUNNING
        if not running or _has_open(connection, campaign_id):
            return False
        connection.execute(change.values(status=CampaignStatus.FINISHED.value, status_at=now, status_why=""))
        return True

    return await db.write(work)


async def set_status(
    db: Database, campaign_id: int, status: CampaignStatus, now: datetime, why: str = "", by: str = ""
) -> None:
    """Start, pause, resume, cancel or finish; no claim after this sees the old status.

    Cancelling closes what waits, with `why` as its rule; calls under way end as they are, and what they leave
    to be done is closed likewise. Cancelling again goes on where a cancelling was interrupted. `by`: who does
    it, for the audit trail (A6); "" where nobody does, as in a drill.

    Raises:
        InputError: there is no such campaign.
        IllegalTransition: not from here, or finished while follow-ups are open; nothing was changed.
    """

    def work(connection: sa.Connection) -> None:
        present = _status(connection, campaign_id)
        if status not in _CHANGES[present]:
            raise IllegalTransition(f"a campaign that is {present.value} cannot become {status.value}")
        if status is CampaignStatus.FINISHED and _has_open(connection, campaign_id):
            raise IllegalTransition("a campaign with open follow-ups cannot be finished")
        change = sa.update(_table).where(_table.c.id == campaign_id)
        connection.execute(change.values(status=status.value, status_at=now, status_why=why))
        if by:
            act = Act(now, by, status.value, "campaign", str(campaign_id), {"was": present.value, "why": why})
            audit.note(connection, act)

    await db.write(work, contended=bool(by))
    if status is CampaignStatus.CANCELLED:
        await close_waiting(db, campaign_id, now)


async def progress(db: Database, campaign_id: int) -> Progress:
    """How many follow-ups wait, are on the line and are closed; when the next one is due, its number free."""
    ours = _follow_up.c.campaign_id == campaign_id
    by_state = sa.select(_follow_up.c.state, sa.func.count()).where(ours).group_by(_follow_up.c.state)
    closed = _follow_up.c.state == FollowUpState.CLOSED.value
    by_disposition = sa.select(_follow_up.c.disposition, sa.func.count()).where(ours, closed)
    waiting = _follow_up.c.state == FollowUpState.WAITING.value

    def work(connection: sa.Connection) -> Progress:
        states = _counts(connection, by_state)
        return Progress(
            total=sum(states.values()),
            waiting=states.get(FollowUpState.WAITING.value, 0),
            calling=states.get(FollowUpState.CALLING.value, 0),
            closed=states.get(FollowUpState.CLOSED.value, 0),
            next_due=_next_due(connection, sa.and_(ours, waiting)),
            dispositions=_counts(connection, by_disposition.group_by(_follow_up.c.disposition)),
            next_agreed=_next_due(connection, sa.and_(ours, waiting, _follow_up.c.appointment)),
        )

    return await db.read(work)


def _next_due(connection: sa.Connection, which: sa.ColumnElement[bool]) -> datetime | None:
    """When the first of these follow-ups is due, or its number's hold after its last attempt is over."""
    attempt = schema.attempt.c
    resting = sa.and_(which, attempt.released_at.is_(None), attempt.hold_until > _follow_up.c.due_at)
    held = sa.select(_follow_up.c.id, attempt.hold_until).join(
        schema.attempt, attempt.follow_up_id == _follow_up.c.id
    )
    until = {row.id: row.hold_until for row in connection.execute(held.where(resting))}
    free = sa.select(sa.func.min(_follow_up.c.due_at)).where(which, _follow_up.c.id.not_in(list(until)))
    return min(filter(None, (connection.scalar(free), *until.values())), default=None)


def _counts(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _name_must_be_free(connection: sa.Connection, name: str) -> None:
    taken = connection.scalar(sa.select(_table.c.id).where(_table.c.name == name))
    if taken is not None:
        raise InputError(f"there is a campaign {name!r} already", remedy="choose another name")


def _follow_ups(
    connection: sa.Connection,
    campaign: Campaign,
    customer_ids: Sequence[int] | None,
    due_at: datetime,
    deadline: datetime,
) -> None:
    """One follow-up per customer, copied inside the database."""
    wanted = None if customer_ids is None else sorted(set(customer_ids))
    if wanted is None:
        made = _copy(connection, campaign, sa.true(), due_at, deadline)
    else:
        chunks = [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]
        made = sum([_copy(connection, campaign, _customer.c.id.in_(ids), due_at, deadline) for ids in chunks])
        if made != len(wanted):
            raise InputError(f"{len(wanted) - made} of {len(wanted)} customers are unknown")
    if made == 0:
        raise InputError("the campaign has nobody to call", remedy="import contacts first")


def _copy(
    connection: sa.Connection,
    campaign: Campaign,
    which: sa.ColumnElement[bool],
    due_at: datetime,
    deadline: datetime,
) -> int:
    values = {
        "campaign_id": sa.literal(campaign.id),
        "customer_id": _customer.c.id,
        "state": sa.literal(FollowUpState.WAITING.value),
        "rank": sa.literal(NORMAL_RANK),
        "deadline": sa.literal(deadline, Instant),
        "due_at": sa.literal(due_at, Instant),
    }
    chosen = sa.select(*values.values()).where(which).order_by(_customer.c.id)
    copy = sa.insert(_follow_up).from_select(list(values), chosen)
    return connection.execute(copy.execution_options(preserve_rowcount=True)).rowcount


def _status(connection: sa.Connection, campaign_id: int) -> CampaignStatus:
    found = connection.scalar(sa.select(_table.c.status).where(_table.c.id == campaign_id).with_for_update())
    if found is None:
        raise InputError(f"there is no campaign with id {campaign_id}")
    return CampaignStatus(found)


def _has_open(connection: sa.Connection, campaign_id: int) -> bool:
    still_open = sa.exists().where(
        _follow_up.c.campaign_id == campaign_id, _follow_up.c.state != FollowUpState.CLOSED.value
    )
    return bool(connection.scalar(sa.select(still_open)))
