"""`huifang worker parked|retry|again`: jobs that were given up, and transcripts by another model."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from records import jobs, ledger, transcripts
from records.database import Database
from records.post_call import Transcript
from tests.command_line import as_json, complaint, succeeds
from tests.records_kit import NOW, dialed, person, started, talk


@pytest.fixture
def given_up(site: Path) -> Path:
    """A site with two calls: one that was transcribed, one whose transcription was given up."""
    asyncio.run(_fill(site))
    return site


async def _fill(site: Path) -> None:
    db = await Database.open(site / "huifang.db")
    campaign = await started(db, [person(1), person(2)])
    for n in (1, 2):
        claim = await dialed(db, campaign)
        await ledger.close(db, talk(claim), NOW)
        job = await jobs.claim(db, kinds=[ledger.TRANSCRIBE], node="a", now=NOW, lease_s=60)
        assert job is not None
        if n == 1:
            await transcripts.save(db, Transcript(claim.attempt_id, "whisper", "a" * 64, (), ()), NOW)
            await jobs.done(db, job.id, NOW)
        else:
            await jobs.failed(db, job.id, "the recording is missing", NOW, max_tries=1)
    await db.close()


def test_parked_jobs_are_listed_and_put_back(given_up: Path) -> None:
    at = ("--data", given_up)
    (one,) = as_json("worker", "parked", *at)
    assert (one["job"]["attempt_id"], one["reason"]) == (2, "the recording is missing")
    assert "the recording is missing" in succeeds("worker", "parked", "--campaign", "三月新开户", *at)
    assert as_json("worker", "retry", "1", *at) == {"waiting": 0}
    assert as_json("worker", "retry", "2", *at) == {"waiting": 1}
    assert "no job was given up" in succeeds("worker", "parked", *at)


@pytest.mark.speech
def test_calls_are_transcribed_anew_by_the_model_that_is_set(given_up: Path) -> None:
    assert as_json("worker", "again", "--all", "--data", given_up) == {"waiting": 1}


@pytest.mark.parametrize("command", ["retry", "again"])
def test_which_calls_must_be_said(given_up: Path, command: str) -> None:
    assert "name calls, or --campaign NAME, or --all" in complaint("worker", command, "--data", given_up)
    assert "one of them" in complaint("worker", command, "2", "--all", "--data", given_up)
