"""Conversations of the new-account script, in text (S2-S4, S7, S8, S19, A2, A4, D6, D8, D9)."""

from __future__ import annotations

import pytest

from base.errors import ScriptError
from ivr.session import Session
from ivr.values import (
    Outcome,
)
from tests.conversations import (
    AFTER_S7,
    BEFORE_S7,
    CONTENT,
    HANGS_UP,
    NEW_ACCOUNT,
    NOW,
    OPENING,
    SILENT,
    converse,
    example_slots,
    tomorrow,
)


def test_owner_who_answers_everything_well() -> None:
    talk = converse(CONTENT)
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.owner_confirmed
    assert talk.result.mandatory_done
    assert talk.values == {
        "is_owner": "yes",
        "convenient": "yes",
        "opened": "yes",
        "knows_manager": "yes",
        "shown": "yes",
        "satisfied": "very_satisfied",
        "information": "yes",
        "information_satisfied": "satisfied",
        "suggestions": "",
        "in_person": "yes",
        "documents": "yes",
        "risk_told": "yes",
        "money": "idle",
        "loss": "tenth",
        "self_trading": "yes",
        "promised": "no",
        "password": "own",
    }
    assert talk.nodes[-6:] == ["advice", "promised", "password", "rule", "tip", "thanks"]
    assert "今年十月" in talk.wording


def test_a_good_conversation_is_short() -> None:
    """At 4.5 syllables a second: the demo must end in five minutes."""
    assert 60 < converse(CONTENT).seconds < 150


def test_nothing_is_disclosed_before_the_owner_is_confirmed() -> None:
    talk = converse(["喂", "嗯", "喂"])
    assert talk.result.outcome is Outcome.WRONG_PARTY
    assert talk.private == []
    assert "证券" not in talk.wording
    assert "账户" not in talk.wording


def test_recording_and_automation_are_said_right_after_the_owner_is_confirmed() -> None:
    """S19, S2: firm, staff number, automatic, recorded."""
    node, wording = converse(["我是"]).said[1]
    assert node == "intro"
    for part in ("示例证券", "自动", "八零一二", "录音"):
        assert part in wording


def test_owner_whose_manager_trades_and_shares_profit() -> None:
    """S7: recorded, not judged; the questions stay the same whatever is said."""
    replies = [
        *OPENING,
        *BEFORE_S7,
        "不是我本人操作",
        "是客户经理",
        "从今年三月开始一直是他代客操作",
        "口头约定",
        "有约定",
        "都是他决定",
        "赚了钱我们三七分成",
        *AFTER_S7,
    ]
    talk = converse(replies)
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.mandatory_done
    assert {
        name: talk.values[name] for name in ("self_trading", "delegate", "form", "sharing", "decides")
    } == {
        "self_trading": "no",
        "delegate": "manager",
        "form": "oral",
        "sharing": "yes",
        "decides": "delegate",
    }
    asked = ["delegate", "since", "form", "sharing", "decides", "details", "promised", "password"]
    assert talk.nodes[-11:] == [*asked, "rule", "tip", "thanks"]


def test_another_delegate_is_warned_of_the_risk() -> None:
    talk = converse([*OPENING, *BEFORE_S7, "不是", "我老公", *AFTER_S7])
    assert talk.nodes[-6:] == ["warning", "promised", "password", "rule", "tip", "thanks"]


def test_dissatisfied_owner_says_why() -> None:
    talk = converse(
        [*OPENING, "对", "知道", "教过", "不满意", "打电话总是没人接", "没有", "希望换人", *CONTENT[9:]]
    )
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.values["satisfied"] == "dissatisfied"
    assert "reason" in talk.values


def test_owner_who_answers_by_keys() -> None:
    talk = converse(["我就是", *"1111212", "没有", *"11113121"])
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.mandatory_done
    keyed = [answer for answer in talk.result.answers if answer.how == "key"]
    assert len(keyed) == 15
    assert talk.values["satisfied"] == "satisfied"


def test_a_key_proves_no_identity() -> None:
    talk = converse(["1", "1", "1"])
    assert not talk.result.owner_confirmed
    assert talk.result.outcome is Outcome.WRONG_PARTY


