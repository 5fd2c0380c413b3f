"""Cells as people write them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.customers import cells
from office.customers.cells import BadCell
from office.customers.fields import named_and_numbered
from office.customers.names import EVENTS
from office.tables import Cell
from plans.words import EVENTS as SAID


@pytest.mark.parametrize(
    ("cell", "unit", "yuan"),
    [
        ("1,234.5万", 1, 12_345_000),
        ("50万元", 1, 500_000),
        ("1.2亿", 1, 120_000_000),
        ("¥1,000.50", 1, 1_000.5),
        ("人民币３００元", 1, 300),
        ("-12.5", 1, -12.5),
        ("1.5E+6", 1, 1_500_000),
        ("12.5", 1e4, 125_000),
        ("50万元", 1e4, 500_000),
        (3, 1e4, 30_000),
        (0.25, 1, 0.25),
        ("—", 1e4, 0),
        (None, 1, 0),
    ],
)
def test_amounts(cell: Cell, unit: float, yuan: float) -> None:
    assert cells.amount(cell, unit) == pytest.approx(yuan)


@pytest.mark.parametrize("cell", ["八十", "1-2", "12万3", "1..2", True])
def test_what_is_no_amount(cell: Cell) -> None:
    with pytest.raises(BadCell, match="不是金额"):
        cells.amount(cell)


@pytest.mark.parametrize("cell", ["1000000000000亿", "1e999", 1e14, float("nan"), "-20万亿"])
def test_an_amount_that_nobody_has_is_a_wrong_unit(cell: Cell) -> None:
    with pytest.raises(BadCell, match="超过10万亿元，请检查单位"):
        cells.amount(cell)


@pytest.mark.parametrize(
    ("cell", "unit", "rate"),
    [("350%", 1, 3.5), ("3.5", 1, 3.5), (350, 0.01, 3.5), ("3倍", 1, 3), ("2‰", 1, 0.002)],
)
def test_rates(cell: Cell, unit: float, rate: float) -> None:
    assert cells.rate(cell, unit) == pytest.approx(rate)


@given(st.integers(0, 10**14))
def test_an_amount_is_read_as_it_is_written_with_commas(cents: int) -> None:
    assert cells.amount(f"{cents // 100:,}.{cents % 100:02d}") == pytest.approx(cents / 100)


@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2099, 12, 31)), st.sampled_from("-/."))
def test_a_day_is_read_in_every_form(day: date, sign: str) -> None:
    forms: list[Cell] = [
        f"{day.year}{sign}{day.month}{sign}{day.day}", f"{day:%Y%m%d}", f"{day:%Y-%m-%d} 00:00:00", day,
        f"{day.year}年{day.month}月{day.day}日", datetime.combine(day, time(9)),
    ]  # fmt: skip
    assert {cells.day(form) for form in forms} == {day}
    assert cells.from_to(f"{forms[0]}-{forms[0]}") == (day, day)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("13800000001", ["+8613800000001"]),
        ("13800000001/021-61234567", ["+8613800000001", "+862161234567"]),
        ("13800000001，13900000002", ["+8613800000001", "+8613900000002"]),
        ("13800000001、 13900000002；", ["+8613800000001", "+8613900000002"]),
        ("021-61234567,12", ["+862161234567"]),
        (2161234567.0, ["+862161234567"]),
        ("无", []),
        ("", []),
    ],
)
def test_phones(cell: Cell, found: list[str]) -> None:
    assert [phone.e164 for phone in cells.phones(cell)] == found


@pytest.mark.parametrize(
    ("cell", "who"),
    [
        ("王芳", ("王芳", "")),
        ("0017", ("", "0017")),
        (17.0, ("", "17")),
        ("王芳(0017)", ("王芳", "0017")),
        ("王芳（J-017）", ("王芳", "J-017")),
        ("0017 王芳", ("王芳", "0017")),
        ("0017-王芳", ("王芳", "0017")),
        ("SH0017/王芳", ("王芳", "SH0017")),
        ("王芳, 李强", ("王芳, 李强", "")),
        ("无", ("", "")),
    ],
)
def test_people_of_the_firm(cell: Cell, who: tuple[str, str]) -> None:
    assert named_and_numbered(cell) == who


@pytest.mark.parametrize(
    ("cell", "on"), [("是", True), ("Y", True), (1, True), ("否", False), ("", False), (0, False)]
)
def test_yes_and_no(cell: Cell, on: bool) -> None:
    assert cells.switch(cell) is on


def test_neither_yes_nor_no() -> None:
    with pytest.raises(BadCell):
        cells.switch("也许")


def test_a_number_that_lost_digits_is_refused() -> None:
    with pytest.raises(BadCell, match="设为文本"):
        cells.words(310101199003071234.0)


@pytest.mark.parametrize("cell", ["'80001234", '="80001234"', "\t80001234 ", 80001234.0, "80001234"])
def test_figures_that_were_to_stay_text(cell: Cell) -> None:
    assert cells.words(cell) == "80001234"


def test_every_event_is_known_by_the_word_that_papers_use() -> None:
    assert {EVENTS[word] for word in SAID.values()} == set(SAID)
