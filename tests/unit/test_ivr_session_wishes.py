"""Other wishes than answers: another time, refusal, questions back (S3, S14, S19, A2, A4, D6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ivr.values import (
    Outcome,
    Unwilling,
)
from tests.conversations import BEFORE_S7, CONTENT, OPENING, SILENT, converse, tomorrow


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
    nobody = ("nobody_free",) if note in ("wants_person", "dialect") else ()
    assert talk.result.notes == (*((note,) if note else ()), *nobody)
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
    talk = converse([*OPENING, *BEFORE_S7, "为什么问这个", *CONTENT[14:]])
    assert "用于服务情况统计" in talk.wording
    assert talk.result.outcome is Outcome.COMPLETED


def test_counter_questions_come_to_an_end() -> None:
    talk = converse(["是的", *["你再说一遍"] * 60])
    assert talk.result.outcome is Outcome.UNHEARD
    assert "not_understood" in talk.result.notes
