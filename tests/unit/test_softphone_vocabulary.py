"""A script's prompts as a persona's questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr import loader
from softphone.vocabulary import HELLO, STATEMENT, asked, questions_of

SCRIPT = loader.load(Path(__file__).parents[2] / "config" / "scripts" / "new_account.yaml")
SLOTS = {
    "name": "张三",
    "firm": "示例证券",
    "seat": "八零一二",
    "manager": "王芳",
    "opened_month": "今年三月",
}
QUESTIONS = questions_of(SCRIPT, SLOTS)


@pytest.mark.parametrize(
    ("wording", "question"),
    [
        ("您好，请问您是张三本人吗？", "is_owner"),
        ("抱歉没听清，请问接电话的是张三本人吗？", "is_owner"),
        ("您好，上次通话没有声音，很抱歉。请问您是张三本人吗？", "is_owner"),
        ("方便请按一，不方便请按二。", "convenient"),
        ("那您什么时候方便？请说哪天几点。", "when"),
        ("我们再打给您，对吗？", "when.confirm"),
        ("您好，听得到吗？", HELLO),
        ("我是自动语音系统。", STATEMENT),
        ("感谢您的配合，再见。", STATEMENT),
    ],
)
def test_each_prompt_asks_its_nodes_question(wording: str, question: str) -> None:
    assert wording in QUESTIONS[question]
    assert asked(QUESTIONS, wording, "") == question


def test_what_is_wrongly_said_back_is_a_question_without_words_of_its_own() -> None:
    assert QUESTIONS["when.wrong"] == ()


def test_of_questions_that_share_a_wording_the_one_asked_before_is_meant() -> None:
    again = "请先说哪一天，比如明天，或者下周三。"
    assert {again in QUESTIONS[name] for name in ("when", "when_stranger")} == {True}
    assert asked(QUESTIONS, again, "when") == "when"
    assert asked(QUESTIONS, again, "satisfied") == "when_stranger"
    assert asked(QUESTIONS, "没有这句话。", "when") == ""
    offered = "都不方便请按零。"
    assert [asked(QUESTIONS, offered, before) for before in ("when", "when.confirm")] == ["when.keys"] * 2


def test_pieces_of_a_time_and_prompts_without_their_slot_are_no_questions() -> None:
    wordings = [one for known in questions_of(SCRIPT, {"name": "张三"}).values() for one in known]
    assert not any("{" in wording or ("上午" in wording and len(wording) < 8) for wording in wordings)
