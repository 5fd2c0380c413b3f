"""Conversations of the new-account script, in text (S2-S4, S7, S8, S19, A2, A4, D6, D8, D9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from base.clock import SHANGHAI
from base.errors import ScriptError
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
    Unwilling,
)
from tests.conversations import HANGS_UP, NEW_ACCOUNT, NOW, SILENT, converse, example_slots

CONTENT = [
    "是的我就是",
    "方便",
    "对的",
    "知道",
    "教过的",
    "很满意",
    "收到过",
    "满意",
    "没有了谢谢",
    "都是我自己操作",
]
OPENING = ["是的", "方便"]
BEFORE_S7 = ["对的", "知道", "教过", "满意", "没有", "没什么建议"]


def tomorrow(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 26, hour, minute, tzinfo=SHANGHAI)


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
        "self_trading": "yes",
    }
    assert talk.nodes[-4:] == ["advice", "rule", "tip", "thanks"]
    assert "今年十月" in talk.wording


def test_a_good_conversation_is_short() -> None:
    """At 4.5 syllables a second: the demo must end in five minutes."""
    assert 60 < converse(CONTENT).seconds < 110


def test_nothing_is_disclosed_before_the_owner_is_confirmed() -> None:
    talk = converse(["喂", "嗯"])
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
    assert talk.nodes[-8:] == ["delegate", "since", "form", "sharing", "decides", "details", "tip", "thanks"]


def test_another_delegate_is_warned_of_the_risk() -> None:
    talk = converse([*OPENING, *BEFORE_S7, "不是", "我老公"])
    assert talk.nodes[-3:] == ["warning", "tip", "thanks"]


def test_dissatisfied_owner_says_why() -> None:
    talk = converse(
        [*OPENING, "对", "知道", "教过", "不满意", "打电话总是没人接", "没有", "希望换人", "是的"]
    )
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.values["satisfied"] == "dissatisfied"
    assert "reason" in talk.values


def test_owner_who_answers_by_keys() -> None:
    talk = converse(["我就是", "1", "1", "1", "1", "2", "1", "2", "没有", "1"])
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.mandatory_done
    keyed = [answer for answer in talk.result.answers if answer.how == "key"]
    assert len(keyed) == 8
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
        ["什么事", "你是谁", "喂", "嗯"],
    ],
)
def test_not_the_owner(replies: list[str]) -> None:
    talk = converse(replies)
    assert talk.result.outcome is Outcome.WRONG_PARTY
    assert talk.private == []
    assert talk.nodes[-1] == "neutral_goodbye"


def test_when_the_owner_can_be_reached_is_filed() -> None:
    talk = converse(["不是", "他晚上八点在"])
    assert talk.values["reach_owner"] == NOW.replace(hour=20, minute=0).isoformat()


@pytest.mark.parametrize(
    ("replies", "when"),
    [
        (["是的", "现在不方便", "明天下午三点半", "对的"], tomorrow(15, 30)),
        (["是的", "没空明天下午三点半再打", "好的"], tomorrow(15, 30)),
        (["是的", "明天下午三点半再打吧", "可以"], tomorrow(15, 30)),
        (["是的", "不方便", "明天吧", "明天下午三点半", "对"], tomorrow(15, 30)),
        (["是的", "不方便", "明天", "就明天", "对"], tomorrow(15, 30)),
        (["是的", "不方便", "明天下午三点", "不对", "明天下午四点", "对"], tomorrow(16)),
        (["是的", "不方便", "明天下午三点", "明天下午四点", "对"], tomorrow(16)),
        (["是的", "不方便", "明天下午三点", "啊", "对"], tomorrow(15)),
        (["是的", "不方便", "明天下午三点", "1"], tomorrow(15)),
        (["是的", "不方便", "明天下午三点", "2", "明天下午四点", "1"], tomorrow(16)),
        (["是的", "不方便", SILENT, "明天上午十点", "对"], tomorrow(10)),
        (["是的", "方便", "对", "我在开会", "明天上午十点", "对"], tomorrow(10)),
    ],
)
def test_another_time_is_said_back_and_confirmed(replies: list[str], when: datetime) -> None:
    """D6, S3."""
    talk = converse(replies)
    assert talk.result.outcome is Outcome.RESCHEDULED
    assert talk.result.appointment == when
    assert talk.result.unwilling is Unwilling.NOT_NOW


@pytest.mark.parametrize(
    "replies",
    [
        ["是的", "不方便", "明天下午三点", "不对", "不对", "不对", "不对"],
        ["是的", "不方便", "随便", "都行", "随便"],
        ["是的", "不方便"],
        ["是的", "不方便", "明天下午三点", SILENT, SILENT, SILENT],
        ["是的", "不方便", *[f"明天下午{hour}点" for hour in "一二三四五六"]],
    ],
)
def test_no_time_is_kept_that_was_not_confirmed(replies: list[str]) -> None:
    talk = converse(replies)
    assert talk.result.outcome is Outcome.RESCHEDULED
    assert talk.result.appointment is None
    assert talk.nodes[-1] == "another_day"


def test_an_appointment_is_moved_into_the_hours_of_calls() -> None:
    talk = converse(
        ["是的", "不方便", "明天上午九点", "对"], open_windows=lambda wish: max(wish, wish.replace(hour=15))
    )
    assert talk.result.appointment == tomorrow(15)
    assert "明天下午三点我们再打给您" in talk.wording


def test_a_time_beyond_what_can_be_said_back_is_asked_again() -> None:
    talk = converse(
        ["是的", "不方便", "明天上午九点", "后天"], open_windows=lambda wish: wish + timedelta(days=30)
    )
    assert talk.result.appointment is None


def test_who_answers_and_has_no_time_is_called_again_without_a_word_of_the_matter() -> None:
    talk = converse(["我在开会", "明天下午三点半", "对"])
    assert talk.result.outcome is Outcome.RESCHEDULED
    assert talk.result.appointment == tomorrow(15, 30)
    assert not talk.result.owner_confirmed
    assert talk.private == []


@pytest.mark.parametrize(
    ("reply", "outcome", "unwilling", "note"),
    [
        ("我不想回答", Outcome.REFUSED, None, None),
        ("不需要", Outcome.REFUSED, None, None),
        ("以后别再打了", Outcome.REFUSED, Unwilling.NEVER, None),
        ("转人工", Outcome.HANDED_OVER, Unwilling.NOT_A_MACHINE, "wants_person"),
        ("我要投诉", Outcome.HANDED_OVER, None, "complaint"),
        ("你会说广东话吗", Outcome.HANDED_OVER, None, "dialect"),
        ("你打错了", Outcome.WRONG_PARTY, None, None),
    ],
)
@pytest.mark.parametrize("before", range(1, 8))
def test_other_wishes_are_heard_at_every_question(
    before: int, reply: str, outcome: Outcome, unwilling: Unwilling | None, note: str | None
) -> None:
    """A4, S8, S14, S15."""
    talk = converse([*CONTENT[:before], reply, "不知道"])
    assert talk.result.outcome is outcome
    assert talk.result.unwilling is unwilling
    assert talk.result.notes == ((note,) if note else ())
    assert not talk.result.mandatory_done


def test_wrong_person_found_out_late_is_no_owner() -> None:
    talk = converse(["是的", "方便", "你打错了", "不知道"])
    assert not talk.result.owner_confirmed
    after = [node for node, _ in talk.said][talk.nodes.index("reach_owner") :]
    assert after == ["reach_owner", "neutral_goodbye"]


def test_a_question_may_be_declined() -> None:
    talk = converse([*CONTENT[:5], "这个问题不想回答", *CONTENT[6:]])
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.values["satisfied"] == "declined"
    assert talk.result.unwilling is Unwilling.NOT_THIS_QUESTION
    assert not talk.result.mandatory_done


def test_are_you_a_machine_gets_the_truth_and_the_question_again() -> None:
    """S19."""
    talk = converse(["是的", "方便", "你是机器人吗", *CONTENT[2:]])
    node, wording = talk.said[4]
    assert node == "opened"
    assert wording.startswith("我是自动语音系统。")
    assert "开户时间" in wording
    assert talk.result.notes == ("asked_machine",)
    assert talk.result.outcome is Outcome.COMPLETED


def test_who_is_calling_is_told_to_the_owner_only() -> None:
    before, after = converse(["你是谁", "是的"]), converse(["是的", "你们是哪里的"])
    assert "这个电话找张伟本人" in before.said[1][1]
    assert before.told_before_owner == []
    assert "这里是示例证券" in after.said[3][1].split("。")[0]


def test_why_gets_the_approved_sentence() -> None:
    """S7."""
    talk = converse([*OPENING, *BEFORE_S7, "为什么问这个", *CONTENT[9:]])
    assert "用于服务情况统计" in talk.wording
    assert talk.result.outcome is Outcome.COMPLETED


def test_counter_questions_come_to_an_end() -> None:
    talk = converse(["是的", *["你再说一遍"] * 60])
    assert talk.result.outcome is Outcome.COMPLETED or talk.result.outcome is Outcome.SILENT
    assert "not_understood" in talk.result.notes


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


@pytest.mark.parametrize("first", ["在的", "稍等", "在呢我叫他"])
def test_landline_calls_the_owner_to_the_telephone(first: str) -> None:
    """S2."""
    talk = converse([first, "是的", "方便"], landline=True)
    assert talk.nodes[:4] == ["is_in", "wait_owner", "is_owner_now", "intro"]
    assert talk.told_before_owner == []


def test_landline_owner_speaks() -> None:
    assert converse(["我就是"], landline=True).nodes[:2] == ["is_in", "intro"]


def test_landline_owner_is_out() -> None:
    talk = converse(["他不在", "明天上午十点"], landline=True)
    assert talk.result.outcome is Outcome.WRONG_PARTY
    assert talk.values == {"is_in": "away", "reach_owner": tomorrow(10).isoformat()}


@pytest.mark.parametrize("after", range(10))
def test_customer_hangs_up_in_mid_conversation(after: int) -> None:
    talk = converse([*CONTENT[:after], HANGS_UP])
    assert talk.result.outcome is Outcome.HUNG_UP
    assert talk.result.owner_confirmed is (after > 0)


def test_questions_without_their_slot_are_left_out() -> None:
    replies = [*OPENING, "教过", "满意", "没有", "没有了", "是的"]
    talk = converse(replies, slots=example_slots(NEW_ACCOUNT, manager="", opened_month=""))
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.mandatory_done
    assert not {"opened", "knows_manager"} & set(talk.values)


def test_a_slot_that_is_not_optional_must_have_its_text() -> None:
    slots = example_slots(NEW_ACCOUNT, firm="")
    with pytest.raises(ScriptError, match="firm"):
        Session.begin(NEW_ACCOUNT, slots, NOW, landline=False, apologise=False)


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
    assert actions == (Listen("is_owner", 0.6, 5.0, 12.0),)
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
    for happening in (PlayEnded(3.0), Said(Heard("不是"), 3.0, 4.0), PlayEnded(5.0), Silence(10.0)):
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
