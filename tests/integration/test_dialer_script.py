"""The shipped script over a fake leg: the real session, carried by the real conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from dialer.conversation import Conversation
from dialer.inbox import Inbox
from dialer.line import protocol as line
from dialer.profile import load as load_profile
from dialer.talk import Talked
from dialer.watching import Unobserved, Watch
from dialer.windows import next_legal
from ivr.loader import load
from ivr.session import Session
from ivr.values import Outcome, Slots
from tests.fakes.clock import WEDNESDAY, VirtualClock
from tests.fakes.line import FakeLeg
from tests.fakes.records import a_claim
from tests.fakes.talk import FakeEar, FakePrompts

CONFIG = Path(__file__).parents[2] / "config"
SCRIPT = load(CONFIG / "scripts" / "new_account.yaml")
PROFILE = load_profile(CONFIG / "profiles" / "demo.yaml")
SLOTS = Slots(
    {
        "name": "王芳",
        "manager": "李明",
        "opened_month": "今年二月",
        "firm": "示例证券",
        "seat": "八零零一",
        "hotline": "九五零零零",
    }
)


async def talk(*answers: str, then: str = "是的", hangs_up_after: int | None = None) -> Talked:
    """A customer who gives these answers, then always the same; "" stays silent."""
    given = iter(answers)
    turns = 0

    def reply(leg: FakeLeg, command: line.Command) -> Iterable[line.Event]:
        nonlocal turns
        if isinstance(command, line.Play):
            return (line.Played(leg.id, command.play, leg.second, leg.tick(len(command.files)), True),)
        if not isinstance(command, line.Listen):
            return ()
        turns += 1
        if turns == hangs_up_after:
            second = leg.tick(0.2)
            return (line.Ended(leg.id, 200, "", 16, line.EndedBy.THEM, False, 0.0, 0.0, 0.0, second),)
        said = next(given, then)
        if not said:
            return (line.NoInput(leg.id, command.listen, leg.tick(5.0)),)
        if said.startswith("#"):
            return (line.Key(leg.id, said[1:], leg.tick(0.5)),)
        return (line.Utterance(leg.id, command.listen, leg.second, leg.tick(0.8), said.encode()),)

    leg, clock = FakeLeg(reply=reply), VirtualClock()
    inbox = Inbox(leg, asyncio.Event())
    session, actions = Session.begin(
        SCRIPT,
        SLOTS,
        WEDNESDAY,
        landline=False,
        apologise=False,
        open_windows=lambda at: next_legal(PROFILE, at),
    )
    conversation = Conversation(
        leg,
        inbox,
        session,
        ear=FakeEar(),
        prompts=FakePrompts(),
        clock=clock,
        watch=Watch(a_claim(), Unobserved(), clock),
    )
    try:
        async with asyncio.timeout(30):
            return await conversation.run(actions)
    finally:
        await inbox.close()


async def test_who_agrees_to_everything_completes_the_call() -> None:
    talked = await talk()
    assert talked.result.outcome is Outcome.COMPLETED
    assert talked.result.owner_confirmed
    assert len(talked.result.answers) >= 5
    assert talked.spoken[-1].whole


async def test_a_stranger_hears_nothing_private() -> None:
    """A2."""
    talked = await talk("不是", then="不是")
    assert talked.result.outcome is Outcome.WRONG_PARTY
    assert not any(one.private for one in talked.spoken)


async def test_nobody_speaks() -> None:
    """D8."""
    talked = await talk(then="")
    assert talked.result.outcome is Outcome.SILENT
    assert not any(one.private for one in talked.spoken)


async def test_an_appointment_is_said_back_and_kept() -> None:
    """D6: the policy's hours bound it."""
    talked = await talk("是的", "没有时间", "明天下午三点半", "对")
    assert talked.result.outcome is Outcome.RESCHEDULED
    assert talked.result.appointment == WEDNESDAY + timedelta(days=1, minutes=30)


@pytest.mark.parametrize("turn", [1, 2, 4])
async def test_hanging_up_on_the_way(turn: int) -> None:
    talked = await talk(hangs_up_after=turn)
    assert talked.result.outcome is Outcome.HUNG_UP
    assert talked.ended is not None


async def test_a_dead_ear_falls_back_to_keys_or_another_call() -> None:
    talked = await talk("是的", then="dead")
    assert talked.result.outcome is Outcome.UNHEARD
    assert "ear_failed" in talked.notes
