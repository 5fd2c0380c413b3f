"""Sounds of Chinese: readings, folding, distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.pinyin import cost, difference, distance, fold, folded, sounding, syllables

SYLLABLES = st.lists(st.sampled_from(["man", "yi", "bu", "zhong", "cen", "nv", "a"]), max_size=6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("分成", ("fen", "cheng")),
        ("银行不行", ("yin", "hang", "bu", "xing")),
        ("三点，3点。", ("san", "dian", "san", "dian")),
        ("女士", ("nv", "shi")),
        ("A股！", ("a", "gu")),
        ("", ()),
        ("……", ()),
    ],
)
def test_syllables(text: str, expected: tuple[str, ...]) -> None:
    assert syllables(text) == expected


@pytest.mark.parametrize(
    ("syllable", "expected"),
    [
        ("cheng", "cen"),
        ("ceng", "cen"),
        ("zhi", "zi"),
        ("liang", "nian"),
        ("shang", "san"),
        ("er", "er"),
        ("n", "n"),
    ],
)
def test_fold(syllable: str, expected: str) -> None:
    assert fold(syllable) == expected


def test_profit_sharing_and_layers_sound_alike() -> None:
    assert folded("分成") == folded("分层")
    assert distance(syllables("分成"), syllables("分层")) == 0


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [("满意", "满一", 0, 0), ("满意", "慢一点", 0.3, 0.4), ("满意", "不知道", 0.6, 1)],
)
def test_distance(a: str, b: str, low: float, high: float) -> None:
    assert low <= distance(folded(a), folded(b)) <= high


def test_a_near_sound_costs_less_than_a_far_one() -> None:
    assert 0 < difference("ban", "pan") < difference("ban", "xu") <= 1


def test_missing_syllable_costs_one() -> None:
    assert cost(("bu", "man", "yi"), ("man", "yi")) == 1


@given(SYLLABLES, SYLLABLES)
def test_distance_is_symmetric_and_bounded(a: list[str], b: list[str]) -> None:
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert 0 <= distance(a, b) <= 1
    assert distance(a, a) == 0


@given(st.text(alphabet="满意不成的三3A，。 ", max_size=12))
def test_one_syllable_for_each_sounding_character(text: str) -> None:
    assert len(syllables(text)) == len(sounding(text))
