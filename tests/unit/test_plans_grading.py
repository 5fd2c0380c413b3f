"""The steps of a case: chains of each grade, who may do what, clocks, signatures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plans import grading
from plans.casework import Given, Person, Refused, Why, decided, digest, hindrance, objected, turns
from plans.grading import CLOSING, FIRST, Task
from plans.paperwork import Role
from records import users
from records.people import Staff
from records.reviewed import GRADING, Case, Grade
from tests.case_kit import (
    BRANCH,
    CALLER,
    COMPLIANCE,
    HANDLER,
    HEAD,
    POSTS,
    REVIEWER,
    RULES,
    WHO,
    console,
    given,
    graded,
    new_case,
    stepped,
    walked,
)
from tests.records_kit import NOW, after


def keys(case: Case) -> list[str]:
    return [step.key for step in RULES.standing(case).to_come]


def refused(case: Case, person: Person, what: Given) -> Why:
    with pytest.raises(Refused) as error:
        decided(case, RULES, person, what, NOW)
    return error.value.why


def test_the_first_step_is_what_a_call_is_claimed_for() -> None:
    assert FIRST.key == GRADING
    assert keys(new_case()) == [GRADING]


@pytest.mark.parametrize(
    ("grade", "steps"),
    [
        (Grade.NONE, "sign.marketing_desk sign.operations close.reviewer"),
        (
            Grade.GENERAL,
            "opinion.operations opinion.marketing opinion.general_manager handle.handler sign.handler"
            " sign.operations sign.general_manager inform.handler rectify.handler close.reviewer",
        ),
        (
            Grade.VIOLATION,
            "opinion.retail handle.handler sign.handler sign.operations sign.general_manager sign.retail"
            " inform.handler rectify.handler close.reviewer",
        ),
    ],
)
def test_each_grade_has_its_chain_up_to_its_end(grade: Grade, steps: str) -> None:
    case = graded(grade)
    assert keys(case) == steps.split()
    assert keys(walked(case)) == []


def test_a_check_of_headquarters_has_its_own_opinions() -> None:
    chain = grading.chain(Grade.GENERAL, check=True, major=False, signers=())
    assert [one.key for one in chain][:2] == ["opinion.service_head", "handle.handler"]


def test_a_major_anomaly_goes_through_headquarters_first() -> None:
    case = graded(Grade.VIOLATION, major="yes")
    assert [key.partition(".")[0] for key in keys(case)][:7] == [
        *("investigate", "recall", "interview", "screen", "conclude", "decide", "opinion")
    ]
    what = given(GRADING, "general")
    odd = replace(what, fields={**what.fields, "major": "yes"})
    assert refused(new_case(), REVIEWER, odd) is Why.NOT_MAJOR


def test_a_suspected_violation_is_checked_by_another_and_then_by_the_head_until_it_is_clear() -> None:
    case = stepped(new_case(), REVIEWER, given(GRADING, "suspected"))
    assert keys(case) == ["check.caller", GRADING]
    case = stepped(case, CALLER, given("check.caller", "unclear"))
    assert keys(case) == ["check.service_head", GRADING]
    case = stepped(case, HEAD, given("check.service_head", "unclear"))
    assert keys(case) == ["check.service_head", GRADING]
    assert keys(stepped(case, HEAD, given("check.service_head", "confirmed"))) == [GRADING]


@pytest.mark.parametrize(
    ("person", "what", "why"),
    [
        (REVIEWER, {}, Why.CALLED),
        (console("1009", users.Role.OPERATOR), {}, Why.CALLED),
        (console("1002", users.Role.OPERATOR, branch="杭州营业部"), {}, Why.OTHER_UNIT),
        (CALLER, {"called": False}, Why.NOT_CALLED),
        (CALLER, {"by_machine": True}, Why.MACHINE),
        (CALLER, {"words": " "}, Why.NO_WORDS),
        (console("1002", users.Role.AUDITOR), {}, Why.OTHER_ROLE),
    ],
)
def test_what_is_no_cross_check(person: Person, what: dict[str, object], why: Why) -> None:
    case = stepped(new_case(), REVIEWER, given(GRADING, "suspected"))
    assert refused(case, person, given("check.caller", "cleared", **what)) is why


def test_headquarters_stands_in_where_nobody_of_the_branch_may() -> None:
    case = walked(graded(Grade.NONE), "sign.operations")
    what = given("sign.operations")
    assert refused(case, HEAD, what) is Why.OTHER_ROLE
    assert keys(stepped(case, replace(HEAD, stands_in=True), what)) == ["close.reviewer"]
    elsewhere = console("2201", users.Role.HEAD, branch="杭州营业部")
    assert refused(case, replace(elsewhere, stands_in=True), what) is Why.OTHER_ROLE


@pytest.mark.parametrize("away", [{"1001"}, {"0700"}, {"渠道部"}])
def test_nobody_reviews_a_customer_of_their_own_or_of_whom_they_report_to(away: set[str]) -> None:
    staff = Staff("1001", "王芳", BRANCH, "渠道部", superior="0700")
    person = Person(staff, REVIEWER.roles, frozenset(away))
    assert refused(new_case(), person, given(GRADING, "none")) is Why.OWN_CUSTOMER


def test_done_by_and_checked_by_are_never_one_person() -> None:
    case = walked(graded(Grade.GENERAL), "sign.handler")
    assert refused(case, console("1004", users.Role.OPERATOR), given("sign.handler")) is Why.NOT_HANDLER
    case = stepped(case, HANDLER, given("sign.handler"))
    both = replace(POSTS[Role.OPERATIONS], staff=replace(POSTS[Role.OPERATIONS].staff, number="1003"))
    assert refused(case, both, given("sign.operations")) is Why.SIGNED


def test_who_may_not_do_what_comes_now_is_told_beforehand() -> None:
    case = walked(graded(Grade.GENERAL), "sign.operations")
    assert hindrance(case, RULES, POSTS[Role.OPERATIONS], BRANCH, NOW) is None
    assert hindrance(case, RULES, REVIEWER, BRANCH, NOW) is Why.OTHER_ROLE
    signed = stepped(case, POSTS[Role.OPERATIONS], given("sign.operations"))
    twice = replace(
        POSTS[Role.GENERAL_MANAGER], staff=replace(POSTS[Role.GENERAL_MANAGER].staff, number="1003")
    )
    assert hindrance(signed, RULES, twice, BRANCH, NOW) is Why.SIGNED
    assert hindrance(new_case(claimed_by=""), RULES, REVIEWER, BRANCH, NOW) is Why.NOT_CLAIMED
    assert hindrance(walked(graded(Grade.NONE)), RULES, REVIEWER, BRANCH, NOW) is Why.CLOSED


def test_steps_go_in_their_order_and_a_claim_has_its_time() -> None:
    assert refused(graded(Grade.NONE), POSTS[Role.OPERATIONS], given("sign.operations")) is Why.OTHER_STEP
    assert refused(new_case(claimed_until=NOW), REVIEWER, given(GRADING, "none")) is Why.NOT_CLAIMED
    assert refused(walked(graded(Grade.NONE)), REVIEWER, given("close.reviewer")) is Why.CLOSED


def test_a_case_closes_only_when_the_stretch_was_heard() -> None:
    case = walked(graded(Grade.NONE), CLOSING.key)
    assert refused(case, REVIEWER, given(CLOSING.key, unheard=True)) is Why.UNHEARD
    assert keys(stepped(case, REVIEWER, given(CLOSING.key))) == []


def test_a_rectification_has_a_measure_an_owner_and_a_day_to_come() -> None:
    case = walked(graded(Grade.VIOLATION), "handle.handler")
    for name, value, why in (
        ("measure", "", Why.NO_FIELD),
        ("owner", " ", Why.NO_FIELD),
        ("on", "2026-03-03", Why.NO_DAY),
        ("on", "soon", Why.NO_DAY),
    ):
        what = given("handle.handler")
        wrong = replace(what, fields={**what.fields, name: value})
        assert refused(case, HANDLER, wrong) is why


def test_signatures_stand_under_the_same_words() -> None:
    case = walked(graded(Grade.VIOLATION), "inform.handler")
    hashes = {act.sha256 for act in case.acts if act.step.startswith("sign")}
    assert hashes == {digest(case, RULES.standing(case))}
    words = replace(case.acts[1], words="别的意见")
    changed = replace(case, acts=(case.acts[0], words, *case.acts[2:]))
    assert digest(changed, RULES.standing(changed)) not in hashes


def test_an_objection_is_decided_once_by_somebody_else() -> None:
    case = walked(graded(Grade.VIOLATION), "sign.operations")
    done = objected(case, RULES, HANDLER, "客户说的是证券分成", NOW)
    assert done.turn.step == "revise.service_head"
    case = with_act(case, done.by, done.step, done.words)
    grader = replace(HEAD, staff=REVIEWER.staff)
    assert refused(case, grader, given("revise.service_head", "none")) is Why.GRADED
    upheld = stepped(case, HEAD, given("revise.service_head", "violation"))
    assert keys(upheld)[0] == "sign.operations"
    changed = stepped(case, HEAD, given("revise.service_head", "none"))
    assert keys(changed)[0] == "sign.marketing_desk"
    with pytest.raises(Refused, match="already"):
        objected(changed, RULES, HANDLER, "还是不同意", NOW)


def with_act(case: Case, by: str, step: str, words: str) -> Case:
    act = replace(case.acts[0], n=len(case.acts) + 1, by=by, step=step, words=words, detail={})
    return replace(case, acts=(*case.acts, act))


@pytest.mark.parametrize(
    ("grade", "step", "on"),
    [
        (Grade.GENERAL, "opinion.operations", date(2026, 3, 11)),
        (Grade.GENERAL, "handle.handler", date(2026, 3, 11)),
        (Grade.VIOLATION, "opinion.retail", date(2026, 3, 6)),
        (Grade.NONE, "sign.operations", date(2026, 3, 25)),
        (Grade.VIOLATION, "rectify.handler", date(2026, 3, 20)),
    ],
)
def test_each_step_has_its_last_day(grade: Grade, step: str, on: date) -> None:
    """From Wednesday 4 March 2026: opinions 5 working days, a department 2, the whole loop 15."""
    assert walked(graded(grade), step).turn.due_on == on


def test_the_whole_loop_ends_before_a_clock_that_began_late() -> None:
    case = new_case(raised_at=after(-14 * 86400))
    what = given(GRADING, "general")
    assert stepped(case, REVIEWER, what).turn.due_on == date(2026, 3, 11)
    old = new_case(raised_at=after(-40 * 86400))
    late = stepped(old, REVIEWER, what).turn.due_on
    assert late is not None
    assert late < NOW.date()


def test_roles_that_somebody_has() -> None:
    assert turns(COMPLIANCE, BRANCH) >= {Role.COMPLIANCE, Role.REVIEWER}
    assert Role.OPERATIONS in turns(WHO[Role.OPERATIONS], BRANCH)
    assert Role.OPERATIONS not in turns(WHO[Role.OPERATIONS], "杭州营业部")
    assert turns(WHO[Role.RETAIL], BRANCH) >= {Role.RETAIL}


def test_every_task_says_what_it_asks_for() -> None:
    assert set(grading.ASKED) == set(Task)
