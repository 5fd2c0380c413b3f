"""Lists of review: calls with leads that nobody has graded, cases in hand, cases that are closed (Q4, C4).

What is late stands on top, then what is graver, then what is older.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.model import Kind
from records.reviewed import GRADING, Grade, Severity
from records.schema_cases import LEADS, severity_rank
from records.search import Page
from records.verdicts import Verdict

_case = schema.review_case
_attempt = schema.attempt
_follow_up = schema.follow_up
_campaign = schema.campaign
_customer = schema.customer
_transcript = schema.transcript
_flag = schema.flag


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a list is made.

    Attributes:
        branch: whose customers; "" for all (C4).
        kept_from: whose customers they don't get: their own, and of whom they report to (A1).
        now: claims before it are over.
        raised_before: what was raised earlier is late (Q4).
    """

    branch: str
    kept_from: tuple[str, ...]
    now: datetime
    raised_before: datetime

    @property
    def today(self) -> date:
        """The business day."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that somebody should grade. `categories`: of its leads, the gravest first."""

    call: int
    case: int | None
    customer: str
    branch: str
    campaign: str
    kind: Kind
    at: datetime
    severity: Severity
    late: bool
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InHand:
    """A case as a list shows it."""

    case: int
    call: int
    customer: str
    branch: str
    severity: Severity
    grade: Grade | None
    major: bool
    step: str
    role: str
    due_on: date | None
    raised_at: datetime
    closed_at: datetime | None
    claimed_by: str


async def waiting(db: Database, reader: Reader, page: Page) -> tuple[int, tuple[Waiting, ...]]:
    """Calls with leads that nobody has graded or holds, and how many there are; 0 behind the last page."""
    late = sa.case((_attempt.c.ended_at < reader.raised_before, 0), else_=1)
    leads = _gravest()
    found = (
        sa.select(_attempt.c.id, leads.c.gravest, sa.func.count().over().label("total"))
        .select_from(leads)
        .join(_transcript, _transcript.c.id == leads.c.transcript_id)
        .join(_attempt, _attempt.c.id == _transcript.c.attempt_id)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .join(_customer, _customer.c.id == _follow_up.c.customer_id)
        .outerjoin(_case, _case.c.attempt_id == _attempt.c.id)
        .where(_transcript.c.is_current, _attempt.c.ended_at.is_not(None), *_allowed(reader))
        .where(sa.or_(_case.c.id.is_(None), sa.and_(_case.c.step == GRADING, _unclaimed(reader.now))))
    )
    some = found.order_by(late, leads.c.gravest, _attempt.c.ended_at, _attempt.c.id)

    def work(connection: sa.Connection) -> tuple[int, tuple[Waiting, ...]]:
        rows = connection.execute(some.limit(page.limit).offset(page.offset)).all()
        grave = {row.id: list(Severity)[row.gravest] for row in rows}
        return rows[0].total if rows else 0, tuple(_waiting(connection, grave, reader))

    return await db.read(work)


async def in_hand(
    db: Database, reader: Reader, page: Page, roles: Iterable[str] | None = None, mine: str = ""
) -> tuple[int, tuple[InHand, ...]]:
    """Cases that are not closed; of `roles` those whose turn it is, or whose claim is `mine`."""
    late = sa.case((_case.c.due_on < reader.today, 0), else_=1)
    which = [_case.c.closed_at.is_(None), *_allowed(reader)]
    if roles is not None:
        taken = sa.and_(_case.c.step == GRADING, _case.c.claimed_by == mine, ~_unclaimed(reader.now))
        turn = sa.and_(_case.c.role.in_(list(roles)), _case.c.step != GRADING)
        which.append(sa.or_(taken, turn))
    order = (late, severity_rank(_case.c.severity), _case.c.raised_at, _case.c.id)
    return await _cases(db, which, order, page)


async def closed(db: Database, reader: Reader, page: Page) -> tuple[int, tuple[InHand, ...]]:
    """Cases that are closed, the last one first."""
    order = (_case.c.closed_at.desc(), _case.c.id.desc())
    return await _cases(db, [_case.c.closed_at.is_not(None), *_allowed(reader)], order, page)


