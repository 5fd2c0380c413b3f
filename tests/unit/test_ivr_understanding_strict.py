"""What must not be taken at its word: strangers, denials of every phrase, rhetorical answers, doubt (A2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.asking import choices
from ivr.doubts import contradicts, denies
from ivr.hearing import Heard
from ivr.loader import load
from ivr.meaning import understand_heard
from ivr.script import Ask
from ivr.understanding import Choice, Unclear, Understood, understand
from tests.conversations import converse, example_slots

SCRIPT = load(Path("config/scripts/new_account.yaml"))
VALUES = {"name": "张伟"}


def words(text: str) -> list[str]:
    return text.split()


def meant(question: str, text: str, name: str = "张伟") -> str:
    understood = understand(text, choices(SCRIPT, question, {"name": name}))
    return understood.choice.name if isinstance(understood, Understood) else f"?{understood.reason}"


STRANGERS = words("""
    我是{n}妈 我是{n}爸 我是{n}哥 我是{n}弟 我是{n}的 我找{n} 我问{n} 我等{n} 我替{n} 我认识{n} 我爸{n}
    谁是{n} 你是{n} 他是{n} 这是{n} 我是{n}吗 我就是{n}老婆 我是{n}妈妈 我是{n}同事 我是{n}家的 我替{n}接
    我不是{n} 是{n}家 {n}不在 找{n} 你找{n} 我叫{n}接 我是{n}吧
    是我爱人 是我家人 我是客人 我是病人 是的我妈 没错他是 是的是他 我就是他本人 我就是想问 我就是听听
    谁本人 你本人 四 死 十 事 试 真是 正事 队 笨人 是吧 对吧 是吗 对吗 本人吗 我是吗 好像是 应该是
    我就是他妈 我是他 对我是他 没错我妈 是不是 对不对 本人不在 我是本人妈 我是本人的 是的？
""")


@pytest.mark.parametrize("name", ["张伟", "王小明", "欧阳小明"])
@pytest.mark.parametrize("text", STRANGERS)
def test_strangers_are_not_the_owner(name: str, text: str) -> None:
    """A2."""
    for question in ("is_owner", "is_in", "is_owner_now"):
        assert meant(question, text.format(n=name), name) != "yes"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("我就是本人没有错", True),
        ("我九十百人没有错", True),
        ("嗯我就是本人没有错", True),
        ("我不是本人没有错", False),
        ("他就是本人没有错", False),
        ("我就是老板没有错", False),
        ("我就是本人没有错吗", False),
        ("我就是她人没有错", False),
        ("我就是本人没空啊", False),
    ],
)
def test_the_sentence_that_the_owner_is_asked_for(text: str, taken: bool) -> None:
    """A2: long enough to be told from all else."""
    assert (meant("is_owner", text) == "yes") is taken


def test_a_relative_whose_word_sounds_like_the_name_is_not_the_owner() -> None:
    assert meant("is_owner", "我是张妹", "张美") != "yes"
    assert meant("is_owner", "我是张美", "张美") == "yes"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("不是我事", "?between"),
        ("不是我死了", "?between"),
        ("不是我他不在", "no"),
        ("不是我是他哥", "no"),
        ("不是的", "no"),
    ],
)
def test_a_denial_that_is_barely_one_is_asked_again(text: str, taken: str) -> None:
    """对，我是 was heard as 不是我事."""
    assert meant("is_owner", text) == taken


OWNERS = words("""
    我就是本人 我是本人 是的我就是 是我 我就是 没错我是 对我是 我是{n} 对的我是本人 是的 对 本人
    我就是本认 我救是本人 我是本仁 嗯是的 是啊 是啊我就是 喂我就是 是的我是{n} 对对对 没错 我是的
    恩是的 我就是你说吧 我是{n}本人
