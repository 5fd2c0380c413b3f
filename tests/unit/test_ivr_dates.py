"""Days people name, and days said back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from base.clock import SHANGHAI
from ivr.times import Vague, parse_date
from ivr.times_spoken import all_date_pieces, spoken_date

NOW = datetime(2026, 11, 25, 10, 7, tzinfo=SHANGHAI)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天", date(2026, 11, 25)),
        ("就明天吧", date(2026, 11, 26)),
        ("后天上午", date(2026, 11, 27)),
        ("大后天", date(2026, 11, 28)),
        ("昨天", date(2026, 11, 24)),
        ("大前天", date(2026, 11, 22)),
        ("周五", date(2026, 11, 27)),
        ("周一", date(2026, 11, 30)),
        ("这周三", date(2026, 11, 25)),
        ("下周三", date(2026, 12, 2)),
        ("下个礼拜三", date(2026, 12, 2)),
        ("下下周三", date(2026, 12, 9)),
        ("上周三", date(2026, 11, 18)),
        ("上个星期天", date(2026, 11, 22)),
        ("三月五号", date(2027, 3, 5)),
        ("三月五日", date(2027, 3, 5)),
        ("12月3号", date(2026, 12, 3)),
        ("十二月二十五", date(2026, 12, 25)),
        ("三十号", date(2026, 11, 30)),
        ("三号", date(2026, 12, 3)),
        ("下个月五号", date(2026, 12, 5)),
        ("上个月二十号", date(2026, 10, 20)),
        ("这个月底三十号", date(2026, 11, 30)),
        ("二零二六年三月五号", date(2026, 3, 5)),
        ("今年三月五号", date(2026, 3, 5)),
        ("去年的三月五号", date(2025, 3, 5)),
        ("明年一月十五号", date(2027, 1, 15)),
        ("三天以后", date(2026, 11, 28)),
        ("两周以后", date(2026, 12, 9)),
        ("周四不行周五吧", date(2026, 11, 27)),
        ("不是明天后天", date(2026, 11, 27)),
    ],
)
def test_days(text: str, expected: date) -> None:
    assert parse_date(text, NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        "下周",
        "周末",
        "月底",
        "过两天",
        "这几天",
        "年底",
        "三月份",
        "二月三十号",
        "明天或者后天",
        "下个月",
        "明天不行",
    ],
)
def test_vague_days(text: str) -> None:
    assert parse_date(text, NOW) in (Vague(None), None)


@pytest.mark.parametrize("text", ["", "我不知道", "可以", "三点半", "没有", "非常满意", "每天都看"])
def test_no_day_at_all(text: str) -> None:
    assert parse_date(text, NOW) is None


def test_every_day_said_back_is_understood_again() -> None:
    pieces = set(all_date_pieces())
    for ahead in range(-327, 401):
        day = NOW.date() + timedelta(days=ahead)
        said = spoken_date(day, NOW)
        assert said is not None
        assert pieces.issuperset(said)
        assert parse_date("".join(piece.wording for piece in said), NOW) == day


def test_other_years_cannot_be_said_back() -> None:
    assert spoken_date(date(2024, 3, 5), NOW) is None
