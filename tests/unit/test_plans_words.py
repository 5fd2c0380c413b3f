"""Chinese words of planning: every name has one, terms and people are said as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from plans import words
from plans.duties import Duty, Period, Who, Within
from plans.paperwork import Filing, Form, Grade, Level, Material, ReportForm, Role, Way
from plans.sections import ClockName, Measure
from records.model import Kind
from records.people import ClientKind, EventKind, Source
from records.planned import Executor

TABLES: list[tuple[type[StrEnum], Mapping[Any, str]]] = [
    (Source, words.SOURCES),
    (ClientKind, words.CLIENTS),
    (Measure, words.MEASURES),
    (Executor, words.EXECUTORS),
    (Level, words.LEVELS),
    (EventKind, words.EVENTS),
    (Period, words.PERIODS),
    (ClockName, words.CLOCKS),
    (ReportForm, words.REPORTS),
    (Material, words.MATERIALS),
    (Filing, words.FILINGS),
    (Form, words.FORMS),
    (Grade, words.GRADES),
    (Role, words.ROLES),
    (Way, words.WAYS),
]


@pytest.mark.parametrize(("names", "table"), TABLES)
def test_every_name_has_its_own_word(names: type[StrEnum], table: Mapping[Any, str]) -> None:
    assert set(table) == set(names)
    assert len(set(table.values())) == len(table)


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (Within(worked_days=5), "5个工作日内"),
        (Within(worked_days=0), "当日"),
        (Within(days=14), "14天内"),
        (Within(days=0), "当日"),
        (Within(months=1), "1个月内"),
    ],
)
def test_a_term(term: Within, said: str) -> None:
    assert words.within(term) == said


def test_money_and_shares() -> None:
    assert [words.yuan(one) for one in (10_000_000, 100_000, 15_000, 5000, 0)] == [
        "1000万元",
        "10万元",
        "1.5万元",
        "5000元",
        "0元",
    ]
    assert [words.share(one) for one in (1, 0.3, 0.125, 0.07)] == ["100%", "30%", "12.5%", "7%"]


def test_whom_a_duty_concerns() -> None:
    assert words.whom(Who()) == "全部客户"
    who = Who(sources=(Source.BROKER, Source.INTRODUCED), dormant=False, assets_below=100_000)
    assert words.whom(who) == "经纪人客户、居间客户，非休眠客户，资产10万元以下"
    assert words.whom(Who(adviser=True, provinces_not=("四川",))) == "四川除外，投顾签约客户"
    assert words.whom(Who(classes=("A", "B+"), key_active=True)) == "A、B+类客户，重点活跃客户"
    assert words.whom(Who(provinces=("四川",), assets_from=5e6)) == "仅四川，资产500万元及以上"


def test_what_makes_a_duty_due() -> None:
    yearly = Duty(
        kind=Kind.ADVISER_CONTINUING,
        each=Period.YEAR,
        since=EventKind.SIGNED,
        executor=Executor.OPERATIONS,
        rule="P6",
    )
    assert words.occasion(yearly) == "每年（自签约投顾之日起）"
    opened = Duty(
        kind=Kind.NEW_ACCOUNT,
        upon=EventKind.OPENED,
        within=Within(days=3),
        executor=Executor.OPERATIONS,
        rule="P1",
    )
    assert words.occasion(opened) == "开户后"