""")


@pytest.mark.parametrize("name", ["张伟", "张三", "欧阳小明", "李问"])
@pytest.mark.parametrize("text", OWNERS)
def test_the_owner_is_recognised(name: str, text: str) -> None:
    assert meant("is_owner", text.format(n=name), name) == "yes"


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("is_owner", "不是我是他老婆", "no"),
        ("knows_manager", "没有他的联系方式", "no"),
        ("delegate", "是我妹妹", "family"),
        ("shown", "有教过", "yes"),
        ("information", "没有没收到", "no"),
        ("convenient", "不方便改天吧", "no"),
    ],
)
def test_plain_answers_stay_plain(question: str, text: str, expected: str) -> None:
    assert meant(question, text) == expected


def test_an_owner_whose_last_syllable_the_recogniser_lost() -> None:
    assert meant("is_owner", "我就是本") == "yes"


DENIED = [
    (question, name, phrase, start)
    for question, node in SCRIPT.nodes.items()
    if isinstance(node, Ask) and not node.confirms_owner
    for choice in choices(SCRIPT, question, VALUES)
    if choice.own
    for name, phrase in ((choice.name, phrase.lstrip("=")) for phrase in choice.phrases)
    for start in ("不", "没", "不是", "没有", "不太", "不怎么", "没怎么")
]


def test_a_phrase_with_a_denial_before_it_is_never_its_option() -> None:
    """不是特别满意 is not 非常满意, nor 没有没错 没错; 不，不对 and 没有，没收到 only say it twice."""
    asked = {question: choices(SCRIPT, question, VALUES) for question in {one[0] for one in DENIED}}
    understood = (
        (question, name, start + phrase, understand(start + phrase, asked[question]))
        for question, name, phrase, start in DENIED
        if not denies(phrase) or name in {"yes", "satisfied"}
    )
    taken = [
        f"{question}: {text}"
        for question, name, text, one in understood
        if isinstance(one, Understood) and one.choice.name == name
    ]
    assert taken == []


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("delegate", "没 他帮我操作 不知道 妹有"),
        ("decides", "非本人 非我本人 并非本人 不知道 谁知道呢"),
        (
            "self_trading",
            """都归我 不知道 我不知道 没有都是我自己 没有啊都是我自己 有时候自己 没有别人帮我 不是别人操作
            我自己操作没有别人 都是我自己操作的没有别人""",
        ),
        (
            "satisfied",
            """没什么满意的 哪里满意了 满意什么 满意个屁 难以满意 很难满意 不是不满意 没有不满意
            没什么不好 很满 不知道 没意见""",
        ),
        ("shown", "无人教过 谁教过我啊 好 可以的 没问题 不一定 不见得"),
        ("convenient", "方便什么呀 方便个鬼 哪有空 没什么满意的 不知道"),
        ("knows_manager", "我怎么知道 哪里知道 知道个什么"),
        ("information", "收到个屁 很少收到 哪收到过 好的 行 没问题 不一定 不见得"),
        ("sharing", "不知道 不知道怎么分 都归我"),
        ("opened", "不知道 我不知道 不一定 不见得 说不好 说不准"),
        ("form", "没意见"),
    ],
)
def test_doubtful_answers_are_asked_again(question: str, texts: str) -> None:
    for text in texts.split():
        assert meant(question, text).startswith("?"), text


@pytest.mark.parametrize("text", ["非本人", "非我本人", "并非本人", "他帮我操作", "他自己操作"])
def test_another_who_trades(text: str) -> None:
    assert meant("self_trading", text) == "no"


@pytest.mark.parametrize("text", ["我不知道", "我不认识他", "没意见", "不是他"])
def test_what_sounds_like_a_way_out_leads_nowhere(text: str) -> None:
    wishes = {"wrong_person", "refuse", "never", "not_now", "person", "complaint", "dialect", "skip"}
    for question, node in SCRIPT.nodes.items():
        if isinstance(node, Ask):
            assert meant(question, text) not in wishes, question


@pytest.mark.parametrize(
    "text",
    [
        "我是他老婆",
        "换人了",
        "他走开了",
        "我是他儿子",
        "我不是张伟",
        "我不是本人",
        "不是本人",
        "他走开了我是他老婆",
    ],
)
@pytest.mark.parametrize("before", [1, 2, 3, 4, 5])
def test_somebody_else_takes_over(text: str, before: int) -> None:
    """A2: whoever was confirmed before, the owner is not there now."""
    replies = ["我是本人", "方便", "没错", "知道", "教过"]
    talk = converse([*replies[:before], text], slots=example_slots(SCRIPT))
    assert not talk.result.owner_confirmed
    assert "reach_owner" in talk.nodes


HEARD = [
    ("is_owner", "yes", "我就是本人"),
    ("is_in", "yes", "我就是本人"),
    ("convenient", "yes", "方便 方便了"),
    ("opened", "yes", "没错"),
    ("knows_manager", "yes", "由他电话 有他电火 有他电话"),
    ("shown", "yes", "焦果的 教过的 缴过的"),
    ("satisfied", "very_satisfied", "非常慢意 非常满意"),
    ("satisfied", "satisfied", "很不错 还不错"),
    ("satisfied", "dissatisfied", "恨不满意 很不满意"),
    ("information", "yes", "秋岛国 秋道国 秋刀果 抽倒锅 收到过"),
    ("information_satisfied", "satisfied", "还不错"),
    ("self_trading", "yes", "都是我自己"),
    ("self_trading", "no", "不是我操作"),
    ("delegate", "manager", "直课户经理 是客户经理"),
    ("form", "oral", "口头顺 口头说的"),
    ("sharing", "yes", "有约定"),
    ("decides", "delegate", "都是他决定"),
    ("convenient", "no", "现在不方便"),
    ("is_owner", "no", "不是迷大错了"),
    ("reach_owner", "unknown", "不知道"),
    ("is_in", "away", "他不在"),
]


@pytest.mark.parametrize(
    ("question", "expected", "text"), [(q, name, text) for q, name, texts in HEARD for text in texts.split()]
)
def test_what_recognisers_made_of_customers_on_the_telephone(question: str, expected: str, text: str) -> None:
    assert meant(question, text) == expected


SENT = (
    Choice("yes", ("有", "有的", "收到过")),
    Choice("no", ("没有", "没收到过")),
    Choice("refuse", ("不需要",), own=False),
)


@pytest.mark.parametrize(
    ("text", "others", "expected"),
    [
        ("收到过", (), "yes"),
        ("收到过", ("收到过的", "收到锅"), "yes"),
        ("收到过", ("没收到过",), "?between"),
        ("收到过", ("不需要",), "?between"),
        ("受大哥的", ("收到过", "收到锅"), "yes"),
        ("受大哥的", ("收到过",), "?unlike"),
        ("受大哥的", ("收到过", "没收到过"), "?between"),
        ("受大哥的", ("收到过", "收到锅", "没手机"), "?between"),
        ("受大哥的", ("不需要", "不需要了"), "?unlike"),
        ("", ("收到过", "收到锅"), "yes"),
    ],
)
def test_hypotheses_may_doubt_the_first_and_stand_in_for_nothing(
    text: str, others: tuple[str, ...], expected: str
) -> None:
    meant = understand_heard(Heard(text, 0.5, others), SENT)
    assert (meant.choice.name if isinstance(meant, Understood) else f"?{meant.reason}") == expected


def test_the_owner_is_never_confirmed_by_other_hypotheses() -> None:
    owner = (Choice("yes", ("我是本人",), sure=True), Choice("no", ("不是",)))
    assert isinstance(understand_heard(Heard("我是北伦", others=("我是本人", "我是本仁")), owner), Unclear)


@pytest.mark.parametrize(("text", "expected"), [("舞腿的", "?between"), ("是对的", "yes")])
def test_an_odd_syllable_before_a_yes_may_be_a_no(text: str, expected: str) -> None:
    assert meant("opened", text) == expected


@pytest.mark.parametrize("text", ["连开方便", "云开方便", "舞太方便"])
def test_an_affirmation_that_sounds_nearly_like_its_denial_is_asked_again(text: str) -> None:
    assert meant("convenient", text) == "?between"


def test_hypotheses_of_a_guess_stand_in_for_nothing() -> None:
    heard = Heard("受大哥的", 0.28, ("收到过", "收到锅"))
    assert understand_heard(heard, SENT) == Unclear("unlike")


@pytest.mark.parametrize(
    ("text", "phrase", "against"),
    [
        ("不停满意", "挺满意", True),
        ("别满意", "挺满意", True),
        ("不太满意", "不满意", False),
        ("停满意", "挺满意", False),
        ("他不多", "差不多", False),
        ("不是他不多", "差不多", True),
    ],
)
def test_a_text_that_denies_speaks_against_what_does_not(text: str, phrase: str, against: bool) -> None:
    assert contradicts(text, phrase) is against
