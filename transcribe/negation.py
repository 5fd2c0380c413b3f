"""Whether what was said is affirmed, negated, or cannot be told. Pure.

Three values, because 没 is what recognisers mishear.
"""

from __future__ import annotations

import re

AFFIRMED, NEGATED, UNCLEAR = "affirmed", "negated", "unclear"

_NEAR = 8
"""Characters before a phrase in which a negator governs it."""
_BEHIND = 4


def _any(*words: str) -> re.Pattern[str]:
    """Any of these words; each may be a pattern."""
    return re.compile("|".join(words))


_HARMLESS = _any(
    *("不好意思", "没有?问题", "没错", "不错", "没关系", "没事", "不但", "不仅", "不光", "不止", "没想到"),
    *("不知道", "不清楚", "不用说", "差不多", "要不", "不过", "不满意?"),
)
"""What holds 不 or 没 and negates nothing that follows."""
_BEFORE = _any(
    *("谁(?:能|敢|会)", "没有", "没人?", "未(?!来)", "别(?!人|的)", "禁止", "杜绝", "拒绝", "哪里?有"),
    *("不(?:允许|准|能|会|让|可以?|许|是|想|要|给|跟)", "不(?=.?$)"),
)
"""What negates words that follow; a bare 不 reaches no further than the next one."""
_TURN = _any(
    *(
        "(?:我|自己|本人|操作|买卖?|做|炒|弄|签)的?是$",
        "就让",
        "才让",
        "都是",
        "就是",
        "是[他她它客经]",
        "一直",
        "其实",
        "确实",
        "但",
        "不过",
        "只是",
        "后来",
        "所以",
        "因为",
    )
)
"""Behind these a new clause begins, which the negator does not reach."""
_SUBJECT = _any("[他她它]", "经理")
_AFTER = _any(
    *(
        "没有(?!问题|少|错)",
        "没(?=说|约|签|这|听)",
        "[是的]没有",
        "不是的",
        "不存在",
        "不可能",
        "是不",
        "是?违[规法]",
    ),
    "[都也可是被]*(?:不行|不允许|不可以|禁止)",
)
_ASKING = _any("是不是", "有没有", "什么是", "什么叫", "是否")
_MISHEARD = _any("[们美每梅妹煤][又有油友]")
"""How 没有 comes out of a telephone."""
_PLAIN_ANSWER = ("没有", "不是", "没", "不")


def negation(text: str, start: int, end: int) -> str:
    """How the words `text[start:end]` are meant: "affirmed", "negated" or "unclear".

    没有人代我操作 is negated, 没有都是他代我操作 affirmed; 没有他代我操作 may be either without its comma.
    """
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _BEHIND]
    if _ASKING.search(before):
        return UNCLEAR
    governed = _governed(before, text[start : start + 2], opening=start <= _NEAR)
    if governed is not None:
        return governed
    if _AFTER.match(after):
        return NEGATED
    return UNCLEAR if _MISHEARD.search(before) else AFFIRMED


def _governed(before: str, begins: str, *, opening: bool) -> str | None:
    """What stands before a phrase that begins so makes of it; None: nothing."""
    blanked = _HARMLESS.sub(lambda match: "　" * len(match.group()), before)
    negators = list(_BEFORE.finditer(blanked))
    if not negators:
        return None
    between = blanked[negators[-1].end() :]
    if _TURN.search(between) or _TURN.match(begins):
        return None
    whole_answer = opening and negators[-1].start() == 0 and negators[-1].group() in _PLAIN_ANSWER
    return UNCLEAR if whole_answer and _SUBJECT.match(between) else NEGATED
