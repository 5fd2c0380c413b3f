"""What the rules ask of each kind of call: its questions, their order, what is said and what never is.

S2-S10, S14-S18; A2, A3; C3; D7, D8.
"""

from __future__ import annotations

from random import Random

import pytest

from ivr.script import SLOT, Ask, HandOver, prompts
from ivr.values import Outcome, Transfer, Unwilling
from tests.conversations import HANGS_UP, NOW, SILENT, converse, example_slots
from tests.talks import Talk, cases, script_of
from tests.unit.test_ivr_talks_a import NAMES, nth_key

OPENING = ("我就是本人", "方便")
CONTENT = {
    "keeps_in_touch": "经常联系",
    "satisfied": "挺满意的",
    "information": "收到过",
    "information_satisfied": "满意",
    "suggestions": "没有",
    "assets": "都正常",
    "trades": "都认可",
    "money": "都是闲钱",
    "loss": "一成以内",
    "self_trading": "都是我自己",
    "promised": "没有",
    "password": "只有我知道",
    "knows_matter": "知道的",
    "cause": "我自己的安排",
    "cause_details": "最近行情好",
    "others_use": "没有人用过",
    "help": "不用了",
    "signed": "我自己签的",
    "assessed": "做过",
    "needs_asked": "都问过",
    "disclosed": "签过字",
    "own_risk": "我清楚",
    "discretion": "没有委托",
    "adviser_trades": "没有",
    "adviser_promised": "从来没说过",
    "exaggerated": "挺实在的",
    "adviser_remarks": "没有了",
    "basis": "都讲",
    "cites_report": "提到过",
    "report_source": "都告诉了",
    "adviser_risk_told": "提醒过的",
    "timely": "挺及时",
    "useful": "挺有用的",
    "adviser_satisfied": "很满意",
    "adviser_suggestions": "没有",
    "was_called": "打过电话",
    "asked_self": "问过",
    "in_person": "本人办的",
    "documents": "都真实",
    "risk_told": "讲过的",
}
"""What a contented customer says, at whatever question of the script."""


def content(name: str, **slots: str) -> Talk:
    return Talk.begin(script_of(name), slots).on(*OPENING)


def asked(talk: Talk) -> list[str]:
    """Questions in the order in which they were answered, the opening's left out."""
    return [answer.question for answer in talk.result.answers][2:]


ORDER = {
    "periodic": """keeps_in_touch satisfied information information_satisfied suggestions assets trades
        money loss self_trading promised password""",
    "abnormal": "self_trading promised password knows_matter trades cause cause_details others_use help",
    "adviser_signup": """signed assessed needs_asked disclosed own_risk discretion adviser_trades
        adviser_promised exaggerated adviser_remarks""",
    "adviser_continuing": """basis cites_report report_source adviser_risk_told adviser_promised timely useful
        adviser_satisfied adviser_suggestions""",
    "headquarters_check": """was_called asked_self satisfied information information_satisfied suggestions
        in_person documents risk_told money loss self_trading promised password""",
}
ORDER["periodic_and_adviser"] = f"{ORDER['periodic']} {ORDER['adviser_continuing']}"


@pytest.mark.parametrize("name", ORDER)
def test_the_questions_of_a_contented_customer(name: str) -> None:
    """S5, S6, S9, S10, S16, D7: all of them, in this order, in natural words."""
    talk = content(name).to_end(CONTENT)
    assert asked(talk) == ORDER[name].split()
    assert talk.result.outcome is Outcome.COMPLETED
    assert talk.result.mandatory_done
    assert talk.result.notes == ()
    assert all(answer.value not in ("not_understood", "no_answer") for answer in talk.result.answers)


MANDATORY = {
    "new_account": """opened knows_manager shown satisfied information in_person documents risk_told
        self_trading delegate form sharing decides promised password""",
    "periodic": """keeps_in_touch satisfied information assets trades self_trading delegate form
        sharing decides promised password""",
    "abnormal": """self_trading delegate form sharing decides promised password knows_matter trades
        cause others_use""",
    "adviser_signup": """signed assessed needs_asked disclosed own_risk discretion adviser_trades
        adviser_promised exaggerated""",
    "adviser_continuing": """basis cites_report report_source adviser_risk_told adviser_promised timely useful
        adviser_satisfied""",
    "headquarters_check": """was_called asked_self satisfied information in_person documents risk_told
        self_trading delegate form sharing decides promised password""",
}


