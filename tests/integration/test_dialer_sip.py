"""A run over real SIP: our workers call a second pool that plays the customers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from base.audio import read_wav, seconds, write_wav
from base.clock import ShiftedClock
from dialer.campaign import CampaignRunner
from dialer.desk import Desk, Plan
from dialer.line.leg import Leg
from dialer.line.protocol import Ended, Hangup, Respond, SendKeys
from dialer.line.workers import WorkerPool
from dialer.profile import load
from dialer.recordings import CUSTOMER, SYSTEM, Recordings, track
from dialer.trunk import Trunk
from dialer.watching import Unobserved
from ivr.values import Hangup as SayGoodbye
from ivr.values import Happening, Line, Listen, Pressed
from records import report
from records.sounds import Sounds
from tests.fakes.talk import FakeEar, FakeSession, play
from tests.records_kit import NOW, opened, person, started
from tests.speechlike import tone

pytestmark = pytest.mark.sip

PROFILE = load(Path(__file__).parents[2] / "config" / "profiles" / "demo.yaml")


@dataclass(frozen=True)
class Tones:
    """Every prompt is a tone of 0.6 s."""

    folder: Path

    def find(self, line: Line) -> Path:
        path = self.folder / f"{line.prompt}.wav"
        if not path.exists():
            write_wav(path, tone(500, 0.6))
        return path

    def seconds(self, line: Line) -> float:
        return seconds(read_wav(self.find(line)))


async def customer(leg: Leg, number: str) -> None:
    """Number ...1 answers and presses 1, ...2 is busy, ...3 hangs up amid the first prompt."""
    if number.endswith("2"):
        leg.send(Respond(leg.id, 486))
    else:
        leg.send(Respond(leg.id, 180))
        await asyncio.sleep(0.2)
        leg.send(Respond(leg.id, 200))
        await asyncio.sleep(1.2 if number.endswith("1") else 0.3)
        leg.send(SendKeys(leg.id, "1") if number.endswith("1") else Hangup(leg.id))
    while not isinstance(await leg.next_event(), Ended):
        pass


def trunk(port: int) -> Trunk:
    """The way to the phones."""
    return Trunk(name="demo", uri=f"sip:{{number}}@127.0.0.1:{port}", caller_id="95500", cps=20)


@asynccontextmanager
async def phones() -> AsyncIterator[int]:
    """Customers at the port given."""
    async with await WorkerPool.start(workers=1) as pool, asyncio.TaskGroup() as group:

        async def serve() -> None:
            while True:
                leg = await pool.next_incoming()
                assert leg.incoming is not None
                group.create_task(customer(leg, leg.incoming.number))

        serving = group.create_task(serve())
        yield pool.ports[0]
        serving.cancel()


async def test_answered_busy_and_hung_up(tmp_path: Path) -> None:
    happened: list[Happening] = []
    session = FakeSession(((Listen("ask"),), (play("bye"),), (SayGoodbye(),)), report=happened.extend)
    async with (
        opened(tmp_path / "huifang.db") as db,
        phones() as port,
        await WorkerPool.start(workers=1, trunks=[trunk(port).account()]) as pool,
    ):
        campaign = await started(db, [person(n) for n in (1, 2, 3)])
        clock = ShiftedClock()
        clock.offset = NOW - clock.now() + timedelta(seconds=1)
        desk = Desk(
            db=db,
            lines=pool,
            trunks=(Trunk(name="demo", uri=f"sip:{{number}}@127.0.0.1:{port}", caller_id="95500", cps=20),),
            ear=FakeEar(),
            prompts=Tones(tmp_path),
            clock=clock,
            recordings=Recordings(Sounds(tmp_path)),
            observer=Unobserved(),
            extension="8001",
            node="node-1",
        )
        plan = Plan(PROFILE, lambda _claim, _now: (session, (play("ask", "ask", "again"),)))
        async with asyncio.timeout(60):
            await CampaignRunner(desk, lambda _: plan).run(True, asyncio.Event())
        told = await report.campaign_report(db, campaign.id)
    by_name = {one.customer.name: one for one in told.customers}
    assert {name: one.disposition for name, one in by_name.items()} == {
        "客户1": "completed",
        "客户2": "exhausted",
        "客户3": "hung_up",
    }
    assert [one.sip_status for one in by_name["客户2"].attempts] == [486, 486, 486]
    assert any(isinstance(one, Pressed) and one.key == "1" for one in happened)
    whole_call_is_recorded(by_name["客户1"], tmp_path)
    [cut] = by_name["客户3"].attempts
    assert not cut.spoken[-1].whole
    assert cut.ended_by == "them"


def whole_call_is_recorded(story: report.CustomerReport, data: Path) -> None:
    """R1, R2: both tracks reach to the last word."""
    [attempt] = story.attempts
    for party in (SYSTEM, CUSTOMER):
        length = seconds(read_wav(track(data, attempt.recording, party)))
        assert length >= attempt.spoken[-1].end_s - 0.1
    assert [one.prompt for one in attempt.spoken] == ["ask", "again", "bye"]
    assert attempt.spoken[-1].whole
