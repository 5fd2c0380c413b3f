"""Worksheets from what is owed; who may decide; what comes after calls; messages after events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from base.calendar import OFFICIAL
from plans.approving import refusal
from plans.duties import Duty, Period, Who, Within
from plans.elsewhere import Route, route_of
from plans.messages import due_messages
from plans.paperwork import Message
from plans.sections import Merge, Together
from plans.sheets import Drafts, drafts, type_of
from records.model import Kind
from records.people import EventKind, Source, Staff
from records.planned import Executor, Obligation, SheetState, Worksheet
from tests.plans_kit import TODAY, event, obligation

LI, WANG, HEAD = Staff("S01", "李"), Staff("S02", "王"), Staff("S90", "总部")
AUTHOR = Staff("S07", "赵")
PEOPLE = {Executor.OPERATIONS: [LI, WANG], Executor.HEADQUARTERS: [HEAD]}
PAIR = Together(kinds=(Kind.PERIODIC, Kind.ADVISER_CONTINUING), script="periodic_and_adviser")
NOBODY: frozenset[str] = frozenset()


def duty(kind: Kind, who: Who | None = None, script: str = "") -> Duty:
    return Duty(
        kind=kind,
        each=Period.YEAR,
        who=who or Who(),
        script=script,
        executor=Executor.OPERATIONS,
        rule="P2",
    )


def made(
    *owed: Obligation,
    kept_away: dict[int, frozenset[str]] | None = None,
    duties: dict[str, Duty] | None = None,
) -> Drafts:
    away = {one.customer_id: NOBODY for one in owed} | (kept_away or {})
    return drafts({"上海": owed}, duties or {}, Merge(together=(PAIR,)), away, PEOPLE)


def test_customers_with_one_task_share_a_sheet() -> None:
    found = made(obligation(1), obligation(2), obligation(3, Kind.NEW_ACCOUNT))
    assert [(one.task.type_, len(one.owed)) for one in found.sheets] == [("定期-其他", 2), ("新开户", 1)]
    assert {one.responsible for one in found.sheets} == {LI}


def test_each_customer_is_for_the_first_who_may() -> None:
    away = {1: frozenset({"S01"}), 2: frozenset({"S01", "S02"}), 3: frozenset({"S01", "S02", "S90"})}
    found = made(*map(obligation, (1, 2, 3)), kept_away=away)
    assert {one.responsible: [o.customer_id for o in one.owed] for one in found.sheets} == {
        WANG: [1],
        HEAD: [2],
    }
    assert [len(owed) for _, owed in found.nobody] == [1]


def test_special_follow_ups_with_scripts_of_their_own_go_apart() -> None:
    owed = [obligation(1, Kind.SPECIAL, duty=name) for name in ("settled", "closing", "gone")]
    scripts = {
        "settled": duty(Kind.SPECIAL, script="special_complaint"),
        "closing": duty(Kind.SPECIAL, script="q"),
    }
    assert [one.task.script for one in made(*owed, duties=scripts).sheets] == [
        "special_complaint",
        "q",
        "special",
    ]


def test_kinds_in_one_call_are_one_sheet_of_their_script() -> None:
    (sheet,) = made(obligation(1), obligation(1, Kind.ADVISER_CONTINUING)).sheets
    assert (sheet.task.kind, sheet.task.script, len(sheet.owed)) == (Kind.MERGED, PAIR.script, 2)


@pytest.mark.parametrize(
    ("kind", "who", "type_"),
    [
        (Kind.NEW_ACCOUNT, Who(), "新开户"),
        (Kind.PERIODIC, Who(key_active=True), "定期-重点活跃"),
        (Kind.PERIODIC, Who(key_active=False), "定期-其他"),
        (Kind.ABNORMAL, Who(), "异常状况"),
        (Kind.ADVISER_SIGNUP, Who(), "其他"),
        (Kind.CHECK, Who(sources=(Source.INTRODUCED,)), "居间关系"),
        (Kind.CHECK, Who(key_active=True), "重点活跃"),
        (Kind.CHECK, Who(), "其他"),
    ],
)
def test_types_are_those_of_the_forms(kind: Kind, who: Who, type_: str) -> None:
    assert type_of(kind, duty(kind, who)) == type_


SHEET = Worksheet(
    number="1",
    branch="上海",
    check=False,
    kind=Kind.PERIODIC,
    type_="定期-其他",
    count=2,
    share=1.0,
    purpose="",
    content="",
    method="电话",
    starts_on=TODAY,
    ends_on=TODAY,
    responsible="S02",
    state=SheetState.SUBMITTED,
    submitted_by="S01",
)


@pytest.mark.parametrize(
    ("by", "away", "rule"),
    [
        (LI, [NOBODY], "(P8)"),
        (WANG, [NOBODY], "(P8)"),
        (AUTHOR, [NOBODY], "(P8)"),
        (HEAD, [NOBODY, frozenset({"S90"})], "(A1)"),
        (replace(HEAD, department="零售部"), [frozenset({"零售部"})], "(A1)"),
        (HEAD, [NOBODY, frozenset({"S01"})], ""),
    ],
)
def test_who_may_decide_about_a_worksheet(by: Staff, away: list[frozenset[str]], rule: str) -> None:
    assert refusal(SHEET, AUTHOR.number, by, away)[-4:] == rule


@pytest.mark.parametrize(
    ("tried", "route"),
    [
        ("", Route.CALL),
        ("cancelled", Route.CALL),
        ("refused", Route.NOTICE),
        ("do_not_call", Route.NOTICE),
        ("exhausted", Route.NOTICE),
        ("insufficient", Route.PERSON),
        ("handed_over", Route.PERSON),
        ("unallocated_number", Route.PERSON),
        ("completed", Route.PERSON),
    ],
)
def test_how_an_obligation_goes_on(tried: str, route: Route) -> None:
    assert route_of(tried, no_notice=False) is route


def test_whom_a_notice_did_not_reach_is_for_a_person() -> None:
    assert route_of("refused", no_notice=True) is Route.PERSON


FORTNIGHT = Message(upon=EventKind.OPENED, within=Within(days=14), rule="C5", says="两周")
QUARTER = Message(upon=EventKind.OPENED, within=Within(months=3), rule="C5", says="三个月")


@pytest.mark.parametrize(("days", "words"), [(0, ["两周"]), (13, ["两周"]), (14, ["两周", "三个月"])])
def test_the_second_message_waits_for_the_first_ones_last_day(days: int, words: list[str]) -> None:
    happened = [event(1, 1, EventKind.OPENED, TODAY), event(2, 1, EventKind.SIGNED, TODAY)]
    found = list(due_messages([QUARTER, FORTNIGHT], happened, TODAY + timedelta(days=days), OFFICIAL))
    assert [one.words for one in found] == words
    assert found[0].due_by == date(2026, 3, 18)
    assert len({one.occasion for one in found}) == len(found)


def test_nothing_is_due_before_its_event() -> None:
    tomorrow = event(1, 1, EventKind.OPENED, TODAY + timedelta(days=1))
    assert list(due_messages([FORTNIGHT], [tomorrow], TODAY, OFFICIAL)) == []
