"""The first seconds after an answer, over a fake leg: what is sent, recognised and decided."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dialer.announcements import load
from dialer.answering import Limits
from dialer.greeting import GREETING, Greeted, Greeting
from dialer.inbox import Inbox
from dialer.line import protocol as line
from dialer.overhearing import Listener
from tests.fakes.clock import VirtualClock
from tests.fakes.line import FakeLeg
from tests.fakes.talk import FakeEar

TABLE = load(Path(__file__).parents[2] / "config" / "announcements.yaml")


class Call:
    """An answered leg whose far end does what the test says."""

    def __init__(self, *events: line.Event) -> None:
        self.leg = FakeLeg()
        self.ear = FakeEar()
        self.stop = asyncio.Event()
        self.leg.give(*events)

    async def greet(self) -> Greeted:
        inbox = Inbox(self.leg, self.stop)
        try:
            return await Greeting(self.leg, inbox, Listener(self.ear, TABLE), Limits(), VirtualClock()).run()
        finally:
            await inbox.close()


def said(text: str, seconds: float, start: float = 0.3) -> line.Utterance:
    return line.Utterance("leg-1", GREETING, start, start + seconds, text.encode())


def ended() -> line.Ended:
    return line.Ended("leg-1", 200, "OK", 16, line.EndedBy.THEM, False, 0.0, 1.0, 5.0, 9.0)


async def test_a_short_word_is_a_person_and_not_recognised() -> None:
    call = Call(said("喂", 0.5))
    assert await call.greet() == Greeted(spoke=True)
    assert call.ear.asked == []


async def test_silence_is_a_person() -> None:
    greeted = await Call(line.NoInput("leg-1", GREETING, 1.5)).greet()
    assert (greeted.person, greeted.spoke) == (True, False)


async def test_a_voicemail_is_known_while_it_talks_on() -> None:
    call = Call(said("你好我现在不在请在嘀声后留言", 3.0))
    greeted = await call.greet()
    assert not greeted.person
    assert greeted.announced is not None
    assert greeted.announced.disposition == "voicemail"
    assert len(call.leg.sent(line.Listen)) == 2, "what it goes on to say is not lost"


async def test_words_of_two_pieces_belong_together() -> None:
    greeted = await Call(said("您好您所拨打的电话", 3.0), said("已关机请稍后再拨", 1.5, 3.3)).greet()
    assert greeted.announced is not None
    assert greeted.announced.disposition == "powered_off"


async def test_an_announcement_that_ends_with_the_call_is_recognised() -> None:
    greeted = await Call(said("您拨打的号码是空号", 2.5), ended()).greet()
    assert greeted.announced is not None
    assert (greeted.announced.disposition, greeted.ended) == ("unallocated_number", ended())


async def test_a_persons_long_greeting_is_a_persons() -> None:
    call = Call(said("喂你好这里是张三家请问您找哪位", 2.6))
    assert (await call.greet()).person
    assert len(call.ear.asked) == 1


async def test_a_dead_recogniser_leaves_a_person() -> None:
    assert (await Call(said("dead", 2.6)).greet()).person


async def test_busy_tone_and_hang_up_and_stop() -> None:
    tone = await Call(line.Tone("leg-1", line.ToneKind.BUSY, 2.0)).greet()
    assert tone.announced is not None
    assert tone.announced.disposition == "busy"
    assert (await Call(ended()).greet()).ended == ended()
    stopped = Call()
    stopped.stop.set()
    assert (await stopped.greet()).stopped


async def test_music_on_the_line_is_waited_out_but_not_for_ever() -> None:
    call = Call(line.Tone("leg-1", line.ToneKind.MUSIC, 1.0))
    assert (await call.greet()).person
