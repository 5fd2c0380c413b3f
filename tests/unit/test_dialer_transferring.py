"""A conversation hands its call over, on fake legs: who is rung, what is kept, what the session is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from base.calendar import OFFICIAL
from dialer.conversation import Conversation
from dialer.handing_over import HandoverSettings
from dialer.inbox import Inbox
from dialer.line import protocol as line
from dialer.line.handover import Joined, Parted, Refer, Referred
from dialer.talk import Talked
from dialer.transferring import LAST_WORDS_S, HandedCall, Music, Switchboard, Transferring
from dialer.watching import Unobserved, Watch
from ivr.values import (
    Action,
    AgentLeft,
    CustomerHungUp,
    Hangup,
    Happening,
    Listen,
    NotTransferred,
    PlayEnded,
    Silence,
    StandBy,
    Transfer,
    Transferred,
)
from tests.exchange import a_trunk
from tests.fakes.clock import VirtualClock
from tests.fakes.line import FakeLeg
from tests.fakes.records import a_claim
from tests.fakes.talk import FakeEar, FakePrompts, FakeSession, play

LOOK = (Transfer("colleague", "service", "complaint"),)
TALK = (StandBy("colleague"),)
BYE = (play("bye"),)
END = (Hangup(),)

Reaction = Callable[["Call", FakeLeg], Iterable[line.Event]]
"""What becomes of ringing a person: events of the customer's leg."""

PEOPLE = [
    {"name": "ann", "uri": "sip:ann@192.0.2.1"},
    {"name": "bea", "uri": "sip:bea@192.0.2.1"},
    {"name": "cat", "extension": "8003", "trunk": "main"},
]


def board(people: list[dict[str, Any]] | None = None, **keys: Any) -> Switchboard:
    settings = HandoverSettings.model_validate({"groups": {"service": people or PEOPLE}, **keys})
    return Switchboard(settings, OFFICIAL, (a_trunk("main"),), Music("/music.wav", 8.0))


class Call:
    """A customer's call whose script hands it over at once; `reactions` say what each person does."""

    def __init__(
        self,
        switchboard: Switchboard,
        *reactions: Reaction,
        avoid: tuple[str, ...] = (),
        longest_s: float = 0.0,
    ) -> None:
        self.reactions = list(reactions)
        self.happened: list[Happening] = []
        self.told: list[tuple[str, dict[str, object]]] = []
        self.seconds: list[FakeLeg] = []
        self.clock = VirtualClock()
        self.leg = FakeLeg(reply=self.reply, make_second=self.person)
        self.stop = asyncio.Event()
        self.on_refer: list[line.Event] = []
        call = HandedCall(self.leg, 17, frozenset(avoid), longest_s)
        self.transfers = Transferring(switchboard, call, self.clock, self.tell)

    def tell(self, kind: str, **detail: object) -> None:
        self.told.append((kind, detail))

    def reply(self, _leg: FakeLeg, command: line.Command) -> Iterable[line.Event]:
        if isinstance(command, line.Play) and command.play != "music":
            return (line.Played(self.leg.id, command.play, 50.0, 51.0, True),)
        if isinstance(command, line.Listen):
            return (line.NoInput(self.leg.id, command.listen, 60.0),)
        if isinstance(command, Refer):
            return self.on_refer
        if isinstance(command, line.Hangup):
            return self.leg.ending(line.EndedBy.US)
        return ()

    def person(self, order: line.Originate) -> FakeLeg:
        second = FakeLeg(order=order)
        self.seconds.append(second)
        if self.reactions:
            self.leg.give(*self.reactions.pop(0)(self, second))
        return second

    async def run(self, *rounds: tuple[Action, ...]) -> Talked:
        session = FakeSession(rounds[1:], report=self.happened.extend)
        inbox = Inbox(self.leg, self.stop)
        conversation = Conversation(
            self.leg,
            inbox,
            session,
            ear=FakeEar(),
            prompts=FakePrompts(),
            clock=self.clock,
            watch=Watch(a_claim(), Unobserved(), self.clock),
            transfers=self.transfers,
        )
        try:
            async with asyncio.timeout(10):
                return await conversation.run(rounds[0])
        finally:
            await inbox.close()

    @property
    def rung(self) -> list[str]:
        return [leg.order.uri for leg in self.seconds if leg.order]

    def kept(self, kind: str) -> list[dict[str, object]]:
        return [detail for one, detail in self.told if one == kind]


