"""What is wrong with demands though each can be read: the impossible, contradictions, called too little."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans import checking
from plans.checking import Problem
from plans.classes import class_of
from plans.duties import Duty, Reserved, Who
from plans.paperwork import Report, Signing, Term
from plans.sections import Classes, Clock, ClockName
from plans.selecting import test_of as made_test
from records.people import ClientKind, Facts, Source

CLASSES = Classes.model_validate(
    {
        "steps": [
            {"assets_from": 5_000_000, "low": "A+", "high": "B+"},
            {"assets_from": 100_000, "low": "D-", "high": "C-"},
            {"assets_from": 0, "low": "G", "high": "G"},
        ]
    }
)


def duty(**said: Any) -> Duty:
    return Duty.model_validate({"kind": "special", "executor": "operations", "rule": "P7", **said})


def upon(event: str, **said: Any) -> Duty:
    return duty(upon=event, **{"within": {"worked_days": 5}, **said})


def yearly(**said: Any) -> Duty:
    return duty(**{"kind": "periodic", "each": "year", "rule": "P2", **said})


def of(**duties: Duty) -> list[Problem]:
    return list(checking.of_duties(duties, CLASSES))


def places(found: Iterable[Problem]) -> list[str]:
    return [".".join(one.place) for one in found]


@pytest.mark.parametrize(
    "who",
    [
        {"assets_from": 100_000, "assets_below": 100_000},
        {"assets_from": 200_000, "assets_below": 100_000},
        {"provinces": ["四川"], "provinces_not": ["四川"]},
        {"classes": ["A+"], "assets_below": 5_000_000},
        {"classes": ["D-", "C-"], "assets_from": 5_000_000},
    ],
)
def test_a_duty_that_no_customer_can_meet(who: dict[str, Any]) -> None:
    found = of(own=upon("closing", who=who))
    assert places(found) == ["duties.own"]
    assert "no customer can be meant" in found[0].says


@pytest.mark.parametrize(
    "who",
    [
        {"assets_from": 100_000, "assets_below": 100_001},
        {"classes": ["A+"], "assets_from": 6_000_000},
        {"classes": ["G"], "assets_below": 1},
        {"classes": ["B+"], "key_active": False, "core": True, "dormant": False, "clients": ["institution"]},
        {"provinces": ["四川", "重庆"], "provinces_not": ["四川"], "sources": ["broker"], "adviser": True},
    ],
)
def test_a_duty_that_somebody_meets_is_left_alone(who: dict[str, Any]) -> None:
    assert of(own=upon("closing", who=who)) == []


def test_a_class_that_is_not_there() -> None:
    found = of(own=upon("closing", who={"classes": ["A+", "Z"]}))
    assert [one.says for one in found] == ["there is no class Z in `classes`"]


def test_periods_of_a_contract_that_is_not_there() -> None:
    found = of(own=yearly(kind="adviser_continuing", since="signed", who={"adviser": False}))
    assert "without a contract" in found[0].says


@pytest.mark.parametrize(
    ("begin", "end", "wrong"),
    [
        ({"days": 8}, {"days": 7}, True),
        ({"months": 2}, {"days": 20}, True),
        ({"worked_days": 40}, {"months": 1}, True),
        ({"worked_days": 5}, {"months": 1}, False),
        ({"days": 12}, {"worked_days": 10}, False),
    ],
)
def test_a_first_call_after_the_last_day(begin: dict[str, int], end: dict[str, int], wrong: bool) -> None:
    found = of(own=upon("signed", begin_within=begin, within=end))
    assert bool(found) is wrong


def test_checks_are_headquarters() -> None:
    assert "P12" in of(own=yearly(kind="check"))[0].says
    assert of(own=yearly(kind="check", executor="headquarters")) == []


def test_two_duties_for_the_same_customers_contradict() -> None:
    found = of(one=upon("closing"), two=upon("closing", who={"assets_from": 9e6}))
    assert places(found) == ["duties.two"]
    assert "`one`" in found[0].says


@pytest.mark.parametrize(
    "other",
    [
        yearly(each="month", besides=True),
        yearly(kind="adviser_continuing"),
        yearly(since="signed", who={"adviser": True}),
        upon("opened", kind="periodic"),
    ],
)
def test_duties_that_do_not_get_in_each_others_way(other: Duty) -> None:
    assert of(one=yearly(), two=other) == []


def test_two_periods_for_the_same_customers_contradict() -> None:
    assert places(of(one=yearly(), two=yearly(each="month", who={"core": True}))) == ["duties.two"]
    apart = {"one": yearly(who={"core": False}), "two": yearly(each="month", who={"core": True})}
    assert of(**apart) == []


def test_introduced_customers_are_called_whenever_they_open_an_account() -> None:
    opened = {"kind": "new_account", "rule": "P1"}
    found = of(own=upon("opened", **opened, share=0.3))
    assert [(one.place, "30%" in one.says) for one in found] == [(("duties", "own"), True)]
    apart = {
        "others": upon("opened", **opened, share=0.3, who={"sources": ["ordinary", "broker"]}),
        "introduced": upon("opened", **opened, who={"sources": ["introduced"]}),
    }
    assert of(**apart) == []


def test_introduced_customers_are_called_no_less_than_others_like_them() -> None:
    """P5: headquarters' checks come on top, and make up for nothing."""
    duties = {
        "ordinary": yearly(who={"sources": ["ordinary"]}),
        "introduced": yearly(each="two_years", who={"sources": ["introduced"]}),
        "checked": yearly(kind="check", executor="headquarters", besides=True),
    }
    found = of(**duties)
    assert places(found) == ["duties.introduced"]
    assert "0.5 times a year, others like them 1 times" in found[0].says
    assert of(**{**duties, "introduced": yearly(who={"sources": ["introduced"]})}) == []


