"""Which question was it, by sound?"""

from __future__ import annotations

import pytest

from softphone.matching import denied, key_offered, nearest, part_distance

QUESTIONS = {
    "convenient": ("您现在方便吗",),
    "satisfied": ("一般还是不满意",),
    "since": ("从什么时候开始的",),
}


@pytest.mark.parametrize(
    ("heard", "question"),
    [
        ("想做个简短的回访您现在方便吗", "convenient"),
        ("您先在方面吗", "convenient"),  # 现 xian 先 xian, 便 bian 面 mian
        ("满意一班还四不满一", "satisfied"),
        ("请问是同什么时候开始的", "since"),
        ("今天天气很好我们去公园", None),
        ("", None),
    ],
)
def test_the_nearest_by_sound_is_taken(heard: str, question: str | None) -> None:
    match = nearest(heard, QUESTIONS)
    assert (match.question if match else None) == question


def test_the_longer_of_two_equal_phrases_wins() -> None:
    match = nearest("请问您方便吗", {"short": ("方便吗",), "long": ("您方便吗",)})
    assert match is not None
    assert match.question == "long"


def test_what_stands_around_the_phrase_costs_nothing() -> None:
    assert part_distance(("fang", "bian"), ("ni", "hao", "fang", "bian", "ma")) == 0


def test_a_missing_syllable_costs_its_share() -> None:
    assert part_distance(("a", "ba", "ma", "ta"), ("a", "ba", "ta")) == 0.25


def test_nothing_heard_is_as_far_as_can_be() -> None:
    assert part_distance(("fang", "bian"), ()) == 1


@pytest.mark.parametrize(
    ("heard", "meant", "wrong"),
    [
        ("明天下午三点半再打给您对吗", "明天下午三点半", False),
        ("下午三点半再打给您对吗", "明天下午三点半", False),  # the day was not heard
        ("后天下午三点半再打给您对吗", "明天下午三点半", True),
        ("明天下午三点再打给您对吗", "明天下午三点半", True),
        ("明天下午三点半再打给您对吗", "明天下午三点", True),
        ("再打给您对吗", "明天下午三点半", False),
        (
            "后天下午三点半再打给你对吗",
            "明天下午三点半",
            False,
        ),  # recognised, not recalled
        ("后天下午三点半再打给您对吗", "", False),
    ],
)
def test_another_answer_than_was_meant_is_denied(heard: str, meant: str, wrong: bool) -> None:
    assert denied(heard, "再打给您，对吗？", meant) == wrong


@pytest.mark.parametrize(
    ("meant", "key"),
    [
        ("明天下午三点半", "2"),
        ("后天上午十点", "3"),
        ("这周五上午十点", "4"),
        ("下周三下午四点", ""),
        ("", ""),
    ],
)
def test_the_key_of_the_time_that_is_meant(meant: str, key: str) -> None:
    offers = "您也可以按键选择明天上午请按一明天下午请按二后天上午请按三这周五上午请按四都不方便请按零"
    assert key_offered(offers, meant) == key
