"""The console's calendar and papers: what is due, on screen, as files, signed, handed in."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from base.clock import SHANGHAI
from records import audit, schema
from records.audit import Asked
from records.users import Role
from tests import papers_site
from tests.console_kit import BRANCH, PASSWORD, Browser, Desk, desk
from tests.records_kit import execute

REPORT = f"kind=monthly&period=2026-03&branch={BRANCH}&profile=boci"
OTHER = "杭州营业部"


@pytest.fixture
async def april(tmp_path: Path) -> AsyncIterator[Desk]:
    """`papers_site` after the fifth worked day of April, by which March's report was due."""
    async with desk(tmp_path) as console:
        await papers_site.fill(console.database)
        console.at = datetime(2026, 4, 20, 10, 0, tzinfo=SHANGHAI)
        yield console


async def test_the_calendar_shows_what_is_due_and_what_is_late(april: Desk) -> None:
    browser = await april.signed_in(Role.HEAD)
    text = (await browser.get("/plans/calendar?month=2026-03&profile=boci")).text
    assert re.search(r'<b class="num">5</b></span>\s*<a class="tag high"[^>]*>到期 1 项', text)
    assert "逾期未报" in text
    assert f"kind=monthly&amp;period=2026-03&amp;branch={_quoted(BRANCH)}" in text
    assert "休" in (await browser.get("/plans/calendar?month=2026-10&profile=boci")).text
    assert "班" in (await browser.get("/plans/calendar?month=2026-02&profile=boci")).text


async def test_a_calendar_that_is_none_is_said(april: Desk) -> None:
    browser = await april.signed_in(Role.HEAD)
    for query in ("month=2026-13", "month=x", "profile=../boci"):
        answer = await browser.get(f"/plans/calendar?{query}")
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


async def test_another_branch_has_no_such_papers(april: Desk) -> None:
    browser = await april.signed_in(Role.HEAD, branch=OTHER)
    assert "逾期未报" not in (await browser.get("/plans/calendar?profile=boci")).text
    for query in (
        f"kind=worksheet&number={papers_site.SHEET}",
        "kind=summary&profile=boci",
        "kind=record&call=1",
        "kind=core&account=60010001",
        "kind=hand-over&campaign=三月新开户&department=合规部",
    ):
        assert (await browser.get(f"/papers/sheet?{query}")).status_code == 404
    assert "张伟" not in (await browser.get("/papers/sheet?kind=table&period=2026-03")).text


KINDS = (
    (REPORT, "回访月报"),
    ("kind=summary&period=2026-03&profile=boci", "月度汇总"),
    (f"kind=worksheet&number={papers_site.SHEET}", "核实开户为本人意愿"),
    (f"kind=result&number={papers_site.SHEET}&grade=general&words=请改进", "请改进"),
    ("kind=record&call=1", "张伟"),
    ("kind=table&period=2026-03", "张伟"),
    ("kind=core&account=60010001", "60010001"),
    ("kind=profile&profile=haitong", "haitong"),
    ("kind=visit&account=60010001", "60010001"),
    ("kind=log&way=sms&period=2026-03", "李娜"),
    (f"kind=appraisal&period=2026-03&branch={BRANCH}", BRANCH),
    ("kind=hand-over&campaign=三月新开户&department=合规部", "合规部"),
    (f"kind=plan&period=2026&branch={BRANCH}&profile=boci", "年度回访计划"),
)
NONE = ("kind=none", "kind=monthly&period=x", "kind=monthly&profile=boci", "kind=core&account=none")


async def test_every_kind_is_on_screen(april: Desk) -> None:
    browser = await april.signed_in(Role.COMPLIANCE)
    for query, words in KINDS:
        assert (await browser.get(f"/papers/paper?{query}")).status_code == 200
        assert words in (await browser.get(f"/papers/sheet?{query}")).text
    for query in NONE:
        assert (await browser.get(f"/papers/paper?{query}")).status_code == 404


