"""Rules about review, as the console keeps them (Q1-Q4, Q6, Q7, A1, R6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from plans.casework import Refused
from plans.paperwork import Role as Duty
from plans.words import ROLES
from records import cases, customer_events, schema, staff
from records.people import EventKind, Staff
from records.reviewed import Grade
from records.users import Role
from tests.case_desk import graded, hear, posted, reviewed, send, signs
from tests.case_kit import BRANCH, HANDLER, REVIEWER, flagged, given, stepped, walked
from tests.case_kit import graded as graded_as
from tests.console_kit import PASSWORD, Desk
from tests.records_kit import NOW, execute, person, started


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Desk]:
    async with reviewed(tmp_path) as console:
        yield console


async def test_r6_a_signature_asks_for_the_password_again(site: Desk) -> None:
    await graded(site, "none")
    desk_of_marketing = await posted(site, "2000", Role.SUPERVISOR, post=ROLES[Duty.MARKETING_DESK])
    refused = await send(desk_of_marketing, "sign.marketing_desk", password="wrong password 1")
    assert (refused.status_code, (await cases.get(site.database, 1)).turn.role) == (409, "marketing_desk")
    assert (await send(desk_of_marketing, "sign.marketing_desk", password=PASSWORD)).status_code == 303
    (signed,) = (act for act in (await cases.get(site.database, 1)).acts if act.sha256)
    assert (signed.by, len(signed.sha256)) == ("2000", 64)


async def test_q2_a_suspected_violation_waits_for_a_call_by_a_person(site: Desk) -> None:
    await graded(site, "suspected")
    caller = await site.signed_in(Role.OPERATOR, number="1002", branch=BRANCH)
    refused = await send(caller, "check.caller", "cleared")
    assert (refused.status_code, "请先再次致电" in refused.text) == (409, True)
    for none in ("去电已核实", "R7", "9" * 40):
        refused = await send(caller, "check.caller", "cleared", call=none)
        assert refused.status_code == 409, none
    refused = await send(caller, "check.caller", "cleared", call="1")
    assert (refused.status_code, "机器自动重拨" in refused.text) == (409, True)
    await execute(site.database, sa.update(schema.attempt).values(disposition="handed_over"))
    assert (await send(caller, "check.caller", "cleared", call="1")).status_code == 303
    assert (await cases.get(site.database, 1)).turn.step == "grade.reviewer"


async def test_q3_a_major_anomaly_plans_a_second_follow_up(site: Desk) -> None:
    await graded(site, "violation", major="yes")
    head = await site.signed_in(Role.HEAD, number="9001")
    await send(head, "investigate.service_head")
    compliance = await site.signed_in(Role.COMPLIANCE, number="9002")
    assert (await send(compliance, "recall.compliance", on="2026-03-06")).status_code == 303
    (event,) = await customer_events.events_of_customer(site.database, 1)
    assert (event.kind, str(event.by_on), event.by) == (EventKind.ABNORMAL, "2026-03-06", "9002")


@pytest.mark.parametrize("column", ["introducer"])
async def test_a1_nobody_claims_a_customer_of_their_own_or_of_whom_they_report_to(
    site: Desk, column: str
) -> None:
    await execute(site.database, sa.update(schema.customer).values({column: "0700"}))
    for number, superior in (("0700", ""), ("1001", "0700")):
        browser = await site.signed_in(Role.REVIEWER, number=number)
        await staff.keep(site.database, [Staff(number, "王芳", superior=superior)], NOW)
        assert "张伟" not in (await browser.get("/review")).text
        refused = await browser.post("/review/claim", {"call": "1"})
        assert (refused.status_code, "须回避" in refused.text) == (409, True)
    other = await site.signed_in(Role.REVIEWER, number="1002")
    assert (await other.post("/review/claim", {"call": "1"})).status_code == 303


async def test_q1_a_case_closes_only_after_who_graded_has_heard_the_lead(site: Desk) -> None:
    reviewer = await graded(site, "none")
    for number, duty in (("2000", Duty.MARKETING_DESK), ("2001", Duty.OPERATIONS)):
        assert (await signs(site, number, duty)).status_code == 303
    refused = await send(reviewer, "close.reviewer")
    assert (refused.status_code, "还没有听过" in refused.text) == (409, True)
    other = await site.signed_in(Role.REVIEWER, number="1005")
    await hear(other, "0-4")
    assert (await send(reviewer, "close.reviewer")).status_code == 409
    await hear(reviewer, "2.1-3.5")
    assert (await send(reviewer, "close.reviewer")).status_code == 303
    assert "办结" in (await reviewer.get("/review?view=closed")).text


async def test_q1_a_violation_goes_through_its_whole_chain_to_its_end(
    site: Desk,
) -> None:
    """Opinion of the department, handling with its rectification, four signatures, the customer, the end."""
    reviewer = await graded(site, "violation")
    await hear(reviewer, "0-4")
    retail = await site.signed_in(Role.SUPERVISOR, number="9003")
    await staff.keep(site.database, [Staff("9003", "周强", department=ROLES[Duty.RETAIL])], NOW)
    handler = await site.signed_in(Role.OPERATOR, number="1003", branch=BRANCH)
    assert (await send(handler, "handle.handler")).status_code == 409
    assert (await send(retail, "opinion.retail")).status_code == 303
    assert (await send(handler, "handle.handler")).status_code == 303
    assert (await send(handler, "sign.handler", password=PASSWORD)).status_code == 303
    for number, duty in (("2001", Duty.OPERATIONS), ("2003", Duty.GENERAL_MANAGER)):
        assert (await signs(site, number, duty)).status_code == 303
    assert (await send(retail, "sign.retail", password=PASSWORD)).status_code == 303
    for step in ("inform.handler", "rectify.handler"):
        assert (await send(handler, step)).status_code == 303
    assert (await send(reviewer, "close.reviewer")).status_code == 303
    case = await cases.get(site.database, 1)
    assert case.closed_at == NOW
    assert len({act.sha256 for act in case.acts if act.sha256}) == 1


async def test_q4_what_is_late_stands_on_top_and_says_so(site: Desk) -> None:
    campaign = await started(site.database, [person(2, name="李娜")], name="另一批")
    other = await flagged(site.database, campaign)
    long_ago = sa.update(schema.attempt).where(schema.attempt.c.id == other)
    await execute(site.database, long_ago.values(ended_at=NOW - timedelta(days=30)))
    reviewer = await site.signed_in(Role.REVIEWER, number="1004")
    page = (await reviewer.get("/review")).text
    assert page.index("超期") < page.index("李娜") < page.index("张伟")
    assert page.count("超期") == 1
    await graded(site, "violation")
    assert (await cases.get(site.database, 1)).turn.due_on == date(2026, 3, 6)
    site.wait(days=3)
    again = await site.signed_in(Role.REVIEWER, number="1005")
    assert "03-06 超期" in (await again.get("/review?view=open")).text


async def test_q6_a_supervisor_listens(site: Desk) -> None:
    browser = await site.signed_in(Role.SUPERVISOR, number="2009")
    await graded(site, "general")
    assert "/calls/1/sound/customer" in (await browser.get("/cases/1")).text
    assert (await browser.get("/calls/1/sound/customer")).status_code == 200


@pytest.mark.parametrize("missing", ["measure", "owner", "on"])
def test_q6_a_rectification_has_a_measure_an_owner_and_a_date(missing: str) -> None:
    case = walked(graded_as(Grade.GENERAL), "handle.handler")
    what = given("handle.handler")
    with pytest.raises(Refused):
        stepped(case, HANDLER, replace(what, fields={**what.fields, missing: ""}))
    handled = stepped(case, HANDLER, what).acts[-1]
    assert set(handled.detail) == {"measure", "owner", "on"}


@pytest.mark.parametrize("grade", [Grade.GENERAL, Grade.VIOLATION])
def test_q7_a_case_is_not_closed_before_the_customer_has_heard_the_outcome(grade: Grade) -> None:
    case = walked(graded_as(grade), "inform.handler")
    with pytest.raises(Refused):
        stepped(case, REVIEWER, given("close.reviewer"))
    told = stepped(case, HANDLER, given("inform.handler")).acts[-1]
    assert (told.words, told.detail) == ("听过，如下", {"how": "电话告知"})
