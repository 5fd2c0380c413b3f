"""Post-call jobs: a lease, three tries, then parked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
import sqlalchemy as sa

from base.errors import IllegalTransition
from records import job_ranks, jobs, ledger, schema, transcripts
from records.database import Database
from records.post_call import Flag, Job, Transcript
from tests.records_kit import NOW, Where, after, dialed, execute, opened, person, started, talk


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
    (parked,) = await jobs.parked(db)
    assert (parked.job.id, parked.reason, parked.campaign) == (job.id, "reason 3", "三月新开户")
    assert await jobs.parked(db, campaign_id=1) == [parked]
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


async def parked_one(db: Database) -> Job:
    """One job done, the other given up."""
    await jobs.done(db, (await taken(db)).id, NOW)
    job = await taken(db)
    await jobs.failed(db, job.id, "it cannot be read", NOW, max_tries=1)
    return job


async def test_a_parked_job_is_put_back_with_all_its_tries(db: Database) -> None:
    job = await parked_one(db)
    assert await jobs.retry(db, NOW, attempts=[job.attempt_id + 100]) == 0
    assert await jobs.retry(db, NOW, campaign_id=2) == 0
    assert await jobs.retry(db, NOW, campaign_id=1, attempts=[job.attempt_id]) == 1
    assert await jobs.parked(db) == []
    assert await taken(db) == job


async def test_a_renewed_lease_keeps_the_job(db: Database) -> None:
    """A long transcription is no death."""
    first, _ = await taken(db), await taken(db)
    assert await jobs.renew(db, first, after(50), 60)
    assert (await taken(db, after(70))).id != first.id
    assert await take(db, after(105)) is None


async def test_who_lost_a_job_cannot_renew_it(db: Database) -> None:
    first, _ = await taken(db), await taken(db)
    again = await taken(db, after(61))
    assert (again.id, again.tries) == (first.id, 2)
    assert not await jobs.renew(db, first, after(62), 60)
    assert await jobs.renew(db, again, after(62), 60)


async def test_calls_are_transcribed_anew_by_another_model_behind_the_others(db: Database) -> None:
    first = await taken(db)
    old = Transcript(first.attempt_id, "whisper", "a" * 64, (), ())
    await transcripts.save(db, old, NOW)
    await jobs.done(db, first.id, NOW)
    assert await jobs.again(db, "a" * 64, NOW, campaign_id=1) == 0
    assert await jobs.again(db, "b" * 64, NOW, campaign_id=1) == 1
    assert [(await taken(db)).id for _ in range(2)] == [first.id + 1, first.id]


async def test_what_is_often_flagged_comes_first(store: Where) -> None:
    """The second campaign was found to be worse: its calls pass those that waited before."""
    async with opened(store) as db:
        calm = await started(db, [person(n) for n in range(2)], name="calm")
        flagged = await started(db, [person(n) for n in range(10, 17)], name="flagged")
        for campaign, calls in ((calm, 2), (flagged, 7)):
            for _ in range(calls):
                await ledger.close(db, talk(await dialed(db, campaign)), NOW)
        for _ in range(5):
            await found_bad(db, flagged.id)
        before = await take(db, NOW)
        assert before is not None
        await jobs.failed(db, before.id, "x", NOW)
        await job_ranks.rerank(db)
        order = [(await taken(db)).attempt_id for _ in range(3)]
        assert [one > 2 for one in order] == [True, True, False]


async def found_bad(db: Database, campaign_id: int) -> None:
    """The next job of the campaign done, with a finding."""
    query = (
        sa.select(schema.job.c.id, schema.job.c.attempt_id)
        .join(schema.attempt, schema.attempt.c.id == schema.job.c.attempt_id)
        .join(schema.follow_up, schema.follow_up.c.id == schema.attempt.c.follow_up_id)
        .where(schema.job.c.state == "waiting", schema.follow_up.c.campaign_id == campaign_id)
        .limit(1)
    )
    row = await db.read(lambda connection: connection.execute(query).one())
    flag = Flag("r", "1", "c", "high", "customer", 0, 1, "分成", 1.0, "certain", "affirmed", "")
    await transcripts.save(db, Transcript(row.attempt_id, "whisper", "a" * 64, (), (flag,)), NOW)
    await execute(db, sa.update(schema.job).where(schema.job.c.id == row.id).values(state="done"))


@pytest.mark.parametrize(
    ("rank", "transcribed", "flagged", "wanted"),
    [(5, 0, 0, 5), (5, 4, 4, 5), (5, 100, 0, 5), (5, 100, 1, 4), (5, 100, 5, 3), (5, 5, 1, 2), (1, 5, 5, 1)],
)
def test_the_rank_of_a_campaigns_jobs(rank: int, transcribed: int, flagged: int, wanted: int) -> None:
    assert job_ranks.rank_of(rank, transcribed, flagged) == wanted
