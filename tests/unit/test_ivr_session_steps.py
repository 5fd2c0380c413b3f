"""Answers not understood, silent lines, words at the wrong moment (D8, D9, A2); a session as a value."""

from __future__ import annotations

from dataclasses import replace

from ivr.hearing import Heard
from ivr.script import Script
from ivr.session import Session
from ivr.values import (
    CustomerHungUp,
    Hangup,
    Hold,
    Listen,
    Outcome,
    Play,
    PlayEnded,
    Pressed,
    Said,
    Silence,
)
from tests.conversations import CONTENT, NEW_ACCOUNT, NOW, SILENT, converse, example_slots


def test_not_understood_is_asked_in_other_words_then_by_keys_then_filed() -> None:
    talk = converse(["是的", "方便", "天气很好", "天气很好", "天气很好", *CONTENT[3:]])
    assert [wording for node, wording in talk.said if node == "opened"] == [
        "您是今年十月开户的，对吗？",
        "请问开户时间是今年十月，对不对？",
        "正确请按一，不正确请按二。",
    ]
    assert talk.values["opened"] == "not_understood"
    assert talk.result.notes == ("not_understood",)
    assert talk.result.outcome is Outcome.COMPLETED
    assert not talk.result.mandatory_done


def test_silent_line_is_greeted_twice_and_told_of_another_call() -> None:
    """D8."""
    talk = converse([])
    assert talk.result.outcome is Outcome.SILENT
    assert talk.private == []
    assert [wording for _, wording in talk.said] == [
        "您好，请问您是张伟本人吗？",
        "您好，听得到吗？",
        "您好，请问能听到我说话吗？",
        "听不到您的声音，我们稍后再打给您，再见。",
    ]


def test_the_call_after_a_silent_one_apologises() -> None:
    """D8."""
    assert "很抱歉" in converse([], apologise=True).said[0][1]
    assert "很抱歉" in converse([], apologise=True, landline=True).said[0][1]
    assert "抱歉" not in converse([]).said[0][1]


def test_voice_that_comes_back_after_a_greeting() -> None:
    talk = converse([SILENT, "听得到请讲", *CONTENT])
    assert talk.result.outcome is Outcome.COMPLETED


def test_owner_who_falls_silent() -> None:
    talk = converse(["是的", "方便", "对"])
    assert talk.result.outcome is Outcome.SILENT
    assert talk.nodes[-2:] == ["knows_manager", "nobody_heard"]


def test_silence_to_a_free_question_goes_on() -> None:
    talk = converse([*CONTENT[:8], SILENT, *CONTENT[9:]])
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.values["suggestions"] == "no_answer"


def begin() -> tuple[Session, Play]:
    session, (action,) = Session.begin(
        NEW_ACCOUNT, example_slots(NEW_ACCOUNT), NOW, landline=False, apologise=False
    )
    assert isinstance(action, Play)
    return session, action


def test_actions_follow_one_another() -> None:
    session, action = begin()
    assert action.lines[0].prompt == "new_account.is_owner"
    session, actions = session.step(PlayEnded(3.0))
    (listen,) = actions
    assert isinstance(listen, Listen)
    assert replace(listen, expected=()) == Listen("is_owner", 0.45, 5.0, 12.0)
    session, (play,) = session.step(Said(Heard("是的"), 3.5, 4.0))
    assert isinstance(play, Play)
    assert play.lines[0].private


def test_what_does_not_belong_changes_nothing() -> None:
    session, _ = begin()
    assert session.step(Silence(1.0)) == (session, ())
    listening, _ = session.step(PlayEnded(3.0))
    assert listening.step(PlayEnded(3.1)) == (listening, ())


def test_words_over_the_prompt_are_an_answer() -> None:
    session, _ = begin()
    session, (action,) = session.step(Said(Heard("是的"), 1.0, 1.5))
    assert session.node == "intro"
    assert isinstance(action, Play)


def test_free_questions_are_not_decoded() -> None:
    talk = converse(CONTENT)
    free = next(answer for answer in talk.result.answers if answer.question == "suggestions")
    assert (free.value, free.heard, free.how) == ("", "", "speech")
    assert free.end_s > free.start_s


def test_the_line_is_held_after_the_last_words() -> None:
    """D9."""
    session, _ = begin()
    stranger = Said(Heard("不是"), 3.0, 4.0), PlayEnded(5.0), Said(Heard("不知道"), 6.0, 7.0)
    for happening in (PlayEnded(3.0), *stranger):
        session, actions = session.step(happening)
    session, actions = session.step(PlayEnded(12.0))
    assert actions == (Hold(2.0),)
    hung_up, nothing = session.step(CustomerHungUp(12.5))
    assert nothing == ()
    assert hung_up.result().outcome is Outcome.WRONG_PARTY
    ended, actions = session.step(Silence(14.0))
    assert actions == (Hangup(),)
    assert ended.over
    assert ended.step(Pressed("1", 15.0)) == (ended, ())


def test_private_words_stay_unsaid_even_where_the_script_would() -> None:
    """A2, whatever a script says that was never checked."""
    nodes = NEW_ACCOUNT.nodes | {
        "is_owner": NEW_ACCOUNT.nodes["is_owner"].model_copy(update={"public": False})
    }
    leaky: Script = NEW_ACCOUNT.model_copy(update={"nodes": nodes})
    talk = converse([], script=leaky)
    assert talk.said == []
    assert talk.result.outcome is Outcome.WRONG_PARTY


def test_a_session_is_a_value() -> None:
    first, _ = begin()
    again, _ = begin()
    assert first == again
    assert replace(first) == first
