"""A script's prompts as a persona's questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr import loader
from softphone.vocabulary import HELLO, STATEMENT, by_wording, questions_of

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
        ("那您什么时候方便？请说哪天几点。", "when_stranger"),
        ("我们再打给您，对吗？", "when.confirm"),
        ("您好，听得到吗？", HELLO),
        ("我是自动语音系统。", STATEMENT),
        ("感谢您的配合，再见。", STATEMENT),
    ],
)
def test_each_prompt_asks_its_nodes_question(wording: str, question: str) -> None:
    assert wording in QUESTIONS[question]
    assert by_wording(SCRIPT, SLOTS)[wording] == question


def test_nodes_that_share_a_wording_are_one_question() -> None:
    assert not {"is_owner_now", "when"} & QUESTIONS.keys()


def test_pieces_of_a_time_and_prompts_without_their_slot_are_no_questions() -> None:
    wordings = by_wording(SCRIPT, {"name": "张三"})
    assert not any("{" in wording or ("上午" in wording and len(wording) < 8) for wording in wordings)
