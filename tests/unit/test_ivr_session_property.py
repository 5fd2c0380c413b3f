"""Whatever customers do, a conversation ends, and says nothing private before the owner is confirmed (A2)."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.loader import load
from ivr.script import Script
from ivr.state import ENOUGH, ENOUGH_PER_NODE
from ivr.values import Outcome
from tests.conversations import HANGS_UP, SILENT, converse, example_slots

WORDS = """
    是的 对 我就是 不是 方便 没空 知道 没有 不满意 一般 他帮我 客户经理 明天下午三点半 明天 天气很好
    你是机器人吗 你是谁 为什么问这个 再说一遍 我要投诉 转人工 跳过 打错了 不需要 别再打了
    会说广东话吗 1 2 9 #
"""
REPLIES = st.sampled_from([*WORDS.split(), SILENT, HANGS_UP])
FOLDER = Path(__file__).parents[2] / "config" / "scripts"
SCRIPTS = st.sampled_from([load(path) for path in sorted(FOLDER.glob("*.yaml"))])


@settings(max_examples=150, deadline=None)
@given(
    script=SCRIPTS,
    replies=st.lists(REPLIES, max_size=60),
    landline=st.booleans(),
    apologise=st.booleans(),
    manager=st.sampled_from(["王芳", ""]),
)
def test_every_conversation_ends_and_keeps_its_secrets(
    script: Script, replies: list[str], landline: bool, apologise: bool, manager: str
) -> None:
    slots = example_slots(script, manager=manager)
    talk = converse(replies, script=script, slots=slots, landline=landline, apologise=apologise)
    assert len(talk.said) <= ENOUGH + ENOUGH_PER_NODE * len(script.nodes)
    assert talk.told_before_owner == []
    assert "{" not in talk.wording
    if talk.result.outcome is Outcome.COMPLETED:
        assert talk.result.owner_confirmed
    if talk.result.appointment is not None:
        assert talk.result.outcome in (Outcome.RESCHEDULED, Outcome.WRONG_PARTY, Outcome.HUNG_UP)


@settings(max_examples=30, deadline=None)
@given(script=SCRIPTS, reply=REPLIES, landline=st.booleans())
def test_the_same_reply_for_ever_comes_to_an_end(script: Script, reply: str, landline: bool) -> None:
    talk = converse([reply] * 300, script=script, landline=landline)
    assert len(talk.said) <= ENOUGH + ENOUGH_PER_NODE * len(script.nodes)
    assert talk.told_before_owner == []
