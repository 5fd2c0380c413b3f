"""Post-call jobs: a lease, three tries, then parked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from base.errors import IllegalTransition
from records import jobs, ledger
from records.database import Database
from records.post_call import Job
from tests.records_kit import NOW, Where, after, dialed, opened, person, started, talk


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    """Two recorded calls, and so two jobs."""
    async with opened(store) as database:
        campaign = await started(database, [person(1), person(2)])
        for _ in range(2):
            await ledger.close(database, talk(await dialed(database, campaign)), NOW)
        yield database


async def take(db: Database, now: datetime = NOW) -> Job | None:
    return await jobs.claim(db, kinds=[ledger.TRANSCRIBE], node="worker", now=now, lease_s=60)


async def taken(db: Database, now: datetime = NOW) -> Job:
    job = await take(db, now)
    assert job is not None
    return job


async def test_each_job_is_taken_once_and_done(db: Database) -> None:
    first, second = await taken(db), await taken(db)
    assert first.id != second.id
    assert await take(db) is None
    assert await jobs.pending(db) == 2
    await jobs.done(db, first.id, NOW)
    await jobs.done(db, second.id, NOW)
    assert await jobs.pending(db) == 0


async def test_other_kinds_are_left_alone(db: Database) -> None:
    assert await jobs.claim(db, kinds=["archive"], node="worker", now=NOW, lease_s=60) is None


async def test_a_nodes_worker_takes_the_jobs_of_its_own_calls(db: Database) -> None:
    """Recordings lie where the call was made."""
    there = jobs.claim(db, kinds=["transcribe"], node="two", now=NOW, lease_s=60, of="node-2")
    assert await there is None
    here = jobs.claim(db, kinds=["transcribe"], node="one", now=NOW, lease_s=60, of="node-1")
    assert await here is not None


async def test_a_failed_job_waits_behind_the_others(db: Database) -> None:
    first = await taken(db)
    await jobs.failed(db, first.id, "the audio cannot be read", NOW)
    assert (await taken(db)).id != first.id
    assert (await taken(db)).id == first.id


async def test_three_tries_then_parked(db: Database) -> None:
    await jobs.done(db, (await taken(db)).id, NOW)
    for tries in (1, 2, 3):
        job = await taken(db)
        assert job.tries == tries
        await jobs.failed(db, job.id, f"reason {tries}", NOW)
    assert await take(db) is None
    assert await jobs.pending(db) == 0
    ((parked, reason),) = await jobs.parked(db)
    assert (parked.id, reason) == (job.id, "reason 3")
    assert await jobs.parked(db, campaign_id=1) == [(parked, reason)]
    assert await jobs.parked(db, campaign_id=2) == []


async def test_a_dead_workers_job_is_taken_again_and_parked_in_the_end(db: Database) -> None:
    await jobs.done(db, (await taken(db)).id, NOW)
    for n in range(3):
        assert (await taken(db, after(60 * n))).tries == n + 1
        assert await take(db, after(60 * n + 59)) is None
    assert await take(db, after(180)) is None
    assert len(await jobs.parked(db)) == 1


async def test_only_a_running_job_ends(db: Database) -> None:
    job = await taken(db)
    await jobs.done(db, job.id, NOW)
    with pytest.raises(IllegalTransition):
        await jobs.done(db, job.id, NOW)
    with pytest.raises(IllegalTransition):
        await jobs.failed(db, job.id, "late", NOW)
