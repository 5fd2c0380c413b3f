"""How each kind of call ends, with a changed number on the way or a person; what it never says or promotes.

S8, S14, S15, S18; A2, A3; C3.
"""

from __future__ import annotations

from random import Random

import pytest

from ivr.script import SLOT, Ask, HandOver, prompts
from ivr.values import Outcome, Transfer
from tests.conversations import HANGS_UP, SILENT, converse, example_slots
from tests.talks import Talk, cases, script_of
from tests.unit.test_ivr_talks_a import NAMES, nth_key
from tests.unit.test_ivr_talks_a_rules import CONTENT, OPENING, ORDER, content

# --- a changed number (C3) ---------------------------------------------------------------------------------

NEW_NUMBER = {"new_number": "幺三八零零幺三八零零幺"}


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_number_is_asked_at_the_end_and_said_back(name: str) -> None:
    """A request: filed as an answer and a note, after a yes; nothing is changed."""
    every = {**CONTENT, "opened": "对", "knows_manager": "知道", "shown": "教过"}
    talk = content(name).on("我换号码了").to_end(every | NEW_NUMBER)
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.notes == ("changed_number",)
    assert talk.values["new_number"] == "13800138001"
    words = talk.wording[talk.wording.index("请您说一下新的电话号码。") :]
    assert "新号码是" in words
    assert "已经登记，我们核实以后再更改。" in words


def test_a_number_that_is_not_confirmed_is_not_filed() -> None:
    talk = content("adviser_continuing").on("我换号码了")
    while talk.session.node != "new_number":
        talk = talk.on(CONTENT[talk.session.node])
    talk = talk.on("幺三八零零幺三八零零幺", "不对", "一三九零零幺三八零零幺", "不对").to_end()
    assert talk.values["new_number"] in ("not_understood", "no_answer")
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.notes[0] == "changed_number"


def test_a_number_may_be_keyed() -> None:
    talk = content("adviser_continuing").on("以后打另一个号码")
    while talk.session.node != "new_number":
        talk = talk.on(CONTENT[talk.session.node])
    assert talk.on(*"13800138001", "#", "1").to_end().values["new_number"] == "13800138001"


@pytest.mark.parametrize("name", NAMES)
def test_nobody_else_is_asked_for_a_number(name: str) -> None:
    """A2, C3: who is not confirmed hears our question again."""
    talk = Talk.begin(script_of(name)).on("我换号码了")
    assert talk.session.node == "is_owner"
    assert "号码" not in talk.wording
    assert "new_number" not in talk.on("我不是").to_end(other="不知道").values


# --- to a person, endings (S8, S14, S15, S18) ---------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("wish", "says"), [("转人工", "人工"), ("你会说广东话吗", "方言")])
def test_a_hand_over_says_why_and_how_long(name: str, wish: str, says: str) -> None:
    """S18: reason and wait are said; where nobody is there, a call back is promised and its time."""
    script = script_of(name)
    nobody = content(name).on(wish).to_end()
    assert says in nobody.said[-1][1]
    assert "一个工作日内" in nobody.said[-1][1]
    somebody = Talk.begin(script, transfers=frozenset({"service"})).on(*OPENING, wish)
    (action,) = somebody.actions
    assert isinstance(action, Transfer)
    assert says in somebody.said[-1][1]
    assert "一分钟" in somebody.said[-1][1]


@pytest.mark.parametrize("name", NAMES)
def test_every_transfer_leads_on(name: str) -> None:
    hand_overs = [node for node in script_of(name).nodes.values() if isinstance(node, HandOver) and node.to]
    assert len(hand_overs) == 2
    assert all(node.nobody and not node.public for node in hand_overs)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("hotline", ["九五零零零", ""])
def test_refusals_end_with_an_apology_and_the_hotline(name: str, hotline: str) -> None:
    """S8: the hotline only where there is one."""
    for reply in ("我不想回答", "以后别再打了"):
        last = content(name, hotline=hotline).on(reply).to_end().said[-1][1]
        assert "很抱歉" in last
        assert last.endswith("再见。")
        assert ("九五零零零" in last) is bool(hotline)


# --- no promotion (A3) -------------------------------------------------------------------------------------

PROMOTION = ("推荐", "优惠", "开通", "理财产品", "机会", "限时", "活动", "佣金", "加微信", "收益率", "抽奖")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_promoted_and_nothing_advised(name: str) -> None:
    """A3: only periodic calls bring a tip of their own, which sells nothing."""
    script = script_of(name)
    assert script.compliance
    assert not any(node.marketing for node in script.nodes.values())
    words = "".join(words for node in script.nodes.values() for _, words in prompts(node))
    assert not [word for word in PROMOTION if word in words]
    tip = "".join(words for _, words in prompts(script.nodes["tip"]))
    assert ("非法荐股" in tip) is (name == "periodic")


# --- whatever happens --------------------------------------------------------------------------------------

ANYTHING = (
    *(
        "1",
        "2",
        "3",
        "9",
        "#",
        SILENT,
        HANGS_UP,
        "天气真好",
        "是的",
        "不是",
        "没有",
        "方便",
        "你是谁",
        "为什么问这个",
    ),
    *("我换号码了", "幺三八零零幺三八零零幺", "明天下午三点半", "转人工", "跳过", "打错了", "我在开会"),
)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", NAMES)
def test_random_talks_end_and_keep_their_secrets(name: str, seed: int) -> None:
    """A2, and nothing is said with a hole in it."""
    chance = Random(f"{name} {seed}")
    start = chance.choice(cases(name)).talk
    for _ in range(12):
        talk = start
        while not talk.session.over:
            assert len(talk.said) <= 130
            node = talk.session.state.at
            likely = nth_key(node, chance.randrange(4)) if isinstance(node, Ask) else "明天下午三点半"
            talk = talk.on(likely if chance.random() < 0.8 else chance.choice(ANYTHING))
        assert talk.leaked == ()
        assert not SLOT.search(talk.wording)
        assert talk.result.owner_confirmed or talk.result.outcome is not Outcome.COMPLETED


def test_the_helper_agrees_with_a_plain_conversation() -> None:
    """`Talk` and `converse` drive the same session."""
    script = script_of("adviser_continuing")
    replies = [*OPENING, *(CONTENT[question] for question in ORDER["adviser_continuing"].split())]
    plain = converse(replies, script=script, slots=example_slots(script))
    assert content("adviser_continuing").to_end(CONTENT).values == plain.values
