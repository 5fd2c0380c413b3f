"""What the rules ask of each kind of call: its questions, their order, what is said and what never is.

S2-S10, S14-S18; A2, A3; C3; D7, D8.
"""

from __future__ import annotations

import pytest

from ivr.script import Ask
from ivr.values import Outcome, Unwilling
from tests.conversations import HANGS_UP, NOW
from tests.talks import Talk, cases, script_of
from tests.unit.test_ivr_talks_a import NAMES

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


SINGLE = [
    ("periodic", "trades", "我一直没交易", "none"),
    ("periodic", "trades", "没买没卖", "none"),
    ("periodic", "trades", "都是我自己做的", "agreed"),
    ("periodic", "trades", "我没同意", "disputed"),
    ("periodic", "trades", "没有", ""),
    ("periodic", "trades", "没怎么交易", ""),
    ("periodic", "information", "没注意", "unsure"),
    ("periodic", "information", "可以", ""),
    ("new_account", "shown", "想不起来了", "unsure"),
    ("new_account", "shown", "好的", ""),
    *((name, "information", "说不准", "unsure") for name in ("new_account", "headquarters_check")),
]


@pytest.mark.parametrize(("name", "question", "reply", "value"), SINGLE)
def test_what_an_answer_is_taken_for(name: str, question: str, reply: str, value: str) -> None:
    """S4, S5, S16: none and unsure are answers; what says nothing of the matter is asked again."""
    before = next(case.talk for case in cases(name) if case.question == question)
    after = before.on(reply)
    assert after.values.get(question, "") == value
    assert (after.session.node == question) == (value == "")


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
