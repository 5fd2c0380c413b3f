"""Answers by how well their phrases fit the sound, where the words leave it open."""

from __future__ import annotations

from pathlib import Path

import pytest

from huifang.answers.trial import accepted
from ivr.hearing import Heard, Likely
from ivr.loader import load
from ivr.meaning import understand_heard
from ivr.understanding import Choice, Unclear, Understood
from tests.conversations import NEW_ACCOUNT, NOW

AFTER_SALES = load(Path(__file__).parents[2] / "config" / "scripts" / "after_sales.yaml")

SATISFIED = (
    Choice("satisfied", ("满意", "挺满意的", "好", "=都好")),
    Choice("fair", ("一般", "一般般")),
    Choice("dissatisfied", ("不满意", "不太好")),
    Choice("complaint", ("我要投诉",), own=False),
)
OWNER = (Choice("yes", ("我是本人", "是我本人"), sure=True), Choice("no", ("不是本人", "打错了")))


def heard(text: str, *others: str, confidence: float = 0.4, **scores: float) -> Heard:
    ranked = sorted(scores.items(), key=lambda one: -one[1])
    return Heard(text, confidence, others, tuple(Likely(phrase, score) for phrase, score in ranked))


def meant(said: Heard, choices: tuple[Choice, ...] = SATISFIED) -> str:
    found = understand_heard(said, choices)
    return found.choice.name if isinstance(found, Understood) else ""


@pytest.mark.parametrize(
    ("said", "name"),
    [
        # fits well, clearly ahead, and near the words
        (heard("停饭有到", 挺满意的=9.0, 一般=1.0, 不满意=0.0), "satisfied"),
        (heard("里版吧", "里半坡", 一般般=9.0, 一般=8.0, 满意=1.0), "fair"),
        # a denial found where words were like nothing
        (heard("不饭有", 不满意=9.0, 满意=1.0), "dissatisfied"),
        # phrases of one meaning are no rivals of each other
        (heard("停饭有到", 挺满意的=9.0, 满意=8.9, 一般=1.0), "satisfied"),
        # what counts only as the whole answer is tried without its mark
        (heard("多耗了", 都好=9.0, 一般=1.0), "satisfied"),
        # too little fits
        (heard("停饭有到", 挺满意的=1.0, 一般=0.0), ""),
        # two meanings fit alike
        (heard("不饭有", 不满意=6.0, 满意=6.0), ""),
        # a way out fits as well, and is never found by sound itself
        (heard("停饭有到", 挺满意的=6.0, 我要投诉=7.0), ""),
        (heard("我脚偷税", 我要投诉=8.5, 一般=0.0), ""),
        # but by far it may
        (heard("我脚偷税", 我要投诉=15.0, 一般=0.0), "complaint"),
        (heard("我脚偷税", 我要投诉=15.0, 一般=12.0), ""),
        (heard("今天天气", 我要投诉=15.0, 一般=0.0), ""),
        # far from all words
        (heard("今天天气不好", 挺满意的=9.0, 一般=1.0), ""),
        # one syllable says too little
        (heard("号", "耗", 好=12.0, 一般=0.0), ""),
        # a denial was heard
        (heard("不停饭有", 挺满意的=12.0, 一般=1.0), ""),
        (heard("停饭有到", "不停饭有", 挺满意的=12.0, 一般=1.0), ""),
        # unless all that would deny it fits far less
        (heard("不停饭有到", 挺满意的=12.0, 不挺满意的=9.5), ""),
        (heard("不停饭有到", 挺满意的=12.0, 不挺满意的=7.0), "satisfied"),
        # words that turn it round
        (heard("哪里停饭有到", 挺满意的=12.0, 一般=1.0), ""),
        # a denial fits better than the affirmation that the words are nearly
        (heard("满以的吗", 满意=1.0, 不满意=4.0), ""),
        (heard("停满意的", 挺满意的=3.0, 不满意=4.0), "satisfied"),
        # 嗯 was heard as 安, which is no part of the answer
        (heard("安满耶", 满意=3.0, 一般=0.0), "satisfied"),
        # an answer's very words, twice more, outweigh another wish; not a denial, nor too quiet a voice
        (heard("满意", "满意啊", "满意呢", "我要投诉", confidence=0.7), "satisfied"),
        (heard("满意", "满意啊", "满意呢", "不满意", confidence=0.7), ""),
        (heard("满意", "满意啊", "满意呢", "我要投诉"), ""),
        (heard("满意", "满意啊", "我要投诉", confidence=0.7), ""),
        # clear words need no sound
        (heard("满意", 一般=20.0), "satisfied"),
    ],
)
def test_by_sound(said: Heard, name: str) -> None:
    assert meant(said) == name


def test_the_owner_is_never_found_by_sound() -> None:
    assert meant(heard("我是北伦", 我是本人=20.0, 不是本人=0.0), OWNER) == ""


def test_who_tells_nothing_of_phrases_leaves_it_unclear() -> None:
    assert isinstance(understand_heard(Heard("停饭有到", 0.4), SATISFIED), Unclear)


def test_the_score_is_a_probability() -> None:
    found = understand_heard(heard("停饭有到", 挺满意的=9.0, 一般=1.0), SATISFIED)
    assert isinstance(found, Understood)
    assert 0.7 < found.score < 1
    assert found.phrase == "挺满意的"


@pytest.mark.parametrize(
    ("text", "scores", "at"),
    [
        (
            "加纠三下五四点",
            {"下周三下午四点": 19.0, "下周四下午四点": 14.0, "没空": 0.0},
            "2026-12-02T16:00:00+08:00",
        ),
        ("加纠三下五四点", {"下周三下午四点": 19.0, "下周四下午四点": 17.5}, ""),
        ("加纠三下五四点", {"没空": 19.5, "下周三下午四点": 19.0}, ""),
        ("今天天气不好", {"下周三下午四点": 19.0}, ""),
    ],
)
def test_times_by_sound(text: str, scores: dict[str, float], at: str) -> None:
    assert accepted(NEW_ACCOUNT, "when", heard(text, **scores), NOW) == at


def test_days_by_sound() -> None:
    said = heard("加酒酸", 下周三=15.0, 下周四=1.0, 没空=0.0)
    assert accepted(AFTER_SALES, "answer_by", said, NOW) == "2026-12-02"
