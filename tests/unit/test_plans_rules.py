"""Classes, rankings, whom a duty concerns, avoidance, merging (C2, P3, A1, D7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.avoidance import involved, may_act, share_out
from plans.duties import Who
from plans.merging import merged
from plans.ranking import key_active
from plans.sections import KeyActive, Merge, Together
from plans.selecting import test_of as made_test
from records.model import Kind
from records.people import ClientKind, EventKind, Source, Staff
from records.planned import Executor
from tests.plans_kit import TODAY, event, facts, obligation

LI, WANG = Staff("S01", "李"), Staff("S02", "王")
ZHAO = Staff("S03", "赵", department="零售部")
YESTERDAY = TODAY - timedelta(days=1)
PAIR = Together(kinds=(Kind.PERIODIC, Kind.ADVISER_CONTINUING), script="periodic_and_adviser")


def test_the_first_by_any_measure_are_key() -> None:
    branch = [facts(n, assets=float(n), turnover=float(100 - n)) for n in range(1, 101)]
    assert key_active(branch, KeyActive(share=0.1)).active == {*range(1, 11), *range(91, 101)}


def test_nobody_is_key_by_having_nothing() -> None:
    assert key_active([facts(n) for n in range(9)], KeyActive(share=0.5)).active == frozenset()
    assert key_active([], KeyActive()).active == frozenset()


def test_a_tie_is_no_reason_to_be_left_out() -> None:
    branch = [facts(1, assets=2.0), facts(2, assets=2.0), facts(3, assets=1.0)]
    assert key_active(branch, KeyActive(share=0.1)).active == {1, 2}


@given(st.lists(st.tuples(st.floats(0, 9), st.booleans(), st.sampled_from(Source)), max_size=40))
def test_whoever_must_be_key_is(people: list[tuple[float, bool, Source]]) -> None:
    branch = [facts(n, volume=v, chosen=c, source=s) for n, (v, c, s) in enumerate(people)]
    ranking = KeyActive(share=0.01, introduced=0.3)
    found = key_active(branch, ranking)
    assert found.demanded <= found.active
    assert all(one.id in found.demanded for one in branch if one.chosen)


@pytest.mark.parametrize(
    ("who", "one", "holds"),
    [
        (Who(), {}, True),
        (Who(sources=(Source.BROKER,)), {"source": Source.BROKER}, True),
        (Who(sources=(Source.BROKER,)), {}, False),
        (Who(clients=(ClientKind.INSTITUTION,)), {}, False),
        (Who(classes=("A", "B")), {"assets": 1.0}, True),
        (Who(classes=("G",)), {"assets": 1.0}, False),
        (Who(key_active=True), {}, True),
        (Who(key_active=False), {}, False),
        (Who(core=True), {}, False),
        (Who(dormant=False), {"dormant": True}, False),
        (Who(adviser=True), {"adviser_since": TODAY}, True),
        (Who(adviser=True), {}, False),
        (Who(adviser=True), {"adviser_since": TODAY, "adviser_until": YESTERDAY}, False),
        (Who(assets_from=10e6), {"assets": 10e6}, True),
        (Who(assets_below=10e6), {"assets": 10e6}, False),
        (Who(provinces=("四川",)), {"province": "四川"}, True),
        (Who(provinces_not=("四川",)), {"province": "四川"}, False),
        (Who(provinces=("四川", "内蒙古")), {"province": "四川省"}, True),
        (Who(provinces=("四川",)), {"province": ""}, False),
        (Who(provinces_not=("四川",)), {"province": "四川省"}, False),
        (Who(provinces_not=("四川",)), {"province": "广东省"}, True),
        (Who(core=True, assets_from=5.0), {"core": True, "assets": 4.0}, False),
    ],
)
def test_whom_a_duty_concerns(who: Who, one: dict[str, Any], holds: bool) -> None:
    assert made_test(who, TODAY, {1}, lambda known: "A" if known.assets else "G")(facts(1, **one)) is holds


def test_who_keeps_away() -> None:
    one = facts(1, introducer="S01", opened_by="S02", signed_by="", manager="S04")
    ordered = event(1, 1, EventKind.ORDERED, TODAY, by="零售部")
    assert involved(one, [ordered]) == {"S01", "S02", "S04", "零售部"}
    assert not may_act(ZHAO, involved(one, [ordered]))
    assert may_act(ZHAO, involved(one))


def test_who_found_something_abnormal_may_ask() -> None:
    found = event(1, 1, EventKind.ABNORMAL, TODAY, by="S03")
    assert may_act(ZHAO, involved(facts(1), [found]))


def test_where_nobody_of_the_branch_may_headquarters_does() -> None:
    people = {
        1: frozenset({"S01"}),
        2: frozenset({"S01", "S02"}),
        3: frozenset({"S01", "S02", "S03"}),
        4: frozenset[str](),
    }
    assert share_out(people, [LI, WANG], [ZHAO]) == {WANG: [1], ZHAO: [2], None: [3], LI: [4]}


def owed_to(customer: int, *kinds: Kind, days: int = 0) -> list[Any]:
    return [
        obligation(customer, kind, due_by=date(2026, 6, 1) + timedelta(days=days * n))
        for n, kind in enumerate(kinds)
    ]


def test_kinds_fall_together_where_the_profile_lets_them() -> None:
    calls = merged(owed_to(1, *PAIR.kinds, Kind.SPECIAL), Merge(together=(PAIR,)))
    assert [(one.kinds, one.script) for one in calls] == [(PAIR.kinds, PAIR.script), ((Kind.SPECIAL,), "")]


def test_kinds_stay_apart_that_are_due_far_apart_or_by_different_executors() -> None:
    merge = Merge(together=(PAIR,), apart_days=10)
    assert len(merged(owed_to(1, *PAIR.kinds, days=10), merge)) == 1
    assert len(merged(owed_to(1, *PAIR.kinds, days=11), merge)) == 2
    one, other = owed_to(1, *PAIR.kinds)
    marketing = obligation(1, other.kind, executor=Executor.MARKETING, due_by=other.due_by)
    assert len(merged([one, marketing], merge)) == 2


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(Kind)), max_size=12))
def test_each_obligation_is_settled_by_exactly_one_call(pairs: list[tuple[int, Kind]]) -> None:
    owed = [obligation(customer, kind, occasion=str(n)) for n, (customer, kind) in enumerate(pairs)]
    calls = merged(owed, Merge(together=(PAIR,)))
    settled = [one.occasion for call in calls for one in call.obligations]
    assert sorted(settled) == sorted(one.occasion for one in owed)
