"""A conversation over a fake leg: what is sent, what the session is told, what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from dialer.conversation import THINKS_S, Conversation
from dialer.inbox import Inbox
from dialer.line import protocol as line
from dialer.talk import Talked
from dialer.watching import CallEvent, Watch
from ivr.hearing import Heard
from ivr.values import (
    Action,
    CustomerHungUp,
    Hangup,
    Happening,
    Hold,
    Listen,
    Outcome,
    PlayEnded,
    Pressed,
    Said,
    Silence,
)
from tests.fakes.clock import VirtualClock
from tests.fakes.line import FakeLeg
from tests.fakes.records import a_claim
from tests.fakes.talk import FakeEar, FakePrompts, FakeSession, play

ASK = (play("ask"), Listen("ask"))


class Talk:
    """One conversation with a far end that does, for each command, what `far` says."""

    def __init__(self, *rounds: tuple[Action, ...], silent: frozenset[str] = frozenset()) -> None:
        self.happened: list[Happening] = []
        self.session = FakeSession(rounds[1:], report=self.happened.extend)
        self.first = rounds[0]
        self.leg = FakeLeg(reply=self.reply)
        self.ear = FakeEar()
        self.stop = asyncio.Event()
        self.clock = VirtualClock()
        self.prompts = FakePrompts(silent)
        self.views: list[CallEvent] = []
        self.on_listen: list[list[line.Event]] = []
        self.on_play: list[list[line.Event]] = []
        self.inbox = Inbox(self.leg, self.stop)

    def on(self, event: CallEvent) -> None:
        self.views.append(event)

    def reply(self, _leg: FakeLeg, command: line.Command) -> Iterable[line.Event]:
        if isinstance(command, line.Play):
            extra = self.on_play.pop(0) if self.on_play else None
            return extra if extra is not None else (self.played(command),)
        if isinstance(command, line.Listen) and self.on_listen:
            return self.on_listen.pop(0)
        return ()

    def played(self, command: line.Play, *, whole: bool = True) -> line.Played:
        start = self.leg.second
        return line.Played(self.leg.id, command.play, start, self.leg.tick(len(command.files)), whole)

    def utterance(self, n: int, text: str) -> line.Utterance:
        return line.Utterance(self.leg.id, f"l{n}", self.leg.second, self.leg.tick(0.5), text.encode())

    def ended(self, by: line.EndedBy = line.EndedBy.THEM, talked: float = 10.0) -> line.Ended:
        return line.Ended(self.leg.id, 200, "OK", 16, by, False, 0.0, 1.0, 5.0, 5.0 + talked)

    async def run(self) -> Talked:
        conversation = Conversation(
            self.leg,
            self.inbox,
            self.session,
            ear=self.ear,
            prompts=self.prompts,
            clock=self.clock,
            watch=Watch(a_claim(), self, self.clock),
        )
        try:
            return await conversation.run(self.first)
        finally:
            await self.inbox.close()


async def test_speech_is_recognised_and_told() -> None:
    talk = Talk(ASK, (), (play("bye"), Hangup()))
    talk.on_listen = [[talk.utterance(2, "是的")]]
    talked = await talk.run()
    assert talk.happened == [PlayEnded(1.5), Said(Heard("是的", 0.9), 0.0, 0.5), PlayEnded(2.5)]
    assert [one.prompt for one in talked.spoken] == ["ask", "bye"]
    assert (talked.ended, talked.stopped) == (None, False)
    assert talk.ear.asked == ["是的".encode()]
    assert talk.views[0].node == "ask"
    assert talk.views[1].heard == "是的"


async def test_the_ear_is_told_what_is_expected() -> None:
    talk = Talk((play("ask"), Listen("ask", expected=("是的", "不是"))), (play("bye"), Hangup()))
    talk.on_listen = [[talk.utterance(2, "是的")]]
    await talk.run()
    assert talk.ear.expected == [("是的", "不是")]


async def test_what_follows_a_prompt_is_listened_for_while_it_plays() -> None:
    """The session gives one action at a time; early talk and barge-in must not wait for the second."""
    talk = Talk((play("ask", barge_in=True),), (Listen("ask", patience_s=1.2),), (Hangup(),))
    talk.on_listen = [[talk.utterance(2, "是")]]
    await talk.run()
    assert [type(one) for one in talk.leg.commands] == [line.Play, line.Listen, line.StopListen]
    [listen] = talk.leg.sent(line.Listen)
    assert isinstance(listen, line.Listen)
    assert (listen.barge_in, listen.patience_s) == (True, 1.2)
    assert [type(one) for one in talk.happened] == [PlayEnded, Said]


async def test_a_free_answer_is_not_decoded() -> None:
    talk = Talk((play("ask"), Listen("ask", decode=False)), (), (Hangup(),))
    talk.on_listen = [[talk.utterance(2, "有点意见")]]
    await talk.run()
    assert talk.happened[1] == Said(Heard("", 0.0), 0.0, 0.5)
    assert talk.ear.asked == []


async def test_a_key_counts_and_ends_the_listening() -> None:
    talk = Talk(ASK, (), (Hangup(),))
    talk.on_listen = [[line.Key(talk.leg.id, "1", 3.0)]]
    await talk.run()
    assert talk.happened[1] == Pressed("1", 3.0)
    assert len(talk.leg.sent(line.StopListen)) == 1


async def test_a_key_during_a_prompt_without_barge_in_counts_once_it_has_ended() -> None:
    talk = Talk(ASK, (), (Hangup(),))
    talk.on_play = [[line.Key(talk.leg.id, "2", 0.4), line.Played(talk.leg.id, "p1", 0.0, 1.0, True)]]
    await talk.run()
    assert talk.happened == [PlayEnded(1.0), Pressed("2", 0.4)]
    assert talk.leg.sent(line.StopPlay) == []


async def test_a_key_stops_a_prompt_that_allows_it() -> None:
    talk = Talk((play("ask", barge_in=True), Listen("ask")), (), (Hangup(),))
    talk.on_play = [[line.Key(talk.leg.id, "2", 0.4), line.Played(talk.leg.id, "p1", 0.0, 0.5, False)]]
    await talk.run()
    assert len(talk.leg.sent(line.StopPlay)) == 1
    assert talk.happened == [PlayEnded(0.5, whole=False), Pressed("2", 0.4)]
    listens = [one for one in talk.leg.sent(line.Listen) if isinstance(one, line.Listen)]
    assert listens[0].barge_in


async def test_a_key_overtakes_the_recognition() -> None:
    talk = Talk(ASK, (), (Hangup(),))
    talk.on_listen = [[talk.utterance(2, "嗯"), line.Key(talk.leg.id, "1", 1.0)]]
    await talk.run()
    assert talk.happened[1] == Pressed("1", 1.0)


def preview(utterance: line.Utterance, pcm: bytes = b"") -> line.Preview:
    return line.Preview(
        utterance.leg, utterance.listen, utterance.start_s, utterance.end_s, pcm or utterance.pcm
    )


async def test_recognition_begins_at_the_pause_and_is_not_done_twice() -> None:
    talk = Talk(ASK, (), (Hangup(),))
    utterance = talk.utterance(2, "满意")
    talk.on_listen = [[preview(utterance), utterance]]
    await talk.run()
    assert talk.happened[1] == Said(Heard("满意", 0.9), 0.0, 0.5)
    assert talk.ear.asked == ["满意".encode()]


async def test_who_speaks_on_after_a_pause_is_heard_whole() -> None:
    talk = Talk(ASK, (), (Hangup(),))
    utterance = talk.utterance(2, "嗯还行吧")
    talk.on_listen = [[preview(utterance, "嗯".encode()), utterance]]
    await talk.run()
    assert talk.happened[1] == Said(Heard("嗯还行吧", 0.9), 0.0, 0.5)


async def test_who_speaks_on_while_being_recognised_is_waited_for() -> None:
    talk = Talk(ASK, (), (Hangup(),))
    first = talk.utterance(2, "嗯")
    began = line.SpeechBegan(talk.leg.id, "l2", 0.9)
    whole = line.Utterance(talk.leg.id, "l2", 0.0, 1.5, "嗯还行吧".encode())
    talk.on_listen = [[first, began, whole]]
    await talk.run()
    assert talk.happened[1] == Said(Heard("嗯还行吧", 0.9), 0.0, 1.5)


async def test_who_only_hesitates_is_given_time_where_they_would_be_asked_again() -> None:
    again = play("ask", "again")
    talk = Talk(ASK, (), (again, Listen("ask")), (), (Hangup(),))
    talk.on_listen = [[talk.utterance(2, "嗯那个")], [line.NoInput(talk.leg.id, "l4", 9.0)]]
    await talk.run()
    assert talk.happened[1] == Said(Heard("嗯那个", 0.9), 0.0, 0.5)
    assert talk.clock.second == THINKS_S


async def test_a_hesitation_that_answers_is_taken_at_once() -> None:
    talk = Talk(ASK, (), (play("next"), Hangup()))
    talk.on_listen = [[talk.utterance(2, "嗯")]]
    await talk.run()
    assert talk.clock.second == 0.0


async def test_free_answers_ask_for_no_preview_and_others_well_before_their_patience() -> None:
    talk = Talk(
        (play("ask"), Listen("ask", patience_s=0.44)),
        (),
        (Listen("date", patience_s=0.9),),
        (Listen("free", patience_s=1.2, decode=False),),
        (Hangup(),),
    )
    talk.on_listen = [[talk.utterance(2, "是")], [talk.utterance(3, "明天")], [talk.utterance(4, "")]]
    await talk.run()
    listens = [one for one in talk.leg.commands if isinstance(one, line.Listen)]
    assert [one.preview_s for one in listens] == [0.14, 0.225, 0.0]


async def test_an_answer_of_an_earlier_question_is_dropped() -> None:
    talk = Talk(ASK, (), (play("next"), Listen("next")), (), (Hangup(),))
    stale = line.Utterance(talk.leg.id, "l2", 0.0, 0.2, b"old")
    talk.on_listen = [[line.NoInput(talk.leg.id, "l2", 6.0)], [stale, talk.utterance(4, "新")]]
    await talk.run()
    assert talk.happened[1] == Silence(6.0)
    assert isinstance(talk.happened[3], Said)
    assert talk.happened[3].heard.text == "新"


async def test_when_the_ear_dies_the_session_hears_nothing_understood() -> None:
    talk = Talk(ASK, (), ASK, (), (Hangup(),))
    talk.on_listen = [[talk.utterance(2, "dead")], [line.Key(talk.leg.id, "1", 4.0)]]
    talked = await talk.run()
    assert talk.happened[1] == Said(Heard("", 0.0), 0.0, 0.5)
    assert talk.happened[3] == Pressed("1", 4.0)
    assert talked.notes == ("ear_failed",)


async def test_the_customer_hangs_up_amid_a_prompt() -> None:
    talk = Talk((play("long", "one", "two", "three"), Listen("long")))
    talk.on_play = [[talk.ended(talked=1.5)]]
    talked = await talk.run()
    assert talk.happened == [CustomerHungUp(1.5)]
    assert talked.result.outcome is Outcome.HUNG_UP
    assert talked.ended is not None
    assert [(one.prompt, one.start_s, one.end_s) for one in talked.spoken][:1] == [("one", 0.0, 1.0)]
    assert "three" not in [one.prompt for one in talked.spoken]


async def test_the_customer_hangs_up_while_being_recognised() -> None:
    talk = Talk(ASK, ())
    talk.on_listen = [[talk.utterance(2, "是"), talk.ended()]]
    await talk.run()
    assert talk.happened[-1] == CustomerHungUp(10.0)


async def test_lines_share_the_played_stretch() -> None:
    talk = Talk((play("node", "one", "two"),), (Hangup(),))
    talk.on_play = [[line.Played(talk.leg.id, "p1", 2.0, 3.4, False)]]
    talked = await talk.run()
    assert [(one.prompt, one.start_s, one.end_s, one.whole) for one in talked.spoken] == [
        ("one", 2.0, 3.0, True),
        ("two", 3.0, 3.4, False),
    ]


async def test_a_prompt_without_sound_is_noted_and_not_said() -> None:
    talk = Talk((play("node", "mute"),), (Hangup(),), silent=frozenset({"mute"}))
    talked = await talk.run()
    assert talked.spoken == ()
    assert talked.notes == ("prompt_missing",)
    assert talk.happened == [PlayEnded(0.0, whole=False)]


async def test_a_refused_play_goes_on() -> None:
    talk = Talk((play("node"),), (Hangup(),))
    talk.on_play = [[line.Refused(talk.leg.id, "Play", "unreadable")]]
    talked = await talk.run()
    assert talk.happened == [PlayEnded(0.0, whole=False)]
    assert talked.notes == ("prompt_missing",)


async def test_the_line_is_held_after_the_closing_words() -> None:
    """D9."""
    talk = Talk((play("bye"), Hold(3.0)), (), (Hangup(),))
    await talk.run()
    assert talk.clock.second == 3.0
    assert talk.happened == [PlayEnded(1.0), Silence(4.0)]


async def test_the_customer_hangs_up_in_the_hold() -> None:
    talk = Talk((play("bye"), Hold(3.0)), ())
    talk.on_play = [[line.Played(talk.leg.id, "p1", 0.0, 1.0, True), talk.ended(talked=1.5)]]
    talked = await talk.run()
    assert talked.ended is not None
    assert talk.happened[-1] == CustomerHungUp(1.5)


async def test_a_wish_to_stop_breaks_off() -> None:
    talk = Talk(ASK, ())
    talk.stop.set()
    talked = await talk.run()
    assert talked.stopped
    assert talked.ended is None


async def test_a_wish_to_stop_in_the_hold_breaks_nothing_off() -> None:
    talk = Talk((Hold(60.0),), (Hangup(),))
    talk.stop.set()
    talked = await talk.run()
    assert not talked.stopped
    assert talked.result.outcome is Outcome.COMPLETED


@pytest.mark.parametrize(
    ("resumes_s", "cut_ins"), [([2.7], 1), ([3.2], 1), ([3.4], 0), ([2.8, 3.9], 1), ([1.5, 3.9], 0)]
)
async def test_who_speaks_on_when_we_have_just_begun_was_cut_in_on(
    resumes_s: list[float], cut_ins: int
) -> None:
    talk = Talk(ASK, (), (play("next"), Hangup()))
    talk.on_listen = [[line.Utterance(talk.leg.id, "l2", 1.0, 2.0, "是".encode())]]
    talk.on_play = [
        [line.Played(talk.leg.id, "p1", 0.0, 1.0, True)],
        [
            *(line.SpeechBegan(talk.leg.id, "l4", at_s) for at_s in resumes_s),
            line.Played(talk.leg.id, "p3", 2.75, 5.0, True),
        ],
    ]
    assert (await talk.run()).cut_ins == cut_ins


async def test_the_time_from_speech_to_the_next_prompt_is_measured() -> None:
    talk = Talk(ASK, (), (play("next"), Hangup()))
    talk.on_listen = [[line.Utterance(talk.leg.id, "l2", 1.0, 2.0, "是".encode())]]
    talk.on_play = [
        [line.Played(talk.leg.id, "p1", 0.0, 1.0, True)],
        [line.Played(talk.leg.id, "p3", 2.75, 3.0, True)],
    ]
    talked = await talk.run()
    assert talked.reactions_s == (0.75,)


async def test_a_reply_that_a_stop_cuts_off_is_no_measured_one() -> None:
    """Nobody told when it began; it was said behind the customer's words, not in their place (F4)."""
    talk = Talk(ASK, (), (play("next"), Hangup()))
    talk.on_listen = [[line.Utterance(talk.leg.id, "l2", 1.0, 2.0, "是".encode())]]
    talk.on_play = [[line.Played(talk.leg.id, "p1", 0.0, 1.0, True)], []]
    running = asyncio.create_task(talk.run())
    while len(talk.leg.sent(line.Play)) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0)
    talk.clock.second += 0.7
    talk.stop.set()
    talked = await running
    assert talked.stopped
    assert talked.reactions_s == ()
    assert [(one.prompt, one.start_s, one.end_s) for one in talked.spoken] == [
        ("ask", 0, 1),
        ("next", 2, 2.7),
    ]
