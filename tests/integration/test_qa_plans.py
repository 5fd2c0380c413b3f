"""The console's plans: coverage and forecast, what is owed, worksheets from a draft to their campaign."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from records import audit, obligations, worksheets
from records.audit import Asked
from records.model import Kind
from records.planned import Executor, Obligation, SheetState
from records.users import Role
from tests import papers_site
from tests.console_kit import BRANCH, Browser, Desk, desk
from tests.records_kit import NOW

OTHER = "杭州营业部"
DRAFT = "SH-2026-002"


@pytest.fixture
async def planned(tmp_path: Path) -> AsyncIterator[Desk]:
    """March 2026 of `papers_site`; one obligation of another kind more, on a draft that 1001 wrote."""
    async with desk(tmp_path) as console:
        await papers_site.fill(console.database)
        more = Obligation(
            *(1, "periodic", Kind.PERIODIC, "2026", date(2026, 1, 1), date(2026, 12, 31)),
            *(None, "periodic 上海营业部 2026", 1.0, Executor.OPERATIONS, "P2"),
        )
        await obligations.keep(console.database, BRANCH, [more], ())
        (free,) = await obligations.due(console.database, on=NOW.date())
        kept = await worksheets.get(console.database, papers_site.SHEET)
        draft = replace(kept, number=DRAFT, kind=Kind.PERIODIC, count=1, purpose="年度回访")
        await worksheets.create(console.database, draft, [free.id], "1001", NOW)
        yield console


async def test_coverage_counts_and_foretells(planned: Desk) -> None:
    text = _plain(await (await planned.signed_in(Role.REVIEWER)).get("/plans"))
    assert "new_account 新开户 3 3 3 2 1 1 1 0 33.3% / 100%" in text
    assert "periodic 定期 1 1 1 0 0 0 0 0 0.0% / 100%" in text
    assert "上海营业部 4 4 4 2 1 1 1 0 25.0% · 差 3" in text
    assert "2 未完成" in text


async def test_a_forecast_that_cannot_be_made_is_said(planned: Desk) -> None:
    browser = await planned.signed_in(Role.REVIEWER)
    for query in ("profile=../x", "profile=nobody", "channels=0", "channels=many"):
        answer = await browser.get(f"/plans?{query}")
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
        assert "各类义务" in answer.text


async def test_another_branch_has_nothing_to_show(planned: Desk) -> None:
    browser = await planned.signed_in(Role.HEAD, branch=OTHER)
    for path in ("/plans", f"/plans?branch={BRANCH}", f"/plans/owed?state=&branch={BRANCH}"):
        text = (await browser.get(path)).text
        assert "没有应回访的客户" in text
        assert "张伟" not in text
    assert papers_site.SHEET not in (await browser.get("/plans/sheets")).text
    for number in (papers_site.SHEET, "none"):
        answer = await browser.get(f"/plans/sheets/{number}")
        assert (answer.status_code, f"there is no worksheet &#39;{number}&#39;" in answer.text) == (404, True)


OWED = (
    ("", 0),
    ("state=", 4),
    ("state=completed", 1),
    ("state=planned", 2),
    ("state=overdue", 0),
    ("state=noticed&customer=李娜", 1),
    ("state=&kind=periodic", 1),
    ("state=&customer=60010001", 2),
    ("state=&until=2026-03-05", 3),
    ("state=&since=2026-03-06", 1),
)


async def test_what_is_owed_is_narrowed_down(planned: Desk) -> None:
    browser = await planned.signed_in(Role.OPERATOR)
    for query, count in OWED:
        assert f"共 {count} 项" in (await browser.get(f"/plans/owed?{query}")).text, query


async def test_what_is_late_is_marked(planned: Desk) -> None:
    planned.wait(days=3)
    text = (await (await planned.signed_in(Role.OPERATOR)).get("/plans/owed?state=overdue")).text
    assert '<span class="tag high">2026-03-05</span>' in text


async def test_what_cannot_be_asked_is_said(planned: Desk) -> None:
    browser = await planned.signed_in(Role.REVIEWER)
    for path in ("owed?state=lost", "owed?kind=x", "owed?since=9", "sheets?state=x"):
        answer = await browser.get(f"/plans/{path}")
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


async def test_a_worksheet_shows_its_chain_and_results(planned: Desk) -> None:
    text = _plain(await (await planned.signed_in(Role.REVIEWER)).get(f"/plans/sheets/{papers_site.SHEET}"))
    assert "核实开户为本人意愿" in text
    assert "138****0001" in text
    assert re.search("起草 1001 .*待批准 1001 .*已批准 1002 .*执行中 1001", text)
    assert re.search("张伟 60010001 .* 是 是 完成 有效完成", text)


async def test_a_draft_is_submitted_approved_by_somebody_else_and_started(planned: Desk) -> None:
    author = await planned.signed_in(Role.HEAD, number="1001")
    assert "said=" in await _posted(author, DRAFT, "submit")
    own = await author.post(f"/plans/sheets/{DRAFT}/approve")
    assert (own.status_code, "(P8)" in own.text) == (400, True)
    shown = (await author.get(f"/plans/sheets/{DRAFT}")).text
    assert "您不能审批这张表" in shown
    assert "/approve" not in shown

    other = await planned.signed_in(Role.COMPLIANCE, number="1005")
    assert "said=" in await _posted(other, DRAFT, "approve")
    work = await _posted(other, DRAFT, "start")
    assert work.startswith("/works/")
    page = (await other.get(work)).text
    assert "已完成" in page
    assert f'href="/plans/sheets/{DRAFT}"' in page
    assert planned.started == [(DRAFT, "1005")]
    assert (await author.get(work)).status_code == 404
    trail = await audit.listed(planned.database, Asked(of=f"worksheet {DRAFT}"), 10)
    assert [(row.act.who, row.act.what) for row in trail][::-1] == [
        ("1001", "draft"),
        ("1001", "submitted"),
        ("1005", "approved"),
    ]


async def test_a_rejection_says_why(planned: Desk) -> None:
    await worksheets.decide(planned.database, DRAFT, SheetState.SUBMITTED, "1001", NOW)
    browser = await planned.signed_in(Role.SUPERVISOR)
    assert (await browser.post(f"/plans/sheets/{DRAFT}/reject", {"why": " "})).status_code == 400
    assert "said=" in await _posted(browser, DRAFT, "reject", why="请注明目的")
    assert "请注明目的" in (await browser.get(f"/plans/sheets/{DRAFT}")).text
    assert "共 1 项" in (await browser.get("/plans/owed")).text


async def test_drafts_are_written_for_what_is_owed_by_whom_a1_allows(planned: Desk) -> None:
    browser = await planned.signed_in(Role.HEAD, number="1001")
    for state, by in ((SheetState.SUBMITTED, "1001"), (SheetState.REJECTED, "1002")):
        await worksheets.decide(planned.database, DRAFT, state, by, NOW)
    for wrong in ({"kind": "lost"}, {"profile": "../x"}, {"kind": "special"}, {"operations": ""}):
        answer = await browser.post("/plans/sheets", {"operations": "1002", **wrong})
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    done = await browser.post("/plans/sheets", {"operations": "1002", "kind": "periodic", "purpose": "核实"})
    assert "said.written" in done.headers["location"]
    sheet = await worksheets.get(planned.database, f"{NOW:%Y%m%d}-001")
    assert (sheet.branch, sheet.responsible, sheet.purpose) == (BRANCH, "1002", "核实")


async def test_a_draft_is_not_started(planned: Desk) -> None:
    browser = await planned.signed_in(Role.HEAD)
    answer = await browser.post(f"/plans/sheets/{DRAFT}/start")
    assert (answer.status_code, planned.started) == (400, [])


async def test_persons_file_what_they_did(planned: Desk) -> None:
    (item,) = await worksheets.items(planned.database, DRAFT)
    await _for_persons(planned)
    browser = await planned.signed_in(Role.OPERATOR, number="1003")
    assert f'value="{item.obligation_id}"' in (await browser.get("/plans/sheets/SH-2026-003")).text
    assert (await browser.post("/plans/sheets/SH-2026-003/record", {"result": "无异议"})).status_code == 400
    done = await _posted(
        browser, "SH-2026-003", "record", id=str(item.obligation_id), result="客户确认无异议"
    )
    assert "said=" in done
    assert "客户确认无异议" in (await browser.get("/plans/sheets/SH-2026-003")).text


async def test_a6_only_whoever_answers_for_a_worksheet_files_it_and_it_is_on_the_trail(planned: Desk) -> None:
    (item,) = await worksheets.items(planned.database, DRAFT)
    await _for_persons(planned)
    path, did = "/plans/sheets/SH-2026-003", {"id": str(item.obligation_id), "result": "无异议"}
    stranger = await planned.signed_in(Role.OPERATOR, number="1004")
    assert 'name="result"' not in (await stranger.get(path)).text
    answer = await stranger.post(f"{path}/record", dict(did))
    assert (answer.status_code, "not responsible" in answer.text) == (400, True)
    compliance = await planned.signed_in(Role.COMPLIANCE, number="1005")
    assert (await compliance.post(f"{path}/record", dict(did))).status_code == 303
    (row,) = await audit.listed(planned.database, Asked(what="filed"), 9)
    assert (row.act.who, row.act.kind, row.act.of) == ("1005", "worksheet", "SH-2026-003")
    assert (row.act.detail["ids"], "无异议" in row.act.detail["result"]) == ([item.obligation_id], True)


async def _for_persons(planned: Desk) -> None:
    """The draft is rejected; what it planned is on an approved sheet for visits."""
    db = planned.database
    kept, (item,) = await worksheets.get(db, DRAFT), await worksheets.items(db, DRAFT)
    await worksheets.decide(db, DRAFT, SheetState.SUBMITTED, "1001", NOW)
    await worksheets.decide(db, DRAFT, SheetState.REJECTED, "1002", NOW, "改为面访")
    visit = replace(kept, number="SH-2026-003", method="面访")
    await worksheets.create(db, visit, [item.obligation_id], "1001", NOW)
    for state in (SheetState.SUBMITTED, SheetState.APPROVED):
        await worksheets.decide(db, visit.number, state, "1002", NOW)


async def _posted(browser: Browser, number: str, act: str, **fields: str) -> str:
    """Where a form leads to."""
    answer = await browser.post(f"/plans/sheets/{number}/{act}", dict(fields))
    return str(answer.headers.get("location", answer.text))


def _plain(answer: object) -> str:
    """The words of a page, without its marks."""
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", getattr(answer, "text", ""), flags=re.S)
    return " ".join(text.split())
