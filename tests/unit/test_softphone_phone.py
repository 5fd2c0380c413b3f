"""One call at a simulated phone: whether it rings, how it is answered, what is said and when it is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dialer.line.protocol import (
    Answered,
    Command,
    EndedBy,
    Event,
    Hangup,
    Incoming,
    Listen,
    NoInput,
    Play,
    Played,
    Respond,
    SendKeys,
    SpeechBegan,
    Utterance,
)
from softphone.backgrounds import Backgrounds
from softphone.call_log import CallRecord, read
from softphone.household import Household
from softphone.phone import ASKS_AGAIN, HEARS_S, run_phones
from softphone.voices import ReplyFiles, Sentence, sentences_of
from tests.fakes.line import FakeLeg, FakeLines
from tests.fakes.phone import Hum, Telepath, cast, words


def dialer(leg: FakeLeg, command: Command) -> Iterable[Event]:
    """A caller that takes what the phone does: acknowledges answers, hears sentences out, ends."""
    match command:
        case Respond(status=200):
            return (Answered(leg.id, 5.0),)
        case Respond(status=status) if status >= 300:
            return leg.ending(EndedBy.US, status, at=5.0)
        case Play(play=play):
            return (Played(leg.id, play, 0.0, 1.0, True),)
        case Hangup():
            return leg.ending(EndedBy.US, at=9.0)
        case _:
            return ()


async def eventually(condition: Callable[[], bool]) -> None:
    for _ in range(5000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come about")


class Desk:
    """A running set of phones, and hands to call them with."""

    def __init__(self, folder: Path) -> None:
        self.lines = FakeLines()
        self.ear = Telepath()
        self.replies = ReplyFiles(folder / "replies")
        self.log = folder / "phone.jsonl"
        self.replies.render(sentences_of(cast()), Hum())
        self.house = Household(
            cast(),
            self.ear,
            self.replies,
            now=lambda: 2.0,
            pause_s=lambda: 0.0,
            backgrounds=Backgrounds(folder / "mixed"),
        )

    def call(self, number: str) -> FakeLeg:
        return self.lines.ring(Incoming("leg-1", number, "95000", "call-1", 1.0), dialer)

    def said(self, leg: FakeLeg) -> list[str]:
        by_path = {str(self.replies.path(one)): one.wording for one in sentences_of(cast())}
        return [by_path[command.files[0]] for command in leg.commands if isinstance(command, Play)]

    async def record(self, count: int = 1) -> CallRecord:
        """The last record, as soon as so many are written."""
        await eventually(lambda: len(read(self.log)) >= count)
        return read(self.log)[-1]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@asynccontextmanager
async def open_lines(desk: Desk) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(run_phones((desk.house,), desk.lines, desk.log, stop))
    yield
    stop.set()
    await running


async def until(leg: FakeLeg, kind: type[Command], count: int = 1) -> None:
    await eventually(lambda: len(leg.sent(kind)) >= count)


async def ask(leg: FakeLeg, *questions: str) -> None:
    """Speak to the phone once it listens; it listens again before the next question."""
    for question in questions:
        await until(leg, Listen)
        before = len(leg.sent(Listen))
        leg.give(SpeechBegan(leg.id, "l", 1.0), Utterance(leg.id, "l", 1.0, 3.0, words(question)))
        await until(leg, Listen, before + 1)
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "statuses", "ringing_at"),
    [
        ("13800000002", [486], [None]),
        ("13800000003", [180, 603], [2.0]),
        ("13800000004", [404], [None]),
        ("13900000000", [404], []),
    ],
)
async def test_each_way_to_refuse_has_its_status(
    desk: Desk, number: str, statuses: list[int], ringing_at: list[float | None]
) -> None:
    async with open_lines(desk):
        leg = desk.call(number)
        await until(leg, Respond, len(statuses))
    assert [command.status for command in leg.commands if isinstance(command, Respond)] == statuses
    assert [record.ringing_at for record in read(desk.log)] == ringing_at


async def test_who_never_answers_rings_until_the_caller_gives_up(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000005")
        await until(leg, Respond)
        leg.give(*leg.ending(EndedBy.THEM, 487, at=32.5))
        record = await desk.record()
    assert [command for command in leg.commands if isinstance(command, Respond)] == [Respond("leg-1", 180)]
    assert (record.persona, record.call_id, record.invite_at) == ("never", "call-1", 1.0)
    assert (record.ringing_at, record.cancel_at, record.rang_s) == (2.0, 32.5, 30.5)
    assert (record.answered_at, record.ended_by) == (None, "caller")


async def test_a_call_given_up_while_it_rings_is_not_answered(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000003")
        await until(leg, Respond)
        leg.give(*leg.ending(EndedBy.THEM, 487, at=2.01))
        record = await desk.record()
    assert [command.status for command in leg.commands if isinstance(command, Respond)] == [180]
    assert record.cancel_at == 2.01


async def test_a_persona_answers_what_it_is_asked_in_any_order(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000001")
        await ask(leg, "您现在方便吗", "您好请问您是张三本人吗", "您现在方便吗", "感谢您的配合再见")
        leg.give(*leg.ending(EndedBy.THEM, at=20.0))
        record = await desk.record()
    assert desk.said(leg) == ["方便。", "我就是。", "方便。"]
    assert [turn.question for turn in record.turns if turn.heard] == [
        "convenient",
        "is_owner",
        "convenient",
        "goodbye",
    ]
    assert (record.answered_at, record.ended_at, record.ended_by) == (5.0, 20.0, "caller")


async def test_what_is_not_understood_is_asked_again_twice_at_most(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000001")
        await ask(leg, *["今天天气很好"] * (ASKS_AGAIN + 2), "")
    assert desk.said(leg) == ["什么？请再说一遍。"] * ASKS_AGAIN


async def test_noise_without_words_is_not_answered(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000001")
        await ask(leg, "")
    assert desk.said(leg) == []


async def test_a_persona_holds_its_answer_back_while_the_caller_goes_on(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000001")
        await until(leg, Listen)
        leg.give(
            SpeechBegan(leg.id, "l", 1.0),
            Utterance(leg.id, "l", 1.0, 3.0, words("请问您是张三本人吗")),
            SpeechBegan(leg.id, "l", 4.2),
        )
        await until(leg, Listen, 2)
        await asyncio.sleep(0.02)
        assert desk.said(leg) == []
        leg.give(Utterance(leg.id, "l", 4.2, 6.0, words("您现在方便吗")))
        await until(leg, Play)
    assert desk.said(leg) == ["方便。"]


async def test_only_the_end_of_a_prompt_is_recognised(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000001")
        await until(leg, Listen)
        leg.give(Utterance(leg.id, "l", 1.0, 31.0, words("您现在方便吗", 30.0)))
        await until(leg, Play)
    assert desk.ear.lengths == [2 * 8000 * HEARS_S]


async def test_who_is_silent_answers_and_says_nothing(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000006")
        await ask(leg, "请问您是周八本人吗")
        leg.give(NoInput(leg.id, "l", 60.0))
        await until(leg, Listen, 3)
    assert Respond("leg-1", 200) in leg.commands
    assert (desk.said(leg), desk.ear.lengths) == ([], [])


async def test_who_hangs_up_amid_a_sentence_does_not_finish_it(desk: Desk) -> None:
    def unfinished(leg: FakeLeg, command: Command) -> Iterable[Event]:
        return () if isinstance(command, Play) else dialer(leg, command)

    async with open_lines(desk):
        leg = desk.call("13800000007")
        leg.reply = unfinished
        await ask(leg, "您现在方便吗")
        record = await desk.record()
    assert desk.said(leg) == ["我想一想。"]
    assert isinstance(leg.commands[-1], Hangup)
    assert record.ended_by == "phone"


async def test_keys_follow_the_sentence_and_the_hang_up_follows_the_keys(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000008")
        await ask(leg, "您现在方便吗")
        await desk.record()
    kinds = [type(command) for command in leg.commands if isinstance(command, Play | SendKeys | Hangup)]
    assert kinds == [Play, SendKeys, Hangup]
    assert SendKeys("leg-1", "1#") in leg.commands


async def test_stopping_hangs_up_and_still_writes_the_record(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000001")
        await until(leg, Listen)
    assert desk.lines.closed
    assert [record.persona for record in read(desk.log)] == ["friendly"]


async def test_many_calls_at_once_are_kept_apart(desk: Desk) -> None:
    async with open_lines(desk):
        friendly, never = desk.call("13800000001"), desk.call("13800000005")
        await ask(friendly, "您现在方便吗")
        never.give(*never.ending(EndedBy.THEM, 487, at=40.0))
        friendly.give(*friendly.ending(EndedBy.THEM, at=41.0))
        await desk.record(2)
    assert desk.said(friendly) == ["方便。"]
    assert desk.said(never) == []


def test_replies_are_rendered_once(tmp_path: Path) -> None:
    voice, files = Hum(), ReplyFiles(tmp_path)
    sentences = sentences_of(cast())
    steps: list[tuple[int, int]] = []
    count = files.render(sentences, voice, lambda done, all_: steps.append((done, all_)))
    assert count == len(voice.said) == len(sentences) == len(set(sentences))
    assert steps == [(step, count) for step in range(1, count + 1)]
    assert files.missing(sentences) == []
    assert files.render(sentences, voice) == 0
    assert Sentence("v", "方便。") in sentences


async def test_an_ear_that_fails_costs_an_answer_and_no_call(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000001")
        desk.ear.deaf = True
        await ask(leg, "请问您是张三本人吗")
        await eventually(lambda: len(desk.ear.lengths) == 1)
        desk.ear.deaf = False
        await ask(leg, "您现在方便吗")
        await eventually(lambda: desk.said(leg) == ["方便。"])
        leg.give(*leg.ending(EndedBy.THEM, at=9.0))
        record = await desk.record()
    assert [turn.heard for turn in record.turns][:2] == ["", "您现在方便吗"]


async def test_replies_come_in_turn_and_the_last_one_stays(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000009")
        await ask(leg, "请问您是何十本人吗", "请问您是何十本人吗", "请问您是何十本人吗")
        await until(leg, Play, 3)
    assert desk.said(leg) == ["我是。", "我就是。", "我就是。"]


async def test_what_is_wrongly_said_back_is_denied(desk: Desk) -> None:
    wrong, right = "后天上午十点再打给您对吗", "明天下午三点半再打给您对吗"
    async with open_lines(desk):
        leg = desk.call("13800000013")
        await ask(leg, wrong, wrong, right)
        await until(leg, Play, 3)
    assert desk.said(leg) == ["不对，明天下午三点半。", "不对。", "对的。"]


async def test_who_is_silent_at_first_speaks_in_the_next_call(desk: Desk) -> None:
    async with open_lines(desk):
        for spoken in (0, 1):
            leg = desk.call("13800000010")
            await ask(leg, "请问您是杨一本人吗")
            await asyncio.sleep(0.05)
            leg.give(*leg.ending(EndedBy.THEM, at=9.0))
            await desk.record(spoken + 1)
            assert len(leg.sent(Play)) == spoken


async def test_what_is_around_is_heard_from_the_answer_on_and_behind_each_sentence(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000011")
        await ask(leg, "请问您是朱二本人吗")
        await until(leg, Play, 2)
    bed, sentence = (command for command in leg.commands if isinstance(command, Play))
    assert set(sentence.files[1:]) == set(bed.files)
    assert bed.background
    assert sentence.background


async def test_a_muted_street_is_heard_with_the_voice_only(desk: Desk) -> None:
    async with open_lines(desk):
        leg = desk.call("13800000012")
        await ask(leg, "请问您是秦三本人吗")
        await until(leg, Play)
    (sentence,) = (command for command in leg.commands if isinstance(command, Play))
    assert len(sentence.files) == 1
    assert not sentence.background
