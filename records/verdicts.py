"""What people who listened say of leads: kept, counted, and told to whoever fits the weights."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import Act
from records.database import Database
from records.lead_order import Precision, Precisions

_flag = schema.flag
_verdict = schema.verdict


class Verdict(StrEnum):
    """What was heard; an inaudible stretch is not clean, and one that needs its context is judged again."""

    RIGHT = "right"
    WRONG = "wrong"
    INAUDIBLE = "inaudible"
    CONTEXT = "context"


async def give(db: Database, flag_id: int, verdict: Verdict, who: str, now: datetime) -> None:
    """Keep a verdict; one that was given before stays, no longer current.

    Raises:
        InputError: there is no such lead, or it was withdrawn or replaced.
    """

    def work(connection: sa.Connection) -> None:
        known = sa.select(_flag.c.rule).where(_flag.c.id == flag_id, _flag.c.is_current)
        if connection.scalar(known) is None:
            raise InputError("there is no such lead any more", where=str(flag_id))
        before = sa.update(_verdict).where(_verdict.c.flag_id == flag_id, _verdict.c.is_current)
        connection.execute(before.values(is_current=False))
        values = {"flag_id": flag_id, "verdict": verdict.value, "who": who, "at": now}
        connection.execute(sa.insert(_verdict).values(values))
        audit.note(connection, Act(now, who, "judged", "flag", str(flag_id), {"verdict": verdict.value}))

    await db.write(work, contended=True)


async def precisions(db: Database) -> Precisions:
    """What a machine's leads were worth here, by rule and tier."""
    right = sa.func.sum(sa.case((_verdict.c.verdict == Verdict.RIGHT.value, 1), else_=0))
    query = (
        sa.select(_flag.c.rule, _flag.c.tier, right, sa.func.count())
        .join(_flag, _flag.c.id == _verdict.c.flag_id)
        .where(*_told())
        .group_by(_flag.c.rule, _flag.c.tier)
    )
    found = await db.read(lambda connection: connection.execute(query).all())
    return {(rule, tier): Precision(int(true), int(all_)) for rule, tier, true, all_ in found}


async def judged(db: Database) -> tuple[list[tuple[dict[str, float], bool]], int]:
    """What a machine's leads were weighed by, each with whether it was right; how many no model weighed."""
    query = (
        sa.select(_flag.c.features, _verdict.c.verdict)
        .join(_flag, _flag.c.id == _verdict.c.flag_id)
        .where(*_told())
        .order_by(_verdict.c.id)
    )
    found = await db.read(lambda connection: connection.execute(query).all())
    weighed = [(dict(features), told == Verdict.RIGHT.value) for features, told in found if features]
    return weighed, len(found) - len(weighed)


def pass_on(connection: sa.Connection, before: int, after: int) -> None:
    """A verdict is about the sound: it goes on to the flag that takes the place of another."""
    of_it = sa.update(_verdict).where(_verdict.c.flag_id == before)
    connection.execute(of_it.values(flag_id=after))


def _told() -> tuple[sa.ColumnElement[bool], ...]:
    told = (Verdict.RIGHT.value, Verdict.WRONG.value)
    return _verdict.c.is_current, _verdict.c.verdict.in_(told), _flag.c.added_by == ""