@pytest.mark.parametrize(
    "replies",
    [
        ["不是你打错了", "不知道"],
        ["不是", "他晚上八点在"],
        ["我不是他", SILENT],
        ["我是他爱人", "不清楚"],
        ["你打错了", "没有这个人"],
    ],
)
def test_not_the_owner(replies: list[str]) -> None:
    talk = converse(replies)
    assert talk.result.outcome is Outcome.WRONG_PARTY
    assert talk.private == []
    assert talk.nodes[-1] == "neutral_goodbye"


def test_who_is_not_understood_at_all_is_called_at_another_time() -> None:
    """S14, A2: doubt counts as somebody else, and is no denial."""
    talk = converse(["什么事", "你是谁", "喂", "嗯", "喂", "嗯"])
    assert talk.result.outcome is Outcome.UNHEARD
    assert talk.private == []
    assert talk.nodes[-1] == "not_heard"


def test_two_questions_in_a_row_not_understood_end_the_call() -> None:
    talk = converse(["我是", "方便", *["外面在下雨"] * 6])
    assert talk.result.outcome is Outcome.UNHEARD
    assert talk.result.owner_confirmed
    assert talk.nodes[-3:] == ["opened", "knows_manager", "not_heard"]


def test_a_question_not_understood_ends_nothing_by_itself() -> None:
    talk = converse(["我是", "方便", *["外面在下雨"] * 3, "知道", *["外面在下雨"] * 3, "满意"])
    assert "not_heard" not in talk.nodes


def test_an_owner_who_was_not_heard_is_told_what_to_say() -> None:
    talk = converse(["喂", "嗯", "我九十百人没有错", "方便"])
    assert talk.said[2] == ("is_owner", "您是张伟的话，请说，我就是本人，没有错。")
    assert talk.result.owner_confirmed


def test_when_the_owner_can_be_reached_is_filed() -> None:
    talk = converse(["不是", "他晚上八点在", "对"])
    assert "今天晚上八点" in talk.wording
    assert talk.values["reach_owner"] == NOW.replace(hour=20, minute=0).isoformat()
    assert talk.result.appointment == NOW.replace(hour=20, minute=0)
    assert talk.result.outcome is Outcome.WRONG_PARTY


@pytest.mark.parametrize("first", ["在的", "稍等", "在呢我叫他"])
def test_landline_calls_the_owner_to_the_telephone(first: str) -> None:
    """S2."""
    talk = converse([first, "是的", "方便"], landline=True)
    assert talk.nodes[:4] == ["is_in", "wait_owner", "is_owner_now", "intro"]
    assert talk.told_before_owner == []


def test_landline_owner_speaks() -> None:
    assert converse(["我就是"], landline=True).nodes[:2] == ["is_in", "intro"]


def test_landline_owner_is_out() -> None:
    talk = converse(["他不在", "明天上午十点", "1"], landline=True)
    assert talk.result.outcome is Outcome.WRONG_PARTY
    assert talk.values == {"is_in": "away", "reach_owner": tomorrow(10).isoformat()}


@pytest.mark.parametrize("after", range(len(CONTENT)))
def test_customer_hangs_up_in_mid_conversation(after: int) -> None:
    talk = converse([*CONTENT[:after], HANGS_UP])
    assert talk.result.outcome is Outcome.HUNG_UP
    assert talk.result.owner_confirmed is (after > 0)


def test_questions_without_their_slot_are_left_out() -> None:
    replies = [*OPENING, "教过", "满意", "没有", "没有了", *CONTENT[9:]]
    talk = converse(replies, slots=example_slots(NEW_ACCOUNT, manager="", opened_month=""))
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.mandatory_done
    assert not {"opened", "knows_manager"} & set(talk.values)


def test_a_slot_that_is_not_optional_must_have_its_text() -> None:
    slots = example_slots(NEW_ACCOUNT, firm="")
    with pytest.raises(ScriptError, match="firm"):
        Session.begin(NEW_ACCOUNT, slots, NOW, landline=False, apologise=False)