@pytest.mark.parametrize("name", MANDATORY)
def test_what_a_valid_follow_up_needs(name: str) -> None:
    """P9, S4-S7, S9, S10, S16."""
    nodes = script_of(name).nodes.items()
    mandatory = {question for question, node in nodes if isinstance(node, Ask) and node.mandatory}
    assert mandatory == set(MANDATORY[name].split())


# --- opening (S2, S19, D8) ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("landline", [False, True])
def test_the_opening(name: str, landline: bool) -> None:
    """S2, S19: who; then firm, staff number, automatic and recorded; then the purpose, whether convenient."""
    first = Talk.begin(script_of(name), landline=landline)
    assert first.said[0][1] == ("您好，请问张伟在吗？" if landline else "您好，请问您是张伟本人吗？")
    talk = first.on("我就是本人")
    assert talk.nodes[1:] == ["intro", "convenient"]
    for word in ("示例证券", "自动", "八零一二", "录音"):
        assert word in talk.said[1][1]
    assert talk.said[2][1].endswith("现在方便吗？")
    assert "抱歉" in Talk.begin(script_of(name), landline=landline, apologise=True).said[0][1]


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_learns_nothing(name: str) -> None:
    """A2: neither the firm nor what it is about, whoever asks and however often."""
    talk = Talk.begin(script_of(name)).on("你们是哪里的", "什么事", "你是机器人吗", "我是他爱人")
    talk = talk.on("问这个干什么").to_end(other="不知道")
    assert (talk.result.outcome, talk.leaked) == (Outcome.WRONG_PARTY, ())
    for word in ("证券", "账户", "开户", "回访", "投顾", "客户", "股票"):
        assert word not in talk.wording


def test_somebody_else_is_asked_how_the_owner_of_an_abnormal_account_is_reached() -> None:
    """A2."""
    talk = Talk.begin(script_of("abnormal")).on("我不是", "你打他单位的电话吧")
    assert [words for _, words in talk.said[1:]] == ["请问怎样能联系到张伟？", "好的，打扰了，再见。"]
    assert talk.values["reach_owner"] == ""


# --- not convenient (S3, D6) -------------------------------------------------------------------------------


def test_an_abnormal_account_is_insisted_on_once() -> None:
    """S3."""
    asked_again = content("abnormal").session.node
    assert asked_again == "self_trading"
    refused = Talk.begin(script_of("abnormal")).on("我就是本人", "现在没空")
    assert refused.said[-1][1] == "这件事比较重要，只要几分钟，现在可以吗？"
    assert refused.on("那你快点").session.node == "self_trading"
    later = refused.on("真的不行", "明天下午三点半", "对的").to_end()
    assert later.nodes[-3:] == ["important", "when", "until_then"]
    assert later.result.appointment == NOW.replace(day=26, hour=15, minute=30)
    midway = content("abnormal").on("我在开会")
    assert midway.session.node == "when"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "abnormal"])
def test_nobody_else_is_pressed(name: str) -> None:
    talk = Talk.begin(script_of(name)).on("我就是本人", "现在没空", "明天下午三点半", "对的").to_end()
    assert talk.nodes == ["is_owner", "intro", "convenient", "when", "until_then"]
    assert talk.result.unwilling is Unwilling.NOT_NOW


# --- who trades (S7) ---------------------------------------------------------------------------------------

DELEGATED = {
    "self_trading": "客户经理帮我操作",
    "delegate": "是客户经理",
    "since": "去年三月",
    "form": "口头约定",
    "sharing": "三七分成",
    "decides": "都是他决定",
    "details": "赚了分他三成",
}
CLEAN = DELEGATED | {"sharing": "没有约定", "decides": "我自己决定", "details": "他只是帮我下单"}
WITH_S7 = ["new_account", "periodic", "abnormal", "headquarters_check"]


def after_s7(name: str, answers: dict[str, str]) -> Talk:
    return content(name).to_end(
        {**CONTENT, "opened": "对", "knows_manager": "知道", "shown": "教过"} | answers
    )


@pytest.mark.parametrize("name", WITH_S7)
def test_what_is_said_of_delegation_steers_nothing(name: str) -> None:
    """S7: recorded, not judged. A grave answer hears the very words that a harmless one hears."""
    grave, clean = after_s7(name, DELEGATED), after_s7(name, CLEAN)
    assert (grave.values["sharing"], grave.values["decides"]) == ("yes", "delegate")
    assert (clean.values["sharing"], clean.values["decides"]) == ("no", "owner")
    assert grave.wording == clean.wording
    assert grave.result.outcome is Outcome.COMPLETED
    asked_of = ["delegate", "since", "form", "sharing", "decides", "details", "promised", "password", "rule"]
    assert grave.nodes[grave.nodes.index("delegate") :][:9] == asked_of


