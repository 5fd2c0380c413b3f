"""Leads (F1, F2, F4, F6, F7): by words, by sound, by closed answers; what is negated, quoted or innocent."""

from pathlib import Path

import pytest

from records.model import AnswerRow
from records.post_call import Flag, Utterance
from transcribe.flags import CERTAIN, FAINT, PROBABLE, counts, flag
from transcribe.rules import Rules, load

SHIPPED = load(Path(__file__).parents[2] / "config" / "keywords.yaml")


def said(text: str, start_s: float = 10.0, end_s: float = 14.0, party: str = "customer") -> Utterance:
    return Utterance(party, start_s, end_s, text, 0.8)


def answered(question: str, value: str, how: str = "speech", score: float = 0.9) -> AnswerRow:
    return AnswerRow(question, value, f"label {value}", how, "heard words", score, 10.0, 12.0)


def found(text: str, *, rules: Rules = SHIPPED) -> dict[str, str]:
    """Rule to tier of what counts in one sentence of the customer."""
    return {one.rule: one.tier for one in flag([said(text)], [], rules) if counts(one)}


def only(flags: tuple[Flag, ...]) -> Flag:
    assert len(flags) == 1
    return flags[0]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("一直是他代客操作", "trading_on_behalf"),
        ("账户一直是客户经理帮我操作的", "trading_on_behalf"),
        ("没有都是他帮我操作的", "trading_on_behalf"),
        ("全权委托他买卖", "full_discretion"),
        ("赚了钱我们三七分成", "profit_sharing"),
        ("赚了37分成", "profit_sharing"),
        ("盈利的话跟他分成", "profit_sharing"),
        ("他承诺收益说肯定不会亏的", "promised_returns"),
        ("当时说这个产品保本保息", "promised_returns"),
        ("客户经理跟我说保本", "promised_returns"),
        ("合同是他代我签名的", "signing_for_customer"),
        ("另外给了他好处费", "private_fees"),
        ("他说从来没有亏过", "exaggerated_results"),
        ("他说有内幕消息", "inside_information"),
        ("让我把钱打到他的私人账户", "private_account"),
        ("拉我进了一个微信群荐股", "unregistered_channel"),
        ("我要投诉你们", "complaint"),
        ("服务太差我非常不满意", "dissatisfaction"),
        ("说是必涨的股票", "sure_win_tips"),
        ("群里免费荐股", "free_stock_lure"),
        ("他先买再让我买", "trading_ahead"),
        ("他没有从业资格", "lending_licence"),
    ],
)
def test_the_words_of_f1_f2_f6_are_leads(text: str, rule: str) -> None:
    assert rule in found(text)


@pytest.mark.parametrize(
    ("heard", "rule"),
    [
        ("从今年三月开始的一直是他代课操作", "trading_on_behalf"),
        ("童竟年3月开始的移住是他代课操作", "trading_on_behalf"),
        ("同一年三月开始的移植是搭台客操作", "trading_on_behalf"),
        ("我的帐户一直是科乎竟你把我操作的", "trading_on_behalf"),
        ("账户交给他代课操作端了签我们三期分场", "profit_sharing"),
        ("短了签我们37分长", "profit_sharing"),
        ("营利的花根套物分成亏损它分单一半", "profit_sharing"),
        ("客户经历跟我说宝贝还成落年收一百分之十", "promised_returns"),
        ("可户境里跟我说包本还藏落年收一百分之十", "promised_returns"),
        ("他沉默收益说肯定不会亏的", "promised_returns"),
        ("精力承诺售一百分之八", "promised_returns"),
        ("何通是他代我签名的", "signing_for_customer"),
    ],
)
def test_what_a_recogniser_made_of_them_over_the_telephone_is_found_by_sound(heard: str, rule: str) -> None:
    assert rule in found(heard)


@pytest.mark.parametrize(
    "text",
    [
        *("是的我就是", "方便", "对的", "知道", "教过的", "很满意", "满意", "收到过", "没有了谢谢"),
        *("都是我自己操作", "没有不满意", "听得到请讲", "我自己看盘自己做决定亏了赚了都是自己的"),
        *("希望多发一些行情信息", "手续费能不能再低一点软件有时候比较卡", "我买了一点基金收益还可以"),
        "客户经理挺好的经常打电话问我有什么需要",
    ],
)
def test_a_content_customer_leaves_not_even_a_faint_trace(text: str) -> None:
    assert flag([said(text)], [], SHIPPED) == ()


@pytest.mark.parametrize(
    "decoy",
    [
        *("我们行业分成几类来看", "收益分成两部分看的", "把利润分层来看分成三类"),
        *("这个报表本来就有问题", "收益写在年报本上了", "产品保本身没有关系"),
        *(
            "我爱人帮我操作",
            "女儿帮我买卖的",
            "去我爱人帮我掏左",
            "结果爱连帮我操作",
            "不是我本人操作",
            "开户要承担什么",
            "他的成绩很好",
        ),
    ],
)
def test_decoys_that_hold_or_sound_like_a_phrase_are_no_leads(decoy: str) -> None:
    assert found(decoy) == {}


@pytest.mark.parametrize(
    "text",
    [
        *("没有人代我操作", "没有代客操作", "他没有承诺收益", "从来没有人跟我说保本", "没有三七分成"),
        *("公司不允许代客操作我知道的", "代客操作是不允许的", "没跟我说过保本保息", "经理不会帮我操作的"),
    ],
)
def test_what_is_negated_is_kept_faint_and_does_not_count(text: str) -> None:
    flags = flag([said(text)], [], SHIPPED)
    assert {(one.tier, one.negation) for one in flags} == {(FAINT, "negated")}


