"""Appointments not understood at once (D6): day and hour apart, times by key, denials, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ivr.hearing import Heard, Likely
from ivr.proposing import offered
from ivr.script import Appoint
from ivr.values import Listen, Outcome, PlayEnded, Pressed, Said
from tests.conversations import NOW, SILENT, tomorrow
from tests.talks import Talk, script_of

PERIODIC = script_of("periodic")
AFTER = tomorrow(10) + timedelta(days=1)
"""后天上午十点."""
OFFER = "明天上午请按一，明天下午请按二，后天上午请按三，后天下午请按四，"


def asked_when(*replies: str) -> Talk:
    """An owner who has no time, and what he then says or presses."""
    return Talk.begin(PERIODIC).on("是的", "没空", *replies)


@pytest.mark.parametrize(
    ("replies", "when"),
    [
        (["明天", "下午三点半", "对"], tomorrow(15, 30)),
        (["明天下午", "四点", "对"], tomorrow(16)),
        (["明天", "后天上午十点", "对"], AFTER),
        (["明天", "都行明天", "对"], tomorrow(15, 30)),
        (["啊", "后天", "上午十点", "对"], AFTER),
        (["啊", "后天", "啊", "上午十点", "对"], AFTER),
        ([SILENT, "后天上午十点", "对"], AFTER),
        (["啊", "啊", "3", "1"], AFTER),
        (["啊", "啊", "后天上午", "对"], AFTER),
        (["啊", "啊", SILENT, "3", "1"], AFTER),
        (["啊", "啊", "9", "2", "1"], tomorrow(15, 30)),
        (["明天下午三点", "不对", "不对", "3", "1"], AFTER),
        (["明天下午三点", "不对", "后天上午十点", "啊", "1"], AFTER),
    ],
)
def test_there_is_a_way_to_every_time(replies: list[str], when: datetime) -> None:
    talk = asked_when(*replies)
    assert (talk.result.outcome, talk.result.appointment) == (Outcome.RESCHEDULED, when)


@pytest.mark.parametrize(
    ("no", "when"),
    [
        ("不对后天上午十点", AFTER),
        ("不是后天上午十点", AFTER),
        ("不对不对后天上午十点", AFTER),
        ("不是的是后天上午十点", AFTER),
        ("后天上午十点", AFTER),
        ("不对四点半", tomorrow(16, 30)),
        ("不是四点半", tomorrow(16, 30)),
        ("不对后天", tomorrow(15) + timedelta(days=1)),
        ("不是明天是后天", tomorrow(15) + timedelta(days=1)),
    ],
)
def test_a_no_with_a_time_in_it_corrects_the_one_that_was_said_back(no: str, when: datetime) -> None:
    talk = asked_when("明天下午三点", no)
    assert talk.session.state.proposed == when
    assert talk.on("对").result.appointment == when


@pytest.mark.parametrize("no", ["不对", "不是", "2", "不是明天下午三点", "不对不是明天下午三点"])
def test_what_was_denied_is_not_understood_again(no: str) -> None:
    denied = asked_when("明天下午三点", no)
    assert denied.session.state.proposed is None
    assert "请先说哪一天" in denied.said[-1][1]
    once_more = denied.on("明天下午三点")
    assert once_more.session.state.proposed is None
    assert once_more.on("后天上午十点", "对").result.appointment == AFTER


def test_once_keys_can_tell_a_time_counts_as_denied_by_key_only() -> None:
    """A yes may have been heard as a no: the time is offered and understood again."""
    spoken = asked_when("后天上午十点", "不对", "啊")
    assert "后天上午请按三" in spoken.said[-1][1]
    assert spoken.on("3", "1").result.appointment == AFTER
    assert spoken.on("后天上午十点").said[-1][1].startswith("对请按一")
    assert spoken.on("后天上午十点", "1").result.appointment == AFTER
    pressed = asked_when("后天上午十点", "2", "啊")
    assert "后天上午" not in pressed.said[-1][1]
    assert pressed.on("后天上午十点").session.state.proposed is None


def test_another_hypothesis_stands_in_for_a_time_that_was_denied() -> None:
    state = asked_when("明天下午三点", "不对").session
    session, _ = state.step(Said(Heard("明天下午三点", 1.0, ("明天下午三点", "后天上午十点")), 9.0, 10.0))
    assert session.state.proposed == AFTER


def test_what_was_denied_is_not_expected_either() -> None:
    """So that its sound is held against the other times."""
    first, denied = asked_when(), asked_when("明天下午三点", "不对")
    day = denied.on("明天")
    expected = [
        talk.actions[0].expected for talk in (first, denied, day) if isinstance(talk.actions[0], Listen)
    ]
    assert ["明天下午三点" in phrases for phrases in expected] == [True, False, False]
    assert ["下午三点" in phrases for phrases in expected] == [True, True, False]
    assert ["明天下午三点半" in phrases for phrases in expected] == [True, True, True]


def test_another_time_is_found_by_its_sound_once_the_likelier_one_was_denied() -> None:
    state = asked_when("明天下午三点", "不对").session
    likely = (Likely("明天下午三点半", 20.0), Likely("明天下午四点半", 9.0))
    session, _ = state.step(Said(Heard("明天下午三点", 1.0, (), likely), 9.0, 10.0))
    assert session.state.proposed == tomorrow(15, 30)


def test_what_is_only_like_a_no_is_asked_again_with_the_keys_that_tell() -> None:
    """A yes was heard so."""
    doubted = asked_when("明天下午三点", "不意的")
    assert doubted.session.state.proposed == tomorrow(15)
    assert doubted.said[-1][1].startswith("对请按一，不对请按二。")
    assert doubted.on("1").result.appointment == tomorrow(15)


def test_a_spoken_no_to_what_was_chosen_by_key_is_doubted_once() -> None:
    chosen = asked_when("啊", "啊", "2")
    assert chosen.on("不对").session.state.proposed == tomorrow(15, 30)
    assert chosen.on("不对", "1").result.appointment == tomorrow(15, 30)
    assert chosen.on("不对", "不对").result.appointment is None
    assert chosen.on("#", "1").result.appointment == tomorrow(15, 30)
    assert chosen.on("2").session.state.denied == (tomorrow(15, 30),)


@pytest.mark.parametrize(("text", "confidence", "denied"), [("不对", 0.9, True), ("不对", 0.3, False)])
def test_a_no_that_may_be_a_yes_misheard_is_doubted_once(text: str, confidence: float, denied: bool) -> None:
    """对的 was heard as 不对."""
    asked = asked_when("明天下午三点").session
    said = Said(Heard(text, confidence), 9.0, 10.0)
    once, _ = asked.step(said)
    assert bool(once.state.denied) is denied
    once, _ = once.step(PlayEnded(11.0))
    again, _ = once.step(Pressed("1", 12.0)) if not denied else (once, ())
    assert again.state.appointment == (None if denied else tomorrow(15))
    twice, _ = once.step(said)
    assert twice.state.denied or denied


def test_what_was_said_back_at_last_is_said_back_once_more() -> None:
    talk = asked_when("啊", "啊", "啊", "明天下午三点", "啊")
    assert talk.session.state.proposed == tomorrow(15)
    assert "对请按一" in talk.said[-1][1]
    assert talk.on("1").result.appointment == tomorrow(15)
    assert talk.on("啊").session.state.node == "another_day"


def test_times_are_offered_by_key_after_two_failures_and_which_keys_agree_is_told() -> None:
    once, twice = asked_when("啊"), asked_when("啊", "啊")
    assert "请按" not in once.said[-1][1]
    assert OFFER in twice.said[-1][1]
    assert twice.on("2").said[-1][1] == "对请按一，不对请按二。好的，明天下午三点半我们再打给您，对吗？"
    assert asked_when("明天下午三点").said[-1][1].startswith("好的")


def test_of_a_day_that_was_named_the_offer_speaks_first_and_never_of_what_was_denied() -> None:
    named = asked_when("啊", "下周三", "啊")
    assert "下周三上午请按一，下周三下午请按二，明天上午请按三" in named.said[-1][1]
    denied = asked_when("明天上午十点", "2", "啊")
    assert "明天下午请按一，后天上午请按二" in denied.said[-1][1]


def test_keys_stand_for_times_only_once_they_were_offered() -> None:
    assert asked_when("3").session.state.proposed is None


def test_none_of_the_offered_times_leaves_it() -> None:
    talk = asked_when("啊", "啊", "0")
    assert (talk.nodes[-1], talk.result.appointment) == ("another_day", None)
    assert "not_understood" not in talk.result.notes


@pytest.mark.parametrize("reply", ["啊", "不对", SILENT, "9", "明天下午三点"])
def test_it_comes_to_an_end(reply: str) -> None:
    talk = asked_when("明天下午三点", *[reply] * 9)
    assert talk.nodes[-1] == "another_day"
    assert talk.result.appointment is None


@pytest.mark.parametrize("landline", [False, True])
@pytest.mark.parametrize(
    "words", ["没空，明天下午三点再打", "我在忙，明天下午三点再打吧", "没空，明天再打", "我不方便，明天再打"]
)
def test_a_stranger_who_has_no_time_makes_an_appointment_without_a_word_of_the_matter(
    words: str, landline: bool
) -> None:
    """A2."""
    talk = Talk.begin(PERIODIC, landline=landline).on(words)
    assert talk.session.node == "when_stranger"
    done = talk if talk.session.state.proposed else talk.on("下午三点")
    assert done.on("对").result.appointment == tomorrow(15)
    assert done.leaked == ()


@pytest.mark.parametrize(
    "first", [["不是", "明天下午三点"], ["他不在，明天下午三点再打"], ["打错了，明天下午三点再打"]]
)
def test_when_the_owner_may_be_reached_is_said_back(first: list[str]) -> None:
    """D6: the next call is then, and nobody was the owner."""
    asked = Talk.begin(PERIODIC).on(*first)
    assert asked.said[-1] == ("reach_owner", "好的，明天下午三点再打电话过来，对吗？")
    assert asked.result.appointment is None
    agreed = asked.on("对")
    assert (agreed.result.outcome, agreed.result.appointment) == (Outcome.WRONG_PARTY, tomorrow(15))
    assert asked.on("不对", "后天上午十点", "1").result.appointment == AFTER
    assert asked.on("不对").result.appointment is None


def test_a_weekend_is_offered_to_nobody_who_does_not_ask_for_it() -> None:
    friday = replace(asked_when("啊", "啊").session.state, now=NOW + timedelta(days=2))
    node = friday.at
    assert isinstance(node, Appoint)
    assert [f"{at:%a}" for at in offered(friday, node).values()] == ["Mon", "Mon", "Tue", "Tue"]
    saturday = (NOW + timedelta(days=3)).date()
    assert [f"{at:%a}" for at in offered(replace(friday, day=saturday), node).values()][:2] == ["Sat", "Sat"]


def test_only_times_at_which_calling_is_allowed_are_offered() -> None:
    """D6, D10."""
    state = asked_when("啊", "啊").session.state
    afternoons = replace(state, open_windows=lambda at: max(at, at.replace(hour=15)))
    node = state.at
    assert isinstance(node, Appoint)
    assert [at.hour for at in offered(afternoons, node).values()] == [15] * 4
