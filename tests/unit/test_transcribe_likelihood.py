"""Which expected phrases are tried on a sound."""

from __future__ import annotations

import pytest

from transcribe.likelihood import denials, worth_trying

EXPECTED = (
    "满意",
    "很满意",
    "不满意",
    "不太满意",
    "一般",
    "还行",
    "马马虎虎",
    "没空",
    "我要投诉",
    "你是机器人吗",
)


@pytest.mark.parametrize("text", ["很满意", "嗯很满意啊", "痕满意"])
def test_what_sounds_like_a_phrase_needs_no_trying(text: str) -> None:
    assert worth_trying((text, "很蛮耶"), EXPECTED) == ()


def test_a_doubtful_denial_is_tried_though_the_first_text_is_a_phrase() -> None:
    assert "很满意" in worth_trying(("很满意", "很不满意"), EXPECTED)


def test_where_a_text_denies_denials_of_what_is_affirmed_are_tried() -> None:
    assert "好像不是" in denials(("好香是", "好香不舍"), "好像是")
    assert denials(("不有过",), "有过")[0] == "没有过"
    assert denials(("好香是", "好像四"), "好像是") == ()
    assert denials(("不对",), "") == ()


@pytest.mark.parametrize(
    ("affirmed", "denied"),
    [
        ("非常好", {"非常不好", "不非常好"}),
        ("我老婆", {"不是我老婆", "没我老婆"}),
        ("经理帮我", {"经理没帮我", "经理不帮我", "不是经理帮我"}),
        ("很满意", {"很不满意"}),
        ("我不知道", set()),
    ],
)
def test_denials_are_such_as_people_say(affirmed: str, denied: set[str]) -> None:
    found = set(denials(("不",), affirmed))
    assert denied <= found
    assert "非不常好" not in found


def test_nothing_heard_is_held_against_nothing() -> None:
    assert worth_trying((), EXPECTED) == worth_trying(("嗯",), EXPECTED) == ()


def test_nothing_expected_is_not_tried() -> None:
    assert worth_trying(("很蛮耶",), ()) == ()


def test_the_nearest_in_sound_come_first() -> None:
    tried = worth_trying(("很蛮耶",), EXPECTED)
    assert tried[0] == "很满意"
    assert len(tried) < len(EXPECTED)


def test_every_text_counts() -> None:
    assert "马马虎虎" in worth_trying(("骂骂福福",), EXPECTED)
    assert "马马虎虎" in worth_trying(("很蛮耶", "骂骂福福"), EXPECTED)


@pytest.mark.parametrize("text", ["蛮耶", "不蛮耶"])
def test_a_pole_is_tried_with_its_rival(text: str) -> None:
    many = (
        *(f"满{word}" for word in "一二三四五六七八九"),
        *(f"不满{word}" for word in "一二三四五六七八九"),
    )
    tried = worth_trying((text,), many)
    assert sum(phrase.startswith("不") for phrase in tried) >= 2
    assert sum(phrase.startswith("满") for phrase in tried) >= 2
