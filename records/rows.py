"""From rows to the frozen values of `records.model`, and the columns each of them needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records import schema
from records.model import (
    AnswerRow,
    Campaign,
    CampaignStatus,
    Customer,
    Kind,
    PastAttempt,
    PhoneKind,
    SpokenRow,
)

_c = schema.customer.c
_g = schema.campaign.c
_a = schema.attempt.c

CUSTOMER = (
    *(_c.id, _c.name, _c.phone, _c.phone_kind, _c.opened_on, _c.manager, _c.branch, _c.extension, _c.words),
)
MANAGER = sa.func.coalesce(
    sa.func.nullif(_c.manager, ""),
    sa.select(schema.staff.c.name).where(schema.staff.c.number == _c.manager_no).scalar_subquery(),
    "",
)
"""Who manages a customer, by name: the one that a file gave, else that of the staff number."""
ON_PAPER = tuple(MANAGER.label("manager") if column is _c.manager else column for column in CUSTOMER)
"""CUSTOMER with the manager by name where the number alone was given."""
PAST = (_a.n, _a.invited_at, _a.ended_at, _a.disposition, _a.rung, _a.valid, _a.trunk)
SPOKEN = tuple(column for column in schema.spoken.c if column.name not in {"attempt_id", "position"})
ANSWERS = schema.answer.outerjoin(schema.settled_answer)
"""Answers, each with what a person settled it as."""
_settled = schema.settled_answer.c
_SETTLED = {
    "value": _settled.value,
    "label": _settled.label,
    "how": sa.case((_settled.who.is_not(None), "person")),
}
ANSWER = tuple(
    sa.func.coalesce(_SETTLED[column.name], column).label(column.name) if column.name in _SETTLED else column
    for column in schema.answer.c
    if column.name not in {"attempt_id", "position"}
)
"""Of `ANSWERS`: what a person settled goes before what the machine understood."""


def customer(row: Sequence[Any]) -> Customer:
    """From the columns CUSTOMER, or ON_PAPER."""
    id_, name, phone, phone_kind, opened_on, manager, branch, extension, words = row
    said = tuple((slot, text) for slot, text in words)
    return Customer(id_, name, phone, PhoneKind(phone_kind), opened_on, manager, branch, extension, said)


def campaign(row: sa.Row[Any]) -> Campaign:
    """From a whole row of the table."""
    return Campaign(
        id=row.id,
        name=row.name,
        kind=Kind(row.kind),
        script=row.script,
        script_version=row.script_version,
        script_sha256=row.script_sha256,
        profile=row.profile,
        status=CampaignStatus(row.status),
        created_at=row.created_at,
        deadline=deadline(row.deadline),
        rank=row.rank,
        status_why=row.status_why,
    )


def deadline(kept: datetime) -> datetime | None:
    """A deadline as it is kept, or that there is none."""
    return None if kept == schema.NO_DEADLINE else kept


def past(row: Sequence[Any]) -> PastAttempt:
    """From the columns PAST."""
    return PastAttempt(*row)


def spoken(row: Sequence[Any]) -> SpokenRow:
    """From the columns SPOKEN."""
    return SpokenRow(*row)


def answer(row: Sequence[Any]) -> AnswerRow:
    """From the columns ANSWER."""
    return AnswerRow(*row)
