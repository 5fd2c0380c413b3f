"""Numbers as people say them, and said back."""

from __future__ import annotations

import pytest

from ivr.digits import all_pieces, digits, pieces

MOBILE = "13800123456"


@pytest.mark.parametrize(
    "text",
    [
        "一三八零零一二三四五六",
        "幺三八零零幺二三四五六",
        "一三八 零零一二 三四五六",
        "138 0012 3456",
        "13800123456",
        "１３８００１２３４５６",
        "138零零12三四五六",
        "我的号码是一三八零零一二三四五六",
        "嗯我的手机号码是13800123456",
        "一三八零零一二三四五六吧",
        "幺三八两个零幺二三四五六",
        "一三八2个0一二三四五六",
        "一三八嗯零零一二然后三四五六",
        "幺三八洞洞幺两三四五六",
        "要三八零零腰二三四五六",
        "一三吧零灵一二三是五六",
        "一三八零零医二三四无六",
        "一三八零零一二三十五六",
        "一百三十八零零一二三四五六",
    ],
)
def test_eleven_digits_however_they_are_said(text: str) -> None:
    assert digits(text, 11, 11) == MOBILE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("十五", "15"),
        ("二十五年", "25"),
        ("大概二十个", "20"),
        ("一百零二", "102"),
        ("一百二", "120"),
        ("三千", "3000"),
        ("一千零五", "1005"),
        ("两千五百", "2500"),
        ("一万二", "12000"),
        ("30万", "300000"),
        ("三个", "3"),
        ("三个八", "888"),
        ("零", "0"),
    ],
)
def test_quantities(text: str, expected: str) -> None:
    assert digits(text, 1, 6) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我不知道",
        "没有换",
        "一三八零零",
        "一三八零零一二三四五六七",
        "不是一三八零零一二三四五六",
        "别打13800123456",
        "13800123456不对13900123456",
        "13800123456或者13900123456",
        "是这个号码",
    ],
)
def test_no_number_of_that_length(text: str) -> None:
    assert digits(text, 11, 11) is None


def test_a_number_is_said_back_in_pieces_that_are_rendered_once() -> None:
    assert "".join(piece.wording for piece in pieces(MOBILE)) == "幺三八零零幺二三四五六"
    assert "".join(piece.wording for piece in pieces("12")) == "一二"
    assert set(pieces("0123456789")) | set(pieces("12")) == set(all_pieces())


@pytest.mark.parametrize("number", [MOBILE, "95500", "0", "19999999999", "010888"])
def test_what_is_said_back_is_understood_again(number: str) -> None:
    said = "".join(piece.wording for piece in pieces(number))
    assert digits(said, len(number), len(number)) == number