def test_customers_of_one_executor_can_be_somebody() -> None:
    reserved = {
        "none": {"assets_from": 9, "assets_below": 9},
        "unknown": {"classes": ["Z", "G"]},
        "brokers": {"sources": ["broker"]},
    }
    entries = {
        name: Reserved.model_validate({"who": who, "executor": "headquarters", "rule": "P12"})
        for name, who in reserved.items()
    }
    assert places(checking.of_reserved(entries, CLASSES)) == ["reserved.none", "reserved.unknown"]


def test_a_report_waits_for_a_clock_that_is_there() -> None:
    report = Report.model_validate(
        {
            "form": "inspection",
            "by": "headquarters",
            "each": "year",
            "clock": "inspection",
            "to": ["合规部"],
            "rule": "Q9",
        }
    )
    assert places(checking.of_reports({"own": report}, {})) == ["reports.own"]
    clock = Clock.model_validate({"within": {"worked_days": 10}, "rule": "Q9"})
    assert list(checking.of_reports({"own": report}, {ClockName.INSPECTION: clock})) == []


def term(years: int, *of_: str) -> Term:
    return Term.model_validate({"of": of_, "years": years, "rule": "R3"})


def test_nothing_is_kept_for_less_than_r3_asks() -> None:
    short = {"sound": term(10, "recordings"), "written": term(4, "records")}
    assert [one.says.partition(",")[0] for one in checking.of_retention(short)] == [
        "recordings are kept for 10 years",
        "records are kept for 4 years",
    ]
    assert list(checking.of_retention({**short, "law": term(20, "recordings", "records")})) == []
    assert len(list(checking.of_retention({}))) == 2


def signing(*chain: str, **said: Any) -> Signing:
    return Signing.model_validate({"form": "record", "chain": chain, "rule": "R6", **said})


def test_nobody_signs_twice_and_one_chain_holds_for_a_form() -> None:
    assert places(checking.of_signatures({"own": signing("caller", "operations", "caller")})) == [
        "signatures.own"
    ]
    rivals = {"one": signing("caller"), "two": signing("operations")}
    assert places(checking.of_signatures(rivals)) == ["signatures.two"]
    apart = {
        "all": signing("caller"),
        "service": signing("caller", "marketing", kinds=["periodic"]),
        "other": signing("caller", "operations", kinds=["special"]),
        "result": signing("handler", form="result"),
    }
    assert list(checking.of_signatures(apart)) == []


AMOUNTS = [0.0, 1.0, 99_999.0, 100_000.0, 250_000.0, 5_000_000.0, 9e6]
CUSTOMERS = st.builds(
    Facts,
    id=st.integers(0, 1),
    account=st.just(""),
    branch=st.just(""),
    source=st.sampled_from(Source),
    client=st.sampled_from(ClientKind),
    assets=st.sampled_from(AMOUNTS),
    turnover=st.sampled_from([0.0, 2.9, 3.0, 8.0]),
    province=st.sampled_from(["四川省", "重庆", "广东"]),
    core=st.booleans(),
    dormant=st.booleans(),
    adviser_since=st.none() | st.just(date(2025, 1, 2)),
)


@st.composite
def met_by(draw: st.DrawFn, one: Facts) -> Who:
    """Some `who` that holds for a customer; the one with the id 1 is key and active."""

    def among(mine: str, others: Iterable[str]) -> tuple[str, ...]:
        more = draw(st.sets(st.sampled_from(sorted(others)), max_size=2))
        return draw(st.sampled_from([(), (mine, *sorted(more - {mine}))]))

    def mark(mine: bool) -> bool | None:
        return draw(st.sampled_from([None, mine]))

    class_ = class_of(one.assets, one.turnover, CLASSES)
    return Who(
        sources=tuple(map(Source, among(one.source, Source))),
        clients=tuple(map(ClientKind, among(one.client, ClientKind))),
        classes=among(class_, CLASSES.names()),
        key_active=mark(one.id == 1),
        core=mark(one.core),
        dormant=mark(one.dormant),
        adviser=mark(one.adviser_since is not None),
        assets_from=draw(st.sampled_from([None, *(limit for limit in AMOUNTS if limit <= one.assets)])),
        assets_below=draw(st.sampled_from([None, *(limit for limit in AMOUNTS if limit > one.assets)])),
        provinces=among(one.province[:2], ["云南", "海南"]),
        provinces_not=draw(st.sampled_from([(), ("西藏",), ("西藏", "青海")])),
    )


MET = CUSTOMERS.flatmap(lambda one: st.tuples(st.just(one), met_by(one), met_by(one)))


@given(MET)
def test_whoever_can_be_met_is_not_said_to_be_impossible_and_twice_met_contradicts(
    met: tuple[Facts, Who, Who],
) -> None:
    """What the planner would find of a customer, the check finds of the duties."""
    one, who, other = met
    known = class_of(one.assets, one.turnover, CLASSES)
    for each in (who, other):
        assert made_test(each, date(2026, 1, 5), {1}, lambda _: known)(one)
    found = of(one=upon("closing", who=who), two=upon("closing", who=other))
    assert [problem.says.partition(":")[0] for problem in found] == [
        "concerns customers of whom `one` says something else"
    ]
