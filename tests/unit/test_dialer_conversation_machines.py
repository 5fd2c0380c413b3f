"""A machine that was taken for a person, and the tone of a dead line, amid a conversation (A2)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dialer.announcements import load
from dialer.conversation import Conversation
from dialer.inbox import Inbox
from dialer.line import protocol as line
from dialer.overhearing import Listener
from dialer.talk import Talked
from dialer.watching import Unobserved, Watch
from ivr.values import Action, Answer, Hangup, Listen, Outcome, Result
from tests.fakes.clock import VirtualClock
from tests.fakes.line import FakeLeg, Reply
from tests.fakes.records import a_claim
from tests.fakes.talk import FakeEar, FakePrompts, FakeSession, play

TABLE = load(Path(__file__).parents[2] / "config" / "announcements.yaml")
ASK: tuple[Action, ...] = (play("ask"), Listen("ask"))
YES = Answer("is_owner", "yes", "是", "speech", "我就是", 0.9, 1.0, 1.5)


class Answered(FakeSession):
    """A session in which a question was answered: it was a person."""

    def result(self) -> Result:
        return Result(Outcome.HUNG_UP, owner_confirmed=True, answers=(YES,))


def replies(*to_listen: line.Event) -> Reply:
    """Prompts are played whole; the events come with the first listening."""
    left = list(to_listen)

    def reply(leg: FakeLeg, command: line.Command) -> tuple[line.Event, ...]:
        if isinstance(command, line.Play):
            return (line.Played(leg.id, command.play, 0.0, 1.0, True),)
        if isinstance(command, line.Listen) and left:
            events, left[:] = tuple(left), []
            return events
        return ()

    return reply


async def talk(
    *events: line.Event, session: FakeSession | None = None, spoke: bool = False, knows: bool = True
) -> Talked:
    leg, ear, clock = FakeLeg(reply=replies(*events)), FakeEar(), VirtualClock()
    inbox = Inbox(leg, stop=_never())
    conversation = Conversation(
        leg, inbox, session or FakeSession(((), (play("bye"), Hangup()))),
        ear=ear, prompts=FakePrompts(), clock=clock, watch=Watch(a_claim(), Unobserved(), clock),
        listener=Listener(ear, TABLE) if knows else None, spoke=spoke,
    )  # fmt: skip
    try:
        return await conversation.run(ASK)
    finally:
        await inbox.close()


def _never() -> asyncio.Event:
    return asyncio.Event()


def said(text: str, seconds: float = 2.0) -> line.Utterance:
    return line.Utterance("leg-1", "l2", 1.0, 1.0 + seconds, text.encode())


def tone(kind: str) -> line.Tone:
    return line.Tone("leg-1", line.ToneKind(kind), 5.0)


@pytest.mark.parametrize(
    ("event", "spoke", "disposition"),
    [
        (said("请在听到嘀声后留言"), True, "voicemail"),
        (said("您拨打的用户正在通话中请稍后再拨"), False, "busy"),
        (said("嗯", seconds=11.5), False, "voicemail"),
        (tone("beep"), True, "voicemail"),
        (tone("busy"), False, "busy"),
        (tone("busy"), True, "hung_up"),
    ],
)
async def test_a_machine_ends_it(event: line.Event, spoke: bool, disposition: str) -> None:
    talked = await talk(event, spoke=spoke)
    assert talked.heard is not None
    assert talked.heard.disposition == disposition
    assert (talked.ended, talked.stopped, talked.result.outcome) == (None, False, Outcome.HUNG_UP)
    assert [one.prompt for one in talked.spoken] == ["ask"], "nothing more is said"


async def test_a_person_is_left_in_peace() -> None:
    for event in (said("我就是"), said("我在开会请稍后再打")):
        talked = await talk(tone("music"), event)
        assert (talked.heard, [one.prompt for one in talked.spoken]) == (None, ["ask", "bye"])


async def test_once_a_question_is_answered_only_a_dead_line_ends_it() -> None:
    for event in (said("请在听到嘀声后留言"), tone("beep")):
        session = Answered(((), (play("bye"), Hangup())))
        talked = await talk(event, said("好"), session=session)
        assert talked.heard is None
    dead = await talk(tone("busy"), session=Answered(()), spoke=True)
    assert dead.heard is not None
    assert dead.heard.disposition == "hung_up"


async def test_nobody_listens_for_machines_where_that_is_switched_off() -> None:
    assert (await talk(tone("busy"), said("请在听到嘀声后留言"), knows=False)).heard is None
