"""Leads with their ids, verdicts and withdrawals; those that wait for an ear, the most fruitful first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import lead_order, schema
from records.database import Database
from records.lead_order import AROUND_S, SPEED, Group, Precisions
from records.listening import Talk
from records.post_call import Flag
from records.search import Page
from records.verdicts import Verdict

_flag, _verdict, _transcript = schema.flag, schema.verdict, schema.transcript
_attempt, _follow_up, _customer = schema.attempt, schema.follow_up, schema.customer
_recording = schema.recording


@dataclass(frozen=True, slots=True)
class Lead:
    """A flag and what people made of it.

    Attributes:
        talk: the call or recording.
        branch: whose customer it was (C4); None for a recording made elsewhere.
        by: who added it by hand; "" for a machine's.
        withdrawn_by, withdrawn_why: "" while it stands.
        verdict, judged_by, judged_at: "" and None where nobody has judged it.
    """

    id: int
    talk: Talk
    branch: str | None
    by: str
    withdrawn_by: str
    withdrawn_why: str
    verdict: str
    judged_by: str
    judged_at: datetime | None
    flag: Flag


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lead that nobody has judged, or that was judged so.

    `whose`: the customer, or the recording's name; `chance`: that it is right; `listening_s`: what it takes.
    """

    id: int
    talk: Talk
    whose: str
    rule: str
    category: str
    severity: str
    tier: str
    text: str
    start_s: float
    chance: float
    listening_s: float


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of leads; `total`: how many there are in all."""

    total: int
    leads: tuple[Waiting, ...]


async def of_talk(db: Database, talk: Talk) -> tuple[Lead, ...]:
    """The leads of its current transcript, those that were withdrawn among them, by their seconds."""
    owner = (
        _transcript.c.attempt_id == talk.attempt_id
        if talk.attempt_id is not None
        else _transcript.c.recording_id == talk.recording_id
    )
    stands = sa.or_(_flag.c.is_current, _flag.c.withdrawn_by != "")
    query = _leads().where(owner, _transcript.c.is_current, stands, _flag.c.severity != "credit")
    query = query.order_by(_flag.c.start_s, _flag.c.id)
    return await db.read(lambda connection: tuple(map(_lead, connection.execute(query))))


async def by_id(db: Database, flag_id: int) -> Lead:
    """A lead that stands.

    Raises:
        InputError: there is none of that id, or it was withdrawn or replaced.
    """
    query = _leads().where(_flag.c.id == flag_id, _flag.c.is_current, _transcript.c.is_current)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        raise InputError("there is no such lead", where=str(flag_id))
    return _lead(row)


async def waiting(
    db: Database, precisions: Precisions, branch: str, page: Page, verdict: Verdict | None = None
) -> Worklist:
    """Leads without a verdict, or with this one: most expected violations a minute of listening first."""
    chance, wanted = _chance(precisions), _wanted(branch, verdict)
    fruitful = (chance / _LISTENING_S).label("fruitful")
    first = (
        _joined(sa.select(_flag.c.id, chance.label("chance"), fruitful))
        .where(*wanted)
        .order_by(sa.desc("fruitful"), _flag.c.id.desc())
        .limit(page.limit)
        .offset(page.offset)
        .subquery()
    )
    columns = [_flag.c[name] for name in ("rule", "category", "severity", "tier", "text", "start_s")]
    whose = sa.func.coalesce(_customer.c.name, _recording.c.name).label("whose")
    told = sa.select(_flag.c.id, _transcript.c.attempt_id, _transcript.c.recording_id, whose, *columns)
    details = (
        _joined(told.add_columns(first.c.chance, _LISTENING_S.label("listening_s")))
        .join(first, first.c.id == _flag.c.id)
        .order_by(first.c.fruitful.desc(), _flag.c.id.desc())
    )
    counted = _joined(sa.select(sa.func.count(_flag.c.id))).where(*wanted)

    def work(connection: sa.Connection) -> Worklist:
        rows = [dict(row._mapping) for row in connection.execute(details)]
        found = tuple(
            Waiting(talk=Talk(row.pop("attempt_id"), row.pop("recording_id")), **row) for row in rows
        )
        return Worklist(connection.scalar(counted) or 0, found)

    return await db.read(work)


async def effort(db: Database, precisions: Precisions, branch: str) -> list[Group]:
    """All leads without a verdict in groups that are worth the same."""
    length_s = sa.func.round(_flag.c.end_s - _flag.c.start_s)
    query = (
        _joined(sa.select(_flag.c.rule, _flag.c.tier, length_s, sa.func.count()))
        .where(*_wanted(branch, None))
        .group_by(_flag.c.rule, _flag.c.tier, length_s)
    )
    found = await db.read(lambda connection: connection.execute(query).all())
    return [
        Group(lead_order.chance(precisions, rule, tier), lead_order.listening_s(float(length)), int(count))
        for rule, tier, length, count in found
    ]


_LISTENING_S = (_flag.c.end_s - _flag.c.start_s + 2 * AROUND_S) / SPEED


def _leads() -> sa.Select[Any]:
    return (
        _joined(sa.select(_flag, _transcript.c.attempt_id, _transcript.c.recording_id, _customer.c.branch))
        .add_columns(_verdict.c.verdict, _verdict.c.who, _verdict.c.at)
        .outerjoin(_verdict, sa.and_(_verdict.c.flag_id == _flag.c.id, _verdict.c.is_current))
    )


def _lead(row: sa.Row[Any]) -> Lead:
    return Lead(
        row.id,
        Talk(row.attempt_id, row.recording_id),
        row.branch,
        row.added_by,
        row.withdrawn_by,
        row.withdrawn_why,
        row.verdict or "",
        row.who or "",
        row.at,
        Flag(**{name: getattr(row, name) for name in Flag.__slots__}),
    )


def _joined(query: sa.Select[Any]) -> sa.Select[Any]:
    """Flags with the call or recording, and the customer."""
    return (
        query.select_from(_flag)
        .join(_transcript, _transcript.c.id == _flag.c.transcript_id)
        .outerjoin(_recording, _recording.c.id == _transcript.c.recording_id)
        .outerjoin(_attempt, _attempt.c.id == _transcript.c.attempt_id)
        .outerjoin(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .outerjoin(_customer, _customer.c.id == _follow_up.c.customer_id)
    )


def _wanted(branch: str, verdict: Verdict | None) -> list[sa.ColumnElement[bool]]:
    """A branch sees its own customers' (C4); what people added themselves waits for nobody."""
    given = sa.exists().where(_verdict.c.flag_id == _flag.c.id, _verdict.c.is_current)
    found = [
        _flag.c.is_current,
        _transcript.c.is_current,
        _flag.c.severity != "credit",
        _flag.c.added_by == "",
    ]
    found.append(~given if verdict is None else given.where(_verdict.c.verdict == verdict.value))
    return [*found, _customer.c.branch == branch] if branch else found


def _chance(precisions: Precisions) -> sa.ColumnElement[float]:
    """How likely a lead is right, as `lead_order.chance` tells it."""
    known = {(rule, tier): lead_order.chance(precisions, rule, tier) for rule, tier in precisions}
    cases: Sequence[Any] = [
        *(
            (sa.and_(_flag.c.rule == rule, _flag.c.tier == tier), value)
            for (rule, tier), value in known.items()
        ),
        *((_flag.c.tier == tier, lead_order.chance(precisions, "", tier)) for tier in lead_order.PRIOR),
    ]
    return sa.cast(sa.case(*cases, else_=0.0), sa.Double)
