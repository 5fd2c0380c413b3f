"""What is answered in the special calls, the risk questionnaire and the after-sales call, by question."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ivr.loader import load
from ivr.script import Ask, Script
from tests.conversations import ByNode, Conversation, converse, example_slots

SCRIPTS = Path(__file__).parents[1] / "config" / "scripts"
NAMES = (
    *("special_complaint", "special_contract", "special_ended", "special_questions"),
    *("risk_questionnaire", "after_sales"),
)
TALKS: Mapping[str, Script] = {name: load(SCRIPTS / f"{name}.yaml") for name in NAMES}

Replies = dict[str, str | tuple[str, ...]]

_SCORE = TALKS["risk_questionnaire"].score
SCORED = _SCORE.questions if _SCORE else ()
"""The twelve questions (S12)."""

_SHARED: Replies = {
    "is_owner": "是的我就是",
    "convenient": "方便",
    "when": ("明天下午三点半", "对的"),
    "reach_owner": "不清楚",
}
SPOKEN: Mapping[str, Replies] = {
    "special_complaint": {
        "carried_out": "已经办好了",
        "not_done": "还有一笔没退",
        "pleased": "满意",
        "displeased": "时间太长了",
        "left_open": "没有了",
        "open_matter": "还差一笔钱",
    },
    "special_contract": {
        "aware": "知道的",
        "own_account": "我从来没签过",
        "commission": "对的",
        "commission_differs": "说好是万分之二",
        "adviser": "是他",
        "adviser_differs": "是王芳",
        "term": "没错",
        "term_differs": "是两年",
        "agreed": "我自己同意的",
        "explained": "讲清楚了",
        "differs": "没有",
        "differs_in": "费用不一样",
    },
    "special_ended": {
        "ended": "已经终止了",
        "own_account": "我还在用",
        "own_wish": "是我自己决定的",
        "reasons": "收益太低",
        "reason": "一年下来没赚到钱",
        "settled": "都办清了",
        "unsettled": "还有一笔费用没退",
        "wishes": "希望多提示风险",
    },
    "special_questions": {
        "question1": "挺好用的",
        "question2": "看短信",
        "question3": "怎么看财务报表",
        "more": "没有了",
    },
    "risk_questionnaire": {
        "idle_money": "买基金",
        "share": "一半左右",
        "experience": "股票和基金",
        "deliberation": "好几天",
        "odds": "第二种",
        "inside_tip": "我不信",
        "gain": "卖一部分",
        "fall": "再等等",
        "information": "债券基金和股票",
        "purpose": "为了养老",
        "fund_risk": "会亏一点",
        "fund_fall": "先拿着",
        "level_very_low": "认可",
        "level_low": "认可",
        "level_medium": "认可",
        "level_high": "认可",
        "confirmed": "认可",
        "dispute": "我比这个谨慎",
    },
    "after_sales": {
        "product_works": "挺正常的",
        "works": "正常",
        "trouble": "老是死机",
        "solved": "都解决了",
        "unsolved_matter": "网线还没接好",
        "served": "非常满意",
        "badly_served": "来得太晚",
        "asks": "没有",
        "matter": "怎么导出数据",
        "subject": "怎么使用",
        "about_use": "对的",
        "about_repair": "对的",
        "about_fees": "对的",
        "about_other": "对的",
        "matter_again": "是发票的事",
        "answer_by": ("下周三", "可以"),
    },
}
"""What a customer says who has nothing to complain of; and at the other questions, should they come."""

DETOURS: Mapping[str, Mapping[str, Replies]] = {
    "special_complaint": {
        "not_done": {"carried_out": "还没落实"},
        "displeased": {"pleased": "不满意"},
        "open_matter": {"left_open": "还有"},
    },
    "special_contract": {
        "own_account": {"aware": "我不知道"},
        "commission_differs": {"commission": "不对"},
        "adviser_differs": {"adviser": "不是他"},
        "term_differs": {"term": "不对"},
        "differs_in": {"differs": "有出入"},
    },
    "special_ended": {
        "own_account": {"ended": "没有终止"},
        "unsettled": {"settled": "还没办清"},
    },
    "special_questions": {},
    "risk_questionnaire": {"dispute": {"confirmed": "不认可"}},
    "after_sales": {
        "trouble": {"product_works": "坏了"},
        "unsolved_matter": {"solved": "还没解决"},
        "badly_served": {"served": "不满意"},
        "matter": {"asks": "有"},
        "subject": {"asks": "有"},
        "about_use": {"asks": "有"},
        "about_repair": {"asks": "有", "subject": "维修"},
        "about_fees": {"asks": "有", "subject": "费用"},
        "about_other": {"asks": "有", "subject": "其他"},
        "matter_again": {"asks": "有", "about_use": "不对"},
        "answer_by": {"asks": "有"},
    },
}
"""What has to be answered otherwise for a question to come at all, besides the slots in `SLOTS`."""

SLOTS: Mapping[str, Mapping[str, str]] = {
    "works": {"product": ""},
    **{f"level_{band}": {"say_level": "告知"} for band in ("very_low", "low", "medium", "high")},
    "confirmed": {"say_level": ""},
    "dispute": {"say_level": ""},
}
"""Slots that a question needs to have, or not to have."""


LEVELS: Mapping[str, str] = {
    "level_very_low": "111111111111",
    "level_low": "222222222222",
    "level_medium": "333333333332",
    "level_high": "333333333333",
}
"""Keys pressed at the twelve questions for each level."""


def questions(name: str) -> list[str]:
    """The script's own questions that the ways lead to, in order."""
    return list(SPOKEN[name])


@lru_cache
def _keys(name: str) -> Replies:
    """The keys for what `SPOKEN` says: quicker where another question is what matters."""
    script, keys = TALKS[name], Replies()
    for answer in talk(name).result.answers:
        node = script.nodes[answer.question]
        if isinstance(node, Ask) and not node.confirms_owner and answer.value in node.options:
            keys[answer.question] = str(node.options[answer.value].key)
    return keys


def keyed(keys: str) -> Replies:
    """The questionnaire answered by keys; its question of several answers ends with #."""
    pressed: Replies = dict(zip(SCORED, keys, strict=True))
    return pressed | {"information": (str(pressed["information"]), "#")}


def talk(name: str, question: str = "", /, **changes: str | tuple[str, ...]) -> Conversation:
    """A conversation that comes by `question`; `changes` are other replies, by question."""
    detour = DETOURS[name].get(question, {})
    replies = _SHARED | SPOKEN[name] | (_keys(name) if question else {}) | detour | changes
    if question and question not in changes:
        replies[question] = SPOKEN[name][question]
    if question in LEVELS:
        replies |= keyed(LEVELS[question]) | changes
    slots = example_slots(TALKS[name], **{"say_level": ""} if not question else SLOTS.get(question, {}))
    return converse(ByNode(replies), script=TALKS[name], slots=slots)
