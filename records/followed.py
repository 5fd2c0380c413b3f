"""Follow-ups with what came of them, for reports: some queries, however many follow-ups there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from base.clock import SHANGHAI
from records import rows, schema
from records.database import Database
from records.model import Customer, Kind, KindRow
from records.planned import Settled, SheetState
from records.post_call import FAINT
from records.schema import NO_DEADLINE

T = TypeVar("T")

_f = schema.follow_up.c
_a = schema.attempt.c
_o = schema.obligation.c
_MANAGER = sa.func.coalesce(sa.func.nullif(rows.MANAGER, ""), schema.customer.c.manager_no)
"""By name, else by number: a form asks for one (W1)."""
_CUSTOMER = tuple(
    (_MANAGER if column.name == "manager" else column).label(f"customer_{column.name}")
    for column in rows.ON_PAPER
)
_SHEETS = (
    sa.select(schema.worksheet_item.c.obligation_id, schema.worksheet.c.responsible)
    .join(schema.worksheet)
    .where(schema.worksheet.c.state != SheetState.REJECTED.value)
    .subquery()
)
"""What is planned, with who answers for it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt of a follow-up. `invited_at`: None if its INVITE was never permitted."""

    id: int
    invited_at: datetime | None
    disposition: str
    valid: bool
    owner_confirmed: bool
    recording: str


@dataclass(frozen=True, slots=True)
class Lead:
    """A flag that people are shown (F7). `grade`: of the call, as they judged it; "" before that (Q1)."""

    call: int
    category: str
    text: str
    start_s: float
    grade: str


@dataclass(frozen=True, slots=True)
class Left:
    """A note that a call left for people."""

    call: int
    code: str
    done: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """One follow-up. `disposition` is "" while it is open; `answers`: (question, value) of its calls."""

    id: int
    customer: Customer
    account: str
    campaign: str
    kind: Kind
    profile: str
    deadline: datetime | None
    closed_at: datetime | None
    disposition: str
    calls: tuple[Call, ...]
    kinds: tuple[KindRow, ...]
    leads: tuple[Lead, ...]
    notes: tuple[Left, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation with its customer.

    Attributes:
        responsible: of its worksheet, "" where it is on none (A1).
        why: how it was settled where no call did: what a person did, which notice.
    """

    id: int
    customer: Customer
    account: str
    duty: str
    occasion: str
    kind: Kind
    due_by: date
    state: str
    called: bool
    reached: bool
    settled_on: date | None
    follow_up_id: int | None
    responsible: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is owed, and follow-ups: those that carry it out, and those that nothing asked for."""

    owed: tuple[Owed, ...]
    followed: tuple[Followed, ...]


async def within(db: Database, first: date, last: date, branch: str | None = None) -> Found:
    """What is due between two days; and follow-ups beside, by their last day, else by the day they ended.

    Args:
        db: the database.
        first: the first day. last: the last one.
        branch: only of its customers; None: of all.
    """
    of_branch = schema.customer.c.branch == branch if branch is not None else sa.true()
    due = sa.and_(_o.due_by >= first, _o.due_by <= last, of_branch)
    beside = sa.and_(_belongs(first, last), ~sa.exists().where(_o.follow_up_id == _f.id), of_branch)
    return await _read(db, due, beside)


async def of_sheet(db: Database, number: str) -> Found:
    """What a worksheet plans (W1)."""
    sheet, item = schema.worksheet.c, schema.worksheet_item.c
    listed = sa.select(item.obligation_id).join(schema.worksheet).where(sheet.number == number)
    return await _read(db, _o.id.in_(listed), sa.false())


async def of_customer(db: Database, customer_id: int) -> Found:
    """What a customer is or was owed, and all their follow-ups (R5)."""
    beside = sa.and_(_f.customer_id == customer_id, ~sa.exists().where(_o.follow_up_id == _f.id))
    return await _read(db, _o.customer_id == customer_id, beside)


async def of_campaign(db: Database, name: str) -> Found:
    """What a campaign carries out."""
    mine = sa.select(_f.id).join(schema.campaign).where(schema.campaign.c.name == name)
    return await _read(db, _o.follow_up_id.in_(mine), _f.id.in_(mine))


async def owed_by_duty(db: Database, first: date, last: date) -> dict[tuple[str, str], tuple[int, int]]:
    """Customers, and follow-ups due between two days, by (branch, duty) (P11)."""
    customers = sa.func.count(sa.distinct(_o.customer_id))
    query = sa.select(_o.branch, _o.duty, customers, sa.func.count()).group_by(_o.branch, _o.duty)
    query = query.where(_o.due_by >= first, _o.due_by <= last, _o.state != Settled.WITHDRAWN.value)
    found = await db.read(lambda connection: connection.execute(query).all())
    return {(row[0], row[1]): (row[2], row[3]) for row in found}


async def account_of(db: Database, customer_id: int) -> str:
    """A customer's account; "" where none is known."""
    query = sa.select(schema.customer.c.account).where(schema.customer.c.id == customer_id)
    return await db.read(lambda connection: connection.scalar(query)) or ""


