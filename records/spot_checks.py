"""Spot checks: samples of calls that people score, and how far they are (Q5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from base.clock import SHANGHAI, end_of
from base.errors import InputError
from records import audit, schema, scores
from records.call_list import dialed
from records.chain import Act
from records.database import Database
from records.schema_cases import LEADS
from records.scored import CheckedCall, Judged, SpotCheck, Tally, Violation
from records.search import Page
from records.search_filters import Filters, conditions

_check = schema.spot_check
_item = schema.spot_check_call
_score = schema.call_score
_attempt, _follow_up, _customer = schema.attempt, schema.follow_up, schema.customer
_CHUNK = 5000


async def frame(db: Database, check: SpotCheck) -> list[tuple[int, bool]]:
    """Calls in which somebody talked, of its branch, kind and days, by id: and whether each bears a flag."""
    rows = dialed()
    flagged = sa.exists().where(schema.flag.c.transcript_id == rows.c.transcript_id, *LEADS)
    since = datetime.combine(check.since, time(), SHANGHAI)
    until = datetime.combine(check.until, time(), SHANGHAI) + timedelta(days=1)
    filters = Filters(branch=check.branch, kind=check.kind, since=since, until=until)
    query = sa.select(rows.c.attempt_id, flagged).where(*conditions(filters, rows.c), rows.c.talked_s > 0)
    found = await db.read(lambda connection: connection.execute(query.order_by(rows.c.attempt_id)).all())
    return [(id_, bool(one)) for id_, one in found]


async def create(db: Database, check: SpotCheck, flagged: Sequence[int], drawn: Sequence[int]) -> int:
    """Keep a sample; gives its id. That of `check` does not count.

    Raises:
        InputError: its name is taken.
    """

    def work(connection: sa.Connection) -> int:
        taken = connection.scalar(sa.select(_check.c.id).where(_check.c.name == check.name))
        if taken is not None:
            raise InputError("there is a spot check of that name", where=check.name, remedy="name another")
        new = sa.insert(_check).values(_values(check)).returning(_check.c.id)
        id_ = int(connection.execute(new).scalar_one())
        calls = [(one, True) for one in flagged] + [(one, False) for one in drawn]
        for start in range(0, len(calls), _CHUNK):
            some = calls[start : start + _CHUNK]
            rows = [{"spot_check_id": id_, "attempt_id": one, "flagged": is_} for one, is_ in some]
            connection.execute(sa.insert(_item), rows)
        detail = {"name": check.name, "seed": check.seed, "flagged": len(flagged), "drawn": len(drawn)}
        audit.note(connection, Act(check.at, check.by, "drawn", "spot_check", str(id_), detail))
        return id_

    return await db.write(work, contended=True)


async def get(db: Database, id_: int) -> SpotCheck:
    """A spot check.

    Raises:
        InputError: there is none.
    """
    query = sa.select(_check).where(_check.c.id == id_)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        raise InputError("there is no such spot check", where=str(id_))
    return _of_row(row)


async def listed(db: Database, branch: str, page: Page) -> tuple[int, list[tuple[SpotCheck, Tally]]]:
    """A page of those of a branch, or of all, the newest first; and how many there are."""
    mine = _check.c.branch == branch if branch else sa.true()
    query = sa.select(_check).where(mine).order_by(_check.c.id.desc()).limit(page.limit).offset(page.offset)

    def work(connection: sa.Connection) -> tuple[int, list[tuple[SpotCheck, Tally]]]:
        total = connection.scalar(sa.select(sa.func.count()).select_from(_check).where(mine)) or 0
        found = [_of_row(row) for row in connection.execute(query)]
        return total, [(one, _tally(connection, one)) for one in found]

    return await db.read(work)


async def tally(db: Database, check: SpotCheck) -> Tally:
    """How far it is."""
    return await db.read(lambda connection: _tally(connection, check))


async def results(db: Database, id_: int) -> list[Judged]:
    """What the scores of its calls say that stand, counted."""
    count, points = sa.func.count(), sa.func.sum(_score.c.total)
    passed = sa.func.sum(sa.case((_score.c.passed, 1), else_=0))
    mine = sa.and_(_item.c.spot_check_id == id_, _item.c.attempt_id == _score.c.attempt_id)
    query = (
        sa.select(_item.c.flagged, _score.c.violation, count, passed, points)
        .join(_item, mine)
        .where(_score.c.spot_check_id == id_, ~_score.c.replaced)
        .group_by(_item.c.flagged, _score.c.violation)
    )
    found = await db.read(lambda connection: connection.execute(query).all())
    return [Judged(row[0], Violation(row[1]), *row[2:]) for row in found]


async def items(db: Database, id_: int) -> dict[int, bool]:
    """Its calls, and whether each bore a flag when it was drawn."""
    query = sa.select(_item.c.attempt_id, _item.c.flagged).where(_item.c.spot_check_id == id_)
    found = await db.read(lambda connection: connection.execute(query).all())
    return {row.attempt_id: row.flagged for row in found}


async def calls(db: Database, id_: int, page: Page) -> list[CheckedCall]:
    """A page of its calls: those that nobody has scored first, the flagged before the others."""
    scored = sa.select(_score.c.attempt_id).where(_score.c.spot_check_id == id_).distinct().subquery()
    done = scored.c.attempt_id.is_not(None)
    some = (
        sa.select(_item.c.attempt_id, _item.c.flagged, done.label("done"))
        .outerjoin(scored, scored.c.attempt_id == _item.c.attempt_id)
        .where(_item.c.spot_check_id == id_)
        .order_by(done, _item.c.flagged.desc(), _item.c.attempt_id)
        .limit(page.limit)
        .offset(page.offset)
        .subquery()
    )
    query = (
        sa.select(_attempt.c.id, _attempt.c.invited_at.label("at"), _customer.c.name.label("customer"))
        .add_columns(_customer.c.branch, schema.campaign.c.kind, _attempt.c.talked_s, some.c.flagged)
        .join(some, some.c.attempt_id == _attempt.c.id)
        .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .join(schema.campaign, schema.campaign.c.id == _follow_up.c.campaign_id)
        .join(_customer, _customer.c.id == _follow_up.c.customer_id)
        .order_by(some.c.done, some.c.flagged.desc(), _attempt.c.id)
    )

    def work(connection: sa.Connection) -> list[CheckedCall]:
        rows = connection.execute(query).all()
        given = scores.in_calls(connection, id_, [row.id for row in rows])
        return [CheckedCall(**row._mapping, scores=tuple(given.get(row.id, ()))) for row in rows]

    return await db.read(work)


async def made_for(db: Database, calls: Sequence[int]) -> list[tuple[int, int, str | None]]:
    """Of each of these calls its id, whose it is, and for which occasion; a row for each occasion."""
    found: list[tuple[int, int, str | None]] = []

    def work(connection: sa.Connection) -> None:
        for start in range(0, len(calls), _CHUNK):
            query = (
                sa.select(_attempt.c.id, _follow_up.c.customer_id, schema.obligation.c.occasion)
                .join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
                .outerjoin(schema.obligation, schema.obligation.c.follow_up_id == _follow_up.c.id)
                .where(_attempt.c.id.in_(calls[start : start + _CHUNK]))
            )
            found.extend((row.id, row.customer_id, row.occasion) for row in connection.execute(query))

    await db.read(work)
    return found


def _tally(connection: sa.Connection, check: SpotCheck) -> Tally:
    count = sa.func.count()
    mine = sa.select(count, sa.func.coalesce(sa.func.sum(sa.case((_item.c.flagged, 1), else_=0)), 0))
    calls_, flagged = connection.execute(mine.where(_item.c.spot_check_id == check.id)).one()
    late = sa.case((_score.c.at > end_of(check.due_on), 1), else_=0)
    first = sa.and_(_score.c.spot_check_id == check.id, _score.c.replaces.is_(None))
    done = sa.select(count, sa.func.coalesce(sa.func.sum(late), 0)).where(first)
    return Tally(calls_, flagged, calls_ * max(1, len(check.reviewers)), *connection.execute(done).one())


_COPIED = ("name", "branch", "kind", "since", "until", "due_on", "size", "seed", "unflagged", "scorecard")


def _values(check: SpotCheck) -> dict[str, Any]:
    values = {name: getattr(check, name) for name in _COPIED}
    return {**values, "reviewers": list(check.reviewers), "by_whom": check.by, "at": check.at}


def _of_row(row: Any) -> SpotCheck:
    copied = {name: getattr(row, name) for name in _COPIED}
    return SpotCheck(id=row.id, **copied, reviewers=tuple(row.reviewers), by=row.by_whom, at=row.at)
