"""Post-call jobs: taken under a lease, tried a few times, then parked for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from base.errors import IllegalTransition
from records import schema
from records.closing import TRANSCRIBE
from records.database import Database
from records.post_call import Job, ParkedJob

MAX_TRIES = 3

AGAIN_RANK = 10
"""Of what is transcribed anew: behind everything else."""

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
    """Take the next job of these kinds, fewest tries first, then the smaller rank; None when nothing waits.

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
            .order_by(_job.c.tries, _job.c.rank, _job.c.id)
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


async def renew(db: Database, job: Job, now: datetime, lease_s: float) -> bool:
    """Keep a job for longer; False when it is no longer ours: the lease was over, somebody else took it."""
    ours = (_job.c.id == job.id, _job.c.state == "running", _job.c.tries == job.tries)
    change = sa.update(_job).where(*ours).values(lease_until=now + timedelta(seconds=lease_s))
    return await db.write(lambda connection: connection.execute(change).rowcount == 1)


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


async def parked(db: Database, *, campaign_id: int | None = None) -> list[ParkedJob]:
    """Jobs that were given up, oldest first; with `campaign_id` only those of its calls."""
    query = (
        sa.select(_job.c.id, _job.c.kind, _job.c.attempt_id, _job.c.tries, _job.c.reason, _job.c.changed_at)
        .add_columns(schema.campaign.c.name, schema.customer.c.name)
        .select_from(_job.join(schema.attempt).join(schema.follow_up))
        .join(schema.campaign, schema.campaign.c.id == schema.follow_up.c.campaign_id)
        .join(schema.customer, schema.customer.c.id == schema.follow_up.c.customer_id)
        .where(_job.c.state == "parked", sa.true() if campaign_id is None else _of_campaign(campaign_id))
        .order_by(_job.c.id)
    )

    def work(connection: sa.Connection) -> list[ParkedJob]:
        return [ParkedJob(Job(*row[:4]), *row[4:]) for row in connection.execute(query)]

    return await db.read(work)


async def retry(
    db: Database, now: datetime, *, attempts: Sequence[int] = (), campaign_id: int | None = None
) -> int:
    """Put parked jobs back to wait, with all their tries: those of some calls, of a campaign, or all.

    Gives how many.
    """
    return await _wait_again(db, now, (_job.c.state == "parked",), attempts, campaign_id, {"reason": ""})


async def again(
    db: Database,
    model_sha256: str,
    now: datetime,
    *,
    attempts: Sequence[int] = (),
    campaign_id: int | None = None,
) -> int:
    """Transcribe calls anew whose transcript is not by this model, behind all other jobs; gives how many.

    Until then, and for ever beside the new one, the old transcript stays.
    """
    other = sa.exists().where(
        schema.transcript.c.attempt_id == _job.c.attempt_id,
        schema.transcript.c.is_current,
        schema.transcript.c.model_sha256 != model_sha256,
    )
    wanted = (_job.c.kind == TRANSCRIBE, _job.c.state == "done", other)
    return await _wait_again(db, now, wanted, attempts, campaign_id, {"rank": AGAIN_RANK})


async def _wait_again(
    db: Database,
    now: datetime,
    wanted: Sequence[sa.ColumnElement[bool]],
    attempts: Sequence[int],
    campaign_id: int | None,
    values: dict[str, Any],
) -> int:
    narrowed = (
        *((_job.c.attempt_id.in_(attempts),) if attempts else ()),
        *((_of_campaign(campaign_id),) if campaign_id is not None else ()),
    )
    change = sa.update(_job).where(*wanted, *narrowed).values(state="waiting", tries=0, changed_at=now)
    return await db.write(lambda connection: connection.execute(change.values(**values)).rowcount)


def _of_campaign(campaign_id: int) -> sa.ColumnElement[bool]:
    """Whether a job is for a call of this campaign."""
    calls = sa.select(schema.attempt.c.id).join(
        schema.follow_up, schema.follow_up.c.id == schema.attempt.c.follow_up_id
    )
    return _job.c.attempt_id.in_(calls.where(schema.follow_up.c.campaign_id == campaign_id))


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
