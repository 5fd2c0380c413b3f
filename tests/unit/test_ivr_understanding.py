"""From words heard to an answer: in set, fillers, homophones, poles, ways out, doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.asking import choices
from ivr.doubts import denies
from ivr.loader import load
from ivr.understanding import Choice, Unclear, Understood, core, understand

SCRIPT = load(Path("config/scripts/new_account.yaml"))
VALUES = {"name": "张伟"}


def meant(question: str, text: str, *, owner: bool = True) -> str:
    """The option or way out that a text means at a question, or "?<reason>"."""
    understood = understand(text, choices(SCRIPT, question, VALUES))
    return understood.choice.name if isinstance(understood, Understood) else f"?{understood.reason}"


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("decides", "都是我决定", "owner"),
        ("decides", "都是他决定", "delegate"),
        ("decides", "都由我决定", "owner"),
        ("decides", "都是我来作决定", "owner"),
        ("satisfied", "满意", "satisfied"),
        ("satisfied", "嗯满意吧", "satisfied"),
        ("satisfied", "满意满意", "satisfied"),
        ("satisfied", "我觉得挺满意的", "satisfied"),
        ("satisfied", "满一", "satisfied"),
        ("satisfied", "非常满意", "very_satisfied"),
        ("satisfied", "我非常满意", "very_satisfied"),
        ("satisfied", "非长满意", "very_satisfied"),
        ("satisfied", "很满意啊", "very_satisfied"),
        ("satisfied", "一般", "fair"),
        ("satisfied", "嗯还行吧", "fair"),
        ("satisfied", "一班", "fair"),
        ("satisfied", "我很忙你", "very_satisfied"),
        ("satisfied", "就一般般吧", "fair"),
        ("satisfied", "不满意", "dissatisfied"),
        ("satisfied", "我不满意", "dissatisfied"),
        ("satisfied", "部满意", "dissatisfied"),
        ("satisfied", "我对他很不满意", "dissatisfied"),
        ("satisfied", "不太满意", "dissatisfied"),
        ("opened", "对的", "yes"),
        ("opened", "嗯对", "yes"),
        ("opened", "是的没错", "yes"),
        ("opened", "不对", "no"),
        ("opened", "不是的", "no"),
        ("knows_manager", "知道", "yes"),
        ("knows_manager", "我知道的", "yes"),
        ("knows_manager", "有他的联系方式", "yes"),
        ("knows_manager", "不知道", "no"),
        ("knows_manager", "我不太清楚", "no"),
        ("shown", "教过", "yes"),
        ("shown", "没有人教过我", "no"),
        ("shown", "没有", "no"),
        ("shown", "记不清了", "unsure"),
        ("information", "收到过", "yes"),
        ("information", "没收到过", "no"),
        ("information", "有", "yes"),
        ("information", "没有", "no"),
        ("self_trading", "是的", "yes"),
        ("self_trading", "都是我自己操作", "yes"),
        ("self_trading", "不是", "no"),
        ("self_trading", "不是我自己", "no"),
        ("self_trading", "都是我客户经理帮我操作的", "no"),
        ("delegate", "客户经理", "manager"),
        ("delegate", "是我的客户经理帮我操作的", "manager"),
        ("delegate", "我老公", "family"),
        ("delegate", "经纪人", "broker"),
        ("delegate", "一个朋友", "other"),
        ("form", "口头", "oral"),
        ("form", "就是口头说的", "oral"),
        ("form", "签了协议", "written"),
        ("form", "没有约定", "none"),
        ("sharing", "有三七分成", "yes"),
        ("sharing", "三七分", "yes"),
        ("sharing", "没有", "no"),
        ("decides", "我自己决定", "owner"),
        ("decides", "一起商量", "both"),
        ("convenient", "方便", "yes"),
        ("convenient", "可以你说吧", "yes"),
        ("convenient", "不好意思没听清", "repeat"),
        ("convenient", "不方便", "no"),
        ("convenient", "没空", "no"),
    ],
)
def test_answers_of_the_question(question: str, text: str, expected: str) -> None:
    assert meant(question, text) == expected


POLES = [
    ("satisfied", "satisfied", [
        "不满意", "没满意", "不满一", "部满意", "布满意", "不太满意",
        "不怎么满意", "我不满意", "不是很满意", "没有满意", "并不满意",
        "不不不满意",
    ]),
    ("satisfied", "very_satisfied", [
        "不是非常满意", "非常不满意", "很不满意", "不很满意",
    ]),
    ("knows_manager", "yes", [
        "不知道", "布知道", "我不知道", "没有", "没友", "美有", "梅有", "每有",
        "没有联系方式", "不认识", "没他电话",
    ]),
    ("information", "yes", [
        "没有", "没收到", "没有收到", "美收到过", "不有", "没有收到过",
        "从没收到过", "还没有收到",
    ]),
    ("opened", "yes", [
        "不是", "不对", "部是", "不是的", "不正确", "步对",
    ]),
    ("self_trading", "yes", [
        "不是", "不是我", "不是我自己", "不是本人操作", "没有自己操作",
        "不都是我自己操作",
    ]),
    ("convenient", "yes", [
        "不方便", "不可以", "不行", "没时间", "没空", "不太方便", "布方便",
        "不好",
    ]),
    ("sharing", "yes", [
        "没有", "没有分成", "没有约定", "不分成", "美有分成", "没约定",
    ]),
    ("is_owner", "yes", [
        "不是", "不是我", "我不是", "不是本人", "部是", "我不是张伟",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "pole", "text"), [(q, pole, t) for q, pole, texts in POLES for t in texts]
)
def test_a_denial_never_falls_on_its_opposite(question: str, pole: str, text: str) -> None:
    assert meant(question, text) != pole


REVERSED = [
    (
        "satisfied",
        "dissatisfied",
        [
            "满意",
            "很满意",
            "目满意",
            "太满意了",
            "都满意",
        ],
    ),
    (
        "knows_manager",
        "no",
        [
            "知道",
            "有",
            "认识",
            "木知道",
            "有电话",
        ],
    ),
    (
        "information",
        "no",
        [
            "收到",
            "收到过",
            "有收到",
            "有",
        ],
    ),
    (
        "opened",
        "no",
        [
            "是",
            "对",
            "是的",
            "对的",
            "正确",
        ],
    ),
    (
        "self_trading",
        "no",
        [
            "是",
            "是我",
            "是我自己",
            "本人操作",
        ],
    ),
    (
        "convenient",
        "no",
        [
            "方便",
            "可以",
            "行",
            "好",
        ],
    ),
]


@pytest.mark.parametrize(
    ("question", "pole", "text"), [(q, pole, t) for q, pole, texts in REVERSED for t in texts]
)
def test_agreement_never_falls_on_a_denial(question: str, pole: str, text: str) -> None:
    assert meant(question, text) != pole


@pytest.mark.parametrize(
    "text",
    [
        "",
        "喂",
        "嗯",
        "喂喂",
        "你好",
        "嗯嗯",
        "啊",
        "喂你好",
        "哦",
        "你说",
        "请讲",
        "什么",
        "哎你好",
        "谁",
        "好",
        "可以",
        "在",
    ],
)
def test_what_confirms_no_owner(text: str) -> None:
    """A2: only a clear yes does."""
    assert meant("is_owner", text) != "yes"


@pytest.mark.parametrize(
    "text",
    [
        "是",
        "是的",
        "嗯是的",
        "对",
        "对的我是",
        "我是",
        "我就是",
        "我是本人",
        "喂我就是",
        "是我",
        "我是张伟",
        "我就是张伟啊",
    ],
)
def test_what_confirms_the_owner(text: str) -> None:
    assert meant("is_owner", text) == "yes"


@pytest.mark.parametrize("text", ["是", "对", "在", "在的", "嗯在呢", "他在", "稍等", "你好在的"])
def test_somebody_on_a_landline_is_not_yet_the_owner(text: str) -> None:
    assert meant("is_in", text) != "yes"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你打错了", "wrong_person"),
        ("我不想回答", "refuse"),
        ("不需要", "refuse"),
        ("不用了谢谢", "refuse"),
        ("以后别再打了", "never"),
        ("我现在正在开会", "not_now"),
        ("我在开车你晚点再打", "not_now"),
        ("跳过", "skip"),
        ("这个问题不想回答", "skip"),
        ("转人工", "person"),
        ("我不想跟机器说话", "person"),
        ("我要投诉", "complaint"),
        ("我要投诉你们公司", "complaint"),
        ("你会说广东话吗", "dialect"),
        ("你是机器人吗", "machine"),
        ("你是真人吗", "machine"),
        ("你们是哪里的", "who"),
        ("为什么问这个", "why"),
        ("没听清楚", "repeat"),
        ("你再说一遍", "repeat"),
    ],
)
def test_ways_out_and_asides(text: str, expected: str) -> None:
    for question in ("satisfied", "knows_manager", "self_trading"):
        assert meant(question, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "今天天气不错适合出去走走",
        "股票最近涨得很厉害",
        "我女儿在上学",
        "谢谢观看",
        "字幕由志愿者提供",
        "北京上海广州",
        "啦啦啦啦",
    ],
)
def test_strangers_sentences_are_asked_again(text: str) -> None:
    for question in ("satisfied", "knows_manager", "opened", "convenient", "is_owner", "self_trading"):
        assert meant(question, text).startswith("?"), question


def test_two_answers_at_once_are_asked_again() -> None:
    assert meant("satisfied", "一般还是满意") == "?between"


def test_a_way_out_yields_to_the_questions_own_answer() -> None:
    own, way = Choice("no", ("没时间",)), Choice("not_now", ("没时间",), own=False)
    assert understand("没时间", (way, own)) == Understood(own, 1.0, "没时间")


def test_score_tells_how_near_it_was() -> None:
    choice = Choice("yes", ("非常满意",))
    exact, near = understand("非常满意", [choice]), understand("非常慢地", [choice])
    assert isinstance(exact, Understood)
    assert isinstance(near, Understood)
    assert exact.score == 1.0 > near.score > 0.6


def test_nothing_to_choose_from() -> None:
    assert understand("满意", []) == Unclear("unlike")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("嗯，可以可以啊", "可以"),
        ("那个，是的", "是的"),
        ("不好意思，没听清", "没听清"),
        ("对对对", "对"),
        ("没关系", "没关系"),
        ("喂", ""),
    ],
)
def test_core(text: str, expected: str) -> None:
    assert core(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("不是", True), ("美有", True), ("全部是我", False), ("每天都看", False), ("满意", False)],
)
def test_denials_are_heard_in_the_sound_too(text: str, expected: bool) -> None:
    assert denies(text) is expected
