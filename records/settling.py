"""Answers that were accepted faintly, or not understood, settled by a person; the machine's answer stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, flags, schema
from records.chain import Act
from records.database import Database
from records.search import Page

FAINT = 0.8
"""Score (`AnswerRow`) below which an answer is to be heard by a person."""
_DECLINED = "declined"

_answer, _settled = schema.answer, schema.settled_answer
_attempt, _follow_up, _campaign = schema.attempt, schema.follow_up, schema.campaign


@dataclass(frozen=True, slots=True)
class Unsure:
    """An answer that nobody has settled yet.

    Attributes:
        position: of the answer in its call.
        wording: the question as it was last said; "" where that isn't kept.
        recording: stem of the tracks.
        value, label, heard, score: as the machine filed it.
    """

    attempt_id: int
    position: int
    customer: str
    campaign: str
    script: str
    script_version: str
    recording: str
    question: str
    wording: str
    value: str
    label: str
    heard: str
    score: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person made of an answer."""

    value: str
    label: str
    who: str
    at: datetime


async def unsure(db: Database, branch: str, page: Page) -> tuple[int, tuple[Unsure, ...]]:
    """How many there are, and those of a page, the newest call's first; of a branch's customers (C4)."""
    counted = _of(sa.select(sa.func.count(_answer.c.position)), branch)
    query = _of(sa.select(*_COLUMNS), branch).order_by(_answer.c.attempt_id.desc(), _answer.c.position)
    shown = query.limit(page.limit).offset(page.offset)

    def work(connection: sa.Connection) -> tuple[int, tuple[Unsure, ...]]:
        found = tuple(Unsure(**row._mapping) for row in connection.execute(shown))
        return connection.scalar(counted) or 0, found

    return await db.read(work)


async def settle(
    db: Database, attempt_id: int, position: int, choice: tuple[str, str], who: str, now: datetime
) -> None:
    """Keep what a person heard, (value, label); papers use it from now on, and the call is flagged anew.

    Raises:
        InputError: there is no such answer.
    """
    value, label = choice
    theirs = sa.and_(_answer.c.attempt_id == attempt_id, _answer.c.position == position)

    def work(connection: sa.Connection) -> None:
        before = connection.execute(
            sa.select(_answer.c.question, _answer.c.value).where(theirs)
        ).one_or_none()
        if before is None:
            raise InputError("there is no such answer", where=f"{attempt_id}, {position}")
        same = _settled.c.attempt_id == attempt_id, _settled.c.position == position
        connection.execute(sa.delete(_settled).where(*same))
        values = {"attempt_id": attempt_id, "position": position, "value": value, "label": label}
        connection.execute(sa.insert(_settled).values(**values, who=who, at=now))
        flags.queue_call(connection, attempt_id, now)
        detail = {"question": before.question, "machine": before.value, "settled": value}
        audit.note(connection, Act(now, who, "settled", "call", str(attempt_id), detail))

    await db.write(work, contended=True)


async def of_call(db: Database, attempt_id: int) -> dict[int, tuple[str, Settled]]:
    """By position: the machine's answer as people read it, and what it was settled as."""
    query = (
        sa.select(_settled, _answer.c.value.label("machine_value"), _answer.c.label.label("machine_label"))
        .join(_answer, _same_answer())
        .where(_settled.c.attempt_id == attempt_id)
    )
    found = await db.read(lambda connection: connection.execute(query).all())
    return {
        row.position: (row.machine_label or row.machine_value, Settled(row.value, row.label, row.who, row.at))
        for row in found
    }


def _same_answer() -> sa.ColumnElement[bool]:
    return sa.and_(_answer.c.attempt_id == _settled.c.attempt_id, _answer.c.position == _settled.c.position)


def _of(query: sa.Select[Any], branch: str) -> sa.Select[Any]:
    wanted = [_answer.c.how == "speech", _answer.c.score < FAINT, _answer.c.value != _DECLINED]
    if branch:
        wanted.append(schema.customer.c.branch == branch)
    return (
        query.select_from(_answer)
        .join(_attempt, _attempt.c.id == _answer.c.attempt_id)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .join(_campaign, _campaign.c.id == _follow_up.c.campaign_id)
        .join(schema.customer, schema.customer.c.id == _follow_up.c.customer_id)
        .where(*wanted, ~sa.exists().where(_same_answer()))
    )


_spoken = schema.spoken.c
_WORDING = (
    sa.select(_spoken.text)
    .where(_spoken.attempt_id == _answer.c.attempt_id, _spoken.node == _answer.c.question)
    .order_by(_spoken.position.desc())
    .limit(1)
    .scalar_subquery()
)
_COLUMNS = (
    *(_answer.c[name] for name in ("attempt_id", "position", "question", "value", "label", "heard", "score")),
    *(
        _answer.c.start_s,
        _answer.c.end_s,
        _attempt.c.recording,
        sa.func.coalesce(_WORDING, "").label("wording"),
    ),
    *(_campaign.c.name.label("campaign"), _campaign.c.script, _campaign.c.script_version),
    schema.customer.c.name.label("customer"),
)