def takes(at_s: float = 12.0) -> Reaction:
    return lambda call, second: (Joined(call.leg.id, second.id, at_s),)


def refuses(status: int, reason: str, at_s: float = 9.0) -> Reaction:
    return lambda call, second: (Parted(call.leg.id, second.id, status, reason, line.EndedBy.THEM, at_s),)


def rings_out(call: Call, second: FakeLeg) -> Iterable[line.Event]:
    return (Parted(call.leg.id, second.id, 0, "", line.EndedBy.RING_LIMIT, 20.0),)


def takes_and_leaves(call: Call, second: FakeLeg) -> Iterable[line.Event]:
    left = Parted(call.leg.id, second.id, 200, "OK", line.EndedBy.THEM, 48.0)
    return Joined(call.leg.id, second.id, 12.0), left


def presses_5_and_then_the_one(call: Call, second: FakeLeg) -> Iterable[line.Event]:
    return line.Key("leg-1", "5", 7.0), line.Key("leg-1", "#", 8.0)


def the_customer_leaves(call: Call, second: FakeLeg) -> Iterable[line.Event]:
    return call.leg.ending(line.EndedBy.THEM)


def takes_and_the_customer_leaves(call: Call, second: FakeLeg) -> Iterable[line.Event]:
    return Joined(call.leg.id, second.id, 12.0), *call.leg.ending(line.EndedBy.THEM)


async def test_a_person_takes_the_call_and_leaves_first() -> None:
    call = Call(board(), takes_and_leaves)
    talked = await call.run(LOOK, TALK, BYE, END)
    assert call.happened == [Transferred(12.0), AgentLeft(48.0), PlayEnded(51.0)]
    assert talked.ended is None
    assert [kind for kind, _ in call.told] == ["person_rung", "handed_over", "person_left"]
    [rung] = call.kept("person_rung")
    assert (rung["person"], rung["group"], rung["by"], rung["status"]) == ("ann", "service", "INVITE", 200)
    [left] = call.kept("person_left")
    assert (left["person"], left["ended_by"]) == ("ann", "them")


async def test_the_customer_hears_music_for_as_long_as_it_may_take() -> None:
    call = Call(board(ring_s=15, persons=2), takes_and_leaves)
    await call.run(LOOK, TALK, END)
    [music] = call.leg.sent(line.Play)
    assert isinstance(music, line.Play)
    assert len(music.files) * 8.0 >= 2 * 15
    assert call.leg.sent(line.StopPlay) == [], "the line worker ends it as the person answers"


async def test_what_the_persons_phone_is_told() -> None:
    call = Call(board([PEOPLE[2]], ring_s=20, talk_s=600), takes_and_leaves)
    await call.run(LOOK, TALK, END)
    [leg] = call.seconds
    assert leg.order is not None
    assert (leg.order.uri, leg.order.trunk, leg.order.beside) == ("sip:8003@main.example", "main", "leg-1")
    assert leg.order.from_uri == "sip:95500@main.example"
    assert leg.order.headers == {"X-Huifang-Attempt": "17", "X-Huifang-Reason": "complaint"}
    assert (leg.order.ring_limit_s, leg.order.talk_limit_s) == (20, 600)
    assert (leg.order.record_system, leg.order.record_customer) == ("", "")


async def test_the_next_person_is_rung_and_at_most_so_many() -> None:
    call = Call(board(persons=2), refuses(486, "Busy Here"), rings_out, takes())
    await call.run(LOOK, BYE, END)
    assert call.rung == ["sip:ann@192.0.2.1", "sip:bea@192.0.2.1"]
    assert call.happened[0] == NotTransferred(20.0, "nobody_took_it")
    assert [(one["status"], one["reason"]) for one in call.kept("person_rung")] == [
        (486, "Busy Here"),
        (0, "ring_limit"),
    ]
    assert call.kept("not_handed_over") == [{"group": "service", "why": "nobody_took_it"}]
    assert len(call.leg.sent(line.StopPlay)) == 1