@pytest.mark.parametrize("name", WITH_S7)
def test_who_trades_in_person_is_told_to_take_care(name: str) -> None:
    """S7, S16: password, no public computers, entrust nobody; the firm forbids its people to trade."""
    words = after_s7(name, {}).wording
    for part in ("保管好密码", "公共电脑", "不要委托他人", "公司禁止员工代替客户操作"):
        assert part in words


@pytest.mark.parametrize("name", WITH_S7)
def test_another_delegate_is_a_risk_that_is_told(name: str) -> None:
    """S7."""
    talk = after_s7(name, DELEGATED | {"delegate": "我老公"})
    assert "由他人操作账户有风险" in talk.wording
    assert "since" not in talk.values


@pytest.mark.parametrize("name", ["new_account", "periodic", "headquarters_check"])
def test_the_customer_is_taught_and_known(name: str) -> None:
    """S17: capacity, willingness, the risk explained."""
    talk = after_s7(name, {})
    assert (talk.values["money"], talk.values["loss"]) == ("idle", "tenth")
    assert "没有稳赚的投资" in talk.wording


# --- detours -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answers", "comes"),
    [
        ("periodic", {"satisfied": "不满意", "reason": "没人管"}, "reason"),
        ("periodic", {"assets": "对不上", "assets_reason": "少了一笔"}, "assets_reason"),
        ("periodic", {"assets": "没留意"}, "look_up"),
        ("periodic", {"trades": "有的不是我做的", "trades_reason": "上个月那笔"}, "trades_reason"),
        ("abnormal", {"knows_matter": "不知道啊"}, "secure"),
        ("abnormal", {"help": "需要的"}, "help_noted"),
        ("periodic", {"information_satisfied": "其他", "information_words": "太多了"}, "information_words"),
        ("adviser_continuing", {"adviser_satisfied": "不太满意", "adviser_reason": "太慢"}, "adviser_reason"),
        ("headquarters_check", {"satisfied": "很不满意", "reason": "没人管"}, "reason"),
    ],
)
def test_what_an_answer_brings(name: str, answers: dict[str, str], comes: str) -> None:
    talk = content(name).to_end(CONTENT | answers)
    assert comes in talk.nodes
    assert talk.result.outcome is Outcome.COMPLETED


def test_who_says_that_there_were_no_trades_disputes_those_there_are() -> None:
    """P4: in an abnormal account somebody has traded."""
    assert content("abnormal").to_end(CONTENT | {"trades": "我没交易过啊"}).values["trades"] == "disputed"


@pytest.mark.parametrize(
    ("name", "answers", "left_out"),
    [
        ("adviser_continuing", {"cites_report": "没有"}, {"report_source"}),
        (
            "adviser_continuing",
            {"basis": "没给过建议"},
            {"cites_report", "adviser_risk_told", "adviser_promised"},
        ),
        ("headquarters_check", {"was_called": "没接到过"}, {"asked_self"}),
        ("periodic", {"information": "没收到过"}, {"information_satisfied"}),
    ],
)
def test_what_an_answer_saves(name: str, answers: dict[str, str], left_out: set[str]) -> None:
    talk = content(name).to_end(CONTENT | answers)
    assert talk.result.mandatory_done
    assert left_out.isdisjoint(asked(talk))


def test_help_that_is_wanted_is_noted() -> None:
    assert content("abnormal").to_end(CONTENT | {"help": "需要"}).result.notes == ("wants_help",)


def test_the_case_is_named_where_the_list_names_one() -> None:
    """S6."""
    assert "您账户近期交易特别频繁，您知道吗？" in content("abnormal").to_end(CONTENT).wording
    without = content("abnormal", matter="").to_end(CONTENT)
    assert "knows_matter" not in without.values
    assert without.result.mandatory_done


# --- several kinds in one call (D7) ------------------------------------------------------------------------


def test_kinds_of_one_call_are_done_each_by_itself() -> None:
    talk = content("periodic_and_adviser")
    assert talk.to_end(CONTENT).result.kinds_done == ("periodic", "adviser_continuing")
    halfway = talk.to_end(CONTENT | {"cites_report": HANGS_UP})
    assert halfway.result.outcome is Outcome.HUNG_UP
    assert halfway.result.kinds_done == ("periodic",)
    declined = talk.to_end(CONTENT | {"assets": "这个问题不想回答"})
    assert declined.result.kinds_done == ("adviser_continuing",)


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
