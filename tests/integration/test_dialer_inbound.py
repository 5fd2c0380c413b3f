"""Customers who ring back: real line workers, a real database, and phones that listen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from base.audio import read_wav, seconds, write_wav
from base.clock import ShiftedClock
from dialer.inbound import Front, InboundDesk, stop
from dialer.inbound_rules import InboundSettings
from dialer.line.protocol import Answered, EndedBy, Hangup, Originate
from dialer.line.settings import SipSettings, TrunkAccount
from dialer.line.workers import WorkerPool
from dialer.recordings import Recordings
from records import inbound
from records.database import Database
from records.inbound import InboundCall
from records.sounds import Sounds
from tests.linekit import Watched, found_at, track_names
from tests.records_kit import opened
from tests.speechlike import tone
from tests.stranger import final_answer

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

CALLER = "sip:13800000000@127.0.0.1"
HERTZ, LASTS_S = 700, 1.2
TRUNK = TrunkAccount("main", "sip:127.0.0.1:5060", takes_calls=True)


@dataclass
class Scene:
    """A pool with its desk, a phone, and where things are kept."""

    pool: WorkerPool
    phone: WorkerPool
    folder: Path

    @asynccontextmanager
    async def answering(self, **settings: object) -> AsyncIterator[Database]:
        """The desk at work, with a new database."""
        async with opened(self.folder / "huifang.db") as db:
            front = Front(
                db=db,
                doorbell=self.pool,
                settings=InboundSettings.model_validate(settings),
                announcement=(self.folder / "announcement.wav",),
                recordings=Recordings(Sounds(self.folder)),
                clock=ShiftedClock(),
                extension="8001",
                node="node-1",
            )
            task = asyncio.create_task(InboundDesk(front).run())
            try:
                yield db
            finally:
                await stop(task)

    def ring(self, name: str, **more: object) -> Watched:
        """A customer rings the callback number back."""
        uri = f"sip:02161234567@127.0.0.1:{self.pool.ports[0]}"
        return Watched(self.phone.originate(Originate(name, uri, CALLER, **more)))  # type: ignore[arg-type]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("inbound")
    write_wav(folder / "announcement.wav", tone(HERTZ, LASTS_S))
    async with (
        await WorkerPool.start(workers=1, trunks=(TRUNK,), sip=SipSettings(takes_calls=False)) as pool,
        await WorkerPool.start(workers=1) as phone,
    ):
        yield Scene(pool, phone, folder)


async def kept(db: Database, many: int) -> tuple[InboundCall, ...]:
    """The rows, once so many calls have been written down to their end."""
    for _ in range(1000):
        rows = await inbound.newest(db, 10)
        if len(rows) == many and all(row.ended_at is not None for row in rows):
            return rows
        await asyncio.sleep(0.02)
    pytest.fail(f"{many} calls were not written down to their end")


async def test_the_announcement_is_heard_and_both_sides_are_recorded(scene: Scene, tmp_path: Path) -> None:
    """R1, R2; dialing slots stay what they were."""
    system, customer = track_names(tmp_path)["ours"]
    async with scene.answering() as db:
        leg = scene.ring("back", record_system=system, record_customer=customer)
        await leg.until(Answered)
        assert scene.pool.free == 4
        ended = await leg.over()
        (row,) = await kept(db, 1)
    assert (ended.status, ended.by) == (200, EndedBy.THEM)
    assert len(found_at(read_wav(Path(customer)), HERTZ)) * 0.02 == pytest.approx(LASTS_S, abs=0.15)
    assert (row.outcome, row.trunk, row.phone, row.ended_by) == ("announced", "main", "+8613800000000", "us")
    assert row.heard_s == pytest.approx(LASTS_S, abs=0.1)
    assert row.recording.endswith("_8001")
    tracks = [read_wav(scene.folder / f"{row.recording}_{party}.wav") for party in ("system", "customer")]
    assert len(found_at(tracks[0], HERTZ)) * 0.02 == pytest.approx(LASTS_S, abs=0.15)
    assert seconds(tracks[1]) == pytest.approx(seconds(tracks[0]), abs=0.2)


async def test_a_caller_who_hangs_up_has_heard_less(scene: Scene) -> None:
    async with scene.answering() as db:
        leg = scene.ring("impatient")
        await leg.until(Answered)
        await asyncio.sleep(0.4)
        leg.leg.send(Hangup(leg.id))
        await leg.over()
        (row,) = await kept(db, 1)
    assert row.ended_by == "them"
    assert row.heard_s < LASTS_S - 0.2


async def test_more_than_the_desk_answers_are_told_that_it_is_busy(scene: Scene) -> None:
    async with scene.answering(at_once=1) as db:
        first = scene.ring("first")
        await first.until(Answered)
        assert (await scene.ring("second").over()).status == 486
        assert (await first.over()).status == 200
        await kept(db, 2)
        assert (await scene.ring("third").over()).status == 200
        rows = await kept(db, 3)
    assert [row.outcome for row in rows] == ["announced", "busy", "announced"]
    assert [row.recording != "" for row in rows] == [True, False, True]


async def test_forwarded_and_refused(scene: Scene) -> None:
    port = scene.pool.ports[0]
    async with scene.answering(action="forward", forward_to="sip:95000@192.0.2.1") as db:
        moved = await final_answer(port, source="127.0.0.1")
        assert (await kept(db, 1))[0].outcome == "forwarded"
    async with scene.answering(action="refuse") as db:
        refused = await final_answer(port, source="127.0.0.1")
        assert (await kept(db, 1))[0].outcome == "refused"
    assert moved.start.startswith("SIP/2.0 302 ")
    assert [value for name, value in moved.headers if name == "Contact"] == ["<sip:95000@192.0.2.1>"]
    assert refused.start.startswith("SIP/2.0 480 ")


async def test_a_stranger_is_refused_and_leaves_nothing(scene: Scene) -> None:
    """An address that is no trunk's: SIP scanners."""
    before = sorted((scene.folder / "recordings").rglob("*.wav"))
    async with scene.answering() as db:
        answer = await final_answer(scene.pool.ports[0], source="127.0.0.9")
        assert await inbound.newest(db, 10) == ()
    assert answer.start.startswith("SIP/2.0 403 ")
    assert sorted((scene.folder / "recordings").rglob("*.wav")) == before


async def test_at_the_end_callers_are_hung_up_and_written_down(scene: Scene) -> None:
    async with scene.answering() as db:
        leg = scene.ring("late")
        await leg.until(Answered)
        assert (await inbound.newest(db, 10))[0].ended_at is None
    assert (await leg.over()).by is EndedBy.THEM
    again = await Database.open(scene.folder / "huifang.db")
    (row,) = await inbound.newest(again, 10)
    await again.close()
    assert (row.ended_by, row.heard_s < LASTS_S) == ("us", True)