async def test_the_second_takes_what_the_first_declines() -> None:
    call = Call(board(), refuses(603, "Decline"), takes_and_leaves)
    await call.run(LOOK, TALK, END)
    assert [one["person"] for one in call.kept("handed_over")] == ["bea"]


async def test_the_customers_own_manager_is_not_rung() -> None:
    """A1."""
    call = Call(board(), takes_and_leaves, avoid=("ann",))
    await call.run(LOOK, TALK, END)
    assert call.rung == ["sip:bea@192.0.2.1"]


async def test_one_call_a_person_at_a_time_and_the_longest_left_in_peace_first() -> None:
    shared = board()
    first = Call(shared, takes(), avoid=())
    talking = asyncio.create_task(first.run(LOOK, TALK, END))
    while not first.happened and not first.kept("handed_over"):  # noqa: ASYNC110
        await asyncio.sleep(0)
    second = Call(shared, takes_and_leaves)
    await second.run(LOOK, TALK, END)
    assert second.rung == ["sip:bea@192.0.2.1"]
    first.leg.give(Parted(first.leg.id, first.seconds[0].id, 200, "OK", line.EndedBy.THEM, 60.0))
    await talking
    third = Call(shared, takes_and_leaves)
    await third.run(LOOK, TALK, END)
    assert third.rung == ["sip:8003@main.example"]


async def test_nobody_is_free() -> None:
    shared = board([PEOPLE[0]])
    assert shared.take("service", VirtualClock().now(), (), ()) is not None
    call = Call(shared)
    await call.run(LOOK, BYE, END)
    assert call.happened[0] == NotTransferred(0.0, "nobody_free")
    assert call.seconds == []


async def test_a_worker_without_a_slot_hands_nothing_over_and_keeps_nobody() -> None:
    shared = board([PEOPLE[0]])
    call = Call(shared)
    call.leg.make_second = None
    await call.run(LOOK, BYE, END)
    assert call.happened[0] == NotTransferred(0.0, "nobody_took_it")
    assert shared.take("service", call.clock.now(), (), ()) is not None


async def test_the_customer_presses_the_key_that_ends_the_wait() -> None:
    call = Call(board(), presses_5_and_then_the_one)
    await call.run(LOOK, BYE, END)
    assert call.happened[0] == NotTransferred(8.0, "not_waited")
    [second] = call.seconds
    assert len(second.sent(line.Hangup)) == 1
    assert call.kept("person_rung")[0]["reason"] == "the customer did not wait"


async def test_the_customer_hangs_up_while_a_person_is_rung() -> None:
    shared = board([PEOPLE[0]])
    call = Call(shared, the_customer_leaves)
    talked = await call.run(LOOK, BYE, END)
    assert talked.ended is not None
    assert [type(one) for one in call.happened] == [CustomerHungUp]
    assert len(call.seconds[0].sent(line.Hangup)) == 1
    assert call.kept("person_rung")[0]["status"] == 0
    assert shared.take("service", call.clock.now(), (), ()) is not None


async def test_the_customer_hangs_up_while_talking_with_the_person() -> None:
    shared = board([PEOPLE[0]])
    call = Call(shared, takes_and_the_customer_leaves)
    talked = await call.run(LOOK, TALK, END)
    assert talked.ended is not None
    assert call.kept("person_left")[0]["ended_by"] == "the customer's leg"
    assert shared.take("service", call.clock.now(), (), ()) is not None


async def test_a_stop_breaks_the_talk_off() -> None:
    call = Call(board(), takes())
    running = asyncio.create_task(call.run(LOOK, TALK, END))
    while not call.kept("handed_over"):  # noqa: ASYNC110
        await asyncio.sleep(0)
    call.stop.set()
    talked = await running
    assert talked.stopped
    assert len(call.kept("person_left")) == 1


