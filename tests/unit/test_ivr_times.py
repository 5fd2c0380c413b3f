"""Spoken times (D6): clear ones, vague ones, and through a recogniser's homophones."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from base.clock import SHANGHAI
from ivr.numerals import chinese, spelt
from ivr.times import Clear, Vague, parse, unasked
from ivr.times_spoken import all_pieces, spoken

NOW = datetime(2026, 11, 25, 10, 7, tzinfo=SHANGHAI)
"""A Wednesday."""


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天下午三点半", at(26, 15, 30)),
        ("明天下午3点半", at(26, 15, 30)),
        ("明天15:30", at(26, 15, 30)),
        ("明天十五点三十分", at(26, 15, 30)),
        ("嗯那就明天下午三点半吧", at(26, 15, 30)),
        ("没空明天下午三点半再打", at(26, 15, 30)),
        ("现在不行明天下午三点半", at(26, 15, 30)),
        ("后天上午十点", at(27, 10)),
        ("今天晚上八点", at(25, 20)),
        ("明晚七点", at(26, 19)),
        ("明早九点", at(26, 9)),
        ("明天中午十二点半", at(26, 12, 30)),
        ("明天中午一点", at(26, 13)),
        ("下周一收盘以后", at(30, 15)),
        ("收盘以后", at(25, 15)),
        ("过两个小时", at(25, 12, 15)),
        ("一个半小时以后", at(25, 11, 45)),
        ("半个小时后", at(25, 10, 45)),
        ("二十分钟以后", at(25, 10, 30)),
        ("三刻钟以后", at(25, 11)),
        ("五点以后", at(25, 17)),
        ("三点", at(25, 15)),
        ("十点一刻", at(25, 10, 15)),
        ("十点", at(26, 10)),
        ("三点四十", at(25, 15, 45)),
        ("三点到五点之间", at(25, 15)),
        ("周五下午两点", at(27, 14)),
        ("周一下午两点", at(30, 14)),
        ("下周三五点", at(2, 17, month=12)),
        ("周四三点一刻", at(26, 15, 15)),
        ("星期天上午九点", at(29, 9)),
        ("礼拜天上午九点", at(29, 9)),
        ("十二月三号下午四点", at(3, 16, month=12)),
        ("三号下午四点", at(3, 16, month=12)),
        ("不是明天下午三点半", at(26, 15, 30)),
        ("不对明天下午三点半", at(26, 15, 30)),
        ("不是的是明天下午三点半", at(26, 15, 30)),
        ("不是明天是后天下午三点半", at(27, 15, 30)),
        ("不是明天下午三点是后天下午四点", at(27, 16)),
        ("不是三点是四点", at(25, 16)),
    ],
)
def test_clear_times(text: str, expected: datetime) -> None:
    assert parse(text, NOW) == Clear(expected)


@pytest.mark.parametrize(
    "text",
    [
        "明天下午三点办",
        "明天下午三点伴",
        "名天下五三点半",
        "明天下午山点半",
        "明天下午三店半",
        "明天夏午三电办",
    ],
)
def test_times_are_heard_through_homophones(text: str) -> None:
    assert parse(text, NOW) == Clear(at(26, 15, 30))


def test_ten_and_four_are_told_apart_by_their_exact_sound() -> None:
    assert parse("明天上午是点", NOW) == Clear(at(26, 10))
    assert parse("明天下午寺点", NOW) == Clear(at(26, 16))


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("明天", at(26, 15, 30)),
        ("明天下午", at(26, 15, 30)),
        ("明天上午", at(26, 10)),
        ("明天晚上", at(26, 19)),
        ("明天八点", at(26, 20)),
        ("今天上午九点", None),
        ("晚点吧", None),
        ("等会儿", None),
        ("周末吧", None),
        ("二十五点", None),
        ("三月三十二号下午三点", None),
        ("三点或者四点", at(25, 15)),
        ("三点不行", None),
        ("明天下午三点半不行", None),
        ("不要明天下午三点", None),
        ("不是今天是明天", at(26, 15, 30)),
        ("晚上十二点", None),
        ("明天上午四点", None),
        ("明天早上五点半", None),
        ("周三三点一刻", None),
        ("中午下午两点", at(25, 14)),
        ("好贴稍后两点", at(25, 14)),
    ],
)
def test_vague_times(text: str, guess: datetime | None) -> None:
    assert parse(text, NOW) == Vague(guess)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("下午四点", at(27, 16)),
        ("四点", at(27, 16)),
        ("明天下午四点", at(26, 16)),
        ("过两个小时", at(25, 12, 15)),
    ],
)
def test_the_day_that_is_spoken_of(text: str, expected: datetime) -> None:
    assert parse(text, NOW, on=at(27, 0).date()) == Clear(expected)


def test_a_part_of_the_day_that_is_spoken_of_is_a_guess() -> None:
    assert parse("上午", NOW, on=at(27, 0).date()) == Vague(at(27, 10))
    assert parse("不知道", NOW, on=at(27, 0).date()) is None


@pytest.mark.parametrize(
    "text", ["", "你好", "我不知道", "可以可以", "没有", "我在开会", "非常满意", "一般", "打电话"]
)
def test_no_time_at_all(text: str) -> None:
    assert parse(text, NOW) is None


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (at(25, 14), "今天下午两点"),
        (at(26, 15, 30), "明天下午三点半"),
        (at(27, 9, 15), "后天上午九点一刻"),
        (at(29, 12, 45), "这周日中午十二点三刻"),
        (at(30, 20), "下周一晚上八点"),
        (at(6, 20, month=12), "下周日晚上八点"),
    ],
)
def test_times_said_back(when: datetime, words: str) -> None:
    pieces = spoken(when, NOW)
    assert pieces is not None
    assert "".join(piece.wording for piece in pieces) == words
    assert set(pieces) <= set(all_pieces())


@pytest.mark.parametrize("when", [at(7, 15, month=12), at(24, 15), at(26, 7), at(26, 22), at(26, 15, 5)])
def test_what_cannot_be_said_back(when: datetime) -> None:
    assert spoken(when, NOW) is None


def test_what_is_said_back_is_understood_again() -> None:
    for hour in range(8, 22):
        for minute in (0, 15, 30, 45):
            for day in range(1, 11):
                when = NOW.replace(hour=hour, minute=minute) + timedelta(days=day)
                pieces = spoken(when, NOW)
                assert pieces is not None
                assert parse("".join(piece.wording for piece in pieces), NOW) == Clear(when), pieces


def test_pieces_have_one_wording_each() -> None:
    keys = [piece.prompt for piece in all_pieces()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "零"), (9, "九"), (10, "十"), (15, "十五"), (20, "二十"), (99, "九十九"), (2026, "二零二六")],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert chinese(number) == words
    assert spelt(words) == str(number)


@pytest.mark.parametrize("text", ["亏一点没关系", "没有一点问题", "亏1点", "会亏一点点", "有一点需要"])
def test_a_little_is_no_time_where_none_was_asked(text: str) -> None:
    assert unasked(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天下午一点再打", at(26, 13)),
        ("一点半再打", at(25, 13, 30)),
        ("明天下午三点半", at(26, 15, 30)),
        ("过一个小时", at(25, 11, 15)),
    ],
)
def test_a_time_that_was_not_asked_for(text: str, expected: datetime) -> None:
    assert unasked(text, NOW) == Clear(expected)


@pytest.mark.parametrize("text", ["我不方便明天再打", "没空晚点再打", "改天再联系"])
def test_who_wants_to_be_called_another_time_means_it_without_an_hour(text: str) -> None:
    assert isinstance(unasked(text, NOW), Vague)


@pytest.mark.parametrize("text", ["上个月", "上个月打给我过", "明天", "这几天吧"])
def test_a_day_alone_is_no_wish_where_none_was_asked(text: str) -> None:
    assert unasked(text, NOW) is None
