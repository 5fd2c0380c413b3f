"""Cases of review (Q1): taken by one person at a time, carried on step by step, each act on the audit trail.

What a step asks for and who may do it is decided by a pure function that gets the case as it is in the
transaction that changes it; so nothing is done twice, and nothing on the ground of what is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, customer_events, schema
from records.chain import Act
from records.database import Database
from records.engines import insert_new
from records.model import Kind
from records.people import Event
from records.reviewed import CLAIM, GRADING, RELEASE, Case, CaseAct, Grade, Severity, Turn
from records.schema_cases import LEADS, severity_rank

_case = schema.review_case
_act = schema.case_act
_attempt = schema.attempt
_follow_up = schema.follow_up
_campaign = schema.campaign
_customer = schema.customer
_transcript = schema.transcript

LEASE = timedelta(hours=1)
"""So long a claim lasts."""


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody does in a case, and where it stands afterwards.

    `detail` and `sha256`: as of `CaseAct`. `turn` without a step closes the case. `event`: what is to be
    known of the customer from now on, as that they have to be called again (Q3).
    """

    by: str
    step: str
    turn: Turn
    words: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""
    event: Event | None = None


Decide = Callable[[Case], Done]
"""Raises InputError where it may not be done."""


class Taken(InputError):
    """Somebody else has the call in hand, or its case is closed."""


async def claim(
    db: Database, call: int, by: str, until: datetime, now: datetime, first: Callable[[Case], Turn]
) -> Case:
    """Take a call to grade it, for a time: then another may.

    Args:
        first: what comes first in a new case.

    Raises:
        Taken: somebody else has it, it was graded, or its case is closed.
        InputError: there is no such call, or it is not over.
    """

    def work(connection: sa.Connection) -> Case:
        raised_at = connection.scalar(sa.select(_attempt.c.ended_at).where(_attempt.c.id == call))
        if raised_at is None:
            raise InputError("there is no such call, or it is not over", where=str(call))
        values = {"attempt_id": call, "severity": _gravest(connection, call), "raised_at": raised_at}
        new = insert_new(connection, _case, **values, opened_at=now, step=CLAIM)
        case = _locked(connection, _case.c.attempt_id == call)
        turn = first(case) if new else case.turn
        _refuse_taken(replace(case, turn=turn), by, now)
        _change(connection, case.id, claimed_by=by, claimed_until=until, **_columns(turn))
        _note(connection, case, Done(by, CLAIM, turn), now)
        return _locked(connection, _case.c.id == case.id)

    return await db.write(work, contended=True)


async def release(db: Database, case_id: int, by: str, now: datetime) -> None:
    """Give a claim back.

    Raises:
        Taken: it is not theirs.
    """

    def work(connection: sa.Connection) -> None:
        case = _locked(connection, _case.c.id == case_id)
        if not case.held_by(by, now):
            raise Taken("is not in your hands", where=f"case {case_id}")
        _change(connection, case_id, claimed_by="", claimed_until=None)
        _note(connection, case, Done(by, RELEASE, case.turn), now)

    await db.write(work)


async def do(db: Database, case_id: int, decide: Decide, now: datetime) -> Case:
    """Do one step; the claim of whoever graded it ends with the grade.

    Raises:
        InputError: there is no such case, or `decide` refuses.
    """

    def work(connection: sa.Connection) -> Case:
        case = _locked(connection, _case.c.id == case_id)
        done = decide(case)
        closed = None if done.turn.step else now
        free = {"claimed_by": "", "claimed_until": None}
        _change(connection, case_id, closed_at=closed, **free, **_columns(done.turn))
        if done.event is not None:
            customer_events.keep(connection, [done.event], now)
        _note(connection, case, done, now)
        return _locked(connection, _case.c.id == case_id)

    return await db.write(work)


async def get(db: Database, case_id: int) -> Case:
    """The case of that number.

    Raises:
        InputError: there is none.
    """
    return await db.read(lambda connection: _get(connection, _case.c.id == case_id))


async def of_calls(db: Database, calls: Iterable[int]) -> list[Case]:
    """The cases of these calls, in their order."""

    def work(connection: sa.Connection) -> list[Case]:
        query = sa.select(_case.c.id).where(_case.c.attempt_id.in_(sorted(set(calls)))).order_by(_case.c.id)
        return [_get(connection, _case.c.id == id_) for id_ in connection.scalars(query).all()]

    return await db.read(work)