async def test_a_stop_while_a_person_is_rung_is_not_the_customers_doing() -> None:
    call = Call(board(), lambda _call, _second: ())
    running = asyncio.create_task(call.run(LOOK, TALK, END))
    while not call.seconds:  # noqa: ASYNC110
        await asyncio.sleep(0)
    call.stop.set()
    assert (await running).stopped
    [rung] = call.kept("person_rung")
    assert rung["reason"] == "the call ended"
    assert len(call.seconds[0].sent(line.Hangup)) == 1


async def test_without_people_nobody_is_free() -> None:
    call = Call(board())
    call.transfers = None  # type: ignore[assignment]
    await call.run(LOOK, BYE, END)
    assert call.happened[0] == NotTransferred(0.0, "nobody_free")


@pytest.mark.parametrize(
    ("longest_s", "at_s", "talk_s"), [(0.0, 100.0, 1800.0), (600.0, 100.0, 485.0), (60.0, 100.0, 10.0)]
)
def test_a_talk_ends_before_the_trunks_longest_call(longest_s: float, at_s: float, talk_s: float) -> None:
    assert HandedCall(FakeLeg(), 1, frozenset(), longest_s).talk_s(at_s, 1800.0) == talk_s


async def test_time_for_last_words_is_left_even_after_a_long_ring() -> None:
    call = Call(board([PEOPLE[0]], ring_s=20), takes_and_leaves, longest_s=600.0)
    await call.run(LOOK, TALK, END)
    [second] = call.seconds
    assert second.order is not None
    assert 20 + second.order.talk_limit_s + LAST_WORDS_S == 600


async def test_a_key_pressed_over_the_words_before_answers_no_later_question() -> None:
    """Who presses 0 and 0 again, and is not taken by anybody, is asked what comes then."""
    call = Call(board(), rings_out, rings_out)
    call.leg.give(line.Key(call.leg.id, "0", 3.0))
    await call.run((play("one moment"),), LOOK, (Listen("instead"),), END)
    assert [type(one) for one in call.happened] == [PlayEnded, NotTransferred, Silence]


# --- REFER

SELF_RECORDING = {"name": "ann", "uri": "sip:ann@192.0.2.1", "records": True, "refer": True}


def heard(status: int, *, final: bool) -> Referred:
    return Referred("leg-1", status, "", final, 14.0)


async def test_a_refer_that_succeeds_ends_our_call() -> None:
    """R1: only to somebody who records."""
    call = Call(board([SELF_RECORDING]))
    call.on_refer = [heard(100, final=False), heard(180, final=False), heard(200, final=True)]
    talked = await call.run(LOOK, TALK, END)
    assert call.happened[0] == Transferred(14.0)
    assert isinstance(call.happened[1], CustomerHungUp)
    assert len(call.leg.sent(line.Hangup)) == 1
    assert talked.ended is not None
    [refer] = call.leg.sent(Refer)
    assert isinstance(refer, Refer)
    assert refer.target == "sip:ann@192.0.2.1"
    assert call.seconds == []


@pytest.mark.parametrize(
    ("told", "status"),
    [([heard(603, final=True)], 603), ([heard(100, final=False), heard(486, final=True)], 486), ([], 0)],
)
async def test_a_refer_that_comes_to_nothing(told: list[line.Event], status: int) -> None:
    """The last: no word of it in time."""
    call = Call(board([SELF_RECORDING], ring_s=15))
    call.on_refer = told
    await call.run(LOOK, BYE, END)
    assert isinstance(call.happened[0], NotTransferred)
    assert call.kept("person_rung")[0]["status"] == status
    assert call.clock.second == (0.0 if told else 15.0)


async def test_a_refer_that_cannot_be_sent() -> None:
    call = Call(board([SELF_RECORDING]))
    call.on_refer = [line.Refused("leg-1", "Refer", "no")]
    await call.run(LOOK, BYE, END)
    assert call.kept("person_rung")[0]["reason"] == "no"
