"""Simulated phones over real SIP and RTP: a line worker calls them through the switch (D1)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from base.audio import Samples, write_wav
from dialer.line.endpointing import PREROLL_S
from dialer.line.protocol import (
    Answered,
    Ended,
    EndedBy,
    Hangup,
    Key,
    Listen,
    Originate,
    Play,
    Played,
    Provisional,
    Utterance,
)
from dialer.line.settings import SipSettings
from dialer.line.workers import WorkerPool
from ivr.hearing import Heard
from softphone.call_log import CallRecord, read
from softphone.household import Household
from softphone.service import Opened, serve
from softphone.voices import ReplyFiles, sentences_of
from tests.fakes.phone import Hum, cast
from tests.linekit import Watched
from tests.speechlike import speech

pytestmark = pytest.mark.sip

CALLER = SipSettings(user="95000", rtp_first=32000)
PHONES = SipSettings(user="phone", rtp_first=36000)
REPLY_S = 1.2


class Babble(Hum):
    """A synthesiser whose sentences sound like speech, so that the caller hears them."""

    def speak(self, wording: str, voice: str, speed: float = 1.0) -> Samples:  # noqa: ARG002
        return speech(REPLY_S)


@dataclass
class Expecting:
    """An ear that takes every sound for one question; `heard_s` keeps how long the sounds were."""

    question: str
    heard_s: list[float] = field(default_factory=list)

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:  # noqa: ARG002
        self.heard_s.append(len(pcm) / 16000)
        return Heard(self.question)


@dataclass
class Town:
    """Phones and a caller."""

    opened: Opened
    caller: WorkerPool
    ear: Expecting
    log: Path
    calls: int = 0

    def dial(self, number: str, ring_limit_s: float = 30.0) -> Watched:
        self.calls += 1
        uri = f"sip:{number}@{self.opened.host}:{self.opened.port}"
        return Watched(self.caller.originate(Originate(f"out-{self.calls}", uri, ring_limit_s=ring_limit_s)))

    async def answered(self, number: str) -> Watched:
        leg = self.dial(number)
        await leg.until(Answered)
        return leg


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    replies = ReplyFiles(folder / "replies")
    replies.render(sentences_of(cast()), Babble())
    ear, log, stop = Expecting("您现在方便吗"), folder / "phones.jsonl", asyncio.Event()
    opened: asyncio.Future[Opened] = asyncio.get_running_loop().create_future()
    house = Household(cast(), ear, replies)
    serving = asyncio.create_task(
        serve((house,), host="127.0.0.1", port=0, log=log, stop=stop, ready=opened.set_result, sip=PHONES)
    )
    await asyncio.wait((opened, serving), return_when=asyncio.FIRST_COMPLETED)
    try:
        async with await WorkerPool.start(workers=1, sip=CALLER) as caller:
            yield Town(opened.result(), caller, ear, log)
    finally:
        stop.set()
        await serving


async def ask(leg: Watched, folder: Path) -> None:
    """Say something for two seconds, then listen."""
    path = folder / "prompt.wav"
    write_wav(path, speech(2.0, pitch=180.0))
    leg.leg.send(Play(leg.id, "prompt", (str(path),)))
    leg.leg.send(Listen(leg.id, "answer", no_input_s=10.0))
    await leg.until(Played)


def records(log: Path) -> dict[str, CallRecord]:
    return {record.persona: record for record in read(log)}


@pytest.mark.parametrize(
    ("number", "status", "rings"),
    [
        ("13800000002", 486, False),
        ("13800000003", 603, True),
        ("13800000004", 404, False),
        ("13899999999", 404, False),
    ],
)
async def test_a_refused_call_has_its_status(tmp_path: Path, number: str, status: int, rings: bool) -> None:
    async with town(tmp_path) as here:
        leg = here.dial(number)
        ended = await leg.over()
    assert (ended.status, ended.by) == (status, EndedBy.THEM)
    assert any(event.status == 180 for event in leg.all(Provisional)) == rings


async def test_the_phone_measures_how_long_it_rang(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        ended = await here.dial("13800000005", ring_limit_s=2.0).over()
    record = records(here.log)["never"]
    assert ended.by is EndedBy.RING_LIMIT
    assert record.cancel_at is not None
    assert record.rang_s is not None
    assert record.rang_s >= 2.0
    assert record.ended_by == "caller"


async def test_the_phone_answers_when_the_caller_has_fallen_quiet(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        leg = await here.answered("13800000001")
        await ask(leg, tmp_path)
        answer = await leg.until(Utterance)
        leg.leg.send(Hangup(leg.id))
        await leg.over()
    asked = leg.all(Played)[0]
    assert answer.start_s > asked.end_s
    assert answer.end_s - answer.start_s == pytest.approx(REPLY_S + PREROLL_S, abs=0.4)
    assert here.ear.heard_s[0] == pytest.approx(2.0, abs=0.6)
    turns = records(here.log)["friendly"].turns
    assert [(turn.question, turn.said) for turn in turns] == [("convenient", ""), ("", "方便。")]


async def test_keys_come_through_and_the_phone_hangs_up(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        leg = await here.answered("13800000008")
        await ask(leg, tmp_path)
        ended = await leg.until(Ended)
    assert "".join(event.key for event in leg.all(Key)) == "1#"
    assert ended.by is EndedBy.THEM
    assert records(here.log)["keys"].ended_by == "phone"


async def test_the_silent_persona_says_nothing(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        leg = await here.answered("13800000006")
        await ask(leg, tmp_path)
        await asyncio.sleep(2.5)
        leg.leg.send(Hangup(leg.id))
        await leg.over()
    assert leg.all(Utterance) == []
    assert records(here.log)["silent"].turns == []


async def test_stopping_the_phones_hangs_up(tmp_path: Path) -> None:
    async with await WorkerPool.start(workers=1, sip=CALLER) as caller:
        async with town(tmp_path) as here:
            here.caller, own = caller, here.caller
            leg = await here.answered("13800000001")
            await own.close()
        ended = await leg.until(Ended)
    assert ended.by is EndedBy.THEM
    assert records(here.log)["friendly"].ended_by == "phone"
