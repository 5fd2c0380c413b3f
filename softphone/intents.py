"""What a customer may be up to in a call, and what he then says. Tables only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from ivr.values import Outcome, Result, Unwilling


class Intent(StrEnum):
    """What the call is to come to, if the customer is understood."""

    ANSWERS = "answers"
    KEYS = "keys"
    NOT_NOW = "not_now"
    NOT_NOW_AT = "not_now_at"
    SKIPS = "skips"
    MACHINE = "machine"
    PAUSES = "pauses"
    PERSON = "person"
    REFUSES = "refuses"
    NEVER = "never"
    COMPLAINT = "complaint"
    DIALECT = "dialect"
    HANGS_UP = "hangs_up"
    STRANGER = "stranger"
    LANDLINE = "landline"
    AWAY = "away"
    SILENT_CALL = "silent_call"
    NOISE_CALL = "noise_call"


LANDLINES = frozenset({Intent.LANDLINE, Intent.AWAY})
"""These are called on a landline (S2)."""
STRANGERS = frozenset({Intent.STRANGER, Intent.AWAY})
"""Somebody else answers (A2)."""
TWICE = frozenset({Intent.SILENT_CALL, Intent.NOISE_CALL})
"""The first call meets silence, or noise without a word; the next one opens with an apology (D8)."""
ONCE = frozenset({Intent.MACHINE, Intent.PAUSES})
"""The customer does so once, then answers, noticed or not."""

WISHES: Mapping[Intent, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        Intent.NOT_NOW: (
            ("我在忙。", "现在没时间。", "我现在没空。"),
            ("在开会。", "我正在开会。", "现在没时间。"),
            ("我在开车。", "我正在开车。", "现在没时间。"),
        ),
        Intent.NOT_NOW_AT: (
            ("没空，明天下午三点半再打吧。", "明天下午三点半再打。", "我在忙，明天下午三点半再打。"),
            ("我在忙，后天上午十点再打。", "后天上午十点再打吧。", "没空，后天上午十点再打吧。"),
        ),
        Intent.SKIPS: (
            ("下一个问题。", "这个问题不想回答。", "不想回答这个问题。"),
            ("跳过。", "下一题。", "这个问题不想回答。"),
        ),
        Intent.MACHINE: (("你是机器人吗？",), ("你是真人吗？",)),
        Intent.PERSON: (
            ("转人工。", "请转人工服务。", "我不想跟机器说。"),
            ("我要找人工。", "帮我转人工客服。", "请转人工服务。"),
            ("我不想跟机器说。", "我要人工服务。", "找你们客服。"),
        ),
        Intent.REFUSES: (
            ("我不感兴趣。", "我不想接受回访。", "别问了。"),
            ("别问了。", "我不需要。", "我不想接受回访。"),
        ),
        Intent.NEVER: (
            ("别再打给我。", "以后不要再打了。", "以后别给我打电话。"),
            ("以后不要再打了。", "以后别给我打电话。", "不要再打电话。"),
        ),
        Intent.COMPLAINT: (
            ("我要投诉。", "我要投诉你们。", "我要举报你们。"),
            ("我想投诉。", "我要投诉你们公司。", "我要举报。"),
        ),
        Intent.DIALECT: (
            ("我只会说方言。", "能说方言吗？", "我不会说普通话。"),
            ("能说四川话吗？", "我只会说方言。", "我不会说普通话。"),
        ),
    }
)
"""What is said instead of an answer (A4, D6, S14, S15, S19): one of these, and when asked again the same in
other words, as people who were not understood say it."""

OWNS = (
    ("我就是。", "我是本人。", "我就是本人，没有错。", "我就是{name}。"),
    ("是本人。", "我就是本人。", "我就是本人，没有错。", "对，是我本人。"),
    ("对，我是。", "是的，我就是。", "我就是本人，没有错。", "我是{name}本人。"),
    ("是我本人。", "对，我是本人。", "我就是本人，没有错。", "是的，我是{name}。"),
)
"""Who is asked whether he is the owner, and asked again, differently each time; the third time told what
to say. `{name}` is his."""
LEAVES = "这个我想想，哎呀，我这边有点事情。"
"""Somebody hangs up in its middle (D9)."""
AGREES = ("对的。", "没错。", "是的。")
"""To what is said back."""
DENIES = "不对。"
"""To what is said back and was not said."""
TIMES = ("明天下午三点半。", "后天上午十点。", "下周三下午四点。")
DAYS = ("下周三。", "明天。", "三月二十五号。")
FREE = ("没有了，谢谢。", "都挺好的。", "希望多打电话介绍情况。")
DIGITS = "13800138000139"
"""Numbers are taken from its start: as many digits as a question wants."""


def _completed(result: Result) -> bool:
    return result.outcome is Outcome.COMPLETED


def _noted(note: str) -> Callable[[Result], bool]:
    return lambda result: note in result.notes and result.outcome is not Outcome.HUNG_UP


def _unwilling(kind: Unwilling) -> Callable[[Result], bool]:
    return lambda result: result.unwilling is kind and result.outcome is not Outcome.HUNG_UP


def _agreed(result: Result) -> bool:
    return result.outcome is Outcome.RESCHEDULED and result.appointment is not None


FITS: Mapping[Intent, Callable[[Result], bool]] = MappingProxyType(
    {
        Intent.ANSWERS: _completed,
        Intent.KEYS: lambda result: _completed(result) and any(one.how == "key" for one in result.answers),
        Intent.NOT_NOW: _agreed,
        Intent.NOT_NOW_AT: _agreed,
        Intent.SKIPS: lambda result: (
            _completed(result) and any(one.value == "declined" for one in result.answers)
        ),
        Intent.MACHINE: lambda result: _completed(result) and "asked_machine" in result.notes,
        Intent.PAUSES: _completed,
        Intent.PERSON: _unwilling(Unwilling.NOT_A_MACHINE),
        Intent.REFUSES: lambda result: result.outcome is Outcome.REFUSED and result.unwilling is None,
        Intent.NEVER: _unwilling(Unwilling.NEVER),
        Intent.COMPLAINT: _noted("complaint"),
        Intent.DIALECT: _noted("dialect"),
        Intent.HANGS_UP: lambda result: result.outcome is Outcome.HUNG_UP,
        Intent.STRANGER: lambda result: result.outcome is Outcome.WRONG_PARTY,
        Intent.LANDLINE: _completed,
        Intent.AWAY: lambda result: result.outcome is Outcome.WRONG_PARTY,
        Intent.SILENT_CALL: _completed,
        Intent.NOISE_CALL: _completed,
    }
)
"""What a conversation with each intent comes to."""
