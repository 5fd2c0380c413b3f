"""Phrases split into a model's words, and how much a phrase that was forced counts beside what was heard."""

from __future__ import annotations

import pytest

from ivr.hearing import Heard
from ivr.meaning import understand_heard
from ivr.understanding import Choice, Unclear, Understood
from transcribe.grammar import in_words, joined, second_opinions

VOCABULARY = frozenset(
    ("我", "是", "本人", "我是", "满意", "不", "不满", "意", "比较", "一般", "般", "没有", "有", "[unk]")
)
SATISFIED = ("满意", "很满意", "比较满意", "不满意", "不太满意", "一般")
ASKED = (Choice("good", SATISFIED[:3]), Choice("bad", SATISFIED[3:5]), Choice("fair", ("一般",)))


def knows(word: str) -> bool:
    return word in VOCABULARY


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("比较满意", ("比较", "满意")),
        ("我是本人", ("我是", "本人")),
        ("不满意", ("不满", "意")),
        ("我是一般", ("我是", "一般")),
        ("满意度", ()),
        ("度满意", ()),
        ("", ()),
    ],
)
def test_phrases_are_split_into_known_words_the_longest_first(phrase: str, words: tuple[str, ...]) -> None:
    assert in_words(phrase, knows) == words


def test_a_long_word_gives_way_where_the_rest_would_have_none() -> None:
    known = {"没有", "没", "有意", "见"}
    assert in_words("没有意见", known.__contains__) == ("没", "有意", "见")


def test_noises_are_no_words() -> None:
    assert joined(("[unk]", "比较", "<eps>", "满意", "[FIL]")) == "比较满意"


@pytest.mark.parametrize(
    ("free", "held", "times"),
    [
        ("比较满意", "比较满意", 2),
        ("比较慢一", "比较满意", 2),
        ("嗯比较慢一啊", "比较满意", 2),
        ("油", "有", 2),
        ("四", "是", 1),
        ("满意", "不满意", 1),
        ("不满意", "满意", 1),
        ("满意", "不太满意", 1),
        ("今天天气很好", "比较满意", 0),
        ("你们是做什么的", "不满意", 0),
        ("满意有", "满意有", 0),
        ("", "满意", 0),
        ("满意", "", 0),
    ],
)
def test_a_phrase_counts_as_much_as_it_sounds_like_what_was_heard(free: str, held: str, times: int) -> None:
    assert second_opinions(free, held, (*SATISFIED, "是", "有")) == (held,) * times


def test_a_phrase_whose_denial_sounds_nearly_as_like_may_only_contradict() -> None:
    near = ("太方便", "不太方便")
    assert second_opinions("开方便", "太方便", ("太方便",)) == ("太方便",) * 2
    assert second_opinions("连开方便", "太方便", near) == ("太方便",)


def understood(free: str, held: str) -> Understood | Unclear:
    return understand_heard(Heard(free, 0.8, second_opinions(free, held, SATISFIED)), ASKED)


def test_two_signals_that_agree_stand_in_for_words_without_meaning() -> None:
    alone = understand_heard(Heard("很满", 0.8), ASKED)
    assert isinstance(alone, Unclear)
    both = understood("很满", "很满意")
    assert isinstance(both, Understood)
    assert both.choice.name == "good"


@pytest.mark.parametrize(("free", "held"), [("满意", "不满意"), ("不满意", "满意"), ("很满意", "不太满意")])
def test_signals_of_two_poles_are_asked_again(free: str, held: str) -> None:
    assert isinstance(understand_heard(Heard(free, 0.8), ASKED), Understood)
    assert isinstance(understood(free, held), Unclear)


def test_a_forced_phrase_takes_nothing_from_a_sentence_of_its_own() -> None:
    free = "我觉得他服务得还挺好的我很满意"
    assert understood(free, "不满意") == understand_heard(Heard(free, 0.8), ASKED)


def test_nobody_is_the_owner_because_we_hoped_to_hear_it() -> None:
    """A2: held to phrases, any sentence becomes 我是本人; only the free text confirms."""
    phrases = ("我是本人", "是的")
    owner = (Choice("owner", phrases, sure=True),)
    heard = second_opinions("我是笨鸟", "我是本人", phrases)
    assert isinstance(understand_heard(Heard("我是笨鸟", 0.9, heard), owner), Unclear)
    assert isinstance(understand_heard(Heard("我是本人", 0.9, heard), owner), Understood)
