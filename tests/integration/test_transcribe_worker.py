"""Post-call jobs on a real database: kept, flagged, found; a bad recording is parked and stops nobody."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE, Samples, write_wav
from base.errors import EngineError
from records import jobs, ledger, search
from records.database import Database
from records.query import Term
from records.sounds import Sounds
from tests.records_kit import NOW, again, dialed, opened, person, started, taken, talk
from tests.speech_kit import recorded
from transcribe.engine import NOTHING, Capabilities, Recognised
from transcribe.rules import load
from transcribe.worker import Outcome, work

RULES = load(Path(__file__).parents[2] / "config" / "keywords.yaml")
pytestmark = pytest.mark.speech


class Hears:
    """An engine that hears the same in every sound of a second and more."""

    name = "always"
    model_sha256 = "0" * 64
    capabilities = Capabilities()

    def __init__(self, text: str) -> None:
        self.text = text

    def answer(self, samples: Samples, expected: tuple[str, ...] = ()) -> Recognised:  # noqa: ARG002
        return self.transcribe(samples)

    def transcribe(self, samples: Samples) -> Recognised:
        return Recognised(self.text, 0.9) if len(samples) >= RATE else NOTHING


async def called(db: Database, data: Path, *recordings: str) -> None:
    """One finished call for each name; "" has no audio."""
    campaign = await started(db, [person(n) for n in range(len(recordings))])
    for name in recordings:
        claim = await dialed(db, campaign)
        stem = f"recordings/{claim.attempt_id}"
        await ledger.close(db, replace(talk(claim), recording=stem), NOW)
        if name:
            quiet = np.zeros(4 * RATE, np.int16)
            write_wav(data / f"{stem}_customer.wav", np.concatenate([quiet, recorded(name)]))


async def worked(db: Database, data: Path, engine: Hears) -> list[Outcome]:
    done: list[Outcome] = []
    await work(
        db,
        Sounds(data),
        engine,
        RULES,
        until_idle=True,
        stop=asyncio.Event(),
        now=lambda: NOW,
        on_job=done.append,
    )
    return done


async def test_a_call_is_transcribed_flagged_and_found(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        await called(db, tmp_path, "delegated")
        assert [one.reason for one in await worked(db, tmp_path, Hears("赚了钱我们三七分成"))] == [""]
        hits = (await search.search(db, Term("分成"))).hits
        assert [(hit.party, hit.start_s > 2.5) for hit in hits] == [("customer", True)]
        assert await jobs.pending(db) == 0


async def test_a_missing_recording_is_parked_after_three_tries_and_the_others_go_on(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        await called(db, tmp_path, "", "myself")
        reasons = [one.reason for one in await worked(db, tmp_path, Hears("都是我自己操作"))]
        assert sorted(bool(reason) for reason in reasons) == [False, True, True, True]
        parked = await jobs.parked(db)
        assert len(parked) == 1
        assert "recording of the customer is missing" in parked[0].reason


@pytest.mark.parametrize("left", [None, b"", b"RIFF" + bytes(40)], ids=["no file", "empty", "a header"])
async def test_a_call_of_a_dead_process_that_nobody_answered_has_nothing_to_transcribe(
    tmp_path: Path, left: bytes | None
) -> None:
    """R1: its job is done, not parked."""
    async with opened(tmp_path / "huifang.db") as db:
        await lost(db, "silence")
        if left is not None:
            (tmp_path / "silence_customer.wav").write_bytes(left)
        assert [one.reason for one in await worked(db, tmp_path, Hears("喂"))] == [""]
        assert (await jobs.pending(db), await jobs.parked(db)) == (0, [])


async def test_a_talk_whose_process_died_is_transcribed_and_found(tmp_path: Path) -> None:
    """R1, R2."""
    async with opened(tmp_path / "huifang.db") as db:
        await lost(db, "talk")
        write_wav(tmp_path / "talk_customer.wav", recorded("delegated"))
        await worked(db, tmp_path, Hears("赚了钱我们三七分成"))
        assert (await search.search(db, Term("分成"))).total == 1


async def lost(db: Database, recording: str) -> None:
    """A call whose process died after its INVITE."""
    claim = await taken(db, await started(db, [person(1)]))
    assert await ledger.permit_invite(db, claim.attempt_id, NOW, recording=recording)
    await ledger.reconcile(db, "node-1", NOW, lambda _c, _h: again(NOW))


async def test_a_stopped_worker_takes_no_job(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        await called(db, tmp_path, "myself")
        stop = asyncio.Event()
        stop.set()
        await work(db, Sounds(tmp_path), Hears(""), RULES, until_idle=False, stop=stop, now=lambda: NOW)
        assert await jobs.pending(db) == 1


async def test_a_job_that_another_worker_has_finished_meanwhile_stops_nobody(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        await called(db, tmp_path, "myself", "myself")

        class Slow(Hears):
            """Its first job outlives the lease: another worker has taken and finished it by then."""

            def transcribe(self, samples: Samples) -> Recognised:
                with sqlite3.connect(tmp_path / "huifang.db") as other:
                    other.execute("UPDATE job SET state = 'done', lease_until = NULL WHERE id = 1")
                return super().transcribe(samples)

        outcomes = await worked(db, tmp_path, Slow("都是我自己操作"))
        assert [one.job.id for one in outcomes] == [1, 2]
        assert ["is not running" in one.reason for one in outcomes] == [True, False]
        assert await jobs.pending(db) == 0


async def test_a_recording_that_kills_the_recogniser_is_parked_and_the_others_go_on(tmp_path: Path) -> None:
    """A poisoned file costs its own job."""

    class Deadly(Hears):
        """Dies over two seconds of speech: the first call has them."""

        def transcribe(self, samples: Samples) -> Recognised:
            if len(samples) >= 2 * RATE:
                raise EngineError("the recogniser died over a sound (status -11)")
            return super().transcribe(samples)

    async with opened(tmp_path / "huifang.db") as db:
        await called(db, tmp_path, "delegated", "satisfied")
        reasons = [one.reason for one in await worked(db, tmp_path, Deadly("都是我自己操作"))]
        assert [bool(reason) for reason in reasons] == [True, False, True, True]
        (parked,) = await jobs.parked(db)
        assert (parked.customer, "status -11" in parked.reason) == ("客户0", True)


async def test_a_job_that_takes_long_stays_ours(tmp_path: Path) -> None:
    """Its lease is renewed while it is at work."""
    async with opened(tmp_path / "huifang.db") as db:
        await called(db, tmp_path, "myself")
        renewed = threading.Event()

        class Long(Hears):
            def transcribe(self, samples: Samples) -> Recognised:
                assert renewed.wait(60)
                return super().transcribe(samples)

        hours = 0

        def later() -> datetime:
            """Each look at the clock is an hour later: without a renewal the lease would be over."""
            nonlocal hours
            hours += 1
            if hours > 3:
                renewed.set()
            return NOW + timedelta(hours=hours)

        outcomes: list[Outcome] = []
        await work(
            *(db, Sounds(tmp_path), Long("都是我自己操作"), RULES),
            until_idle=True,
            stop=asyncio.Event(),
            now=later,
            on_job=outcomes.append,
            renew_s=0.01,
        )
        assert [one.reason for one in outcomes] == [""]
        assert hours > 3
