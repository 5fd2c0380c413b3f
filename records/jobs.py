"""Post-call jobs: taken under a lease, tried a few times, then parked for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from base.errors import IllegalTransition
from records import schema
from records.database import Database
from records.post_call import Job

MAX_TRIES = 3

_job = schema.job


async def claim(
    db: Database,
    *,
    kinds: Sequence[str],
    node: str,
    now: datetime,
    lease_s: float,
    max_tries: int = MAX_TRIES,
    of: str | None = None,
) -> Job | None:
    """Take the next job of these kinds, fewest tries first; None when nothing waits.

    `of`: only jobs for calls of the node of this name, whose recordings lie where it is.

    A job whose worker died is taken again when its lease is over; after `max_tries` it is parked instead, so
    that a job that kills its workers ends too.
    """

    theirs = sa.exists().where(schema.attempt.c.id == _job.c.attempt_id, schema.attempt.c.node == of)

    def work(connection: sa.Connection) -> Job | None:
        _recover(connection, now, max_tries)
        query = (
            sa.select(_job.c.id, _job.c.kind, _job.c.attempt_id, _job.c.tries)
            .where(_job.c.state == "waiting", _job.c.kind.in_(kinds), sa.true() if of is None else theirs)
            .order_by(_job.c.tries, _job.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        taken = sa.update(_job).where(_job.c.id == row.id).values(state="running", tries=row.tries + 1)
        until = now + timedelta(seconds=lease_s)
        connection.execute(taken.values(node=node, lease_until=until, changed_at=now))
        return Job(row.id, row.kind, row.attempt_id, row.tries + 1)

    return await db.write(work)


async def done(db: Database, job_id: int, now: datetime) -> None:
    """The job's work is kept.

    Raises:
        IllegalTransition: the job isn't running.
    """

    def work(connection: sa.Connection) -> None:
        _leave_running(connection, job_id, {"state": "done", "reason": ""}, now)

    await db.write(work)


async def failed(
    db: Database, job_id: int, reason: str, now: datetime, *, max_tries: int = MAX_TRIES
) -> None:
    """This try came to nothing: the job waits again, or is parked after the last try.

    Raises:
        IllegalTransition: the job isn't running.
    """

    def work(connection: sa.Connection) -> None:
        _leave_running(connection, job_id, {"state": _after_try(max_tries), "reason": reason}, now)

    await db.write(work)


async def pending(db: Database) -> int:
    """How many jobs wait or run."""
    query = sa.select(sa.func.count()).where(_job.c.state.in_(("waiting", "running")))
    return await db.read(lambda connection: connection.scalar(query) or 0)


async def parked(db: Database, *, campaign_id: int | None = None) -> list[tuple[Job, str]]:
    """Jobs that were given up, with the last reason; with `campaign_id` only those of its calls."""
    query = sa.select(_job.c.id, _job.c.kind, _job.c.attempt_id, _job.c.tries, _job.c.reason)
    query = query.where(_job.c.state == "parked").order_by(_job.c.id)
    if campaign_id is not None:
        calls = _job.join(schema.attempt).join(schema.follow_up)
        query = query.select_from(calls).where(schema.follow_up.c.campaign_id == campaign_id)

    def work(connection: sa.Connection) -> list[tuple[Job, str]]:
        return [(Job(*row[:4]), row.reason) for row in connection.execute(query)]

    return await db.read(work)


def _after_try(max_tries: int) -> sa.ColumnElement[str]:
    return sa.case((_job.c.tries >= max_tries, "parked"), else_="waiting")


def _recover(connection: sa.Connection, now: datetime, max_tries: int) -> None:
    """Jobs whose worker let its lease run out."""
    lost = sa.and_(_job.c.state == "running", _job.c.lease_until <= now)
    change = sa.update(_job).where(lost).values(state=_after_try(max_tries), lease_until=None)
    connection.execute(change.values(reason="its worker is gone", changed_at=now))


def _leave_running(connection: sa.Connection, job_id: int, values: dict[str, Any], now: datetime) -> None:
    running = sa.and_(_job.c.id == job_id, _job.c.state == "running")
    change = sa.update(_job).where(running).values(**values, lease_until=None, changed_at=now)
    if connection.execute(change).rowcount != 1:
        raise IllegalTransition(f"job {job_id} is not running")
