"""The console's review: the queue, and a case from its claim to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from base.audio import RATE
from plans.paperwork import Role as Duty
from plans.words import ROLES
from records import audit, cases, customer_events, schema, staff
from records.audit import Asked
from records.people import EventKind, Staff
from records.reviewed import Grade
from records.users import Role
from tests.case_kit import BRANCH, FIELDS, flagged
from tests.console_kit import PASSWORD, Browser, Desk, desk
from tests.records_kit import NOW, execute, person, started

RECORDING = "recordings/2026-03-04/20260304-150000_8001"
"""As `records_kit.talk` names it."""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Desk]:
    """Call 1 has a lead and four seconds of sound."""
    async with desk(tmp_path) as console:
        await flagged(console.database, await started(console.database, [person(1, name="张伟")]))
        track = tmp_path / f"{RECORDING}_customer.wav"
        track.parent.mkdir(parents=True)
        track.write_bytes(b"RIFF" + bytes(2 * RATE * 4))
        yield console


async def posted(console: Desk, number: str, *roles: Role, post: str = "", branch: str = BRANCH) -> Browser:
    """A browser of somebody with a post."""
    browser = await console.signed_in(*roles, branch=branch, number=number)
    await staff.keep(console.database, [Staff(number, number, branch, post=post)], NOW)
    return browser


async def send(browser: Browser, step: str, outcome: str = "", **more: str) -> httpx.Response:
    fields = {
        "step": step,
        "words": "听过，如下",
        **FIELDS,
        **({"outcome": outcome} if outcome else {}),
        **more,
    }
    return await browser.post("/cases/1/step", fields)  # type: ignore[arg-type]


async def hear(browser: Browser, spans: str = "0-4") -> None:
    assert (await browser.post("/calls/1/heard", {"spans": spans})).status_code == 204


async def test_a_call_is_claimed_from_the_queue_and_graded(site: Desk) -> None:
    reviewer = await site.signed_in(Role.REVIEWER, number="1001")
    page = (await reviewer.get("/review")).text
    assert "张伟" in page
    assert "约定分成" in page
    claimed = await reviewer.post("/review/claim", {"call": "1"})
    assert claimed.headers["location"].startswith("/cases/1?")
    assert "张伟" not in (await reviewer.get("/review")).text
    assert "/cases/1" in (await reviewer.get("/review?view=mine")).text
    page = (await reviewer.get("/cases/1")).text
    for words in ("三七分成", "原文命中", "听录音、定级", "未听", "/calls/1/sound/customer"):
        assert words in page
    assert (await send(reviewer, "grade.reviewer", "general")).status_code == 303
    page = (await reviewer.get("/cases/1")).text
    assert "意见 · 运营总监" in page
    assert "一般问题" in page
    assert (await cases.get(site.database, 1)).turn.grade is Grade.GENERAL


async def test_of_two_reviewers_the_second_is_told(site: Desk) -> None:
    first, second = [await site.signed_in(Role.REVIEWER, number=one) for one in ("1001", "1002")]
    await first.post("/review/claim", {"call": "1"})
    refused = await second.post("/review/claim", {"call": "1"})
    assert (refused.status_code, "别人已领取" in refused.text) == (409, True)
    assert "已领取，至" in (await second.get("/cases/1")).text
    assert (await second.post("/cases/1/release")).status_code == 409
    assert (await first.post("/cases/1/release")).status_code == 303
    assert (await second.post("/review/claim", {"call": "1"})).status_code == 303


async def test_a_form_that_lacks_something_says_so_and_keeps_what_was_written(site: Desk) -> None:
    reviewer = await site.signed_in(Role.REVIEWER, number="1001")
    await reviewer.post("/review/claim", {"call": "1"})
    answer = await send(reviewer, "grade.reviewer", words="只有说明")
    assert (answer.status_code, "请选择结论" in answer.text, "只有说明" in answer.text) == (409, True, True)
    assert (await send(reviewer, "sign.operations")).status_code == 409
    assert (await reviewer.post("/review/claim", {"call": "x"})).status_code == 400
    assert (await reviewer.get("/review?view=nonsense")).status_code in (400, 404)


async def test_c4_another_branch_sees_neither_queue_nor_case(site: Desk) -> None:
    own = await site.signed_in(Role.REVIEWER, branch=BRANCH, number="1001")
    await own.post("/review/claim", {"call": "1"})
    other = await site.signed_in(Role.HEAD, branch="杭州营业部", number="1002")
    for view in ("waiting", "mine", "open", "closed"):
        assert "张伟" not in (await other.get(f"/review?view={view}")).text
    assert (await other.get("/cases/1")).status_code == 404
    assert (await other.post("/review/claim", {"call": "1"})).status_code == 404
    assert (await send(other, "grade.reviewer", "none")).status_code == 404


async def test_every_look_is_on_the_trail(site: Desk) -> None:
    reviewer = await site.signed_in(Role.REVIEWER, number="1001")
    await reviewer.post("/review/claim", {"call": "1"})
    await reviewer.get("/cases/1")
    rows = await audit.listed(site.database, Asked(who="1001", of="case 1"), 10)
    assert [row.act.what for row in rows] == ["looked", "claim"]


async def graded(site: Desk, outcome: str, **more: str) -> Browser:
    reviewer = await site.signed_in(Role.REVIEWER, number="1001", branch=BRANCH)
    await reviewer.post("/review/claim", {"call": "1"})
    await send(reviewer, "grade.reviewer", outcome, **more)
    return reviewer


async def test_r6_a_signature_asks_for_the_password_again(site: Desk) -> None:
    await graded(site, "none")
    desk_of_marketing = await posted(site, "2000", Role.SUPERVISOR, post=ROLES[Duty.MARKETING_DESK])
    refused = await send(desk_of_marketing, "sign.marketing_desk", password="wrong password 1")
    assert (refused.status_code, (await cases.get(site.database, 1)).turn.role) == (409, "marketing_desk")
    assert (await send(desk_of_marketing, "sign.marketing_desk", password=PASSWORD)).status_code == 303
    (signed,) = (act for act in (await cases.get(site.database, 1)).acts if act.sha256)
    assert (signed.by, len(signed.sha256)) == ("2000", 64)


async def test_a_case_closes_only_after_who_graded_has_heard_the_lead(site: Desk) -> None:
    reviewer = await graded(site, "none")
    for number, duty in (("2000", Duty.MARKETING_DESK), ("2001", Duty.OPERATIONS)):
        browser = await posted(site, number, Role.SUPERVISOR, post=ROLES[duty])
        assert (await send(browser, f"sign.{duty}", password=PASSWORD)).status_code == 303
    refused = await send(reviewer, "close.reviewer")
    assert (refused.status_code, "还没有听过" in refused.text) == (409, True)
    other = await site.signed_in(Role.REVIEWER, number="1005")
    await hear(other)
    assert (await send(reviewer, "close.reviewer")).status_code == 409
    await hear(reviewer, "2.1-3.5")
    assert (await send(reviewer, "close.reviewer")).status_code == 303
    assert "办结" in (await reviewer.get("/review?view=closed")).text


async def test_what_was_never_recorded_needs_not_be_heard(site: Desk) -> None:
    (site.console.sounds.data / f"{RECORDING}_customer.wav").unlink()
    reviewer = await graded(site, "none")
    for number, duty in (("2000", Duty.MARKETING_DESK), ("2001", Duty.OPERATIONS)):
        browser = await posted(site, number, Role.SUPERVISOR, post=ROLES[duty])
        await send(browser, f"sign.{duty}", password=PASSWORD)
    assert (await send(reviewer, "close.reviewer")).status_code == 303


async def test_headquarters_signs_where_the_branch_has_nobody(site: Desk) -> None:
    await graded(site, "none")
    head = await site.signed_in(Role.HEAD, number="9001")
    assert (await send(head, "sign.marketing_desk", password=PASSWORD)).status_code == 303
    again = await send(head, "sign.operations", password=PASSWORD)
    assert (again.status_code, "不得为同一人" in again.text) == (409, True)
    await posted(site, "2001", Role.SUPERVISOR, post=ROLES[Duty.OPERATIONS])
    other = await site.signed_in(Role.HEAD, number="9002")
    assert (await send(other, "sign.operations", password=PASSWORD)).status_code == 409


async def test_a_suspected_violation_waits_for_a_call_by_a_person(site: Desk) -> None:
    await graded(site, "suspected")
    caller = await site.signed_in(Role.OPERATOR, number="1002", branch=BRANCH)
    refused = await send(caller, "check.caller", "cleared", call="1")
    assert (refused.status_code, "机器自动重拨" in refused.text) == (409, True)
    await execute(site.database, sa.update(schema.attempt).values(disposition="handed_over"))
    assert (await send(caller, "check.caller", "cleared", call="1")).status_code == 303
    assert (await cases.get(site.database, 1)).turn.step == "grade.reviewer"


async def test_a_major_anomaly_plans_a_second_follow_up(site: Desk) -> None:
    await graded(site, "violation", major="yes")
    head = await site.signed_in(Role.HEAD, number="9001")
    await send(head, "investigate.service_head")
    compliance = await site.signed_in(Role.COMPLIANCE, number="9002")
    assert (await send(compliance, "recall.compliance", on="2026-03-06")).status_code == 303
    (event,) = await customer_events.events_of_customer(site.database, 1)
    assert (event.kind, str(event.by_on), event.by) == (EventKind.ABNORMAL, "2026-03-06", "9002")


async def test_an_objection_goes_to_somebody_else(site: Desk) -> None:
    reviewer = await graded(site, "violation")
    assert (await reviewer.post("/cases/1/object", {"words": ""})).status_code == 409
    assert (await reviewer.post("/cases/1/object", {"words": "说的是公司的分成"})).status_code == 303
    assert (await cases.get(site.database, 1)).turn.step == "revise.service_head"
    head = await site.signed_in(Role.HEAD, number="9001")
    assert (await send(head, "revise.service_head", "none")).status_code == 303
    assert (await cases.get(site.database, 1)).turn.grade is Grade.NONE
    assert (await reviewer.post("/cases/1/object", {"words": "再来"})).status_code == 409


@pytest.mark.parametrize("column", ["introducer", "opened_by", "signed_by", "manager_no"])
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