def test_an_unclear_negation_is_trusted_less() -> None:
    clear = only(flag([said("他帮我操作")], [], SHIPPED))
    unclear = only(flag([said("没有他帮我操作")], [], SHIPPED))
    assert (clear.tier, clear.negation) == (CERTAIN, "affirmed")
    assert (unclear.tier, unclear.negation) == (PROBABLE, "unclear")


def test_two_syllables_mean_nothing_without_a_cue_or_the_question() -> None:
    assert found("分成") == {}
    assert found("就是分成赚的钱") == {"profit_sharing": PROBABLE}
    asked = flag([said("就是分成", 10, 12)], [answered("details", "")], SHIPPED)
    assert [one.rule for one in asked] == ["profit_sharing"]
    elsewhere = flag([said("就是分成", 50, 52)], [answered("details", "")], SHIPPED)
    assert elsewhere == ()


@pytest.mark.parametrize(
    ("question", "value", "rule"),
    [
        ("delegate", "manager", "trading_on_behalf"),
        ("delegate", "broker", "trading_on_behalf"),
        ("sharing", "yes", "profit_sharing"),
        ("decides", "delegate", "full_discretion"),
        ("satisfied", "dissatisfied", "dissatisfaction"),
    ],
)
def test_a_closed_answer_is_evidence_without_any_keyword(question: str, value: str, rule: str) -> None:
    spoken = only(flag([], [answered(question, value, "speech", 0.7)], SHIPPED))
    pressed = only(flag([], [answered(question, value, "key")], SHIPPED))
    assert (spoken.rule, spoken.tier, spoken.score) == (rule, PROBABLE, 0.7)
    assert (pressed.rule, pressed.tier, pressed.score) == (rule, CERTAIN, 1.0)
    assert (pressed.start_s, pressed.end_s) == (10.0, 12.0)


@pytest.mark.parametrize(
    ("question", "value"),
    [("delegate", "family"), ("sharing", "no"), ("sharing", "not_understood"), ("satisfied", "satisfied")],
)
def test_an_innocent_closed_answer_is_none(question: str, value: str) -> None:
    assert flag([], [answered(question, value)], SHIPPED) == ()


def test_our_own_prompt_is_never_flagged() -> None:
    prompt = said("公司禁止员工代客操作账户不得约定三七分成", party="system")
    assert flag([prompt], [], SHIPPED) == ()


def test_an_echo_of_the_prompt_on_the_customers_track_is_set_aside_but_not_the_same_words_later() -> None:
    prompt = said("请注意客户经理代客操作账户属于违规", 10, 15, "system")
    echo = said("客户经理代课操作账户属于", 11, 15)
    later = said("客户经理代课操作账户", 30, 33)
    assert flag([prompt, echo], [], SHIPPED) == ()
    assert [one.start_s >= 30 for one in flag([prompt, echo, later], [], SHIPPED)] == [True]


def test_a_customer_who_speaks_into_the_prompt_in_other_words_is_heard() -> None:
    prompt = said("请保管好密码不用公共电脑交易不要委托他人操作", 10, 15, "system")
    assert [one.rule for one in flag([prompt, said("一直是经理代客操作", 12, 14)], [], SHIPPED)] == [
        "trading_on_behalf"
    ]


def test_a_flag_points_to_the_second_by_the_characters_times() -> None:
    chars = tuple(10.0 + n / 2 for n in range(8))
    timed = Utterance("customer", 10.0, 14.0, "一直是他代客操作", 0.8, chars)
    made = only(flag([timed], [], SHIPPED))
    assert (made.text, made.start_s, made.end_s) == ("代客操作", 12.0, 14.0)


def test_without_characters_times_the_place_is_estimated() -> None:
    made = only(flag([said("一直是他代客操作", 10, 14)], [], SHIPPED))
    assert (made.start_s, made.end_s) == (12.0, 14.0)


def test_punctuation_does_not_move_the_place() -> None:
    chars = tuple(10.0 + n / 2 for n in range(9))
    timed = Utterance("customer", 10.0, 14.5, "一直是，他代客操作", 0.8, chars)
    assert only(flag([timed], [], SHIPPED)).start_s == 12.5


def test_a_flag_says_why_in_words_for_people() -> None:
    made = only(flag([said("赚了我们三七分层")], [], SHIPPED))
    assert made.why == "听到“三七分层”，与“三七分成”音近（距离 0.00），依据“赚”"
    assert (made.rule_version, made.category, made.severity) == (SHIPPED.version, "约定分成", "high")


def test_one_place_gives_one_flag_of_a_rule() -> None:
    assert only(flag([said("他承诺保本保息")], [], SHIPPED)).text in ("承诺保本", "保本保息")


def test_what_a_prompt_says_in_other_words_while_it_plays_is_faint() -> None:
    prompt = said("公司禁止员工代替客户操作账户。", 10, 15, "system")
    misheard = only(flag([prompt, said("员工代客操作账户", 10.6, 15.2)], [], SHIPPED))
    assert misheard.tier == FAINT
    assert "回声" in misheard.why
    after = only(flag([prompt, said("一直是他代客操作", 16.5, 19)], [], SHIPPED))
    assert after.tier == CERTAIN


def test_a_closed_answer_and_its_words_are_one_flag_with_both_reasons() -> None:
    spoken = said("很不满意", 10.3, 11.5)
    made = only(flag([spoken], [answered("satisfied", "dissatisfied", score=0.7)], SHIPPED))
    assert (made.tier, made.start_s, made.text) == (CERTAIN, 10.0, "很不满意")
    assert "问题 satisfied" in made.why
    assert "听到“很不满意”" in made.why
