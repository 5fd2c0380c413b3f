"""Leads, grades and violations counted by whom they concern, or by month (Q1, Q5, C4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeAlias

import sqlalchemy as sa

from base.clock import SHANGHAI
from records import schema
from records.database import Database
from records.facts import manager_of
from records.schema_cases import LEADS

_attempt, _customer = schema.attempt.c, schema.customer.c
_follow_up, _transcript = schema.follow_up.c, schema.transcript.c
_case, _score = schema.review_case.c, schema.call_score.c

Key: TypeAlias = sa.ColumnElement[str]


class Whose(StrEnum):
    """Whom findings are counted by."""

    BRANCH = "branch"
    MANAGER = "manager"
    """Of the customer."""
    ADVISER = "adviser"
    """Who signed the customer's contract."""


_KEYS: Mapping[Whose, Key] = {
    Whose.BRANCH: _customer.branch,
    Whose.MANAGER: manager_of,
    Whose.ADVISER: _customer.signed_by,
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in calls.

    Attributes:
        name: of whom: a staff number (a name, where no number is known), a branch; or a month, "2026-03".
        calls: in which somebody talked.
        flagged: with a lead. high, medium, low: leads, by severity.
        general, violations: cases of that grade. spotted: calls that a spot check found a violation in.
    """

    name: str
    calls: int = 0
    flagged: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    general: int = 0
    violations: int = 0
    spotted: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Calls begun from the first day to the last; `branch`: "" for all (C4)."""

    first: date
    last: date
    branch: str = ""


async def by(db: Database, whose: Whose, span: Span) -> list[Findings]:
    """By name; calls that concern nobody (a customer without an adviser) are left out."""
    return await _counted(db, _KEYS[whose], span)


async def by_month(db: Database, span: Span) -> list[Findings]:
    """Every month of the span, in order."""
    begun = list(_months(span))
    names = [f"{month:%Y-%m}" for month in begun]
    cases = [(_attempt.invited_at < _at(after), name) for name, after in zip(names, begun[1:], strict=False)]
    key = sa.case(*cases, else_=names[-1]) if cases else sa.literal(names[-1])
    found = {one.name: one for one in await _counted(db, key, span)}
    return [found.get(name, Findings(name)) for name in names]


async def _counted(db: Database, key: Key, span: Span) -> list[Findings]:
    def work(connection: sa.Connection) -> list[Findings]:
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for query in _queries(key, span):
            for name, *counts in connection.execute(query):
                labels = list(query.selected_columns.keys())[1:]
                found[name].update(zip(labels, map(int, counts), strict=True))
        return [Findings(name, **found[name]) for name in sorted(found) if name]

    return await db.read(work)


def _queries(key: Key, span: Span) -> Sequence[sa.Select[Any]]:
    """Each gives some of the counts for each name."""
    flag = schema.flag.c
    calls = _of_calls(key, span, sa.func.count().label("calls"))
    leads = (
        _of_calls(key, span, _distinct(_attempt.id, "flagged"))
        .add_columns(*(_sum(flag.severity == one, one) for one in ("high", "medium", "low")))
        .join(schema.transcript, sa.and_(_transcript.attempt_id == _attempt.id, _transcript.is_current))
        .join(schema.flag, sa.and_(flag.transcript_id == _transcript.id, *LEADS))
    )
    grades = _of_calls(
        key, span, _sum(_case.grade == "general", "general"), _sum(_case.grade == "violation", "violations")
    )
    grades = grades.join(schema.review_case, _case.attempt_id == _attempt.id)
    heard = sa.and_(_score.attempt_id == _attempt.id, _score.violation == "yes", ~_score.replaced)
    spotted = _of_calls(key, span, _distinct(_attempt.id, "spotted")).join(schema.call_score, heard)
    return [query.group_by(sa.text("1")) for query in (calls, leads, grades, spotted)]


def _of_calls(key: Key, span: Span, *counts: sa.Label[Any]) -> sa.Select[Any]:
    """Counts over the calls of the span in which somebody talked."""
    after = date.fromordinal(span.last.toordinal() + 1)
    query = (
        sa.select(key.label("name"), *counts)
        .select_from(schema.attempt)
        .join(schema.follow_up, _follow_up.id == _attempt.follow_up_id)
        .join(schema.customer, _customer.id == _follow_up.customer_id)
        .where(
            _attempt.invited_at >= _at(span.first), _attempt.invited_at < _at(after), _attempt.talked_s > 0
        )
    )
    return query.where(_customer.branch == span.branch) if span.branch else query


def _months(span: Span) -> Iterator[date]:
    """The first day of each, the span's own first."""
    month = span.first
    while month <= span.last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _sum(condition: sa.ColumnElement[bool], name: str) -> sa.Label[Any]:
    return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)


def _distinct(column: sa.ColumnElement[Any], name: str) -> sa.Label[Any]:
    return sa.func.count(column.distinct()).label(name)
