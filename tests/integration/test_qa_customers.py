"""The console's customers: found, read, and imported from a branch's file after a look at it."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import openpyxl
import pytest

from records import audit, customer_files, mappings
from records.audit import Asked
from records.users import Role
from tests import papers_site
from tests.console_kit import ORIGIN, Browser, Desk, desk

OTHER = "杭州营业部"
FILE = """\
南京路营业部客户清单
资金账号,姓名,手机,营业部,关系人
80000001,赵敏,13900000001,南京路营业部,0017
80000002,黄丽,1390000,南京路营业部,0017
60010001,张伟,13800000001,上海营业部,
合计：3户,,,,
"""


@pytest.fixture
async def known(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as console:
        await papers_site.fill(console.database)
        yield console


async def test_customers_are_found_by_name_and_account(known: Desk) -> None:
    browser = await known.signed_in(Role.OPERATOR)
    everybody = (await browser.get("/customers")).text
    assert {"张伟", "王芳", "李娜"} <= set(re.findall(r'/customers/\d+">(\w+)<', everybody))
    assert "138****0001" in everybody
    for query in ("张伟", "60010001"):
        assert re.findall(r'/customers/\d+">(\w+)<', (await browser.get(f"/customers?q={query}")).text) == [
            "张伟"
        ]
    assert (await browser.get("/customers?after=x")).status_code == 400


async def test_a_customer_is_shown_with_what_is_owed_and_the_calls(known: Desk) -> None:
    browser = await known.signed_in(Role.REVIEWER, number="1009")
    page = (await browser.get("/customers/1")).text
    for words in ("60010001", "138****0001", "李经理", "new_account", papers_site.SHEET, "/calls/1", "性别"):
        assert words in page
    assert "13800000001" not in page
    assert "13800000001" in (await (await known.signed_in(Role.HEAD)).get("/customers/1")).text
    (row,) = await audit.listed(known.database, Asked(who="1009", what="looked"), 5)
    assert (row.act.what, row.act.kind, row.act.of) == ("looked", "customer", "1")


async def test_another_branchs_customer_is_not_there(known: Desk) -> None:
    browser = await known.signed_in(Role.HEAD, branch=OTHER)
    assert "张伟" not in (await browser.get(f"/customers?branch={papers_site.BRANCH}")).text
    for number in (1, 999):
        answer = await browser.get(f"/customers/{number}")
        assert (answer.status_code, f"{number}: no customer has this" in answer.text) == (404, True)


async def test_who_sees_one_branch_brings_no_file(known: Desk) -> None:
    browser = await known.signed_in(Role.HEAD, branch=OTHER)
    assert (await browser.get("/customers/import")).status_code == 403
    assert (await _bring(browser)).status_code == 403


async def test_a_file_is_looked_at_mapped_and_imported(known: Desk) -> None:
    browser = await known.signed_in(Role.HEAD, number="1009")
    assert "试读" in (await browser.get("/customers/import")).text
    upload = await _over(browser, known, await _bring(browser))
    page = (await browser.get(upload)).text
    assert re.search(r'<b class="num">1</b>新增.*<b class="num">1</b>错误行', page, re.S)
    assert re.search(r'<td class="num">4</td><td class="tight">手机</td>', page)
    assert await customer_files.count(known.database) == 3

    title = re.search(r'关系人<select name="(column\.\d+)"', page)
    assert title is not None
    columns = dict(re.findall(r'<select name="(column\.\d+)">.*?value="(\w+)" selected', page, re.S))
    again = await browser.post(f"{upload}/columns", {**columns, title[1]: "introducer"})
    await _over(browser, known, again)
    await _over(browser, known, await browser.post(f"{upload}/keep", {"name": "南京路"}))
    assert "已导入" in (await browser.get(upload)).text
    kept = await customer_files.of(known.database, "80000001")
    assert (kept.line.name, kept.facts.introducer) == ("赵敏", "0017")
    assert (await mappings.get(known.database, "南京路")).columns["关系人"] == "introducer"
    row = (await audit.listed(known.database, Asked(what="imported"), 5))[0]
    assert (row.act.who, row.act.detail["added"]) == ("1009", 1)

    book = openpyxl.load_workbook(io.BytesIO((await browser.get(f"{upload}/errors")).content))
    assert "80000002" in {str(cell.value) for row in book.active or () for cell in row}


async def test_somebody_elses_file_is_not_there(known: Desk) -> None:
    upload = await _over(browser := await known.signed_in(Role.HEAD), known, await _bring(browser))
    other = await known.signed_in(Role.COMPLIANCE)
    assert [(await other.get(path)).status_code for path in (upload, f"{upload}/errors")] == [404, 404]


async def test_a_file_that_cannot_be_read_says_so_by_its_own_name(known: Desk, tmp_path: Path) -> None:
    browser = await known.signed_in(Role.HEAD)
    answer = await _bring(browser, "甲,乙\n1,2\n")
    work = answer.headers["location"]
    await _works(known)
    page = (await browser.get(work)).text
    assert 'role="alert">客户.csv: ' in page
    assert str(tmp_path) not in page
    assert (await browser.post("/customers/import", {"what": "customers"})).status_code == 400


async def test_a_file_that_is_too_large_is_refused_unread(known: Desk) -> None:
    browser = await known.signed_in(Role.HEAD)
    form = 256 * 1024
    for path, most in (("/customers/import", 32 * 1024 * 1024 + form), ("/account/password", form)):
        headers = {"origin": ORIGIN, "content-length": str(most + 1)}
        assert (await browser.client.post(path, content=b"", headers=headers)).status_code == 413


async def _bring(browser: Browser, content: str = FILE) -> httpx.Response:
    files = {"file": ("../客户.csv", content.encode("gb18030"), "text/csv")}
    fields = {"csrf": browser.csrf, "what": "customers", "mapping": ""}
    return await browser.client.post(
        "/customers/import", data=fields, files=files, headers={"origin": ORIGIN}
    )


async def _over(browser: Browser, known: Desk, answer: httpx.Response) -> str:
    """The page that shows what came of the work that a form began."""
    work = answer.headers["location"]
    await _works(known)
    found = re.search(r'class="button" href="(/customers/import/[^"]+)"', (await browser.get(work)).text)
    assert found is not None
    return found[1]


async def _works(known: Desk) -> None:
    """Until all that goes on is over."""
    await asyncio.wait([one.task for one in known.console.works.all() if one.task])
