"""A whole run over real SIP in which a call is handed over: rung, joined, recorded, filed (R1, S14, D10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from base.audio import read_wav, seconds, write_wav
from base.calendar import OFFICIAL
from base.clock import ShiftedClock
from dialer.campaign import CampaignRunner
from dialer.desk import Desk, Plan
from dialer.handing_over import HandoverSettings
from dialer.line.leg import Leg
from dialer.line.protocol import Answered, Ended, Hangup, Play, Played, Respond
from dialer.line.workers import WorkerPool
from dialer.recordings import CUSTOMER, SYSTEM, Recordings, track
from dialer.transferring import Music, Switchboard
from dialer.trunk import Trunk
from dialer.watching import Unobserved
from ivr.values import Action, Line, Outcome, StandBy, Transfer
from ivr.values import Hangup as SayGoodbye
from records import report
from records.calls import CallRecord, call_of
from records.sounds import Sounds
from tests.exchange import DEMO
from tests.fakes.talk import FakeEar, FakeSession, play
from tests.linekit import found_at
from tests.records_kit import NOW, opened, person, started
from tests.speechlike import tone

pytestmark = pytest.mark.sip

CUSTOMER_HZ, PERSON_HZ, PROMPT_HZ, MUSIC_HZ = 700, 1300, 500, 1000

Phone = Callable[[Leg, Path], Coroutine[None, None, None]]
"""What a person's phone does when it is rung; the folder holds sounds."""


