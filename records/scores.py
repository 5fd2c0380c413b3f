"""Scores of calls: kept with their card, objected to once, decided about by somebody else (Q5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from base.errors import InputError
from records import audit, schema
from records.chain import Act
from records.database import Database
from records.scored import FiledCard, NewScore, Score, Violation

_score = schema.call_score
_c = _score.c
_card = schema.filed_scorecard
_check = schema.spot_check


async def give(db: Database, new: NewScore, card: FiledCard) -> int:
    """Keep a score; gives its id.

    Raises:
        InputError: it was given already, or the card's version is filed with another content.
    """

    def work(connection: sa.Connection) -> int:
        blind = _is_blind(connection, new)
        if connection.scalar(_given_before(new, blind)) is not None:
            raise InputError("was scored already", where=f"call {new.call}", remedy="look at the page again")
        return _insert(connection, new, card, "scored", blind=blind)

    return await db.write(work, contended=True)


async def object_(db: Database, id_: int, by: str, why: str, now: datetime) -> None:
    """Somebody does not agree with a score.

    Raises:
        InputError: there is none, or it may not be objected to.
    """

    def work(connection: sa.Connection) -> None:
        found = _locked(connection, id_)
        if not found.may_be_objected_to:
            raise InputError("cannot be objected to any more", where=f"score {id_}")
        change = {"objected_by": by, "objected_at": now, "objected_why": why}
        connection.execute(sa.update(_score).where(_c.id == id_).values(change))
        detail = {"score": id_, "why": why}
        audit.note(connection, Act(now, by, "objected", "call", str(found.given.call), detail))

    await db.write(work)


async def decide(db: Database, id_: int, new: NewScore, card: FiledCard) -> int:
    """The second decision: a score in place of one that was objected to; gives its id.

    Raises:
        InputError: there is none, nobody objected, or it was decided meanwhile.
    """

    def work(connection: sa.Connection) -> int:
        found = _locked(connection, id_)
        if not found.open_objection:
            raise InputError("has no objection to decide about", where=f"score {id_}")
        connection.execute(sa.update(_score).where(_c.id == id_).values(replaced=True))
        second = replace(new, call=found.given.call, check=found.given.check)
        return _insert(connection, second, card, "decided", replaces=id_)

    return await db.write(work)


async def get(db: Database, id_: int) -> Score:
    """A score.

    Raises:
        InputError: there is none.
    """
    found = await of(db, _c.id == id_)
    if not found:
        raise _none(id_)
    return found[0]


async def of_call(db: Database, call: int) -> list[Score]:
    """All scores of a call that stand or stood, oldest first."""
    return await of(db, _c.attempt_id == call)


async def of_check(db: Database, check: int) -> list[Score]:
    """The scores of a spot check that stand, oldest first."""
    return await of(db, sa.and_(_c.spot_check_id == check, ~_c.replaced))


async def objections(db: Database, branch: str, limit: int) -> list[Score]:
    """Scores that wait for a second decision, the longest waiting first; of a branch's customers, or all."""
    mine = _c.attempt_id.in_(_calls_of(branch)) if branch else sa.true()
    waiting = sa.and_(_c.objected_at.is_not(None), ~_c.replaced, mine)
    return await of(db, waiting, sa.select(_c.id).where(waiting).order_by(_c.objected_at).limit(limit))


async def of(
    db: Database, which: sa.ColumnElement[bool], some: sa.Select[tuple[int]] | None = None
) -> list[Score]:
    """Scores by a condition on the table, by id."""
    query = _scores().where(which if some is None else _c.id.in_(some))
    return await db.read(lambda connection: [_of_row(row) for row in connection.execute(query)])


def in_calls(connection: sa.Connection, check: int, calls: Sequence[int]) -> dict[int, list[Score]]:
    """Those of a spot check that stand, by call."""
    query = _scores().where(_c.spot_check_id == check, _c.attempt_id.in_(calls), ~_c.replaced)
    found: dict[int, list[Score]] = {}
    for row in connection.execute(query):
        found.setdefault(row.attempt_id, []).append(_of_row(row))
    return found


