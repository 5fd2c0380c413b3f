"""The console's review: the queue, and a case from its claim to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from plans.paperwork import Role as Duty
from plans.words import ROLES
from records import audit, cases
from records.audit import Asked
from records.reviewed import Grade
from records.users import Role
from tests.case_desk import RECORDING, graded, posted, reviewed, send, signs
from tests.case_kit import BRANCH
from tests.console_kit import PASSWORD, Desk


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Desk]:
    async with reviewed(tmp_path) as console:
        yield console


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


async def test_what_was_never_recorded_needs_not_be_heard(site: Desk) -> None:
    (site.console.sounds.data / f"{RECORDING}_customer.wav").unlink()
    reviewer = await graded(site, "none")
    for number, duty in (("2000", Duty.MARKETING_DESK), ("2001", Duty.OPERATIONS)):
        assert (await signs(site, number, duty)).status_code == 303
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


async def test_an_objection_goes_to_somebody_else(site: Desk) -> None:
    reviewer = await graded(site, "violation")
    assert (await reviewer.post("/cases/1/object", {"words": ""})).status_code == 409
    assert (await reviewer.post("/cases/1/object", {"words": "说的是公司的分成"})).status_code == 303
    assert (await cases.get(site.database, 1)).turn.step == "revise.service_head"
    head = await site.signed_in(Role.HEAD, number="9001")
    assert (await send(head, "revise.service_head", "none")).status_code == 303
    assert (await cases.get(site.database, 1)).turn.grade is Grade.NONE
    assert (await reviewer.post("/cases/1/object", {"words": "再来"})).status_code == 409