async def profile_of(db: Database, attempt_id: int) -> str:
    """The profile that a call was made by."""
    query = (
        sa.select(schema.campaign.c.profile)
        .join(schema.follow_up, _f.campaign_id == schema.campaign.c.id)
        .join(schema.attempt, _a.follow_up_id == _f.id)
        .where(_a.id == attempt_id)
    )
    return await db.read(lambda connection: connection.scalar(query)) or ""


async def behind(db: Database, attempt_id: int) -> tuple[tuple[str, ...], str]:
    """For what a call was made, as occasions of what is owed; and who answers for it, "" for nobody."""
    query = (
        sa.select(_o.occasion, sa.func.coalesce(_SHEETS.c.responsible, ""))
        .join(schema.attempt, _a.follow_up_id == _o.follow_up_id)
        .outerjoin(_SHEETS, _SHEETS.c.obligation_id == _o.id)
        .where(_a.id == attempt_id)
        .order_by(_o.id)
    )
    found = await db.read(lambda connection: connection.execute(query).all())
    return tuple(row[0] for row in found), next((row[1] for row in found if row[1]), "")


async def _read(db: Database, owed: sa.ColumnElement[bool], beside: sa.ColumnElement[bool]) -> Found:
    """Obligations of a condition with their follow-ups, and further follow-ups."""
    query = (
        sa.select(_o.id, schema.customer.c.account, _o.duty, _o.occasion, _o.kind, _o.due_by)
        .add_columns(_o.state, _o.called, _o.reached, _o.settled_on, _o.follow_up_id)
        .add_columns(sa.func.coalesce(_SHEETS.c.responsible, ""), _o.why, *_CUSTOMER)
        .join(schema.customer, schema.customer.c.id == _o.customer_id)
        .outerjoin(_SHEETS, _SHEETS.c.obligation_id == _o.id)
        .where(owed, _o.state != Settled.WITHDRAWN.value)
    )
    carried = query.with_only_columns(_o.follow_up_id).where(_o.follow_up_id.is_not(None))
    follow_ups = (
        sa.select(_f.id, schema.customer.c.account, _f.deadline, _f.closed_at, _f.disposition)
        .add_columns(schema.campaign.c.name, schema.campaign.c.kind, schema.campaign.c.profile, *_CUSTOMER)
        .join(schema.customer, schema.customer.c.id == _f.customer_id)
        .join(schema.campaign, schema.campaign.c.id == _f.campaign_id)
        .where(sa.or_(_f.id.in_(carried), beside))
    )

    def work(connection: sa.Connection) -> Found:
        rows_ = connection.execute(query.order_by(_o.due_by, _o.id))
        listed = {row[0]: _owed(row) for row in rows_}
        parts = _Parts.read(connection, follow_ups.with_only_columns(_f.id))
        found = connection.execute(follow_ups.order_by(_f.deadline, _f.id))
        return Found(tuple(listed.values()), tuple(parts.followed(row) for row in found))

    return await db.read(work)


