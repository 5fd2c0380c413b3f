"""What recognisers write, made plain."""

import pytest

from transcribe.text import invented, looped, plain, simplified, unstuttered


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (" 沒有，都是我自己操作的。", "没有都是我自己操作的"),
        ("客戶經理跟我說保本！", "客户经理跟我说保本"),
        ("37分成 OK?", "37分成ok"),
        ("……", ""),
    ],
)
def test_plain_is_simplified_and_without_punctuation(raw: str, wanted: str) -> None:
    assert plain(raw) == wanted


def test_simplifying_keeps_one_character_for_each() -> None:
    text = "電話裡說過後來髮生了乾淨的麵條"
    assert len(simplified(text)) == len(text)


@pytest.mark.parametrize("text", ["请不吝点赞订阅转发打赏", "中文字幕志愿者", "谢谢观看", "amara社区"])
def test_film_subtitles_are_invented(text: str) -> None:
    assert invented(text)


@pytest.mark.parametrize("text", ["谢谢", "订阅号没收到", "没有了谢谢", "字写得不清楚"])
def test_answers_are_not(text: str) -> None:
    assert not invented(text)


@pytest.mark.parametrize("text", ["我们的" * 6, "喳" * 9, "他说" * 6 + "的", "好的好的" * 4])
def test_circles_are_loops(text: str) -> None:
    assert looped(text)


@pytest.mark.parametrize(
    "text", ["对对对", "没有没有没有没有", "是的是的", "", "账户交给他代客操作赚了钱我们三七分成"]
)
def test_people_repeat_themselves_too(text: str) -> None:
    assert not looped(text)


@pytest.mark.parametrize(
    ("text", "voiced_s", "wanted"),
    [
        ("我要投诉你们我要投诉你们我要", 1.1, "我要投诉你们"),
        ("满意满意满意", 0.5, "满意"),
        ("都是我自己操作都是我自己操", 1.4, "都是我自己操作"),
        ("满意满意", 1.2, "满意满意"),
        ("对对对", 0.2, "对对对"),
        ("方便", 0.1, "方便"),
        ("", 0.0, ""),
    ],
)
def test_what_nobody_can_say_in_that_time_was_said_once(text: str, voiced_s: float, wanted: str) -> None:
    assert unstuttered(text, voiced_s) == wanted