async def ungraded(db: Database, calls: Iterable[int]) -> list[int]:
    """Of these calls those with leads that nobody has graded."""
    query = (
        sa.select(_transcript.c.attempt_id)
        .distinct()
        .join(schema.flag, schema.flag.c.transcript_id == _transcript.c.id)
        .outerjoin(_case, _case.c.attempt_id == _transcript.c.attempt_id)
        .where(_transcript.c.attempt_id.in_(sorted(set(calls))), _transcript.c.is_current, *LEADS)
        .where(sa.func.coalesce(_case.c.grade, "") == "")
        .order_by(_transcript.c.attempt_id)
    )
    return await db.read(lambda connection: list(connection.scalars(query)))


async def of_call(db: Database, call: int) -> int | None:
    """The number of a call's case; None where nobody has opened one."""
    query = sa.select(_case.c.id).where(_case.c.attempt_id == call)
    return await db.read(lambda connection: connection.scalar(query))


def _refuse_taken(case: Case, by: str, now: datetime) -> None:
    if case.turn.step != GRADING:
        raise Taken("its case is not to be graded now", where=f"call {case.call}")
    if case.claimed_by not in ("", by) and case.held_by(case.claimed_by, now):
        raise Taken(f"{case.claimed_by} has it until {case.claimed_until:%H:%M}", where=f"call {case.call}")


def _gravest(connection: sa.Connection, call: int) -> str:
    """Of what its current leads are worth; low where it has none."""
    flag, transcript = schema.flag, schema.transcript
    query = (
        sa.select(flag.c.severity)
        .join(transcript, transcript.c.id == flag.c.transcript_id)
        .where(transcript.c.attempt_id == call, transcript.c.is_current, *LEADS)
        .order_by(severity_rank(flag.c.severity))
        .limit(1)
    )
    return connection.scalar(query) or Severity.LOW.value


def _columns(turn: Turn) -> dict[str, Any]:
    grade = turn.grade.value if turn.grade else ""
    known = {"step": turn.step, "role": turn.role, "due_on": turn.due_on}
    return {**known, "grade": grade, "major": turn.major}


def _change(connection: sa.Connection, case_id: int, **values: Any) -> None:
    connection.execute(sa.update(_case).where(_case.c.id == case_id).values(values))


def _note(connection: sa.Connection, case: Case, done: Done, now: datetime) -> None:
    """Into the case's history, and on the audit trail (A6): there without what people wrote."""
    values = {"case_id": case.id, "n": len(case.acts) + 1, "at": now, "by_whom": done.by, "step": done.step}
    more = {"words": done.words, "detail": dict(done.detail), "sha256": done.sha256}
    connection.execute(sa.insert(_act).values(**values, **more))
    signed = {"sha256": done.sha256} if done.sha256 else {}
    outcome = {"outcome": done.detail["outcome"]} if "outcome" in done.detail else {}
    detail = {"call": case.call, "step": done.step, **outcome, **signed}
    what = "closed" if not done.turn.step else "signed" if done.sha256 else done.step.partition(".")[0]
    audit.note(connection, Act(now, done.by, what, "case", str(case.id), detail))


_responsible = (
    sa.select(sa.func.min(schema.worksheet.c.responsible))
    .where(schema.worksheet.c.campaign_id == _follow_up.c.campaign_id)
    .scalar_subquery()
)
_CASE = (
    sa.select(_case, _follow_up.c.customer_id, _customer.c.name.label("customer"), _customer.c.branch)
    .add_columns(_campaign.c.kind, _campaign.c.profile, _responsible.label("responsible"))
    .join(_attempt, _attempt.c.id == _case.c.attempt_id)
    .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
    .join(_campaign, _campaign.c.id == _follow_up.c.campaign_id)
    .join(_customer, _customer.c.id == _follow_up.c.customer_id)
)


def _locked(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Case:
    connection.execute(sa.select(_case.c.id).where(which).with_for_update())
    return _get(connection, which)


def _get(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Case:
    row = connection.execute(_CASE.where(which)).one_or_none()
    if row is None:
        raise InputError("there is no such case")
    acts = sa.select(_act).where(_act.c.case_id == row.id).order_by(_act.c.n)
    done = (
        CaseAct(one.n, one.at, one.by_whom, one.step, one.words, one.detail, one.sha256)
        for one in connection.execute(acts)
    )
    return _made(row, tuple(done))


def _made(row: Any, acts: tuple[CaseAct, ...]) -> Case:
    grade = Grade(row.grade) if row.grade else None
    return Case(
        id=row.id,
        call=row.attempt_id,
        customer_id=row.customer_id,
        customer=row.customer,
        branch=row.branch,
        kind=Kind(row.kind),
        profile=row.profile,
        responsible=row.responsible or "",
        severity=Severity(row.severity),
        raised_at=row.raised_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        claimed_by=row.claimed_by,
        claimed_until=row.claimed_until,
        turn=Turn(row.step, row.role, row.due_on, grade, row.major),
        acts=acts,
    )
