"""Handing over in a session: said, looked for, taken or not, left (S14, S18)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ivr.check import problems
from ivr.hearing import Heard
from ivr.script import Appoint, End, HandOver, Script
from ivr.session import Session
from ivr.values import (
    Action,
    AgentLeft,
    CustomerHungUp,
    Hangup,
    Happening,
    Hold,
    NotTransferred,
    Outcome,
    Play,
    PlayEnded,
    Pressed,
    Said,
    Silence,
    StandBy,
    Transfer,
    Transferred,
)
from tests.conversations import NEW_ACCOUNT, NOW, example_slots

OVER_TO = HandOver(hand_over="我请同事来接，大约半分钟。", to="service", nobody="colleague", last_words="bye")
NODES = {
    "transfer": OVER_TO,
    "colleague": HandOver(hand_over="现在没有同事空闲，稍后联系您，再见。"),
    "bye": End(end=Outcome.HANDED_OVER, say="感谢您的接听，再见。", public=True),
}


def script(**nodes: object) -> Script:
    return NEW_ACCOUNT.model_copy(update={"nodes": {**NEW_ACCOUNT.nodes, **NODES, **nodes}})


class Talk:
    """A session at the words before the transfer: the owner has asked for a person."""

    def __init__(self, script: Script, *groups: str) -> None:
        self.session, self.actions = Session.begin(
            script,
            example_slots(script),
            NOW,
            landline=False,
            apologise=False,
            transfers=frozenset(groups),
        )
        self.told(PlayEnded(1.0), Said(Heard("是的我就是"), 1.0, 2.0), PlayEnded(3.0), PlayEnded(4.0))
        self.told(Said(Heard("转人工"), 4.0, 5.0))

    def told(self, *happenings: Happening) -> tuple[Action, ...]:
        for happening in happenings:
            self.session, self.actions = self.session.step(happening)
        return self.actions

    def said(self) -> str:
        (action,) = self.actions
        assert isinstance(action, Play)
        return "".join(line.wording for line in action.lines)


def looking() -> Talk:
    talk = Talk(script(), "service")
    assert talk.said() == "我请同事来接，大约半分钟。"
    assert talk.told(PlayEnded(6.0)) == (Transfer("transfer", "service", "wants_person"),)
    return talk


def test_a_person_takes_the_call_and_leaves_first() -> None:
    talk = looking()
    assert talk.told(Transferred(12.0)) == (StandBy("transfer"),)
    talk.told(AgentLeft(60.0))
    assert talk.said() == "感谢您的接听，再见。"
    assert talk.told(PlayEnded(62.0)) == (Hold(2.0),)
    assert talk.told(Silence(64.0)) == (Hangup(),)
    assert talk.session.result().outcome is Outcome.HANDED_OVER
    assert talk.session.result().notes == ("wants_person",)


def test_without_last_words_the_call_ends_when_the_person_leaves() -> None:
    talk = Talk(script(transfer=OVER_TO.model_copy(update={"last_words": None})), "service")
    assert talk.told(PlayEnded(6.0), Transferred(12.0), AgentLeft(60.0)) == (Hangup(),)
    assert talk.session.result().outcome is Outcome.HANDED_OVER


def test_the_customer_hangs_up_while_talking_with_the_person() -> None:
    talk = looking()
    talk.told(Transferred(12.0), CustomerHungUp(30.0))
    assert talk.session.over
    assert talk.session.result().outcome is Outcome.HANDED_OVER


def test_the_customer_does_not_wait() -> None:
    """A person was asked for and none was reached: somebody calls back, no machine does."""
    talk = looking()
    talk.told(CustomerHungUp(8.0))
    result = talk.session.result()
    assert (result.outcome, result.notes) == (Outcome.HANDED_OVER, ("wants_person", "not_waited"))


@pytest.mark.parametrize("why", ["nobody_free", "nobody_took_it", "not_waited"])
def test_nobody_takes_it(why: str) -> None:
    talk = looking()
    talk.told(NotTransferred(36.0, why))
    assert talk.session.node == "colleague"
    assert talk.said() == "现在没有同事空闲，稍后联系您，再见。"
    talk.told(PlayEnded(39.0), Silence(41.0))
    result = talk.session.result()
    assert (result.outcome, result.notes) == (Outcome.HANDED_OVER, ("wants_person", why))


def test_nobody_takes_it_and_an_appointment_is_made_instead() -> None:
    """S14: the outcome is the appointment's, and the note for a person stays."""
    ask = Appoint(
        appoint="现在没有同事空闲，请问什么时候再打给您？",
        again="请说哪天几点。",
        confirm="{appointment}，对吗？",
        go="until_then",
        otherwise="another_day",
    )
    talk = Talk(script(colleague=ask), "service")
    talk.told(PlayEnded(6.0), NotTransferred(36.0, "nobody_took_it"), PlayEnded(39.0))
    talk.told(Said(Heard("明天上午十点"), 40.0, 42.0), PlayEnded(44.0), Said(Heard("对的"), 45.0, 46.0))
    assert talk.session.result().outcome is Outcome.RESCHEDULED
    assert talk.session.result().appointment is not None
    assert talk.session.result().notes == ("wants_person", "nobody_took_it")


def test_a_group_that_nobody_could_answer_for_is_not_promised() -> None:
    """S18: nothing is promised that cannot be held; nobody is rung."""
    talk = Talk(script(), "complaints")
    assert talk.session.node == "colleague"
    assert "nobody_free" in talk.session.result().notes


@pytest.mark.parametrize("happening", [PlayEnded(7.0), Silence(7.0), Pressed("1", 7.0), AgentLeft(7.0)])
def test_what_does_not_belong_to_the_wait_changes_nothing(happening: Happening) -> None:
    talk = looking()
    assert talk.session.step(happening) == (talk.session, ())


@pytest.mark.parametrize(
    "happening", [PlayEnded(13.0), Pressed("1", 13.0), NotTransferred(13.0, "x"), Transferred(13.0)]
)
def test_what_does_not_belong_to_the_talk_changes_nothing(happening: Happening) -> None:
    talk = looking()
    talk.told(Transferred(12.0))
    assert talk.session.step(happening) == (talk.session, ())


def test_the_ways_out_of_a_hand_over_are_ways_of_the_graph() -> None:
    assert problems(script()) == []
    lost = script(transfer=OVER_TO.model_copy(update={"last_words": None}))
    assert [(one.node, one.what) for one in problems(lost)] == [("bye", "no way leads here")]


def test_last_words_need_somebody_to_take_over() -> None:
    with pytest.raises(ValidationError, match="`last_words` go with `to`"):
        HandOver(hand_over="再见", last_words="bye")