def _owed(row: Sequence[Any]) -> Owed:
    id_, account, duty, occasion, kind, *more = row[: -len(_CUSTOMER)]
    customer = rows.customer(row[-len(_CUSTOMER) :])
    return Owed(id_, customer, account, duty, occasion, Kind(kind), *more)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to follow-ups, by their id."""

    calls: dict[int, list[Call]]
    kinds: dict[int, list[KindRow]]
    leads: dict[int, list[Lead]]
    notes: dict[int, list[Left]]
    answers: dict[int, list[tuple[str, str]]]

    @classmethod
    def read(cls, connection: sa.Connection, ids: sa.Select[tuple[int]]) -> _Parts:
        flag, note, answer, kind = schema.flag.c, schema.note.c, schema.answer.c, schema.attempt_kind.c
        of_call = schema.transcript.c.attempt_id == _a.id
        current = sa.and_(schema.transcript.c.is_current, flag.is_current, flag.tier != FAINT)
        flags = (
            sa.select(_a.follow_up_id, _a.id, flag.category, flag.text, flag.start_s)
            .add_columns(sa.func.coalesce(schema.review_case.c.grade, ""))
            .join(schema.transcript, of_call)
            .outerjoin(schema.review_case, schema.review_case.c.attempt_id == _a.id)
            .join(schema.flag, flag.transcript_id == schema.transcript.c.id)
            .where(current)
        )
        notes = sa.select(_a.follow_up_id, _a.id, note.code, note.done_at.is_not(None)).join(schema.note)
        settled = schema.settled_answer
        value = sa.func.coalesce(settled.c.value, answer.value)
        answers = sa.select(_a.follow_up_id, answer.question, value).select_from(schema.attempt)
        answers = answers.join(schema.answer).outerjoin(settled)
        kinds = sa.select(_a.follow_up_id, kind.kind, kind.completed).join(schema.attempt_kind)
        calls = sa.select(_a.follow_up_id, _a.id, _a.invited_at, _a.disposition, _a.valid)
        calls = calls.add_columns(_a.owner_confirmed, _a.recording)
        return cls(
            calls=_by_follow_up(connection, calls, ids, Call),
            kinds=_by_follow_up(connection, kinds, ids, KindRow),
            leads=_by_follow_up(connection, flags, ids, Lead),
            notes=_by_follow_up(connection, notes, ids, Left),
            answers=_by_follow_up(connection, answers, ids, lambda question, value: (question, value)),
        )

    def followed(self, row: Sequence[Any]) -> Followed:
        """From a row of the query in `_read`."""
        id_, account, deadline, closed_at, disposition, campaign, kind, profile, *customer = row
        return Followed(
            *(id_, rows.customer(customer), account, campaign, Kind(kind), profile),
            *(None if deadline == NO_DEADLINE else deadline, closed_at, disposition),
            tuple(self.calls.get(id_, ())),
            tuple(self.kinds.get(id_, ())),
            tuple(self.leads.get(id_, ())),
            tuple(self.notes.get(id_, ())),
            tuple(self.answers.get(id_, ())),
        )


def _belongs(first: date, last: date) -> sa.ColumnElement[bool]:
    begin = datetime.combine(first, time.min, SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), time.min, SHANGHAI)
    due = sa.and_(_f.deadline >= begin, _f.deadline < end)
    closed = sa.and_(_f.closed_at >= begin, _f.closed_at < end)
    still_open = sa.and_(_f.closed_at.is_(None), schema.campaign.c.created_at < end)
    return sa.or_(due, sa.and_(_f.deadline == NO_DEADLINE, sa.or_(closed, still_open)))


def _by_follow_up(
    connection: sa.Connection, query: sa.Select[Any], ids: sa.Select[tuple[int]], make: Callable[..., T]
) -> dict[int, list[T]]:
    """Rows of these follow-ups, whose id comes first in each, in the order of their attempts."""
    found: dict[int, list[T]] = {}
    for id_, *values in connection.execute(query.where(_a.follow_up_id.in_(ids)).order_by(_a.id)):
        found.setdefault(id_, []).append(make(*values))
    return found
