"""Worksheets: what they plan, who decided what about them and when (P8, W1, W2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from base.clock import end_of
from base.errors import InputError
from records import audit, obligations, schema
from records.chain import Act
from records.database import Database
from records.model import CampaignStatus, Kind
from records.planned import SheetState, Worksheet
from records.search import Page

_sheet = schema.worksheet
_item = schema.worksheet_item
_decision = schema.worksheet_decision
_o = schema.obligation.c
_campaign = schema.campaign.c
_CHUNK = 10_000

CHANGES = {
    SheetState.DRAFT: {SheetState.SUBMITTED},
    SheetState.SUBMITTED: {SheetState.APPROVED, SheetState.REJECTED},
    SheetState.APPROVED: {SheetState.RUNNING, SheetState.REJECTED},
}
"""From where to where; what was rejected is over, and its obligations are free for another one."""

_OVER = {CampaignStatus.FINISHED.value, CampaignStatus.CANCELLED.value}


@dataclass(frozen=True, slots=True)
class Decision:
    """Who brought a worksheet into a state."""

    state: SheetState
    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class SheetItem:
    """A customer on a worksheet, with what became of them (W1).

    Attributes:
        result: the disposition of the follow-up, "" until it is closed.
        state: of the obligation; `why`: what a person wrote of how it ended.
    """

    obligation_id: int
    customer_id: int
    name: str
    account: str
    phone: str
    duty: str
    occasion: str
    kind: Kind
    due_by: date
    state: str
    result: str
    called: bool
    reached: bool
    settled_on: date | None
    why: str


async def create(
    db: Database, sheet: Worksheet, obligation_ids: Sequence[int], by: str, now: datetime
) -> None:
    """Keep a draft with what it plans; no other worksheet may plan the same.

    Raises:
        InputError: its number is taken, or some of it is planned or settled meanwhile.
    """

    def work(connection: sa.Connection) -> None:
        taken = connection.scalar(sa.select(_sheet.c.id).where(_sheet.c.number == sheet.number))
        if taken is not None:
            raise InputError(f"there is a worksheet {sheet.number} already", remedy="choose another number")
        id_ = connection.execute(sa.insert(_sheet).values(_values(sheet)).returning(_sheet.c.id)).scalar_one()
        obligations.plan(connection, obligation_ids)
        for start in range(0, len(obligation_ids), _CHUNK):
            some = obligation_ids[start : start + _CHUNK]
            connection.execute(
                sa.insert(_item), [{"worksheet_id": id_, "obligation_id": one} for one in some]
            )
        _note(connection, id_, sheet.number, Decision(SheetState.DRAFT, by, now))

    await db.write(work, contended=True)


async def get(db: Database, number: str) -> Worksheet:
    """The worksheet of that number.

    Raises:
        InputError: there is none.
    """
    found = await _some(db, _sheet.c.number == number)
    if not found:
        raise unknown(number)
    return found[0]


def unknown(number: str) -> InputError:
    """What is said of a worksheet that is not there."""
    return InputError(f"there is no worksheet {number!r}", remedy="`huifang plan sheet list` shows all")


async def list_all(db: Database, branch: str | None = None) -> list[Worksheet]:
    """All of them, or those of a branch, oldest first."""
    return await _some(db, sa.true() if branch is None else _sheet.c.branch == branch)


async def listed(
    db: Database, page: Page, branch: str = "", state: SheetState | None = None
) -> tuple[int, list[Worksheet]]:
    """How many there are, of a branch or in a state, and a page of them, newest first."""
    which = [_sheet.c.branch == branch] if branch else []
    ended = sa.func.coalesce(_campaign.status, "").in_(_OVER)
    if state is SheetState.DONE:
        which.append(ended)
    elif state is not None:
        which += [_sheet.c.state == state.value, sa.not_(ended)]
    chosen = sa.select(_sheet.c.id).outerjoin(schema.campaign, _campaign.id == _sheet.c.campaign_id)
    newest = (
        chosen.where(*which).order_by(_sheet.c.id.desc()).limit(page.limit).offset(page.offset).subquery()
    )
    total = sa.select(sa.func.count()).select_from(chosen.where(*which).subquery())
    found = await _some(db, _sheet.c.id.in_(sa.select(newest.c.id)))
    return await db.read(lambda connection: connection.scalar(total) or 0), found[::-1]


async def last_profile(db: Database) -> str:
    """By which profile the newest one calls; "" where there is none."""
    query = sa.select(_sheet.c.profile).order_by(_sheet.c.id.desc()).limit(1)
    return await db.read(lambda connection: connection.scalar(query) or "")


async def items(db: Database, number: str) -> list[SheetItem]:
    """Whom it plans to call, with the results so far (W1)."""
    customer, follow_up = schema.customer.c, schema.follow_up.c
    theirs = (_o.customer_id, customer.name, customer.account, customer.phone)
    query = (
        sa.select(_o.id, *theirs, _o.duty, _o.occasion, _o.kind, _o.due_by, _o.state, follow_up.disposition)
        .add_columns(_o.called, _o.reached, _o.settled_on, _o.why)
        .join(_item, _item.c.obligation_id == _o.id)
        .join(_sheet, _sheet.c.id == _item.c.worksheet_id)
        .join(schema.customer, customer.id == _o.customer_id)
        .outerjoin(
            schema.follow_up,
            sa.and_(follow_up.id == _o.follow_up_id, follow_up.campaign_id == _sheet.c.campaign_id),
        )
        .where(_sheet.c.number == number)
        .order_by(_o.due_by, _o.customer_id, _o.id)
    )
    return await db.read(lambda connection: [_sheet_item(row) for row in connection.execute(query)])


async def decisions(db: Database, number: str) -> list[Decision]:
    """Its chain, in order (P8)."""
    query = (
        sa.select(_decision.c.state, _decision.c.by, _decision.c.at, _decision.c.why)
        .join(_sheet, _sheet.c.id == _decision.c.worksheet_id)
        .where(_sheet.c.number == number)
        .order_by(_decision.c.id)
    )

    def work(connection: sa.Connection) -> list[Decision]:
        return [Decision(SheetState(state), by, at, why) for state, by, at, why in connection.execute(query)]

    return await db.read(work)


async def decide(
    db: Database, number: str, to: SheetState, by: str, now: datetime, why: str = ""
) -> Worksheet:
    """Submit, approve or reject it. What a rejected one has planned is free again.

    Raises:
        InputError: there is none, or it cannot come from its state into this one.
    """

    def work(connection: sa.Connection) -> None:
        id_ = _move(connection, number, to)
        if to is SheetState.REJECTED:
            obligations.give_back(connection, _o.id.in_(_planned_by(id_)))
        _note(connection, id_, number, Decision(to, by, now, why))

    await db.write(work)
    return await get(db, number)


async def start(db: Database, number: str, campaign_id: int, by: str, now: datetime) -> Worksheet:
    """An approved one is carried out by this campaign: each obligation by its customer's follow-up.

    Raises:
        InputError: there is none, or it isn't approved.
    """
    follow_up = schema.follow_up.c
    whose = (
        sa.select(follow_up.id)
        .where(follow_up.campaign_id == campaign_id, follow_up.customer_id == _o.customer_id)
        .scalar_subquery()
    )

    def work(connection: sa.Connection) -> None:
        id_ = _move(connection, number, SheetState.RUNNING, campaign_id=campaign_id)
        planned = sa.and_(_o.id.in_(_planned_by(id_)), _o.state == "planned")
        connection.execute(sa.update(schema.obligation).where(planned).values(follow_up_id=whose))
        _hurry(connection, campaign_id)
        _note(connection, id_, number, Decision(SheetState.RUNNING, by, now))

    await db.write(work)
    return await get(db, number)


async def next_number(db: Database, prefix: str) -> str:
    """A number that begins so and is not taken: prefix and a running number of three digits."""
    query = sa.select(_sheet.c.number).where(_sheet.c.number.startswith(prefix, autoescape=True))

    def work(connection: sa.Connection) -> list[str]:
        return list(connection.scalars(query))

    taken = {int(tail) for one in await db.read(work) if (tail := one.removeprefix(prefix)).isdigit()}
    return f"{prefix}{max(taken, default=0) + 1:03d}"


def _hurry(connection: sa.Connection, campaign_id: int) -> None:
    """Each follow-up has the last day of what it settles: the soonest is called first."""
    follow_up = schema.follow_up
    ours = sa.and_(follow_up.c.id == _o.follow_up_id, follow_up.c.campaign_id == campaign_id)
    days = sa.select(_o.due_by).where(ours).distinct().order_by(_o.due_by.desc())
    for day in list(connection.scalars(days)):
        theirs = sa.select(_o.follow_up_id).where(ours, _o.due_by == day)
        change = sa.update(follow_up).where(follow_up.c.id.in_(theirs))
        connection.execute(change.values(deadline=end_of(day)))
    begin_by = connection.scalar(sa.select(sa.func.min(_o.begin_by)).where(ours))
    if begin_by is not None:
        _begin_by(connection, campaign_id, begin_by)


def _begin_by(connection: sa.Connection, campaign_id: int, day: date) -> None:
    """The campaign is served as one that ends on the day by which its calls have to begin (P6)."""
    campaign, soon = schema.campaign, end_of(day)
    theirs = sa.and_(campaign.c.id == campaign_id, campaign.c.deadline > soon)
    connection.execute(sa.update(campaign).where(theirs).values(deadline=soon))


def _planned_by(id_: int) -> sa.Select[tuple[int]]:
    return sa.select(_item.c.obligation_id).where(_item.c.worksheet_id == id_)


def _move(connection: sa.Connection, number: str, to: SheetState, **values: Any) -> int:
    """Bring it into a state it may come into; gives its id."""
    query = sa.select(_sheet.c.id, _sheet.c.state).where(_sheet.c.number == number).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise unknown(number)
    if to not in CHANGES.get(SheetState(row.state), set()):
        raise InputError(f"the worksheet is {row.state}: it cannot become {to.value}", where=number)
    connection.execute(sa.update(_sheet).where(_sheet.c.id == row.id).values(state=to.value, **values))
    return int(row.id)


def _note(connection: sa.Connection, id_: int, number: str, done: Decision) -> None:
    """Into the chain that is filed (P8), and on the audit trail (A6)."""
    values = {"worksheet_id": id_, "state": done.state.value, "by": done.by, "at": done.at, "why": done.why}
    connection.execute(sa.insert(_decision).values(values))
    why = {"why": done.why} if done.why else {}
    audit.note(connection, Act(done.at, done.by, done.state.value, "worksheet", number, why))


async def _some(db: Database, which: sa.ColumnElement[bool]) -> list[Worksheet]:
    sheets = (
        sa.select(_sheet, _campaign.name.label("campaign"), _campaign.status.label("status"))
        .outerjoin(schema.campaign, _campaign.id == _sheet.c.campaign_id)
        .where(which)
        .order_by(_sheet.c.id)
    )
    decided = (
        sa.select(_decision)
        .join(_sheet, _sheet.c.id == _decision.c.worksheet_id)
        .where(which)
        .order_by(_decision.c.id)
    )

    def work(connection: sa.Connection) -> list[Worksheet]:
        said: dict[int, dict[str, sa.Row[Any]]] = {}
        for row in connection.execute(decided):
            said.setdefault(row.worksheet_id, {})[row.state] = row
        return [_worksheet(row, said.get(row.id, {})) for row in connection.execute(sheets)]

    return await db.read(work)


def _worksheet(row: sa.Row[Any], said: dict[str, sa.Row[Any]]) -> Worksheet:
    """From a row and the last decision for each state; it is done when its campaign is over."""
    submitted, approved = said.get(SheetState.SUBMITTED.value), said.get(SheetState.APPROVED.value)
    rejected = said.get(SheetState.REJECTED.value)
    return Worksheet(
        number=row.number,
        branch=row.branch,
        check=row.is_check,
        kind=Kind(row.kind),
        type_=row.type,
        count=row.size,
        share=row.share,
        purpose=row.purpose,
        content=row.content,
        method=row.method,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        responsible=row.responsible,
        state=SheetState.DONE if row.status in _OVER else SheetState(row.state),
        submitted_by=submitted.by if submitted else "",
        submitted_at=submitted.at if submitted else None,
        approved_by=approved.by if approved else "",
        approved_at=approved.at if approved else None,
        why=rejected.why if rejected else "",
        campaign=row.campaign or "",
        script=row.script,
        profile=row.profile,
    )


_COPIED = (
    *("number", "branch", "share", "purpose", "content", "method", "starts_on", "ends_on"),
    *("responsible", "script", "profile"),
)


def _values(sheet: Worksheet) -> dict[str, Any]:
    values = {name: getattr(sheet, name) for name in _COPIED}
    named = {"size": sheet.count, "is_check": sheet.check, "kind": sheet.kind.value, "type": sheet.type_}
    return {**values, **named, "state": SheetState.DRAFT.value}


def _sheet_item(row: Iterable[Any]) -> SheetItem:
    id_, customer_id, name, account, phone, duty, occasion, kind, due_by, state, result, *more = row
    whose = (id_, customer_id, name, account, phone, duty, occasion)
    return SheetItem(*whose, Kind(kind), due_by, state, result or "", *more)
