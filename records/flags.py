"""Flags of transcripts that are there: read with what they were found in, replaced when rules change.

A flag that is replaced stays, no longer current.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from base.errors import StoreError
from records import schema, verdicts
from records.database import Database
from records.jobs import AGAIN_RANK
from records.post_call import FAINT, Flag, Utterance
from records.transcripts import utterances_of

FLAG = "flag"
"""Kind of the job that flags a call's transcript anew."""

_flag = schema.flag
_job = schema.job
_transcript = schema.transcript
_FIELDS = [_flag.c[name] for name in Flag.__slots__]


@dataclass(frozen=True, slots=True)
class Flagged:
    """The current transcript of a call with its flags. `doubt`: why the call cannot be judged."""

    transcript_id: int
    attempt_id: int
    customer: str
    model_sha256: str
    doubt: str
    utterances: tuple[Utterance, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A flag with its id and whose it is."""

    id: int
    attempt_id: int | None
    recording_id: int | None
    customer: str
    flag: Flag


async def calls_with_transcript(db: Database, campaign_id: int | None = None) -> list[int]:
    """Attempts that have a current transcript, by id; of a campaign only, if one is named."""
    query = _of_campaign(sa.select(_transcript.c.attempt_id), campaign_id).order_by(_transcript.c.attempt_id)
    return await db.read(lambda connection: list(connection.scalars(query)))


async def of_call(db: Database, attempt_id: int) -> Flagged:
    """What was heard and found in a call.

    Raises:
        StoreError: it has no transcript.
    """
    query = (
        sa.select(_transcript.c.id, _transcript.c.model_sha256, _transcript.c.doubt, schema.customer.c.name)
        .join(schema.attempt, schema.attempt.c.id == _transcript.c.attempt_id)
        .join(schema.follow_up, schema.follow_up.c.id == schema.attempt.c.follow_up_id)
        .join(schema.customer, schema.customer.c.id == schema.follow_up.c.customer_id)
        .where(_transcript.c.attempt_id == attempt_id, _transcript.c.is_current)
    )

    def work(connection: sa.Connection) -> Flagged:
        row = connection.execute(query).one_or_none()
        if row is None:
            raise StoreError(f"call {attempt_id} has no transcript")
        utterances = tuple(utterances_of(connection, row.id))
        flags = tuple(Flag(*one) for one in connection.execute(_current(row.id)))
        return Flagged(row.id, attempt_id, row.name, row.model_sha256, row.doubt, utterances, flags)

    return await db.read(work)


async def replace(db: Database, transcript_id: int, flags: Sequence[Flag], doubt: str) -> None:
    """Put these in the place of a transcript's flags.

    Those that people added stay, what people withdrew does not come back, and verdicts go on.
    """

    def work(connection: sa.Connection) -> None:
        theirs = sa.and_(_flag.c.transcript_id == transcript_id, _flag.c.added_by == "")
        before = connection.execute(sa.select(*_BEFORE).where(theirs).order_by(_flag.c.id)).all()
        connection.execute(sa.update(_flag).where(theirs, _flag.c.is_current).values(is_current=False))
        mine = sa.update(_transcript).where(_transcript.c.id == transcript_id)
        connection.execute(mine.values(doubt=doubt))
        withdrawn = [one for one in before if one.withdrawn_by]
        for flag in flags:
            if not any(_same(flag, one) for one in withdrawn):
                _put(connection, transcript_id, flag, [one for one in before if one.is_current])

    await db.write(work)


_BEFORE = (_flag.c.id, _flag.c.rule, _flag.c.start_s, _flag.c.end_s, _flag.c.is_current, _flag.c.withdrawn_by)


def _put(
    connection: sa.Connection, transcript_id: int, flag: Flag, before: Sequence[sa.Row[*tuple[Any, ...]]]
) -> None:
    values = {"transcript_id": transcript_id, **asdict(flag)}
    new = connection.execute(sa.insert(_flag).values(values).returning(_flag.c.id)).scalar_one()
    old = next((one for one in before if _same(flag, one)), None)
    if old is not None:
        verdicts.pass_on(connection, old.id, new)


def _same(flag: Flag, row: sa.Row[*tuple[Any, ...]]) -> bool:
    """Flags of one rule that overlap in time are the same."""
    return bool(flag.rule == row.rule and flag.start_s <= row.end_s and row.start_s <= flag.end_s)


def queue_call(connection: sa.Connection, attempt_id: int, now: datetime) -> None:
    """Let one call be flagged anew, within the caller's transaction."""
    theirs = sa.and_(_job.c.kind == FLAG, _job.c.attempt_id == attempt_id)
    state = {"state": "waiting", "tries": 0, "reason": "", "rank": AGAIN_RANK, "changed_at": now}
    ended = _job.c.state.in_(("done", "parked"))
    connection.execute(sa.update(_job).where(theirs, ended).values(state))
    if connection.scalar(sa.select(_job.c.id).where(theirs)) is None:
        values = {"kind": FLAG, "attempt_id": attempt_id, "created_at": now, **state}
        connection.execute(sa.insert(_job).values(values))


async def queue(db: Database, now: datetime, campaign_id: int | None = None) -> int:
    """Let every call with a transcript be flagged anew, behind other jobs; gives how many will be."""
    calls = _of_campaign(sa.select(_transcript.c.attempt_id), campaign_id)

    def work(connection: sa.Connection) -> int:
        there = sa.select(_job.c.attempt_id).where(_job.c.kind == FLAG)
        ended = sa.and_(
            _job.c.kind == FLAG, _job.c.attempt_id.in_(calls), _job.c.state.in_(("done", "parked"))
        )
        state = {"state": "waiting", "tries": 0, "reason": "", "rank": AGAIN_RANK, "changed_at": now}
        again = connection.execute(sa.update(_job).where(ended).values(state)).rowcount
        new = list(connection.scalars(calls.where(_transcript.c.attempt_id.not_in(there))))
        rows = [{"kind": FLAG, "attempt_id": one, "created_at": now, **state} for one in new]
        if rows:
            connection.execute(sa.insert(_job), rows)
        return again + len(rows)

    return await db.write(work)


async def listed(
    db: Database, limit: int, *, campaign_id: int | None = None, rule: str = "", tiers: Sequence[str] = ()
) -> list[Kept]:
    """Current flags of current transcripts, the newest call's first."""
    query = (
        sa.select(_flag.c.id, _transcript.c.attempt_id, _transcript.c.recording_id)
        .add_columns(sa.func.coalesce(schema.customer.c.name, ""), *_FIELDS)
        .join(_transcript, _transcript.c.id == _flag.c.transcript_id)
        .outerjoin(schema.attempt, schema.attempt.c.id == _transcript.c.attempt_id)
        .outerjoin(schema.follow_up, schema.follow_up.c.id == schema.attempt.c.follow_up_id)
        .outerjoin(schema.customer, schema.customer.c.id == schema.follow_up.c.customer_id)
        .where(_flag.c.is_current, _transcript.c.is_current)
        .where(*((_flag.c.rule == rule,) if rule else ()), *((_flag.c.tier.in_(tiers),) if tiers else ()))
        .where(*((schema.follow_up.c.campaign_id == campaign_id,) if campaign_id is not None else ()))
        .order_by(_transcript.c.id.desc(), _flag.c.start_s, _flag.c.id)
        .limit(limit)
    )
    found = await db.read(lambda connection: connection.execute(query).all())
    return [Kept(row[0], row[1], row[2], row[3], Flag(*row[4:])) for row in found]


async def doubtful(db: Database, campaign_id: int | None = None) -> list[tuple[int, str]]:
    """Calls that cannot be judged, with the reason, by id."""
    query = _of_campaign(sa.select(_transcript.c.attempt_id, _transcript.c.doubt), campaign_id)
    query = query.where(_transcript.c.doubt != "").order_by(_transcript.c.attempt_id)
    found = await db.read(lambda connection: connection.execute(query).all())
    return [(row[0], row[1]) for row in found]


async def clean(db: Database, attempt_ids: Iterable[int]) -> frozenset[int]:
    """Of these calls those that were heard, can be judged, and have no flag that people are shown (F7)."""
    shown = sa.exists().where(
        _flag.c.transcript_id == _transcript.c.id, _flag.c.is_current, _flag.c.tier != FAINT
    )
    query = sa.select(_transcript.c.attempt_id).where(
        _transcript.c.attempt_id.in_(sorted(set(attempt_ids))),
        *(_transcript.c.is_current, _transcript.c.doubt == "", ~shown),
    )
    return await db.read(lambda connection: frozenset(connection.scalars(query)))


async def features_of(db: Database, ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """What flags were weighed by, by their id; those that are not there are left out."""
    query = sa.select(_flag.c.id, _flag.c.features).where(_flag.c.id.in_(ids))
    found = await db.read(lambda connection: connection.execute(query).all())
    return {row[0]: dict(row[1]) for row in found}


def _of_campaign(query: sa.Select[Any], campaign_id: int | None) -> sa.Select[Any]:
    """Only current transcripts of calls, of a campaign if one is named."""
    query = query.where(_transcript.c.is_current, _transcript.c.attempt_id.is_not(None))
    if campaign_id is None:
        return query
    return (
        query.join(schema.attempt, schema.attempt.c.id == _transcript.c.attempt_id)
        .join(schema.follow_up, schema.follow_up.c.id == schema.attempt.c.follow_up_id)
        .where(schema.follow_up.c.campaign_id == campaign_id)
    )


def _current(transcript_id: int) -> sa.Select[Any]:
    return (
        sa.select(*_FIELDS)
        .where(_flag.c.transcript_id == transcript_id, _flag.c.is_current)
        .order_by(_flag.c.start_s, _flag.c.id)
    )