def _calls_of(branch: str) -> sa.Select[tuple[int]]:
    follow_up, customer = schema.follow_up, schema.customer
    return (
        sa.select(schema.attempt.c.id)
        .join(follow_up, follow_up.c.id == schema.attempt.c.follow_up_id)
        .join(customer, customer.c.id == follow_up.c.customer_id)
        .where(customer.c.branch == branch)
    )


def _scores() -> sa.Select[Any]:
    card = (_card.c.name, _card.c.version, _card.c.sha256, _card.c.content)
    return sa.select(_score, *card).join(_card, _card.c.id == _c.scorecard_id).order_by(_c.id)


def _of_row(row: Any) -> Score:
    given = NewScore(
        call=row.attempt_id,
        check=row.spot_check_id,
        answers=row.answers,
        total=row.total,
        passed=row.passed,
        violation=Violation(row.violation),
        words=row.words,
        by=row.by_whom,
        at=row.at,
    )
    objection = (row.objected_by, row.objected_at, row.objected_why)
    card = FiledCard(row.name, row.version, row.sha256, row.content)
    return Score(row.id, given, card, row.blind, *objection, row.replaces, row.replaced)


def _locked(connection: sa.Connection, id_: int) -> Score:
    row = connection.execute(_scores().where(_c.id == id_).with_for_update(of=_score)).one_or_none()
    if row is None:
        raise _none(id_)
    return _of_row(row)


def _none(id_: int) -> InputError:
    return InputError("there is no such score", where=str(id_))


def _is_blind(connection: sa.Connection, new: NewScore) -> bool:
    reviewers = connection.scalar(sa.select(_check.c.reviewers).where(_check.c.id == new.check))
    return bool(reviewers)


def _given_before(new: NewScore, blind: bool) -> sa.Select[tuple[int]]:
    """As the unique indexes have it."""
    query = sa.select(_c.id).where(_c.attempt_id == new.call, _c.replaces.is_(None))
    query = query.where(_c.spot_check_id.is_(None) if new.check is None else _c.spot_check_id == new.check)
    return query.where(_c.by_whom == new.by) if blind or new.check is None else query


def _insert(
    connection: sa.Connection,
    new: NewScore,
    card: FiledCard,
    what: str,
    *,
    blind: bool = False,
    replaces: int | None = None,
) -> int:
    values = {
        **{
            "attempt_id": new.call,
            "spot_check_id": new.check,
            "scorecard_id": _filed(connection, card, new.at),
        },
        **{"answers": dict(new.answers), "total": new.total, "passed": new.passed, "words": new.words},
        **{"violation": new.violation.value, "by_whom": new.by, "at": new.at},
        **{"blind": blind, "replaces": replaces},
    }
    id_ = connection.execute(sa.insert(_score).values(values).returning(_c.id)).scalar_one()
    detail = {"score": id_, "card": f"{card.name} {card.version}", "sha256": card.sha256, "total": new.total}
    audit.note(connection, Act(new.at, new.by, what, "call", str(new.call), detail))
    return int(id_)


def _filed(connection: sa.Connection, card: FiledCard, now: datetime) -> int:
    """The id of the card's version, kept now if it is new."""
    query = sa.select(_card).where(_card.c.name == card.name, _card.c.version == card.version)
    row = connection.execute(query).one_or_none()
    if row is not None and row.sha256 != card.sha256:
        what = f"version {card.version} is filed with another content"
        raise InputError(what, where=f"scorecard {card.name}", remedy="give it a new version")
    if row is not None:
        return int(row.id)
    values = {"name": card.name, "version": card.version, "sha256": card.sha256, "filed_at": now}
    new = sa.insert(_card).values(**values, content=dict(card.content)).returning(_card.c.id)
    return int(connection.execute(new).scalar_one())