def _gravest() -> sa.Subquery:
    """By transcript, the rank of its gravest lead; those that somebody has heard to be wrong are none."""
    rank = sa.func.min(severity_rank(_flag.c.severity)).label("gravest")
    verdict = schema.verdict.c
    wrong = sa.select(verdict.flag_id).where(verdict.is_current, verdict.verdict == Verdict.WRONG.value)
    leads = sa.select(_flag.c.transcript_id, rank).where(*LEADS, _flag.c.id.not_in(wrong))
    return leads.group_by(_flag.c.transcript_id).subquery()


def _unclaimed(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(_case.c.claimed_until.is_(None), _case.c.claimed_until <= now)


def _allowed(reader: Reader) -> Iterable[sa.ColumnElement[bool]]:
    """Of their branch (C4), and nobody's whom they keep away from (A1)."""
    if reader.branch:
        yield _customer.c.branch == reader.branch
    theirs = (_customer.c.introducer, _customer.c.opened_by, _customer.c.signed_by, _customer.c.manager_no)
    for whose in reader.kept_from:
        yield sa.and_(*(column != whose for column in theirs))


def _waiting(connection: sa.Connection, grave: dict[int, Severity], reader: Reader) -> Iterable[Waiting]:
    details = (
        sa.select(_attempt.c.id, _case.c.id.label("case_id"), _customer.c.name, _customer.c.branch)
        .add_columns(_campaign.c.name.label("campaign"), _campaign.c.kind, _attempt.c.ended_at)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .join(_campaign, _campaign.c.id == _follow_up.c.campaign_id)
        .join(_customer, _customer.c.id == _follow_up.c.customer_id)
        .outerjoin(_case, _case.c.attempt_id == _attempt.c.id)
        .where(_attempt.c.id.in_(grave))
    )
    found = {row.id: row for row in connection.execute(details)}
    said = _categories(connection, grave)
    for id_, severity in grave.items():
        row = found[id_]
        whose = (id_, row.case_id, row.name, row.branch, row.campaign, Kind(row.kind), row.ended_at)
        yield Waiting(*whose, severity, row.ended_at < reader.raised_before, tuple(said.get(id_, ())))


def _categories(connection: sa.Connection, calls: Iterable[int]) -> dict[int, dict[str, None]]:
    """By call, what its leads are called, each once, the gravest first."""
    query = (
        sa.select(_transcript.c.attempt_id, _flag.c.category)
        .join(_flag, _flag.c.transcript_id == _transcript.c.id)
        .where(_transcript.c.attempt_id.in_(calls), _transcript.c.is_current, *LEADS)
        .order_by(severity_rank(_flag.c.severity), _flag.c.start_s, _flag.c.id)
    )
    found: dict[int, dict[str, None]] = {}
    for call, category in connection.execute(query):
        found.setdefault(call, {})[category] = None
    return found


async def _cases(
    db: Database, which: list[sa.ColumnElement[bool]], order: tuple[sa.ColumnElement[Any], ...], page: Page
) -> tuple[int, tuple[InHand, ...]]:
    source = (
        sa.select(_case, _customer.c.name, _customer.c.branch)
        .join(_attempt, _attempt.c.id == _case.c.attempt_id)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .join(_customer, _customer.c.id == _follow_up.c.customer_id)
        .where(*which)
    )

    def work(connection: sa.Connection) -> tuple[int, tuple[InHand, ...]]:
        total = connection.scalar(sa.select(sa.func.count()).select_from(source.subquery())) or 0
        rows = connection.execute(source.order_by(*order).limit(page.limit).offset(page.offset))
        return total, tuple(map(_in_hand, rows))

    return await db.read(work)


def _in_hand(row: Any) -> InHand:
    grade = Grade(row.grade) if row.grade else None
    about = (row.id, row.attempt_id, row.name, row.branch, Severity(row.severity), grade, row.major)
    return InHand(*about, row.step, row.role, row.due_on, row.raised_at, row.closed_at, row.claimed_by)