async def test_a_paper_runs_no_script_and_no_style_but_its_own(april: Desk) -> None:
    answer = await (await april.signed_in(Role.REVIEWER)).get(f"/papers/sheet?{REPORT}")
    style = re.search("<style>(.*)</style>", answer.text, re.S)
    assert style is not None
    own = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{own}'; frame-ancestors 'self'; sandbox"
    assert "style=" not in answer.text


async def test_whole_numbers_are_for_compliance_and_the_head(april: Desk) -> None:
    browser = await april.signed_in(Role.REVIEWER)
    assert (await browser.get("/papers/sheet?kind=record&call=1")).status_code == 403
    assert "核心客户档案" not in (await browser.get("/papers")).text


async def test_a_file_is_taken_away_and_noted(april: Desk) -> None:
    browser = await april.signed_in(Role.COMPLIANCE, number="1005")
    answer = await browser.get(f"/papers/file/xlsx?{REPORT}")
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer.headers["content-disposition"]
    (row,) = await audit.listed(april.database, Asked(what="exported"), 10)
    assert (row.act.who, row.act.of, dict(row.act.detail)) == (
        "1005",
        f"YB-202603-{BRANCH}",
        {"form": "xlsx"},
    )
    assert (await browser.get(f"/papers/file/txt?{REPORT}")).status_code == 404


async def test_a_paper_is_filed_signed_by_its_chain_and_handed_in(april: Desk) -> None:
    author = await april.signed_in(Role.OPERATOR, number="1001")
    assert "尚未存档" in (await author.get(f"/papers/paper?{REPORT}")).text
    assert (await author.post(f"/papers/sign?{REPORT}", {"role": "经办人"})).status_code == 400
    assert "said.filed" in await _posted(author, "paper")
    wrong = await author.post(f"/papers/sign?{REPORT}", {"role": "经办人", "password": "wrong password"})
    assert (wrong.status_code, "not your password" in wrong.text) == (400, True)
    shown = (await author.get(f"/papers/paper?{REPORT}")).text
    role = re.search('name="role" value="([^"]+)"', shown)
    assert role is not None
    assert "said.signed" in await _posted(author, "sign", role=role[1], password=PASSWORD)
    assert "<td>王芳（1001） 2026-04-20" in (await author.get(f"/papers/sheet?{REPORT}")).text
    again = await author.post(f"/papers/sign?{REPORT}", {"role": role[1], "password": PASSWORD})
    assert again.status_code == 400
    assert "said.handed_in" in await _posted(author, "hand-in")
    assert "逾期未报" not in (await author.get("/plans/calendar?profile=boci")).text.partition("2026-03")[0]
    books = (await author.get("/papers")).text
    assert f"YB-202603-{BRANCH}" in books


async def test_what_is_handed_in_is_what_the_books_have(april: Desk) -> None:
    author = await april.signed_in(Role.OPERATOR, number="1001")
    await _posted(author, "paper")
    note = sa.update(schema.paper).values(sha256="b" * 64)
    await execute(april.database, note)
    refused = await author.post(f"/papers/hand-in?{REPORT}")
    assert (refused.status_code, "put it there first" in refused.text) == (400, True)


async def test_long_words_make_no_paper(april: Desk) -> None:
    browser = await april.signed_in(Role.COMPLIANCE)
    asked = f"/papers/paper?kind=result&number={papers_site.SHEET}&grade=general&words="
    assert (await browser.get(asked + "好" * 200)).status_code == 200
    refused = await browser.get(asked + "好" * 201)
    assert (refused.status_code, "longer than 200" in refused.text) == (404, True)


async def _posted(browser: Browser, act: str, **fields: str) -> str:
    answer = await browser.post(f"/papers/{act}?{REPORT}", dict(fields))
    return str(answer.headers.get("location", answer.text))


def _quoted(text: str) -> str:
    return quote(text)