class Tones:
    """Every prompt is the same tone of 0.6 s."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, line: Line) -> Path:  # noqa: ARG002
        return self.folder / f"{PROMPT_HZ}.wav"

    def seconds(self, line: Line) -> float:
        return seconds(read_wav(self.find(line)))


async def until(leg: Leg, kind: type[Answered | Played | Ended]) -> None:
    while not isinstance(await leg.next_event(), kind):
        pass


async def busy(leg: Leg, _: Path) -> None:
    """A person who has a call of another kind."""
    leg.send(Respond(leg.id, 486))
    await until(leg, Ended)


async def talks(leg: Leg, sounds: Path) -> None:
    """A person who takes the call after half a second, says something, and hangs up."""
    leg.send(Respond(leg.id, 180))
    await asyncio.sleep(0.5)
    leg.send(Respond(leg.id, 200))
    await until(leg, Answered)
    leg.send(Play(leg.id, "hello", (str(sounds / f"{PERSON_HZ}.wav"),)))
    await until(leg, Played)
    await asyncio.sleep(0.8)
    leg.send(Hangup(leg.id))
    await until(leg, Ended)


async def customer(leg: Leg, sounds: Path) -> None:
    """Answers, and says something a good two seconds later: then a person is there."""
    leg.send(Respond(leg.id, 180))
    leg.send(Respond(leg.id, 200))
    await until(leg, Answered)
    await asyncio.sleep(2.2)
    leg.send(Play(leg.id, "hello", (str(sounds / f"{CUSTOMER_HZ}.wav"),)))
    await until(leg, Ended)


@asynccontextmanager
async def phones(sounds: Path, **people: Phone) -> AsyncIterator[int]:
    """Customers, and people by their extension, at the port given."""
    async with await WorkerPool.start(workers=1) as pool, asyncio.TaskGroup() as group:

        async def serve() -> None:
            while True:
                leg = await pool.next_incoming()
                assert leg.incoming is not None
                group.create_task(people.get(leg.incoming.number, customer)(leg, sounds))

        serving = group.create_task(serve())
        yield pool.ports[0]
        serving.cancel()


def switchboard(port: int, sounds: Path, *names: str, **keys: object) -> Switchboard:
    groups = {"service": [{"name": name, "uri": f"sip:{name}@127.0.0.1:{port}"} for name in names]}
    settings = HandoverSettings.model_validate({"groups": groups, "ring_s": 2.0, **keys})
    return Switchboard(settings, OFFICIAL, (), Music(str(sounds / f"{MUSIC_HZ}.wav"), 0.6))


LOOK, TALK = (Transfer("colleague", "service", "complaint"),), (StandBy("colleague"),)
LAST: tuple[tuple[Action, ...], ...] = ((play("bye"),), (SayGoodbye(),))


async def called(
    folder: Path, *rounds: tuple[Action, ...], **people: Phone
) -> tuple[CallRecord, report.CustomerReport]:
    """One customer is called, the script hands over at once, and says goodbye afterwards."""
    for hertz in (CUSTOMER_HZ, PERSON_HZ, PROMPT_HZ, MUSIC_HZ):
        write_wav(folder / f"{hertz}.wav", tone(hertz, 0.6))
    session = FakeSession(rounds, outcome=Outcome.HANDED_OVER)
    async with (
        opened(folder / "huifang.db") as db,
        phones(folder, **people) as port,
    ):
        trunk = Trunk(name="demo", uri=f"sip:{{number}}@127.0.0.1:{port}", caller_id="95500", channels=1)
        async with await WorkerPool.start(workers=1, trunks=[trunk.account()], kept=1) as pool:
            campaign = await started(db, [person(1)])
            clock = ShiftedClock()
            clock.offset = NOW - clock.now() + timedelta(seconds=1)
            desk = Desk(
                db=db,
                lines=pool,
                trunks=(trunk,),
                ear=FakeEar(),
                prompts=Tones(folder),
                clock=clock,
                recordings=Recordings(Sounds(folder)),
                observer=Unobserved(),
                extension="8001",
                node="node-1",
                switchboard=switchboard(port, folder, *people),
            )
            plan = Plan(DEMO, lambda _claim, _now: (session, (play("hello"),)))
            async with asyncio.timeout(60):
                await CampaignRunner(desk, lambda _: plan).run(True, asyncio.Event())
        [told] = (await report.campaign_report(db, campaign.id)).customers
        return await call_of(db, told.attempts[0].id, NOW.date()), told


def details(call: CallRecord, kind: str) -> list[dict[str, object]]:
    return [event.detail for event in call.events if event.kind == kind]


async def test_a_call_goes_to_the_second_person_and_is_recorded_to_its_end(tmp_path: Path) -> None:
    call, told = await called(tmp_path, LOOK, TALK, *LAST, ann=busy, bea=talks)
    assert (told.disposition, len(told.attempts)) == ("handed_over", 1), (
        "the second legs are no attempts (D10)"
    )
    rung = details(call, "person_rung")
    assert [(one["person"], one["status"]) for one in rung] == [("ann", 486), ("bea", 200)]
    assert [one["person"] for one in details(call, "handed_over")] == ["bea"]
    [left] = details(call, "person_left")
    assert left["ended_by"] == "them"
    system, customers = (read_wav(track(tmp_path, call.recording, party)) for party in (SYSTEM, CUSTOMER))
    music, voice = found_at(system, MUSIC_HZ), found_at(system, PERSON_HZ)
    assert music[-1] < voice[0]
    assert len(voice) * 0.02 == pytest.approx(0.6, abs=0.1)
    assert found_at(system, PROMPT_HZ)[-1] > voice[-1], "the last words follow the person's"
    assert len(found_at(customers, CUSTOMER_HZ)) * 0.02 == pytest.approx(0.6, abs=0.1)
    assert found_at(customers, PERSON_HZ) == found_at(system, CUSTOMER_HZ) == []
    assert abs(seconds(system) - seconds(customers)) <= 0.04


async def test_nobody_takes_the_call(tmp_path: Path) -> None:
    call, told = await called(tmp_path, LOOK, *LAST, ann=busy, bea=busy)
    assert [one["status"] for one in details(call, "person_rung")] == [486, 486]
    assert details(call, "not_handed_over") == [{"group": "service", "why": "nobody_took_it"}]
    assert len(told.attempts) == 1
