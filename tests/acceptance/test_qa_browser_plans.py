"""The console's plans in a browser: a worksheet approved, its paper put into the books, a file imported."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from huifang.site import open_site
from records import obligations, worksheets
from records.model import Kind
from records.planned import Executor, Obligation, SheetState
from tests import papers_site
from tests.browser_kit import PHONE, add_user, opened, picture, served, sign_in
from tests.records_kit import NOW

SHEET = "SH-2026-002"


async def _submitted(data: Path) -> None:
    """李娜 and 王芳 are owed a periodic call too, and 1001 has submitted a worksheet of it."""
    async with open_site(data) as site:
        days = date(2026, 1, 1), date(2026, 12, 31)
        pool = "periodic 上海营业部 2026"
        more = [
            Obligation(*(id_, "periodic", Kind.PERIODIC, "2026", *days, None, pool, 1.0, who, "P2"))
            for id_, who in ((2, Executor.OPERATIONS), (3, Executor.OPERATIONS))
        ]
        await obligations.keep(site.database, papers_site.BRANCH, more, ())
        free = [one.id for one in await obligations.due(site.database, on=date(2026, 3, 4))]
        kept = await worksheets.get(site.database, papers_site.SHEET)
        sheet = replace(kept, number=SHEET, kind=Kind.PERIODIC, type_="定期-其他", purpose="年度回访")
        await worksheets.create(site.database, sheet, free, "1001", NOW)
        await worksheets.decide(site.database, SHEET, SheetState.SUBMITTED, "1001", NOW)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A site of which one worksheet is carried out, another one waits, and its console."""
    data = tmp_path / "site"
    papers_site.make(data)
    asyncio.run(_submitted(data))
    add_user(data, "1005", "compliance")
    with served(data) as address:
        yield address


def test_a_worksheet_is_approved_and_filed_and_customers_come_in(address: str) -> None:
    with opened() as page:
        sign_in(page, address, "1005")
        page.click("nav a[href='/plans']")
        page.fill("[name=channels]", "4")
        page.keyboard.press("Enter")
        page.wait_for_url("**channels=4")
        picture(page, "plans")
        page.click(".tabs a[href='/plans/owed']")
        page.select_option("[name=state]", "")
        page.click("button.main")
        page.wait_for_url("**state=&**")
        picture(page, "owed")
        page.click(f"a[href='/plans/sheets/{SHEET}']")
        picture(page, "sheet")
        page.click("form[action$='/approve'] button")
        page.wait_for_selector("p.said")
        page.wait_for_selector("form[action$='/start'] button")
        page.click(".tabs a[href='/plans/calendar']")
        page.goto(f"{address}/plans/calendar?month=2026-10&profile=boci")
        picture(page, "calendar")
        page.click(".tabs a[href='/papers']")
        page.select_option("[name=kind]", "worksheet")
        page.fill("[name=number]", papers_site.SHEET)
        page.keyboard.press("Enter")
        frame = page.frame_locator("iframe.paper")
        frame.get_by_text("核实开户为本人意愿").wait_for()
        page.click("form[action^='/papers/paper'] button")
        page.wait_for_selector("p.said")
        frame.get_by_text("核实开户为本人意愿").wait_for()
        picture(page, "paper")
        page.click(".tabs a[href='/customers']")
        page.click("text=张伟")
        picture(page, "customer")
        page.goto(f"{address}/customers/import")
        bad = (
            "资金账号,姓名,手机,营业部\n80000001,赵敏,13900000001,上海营业部\n80000002,黄丽,1390,上海营业部\n"
        )
        page.set_input_files(
            "[name=file]", {"name": "客户.csv", "mimeType": "text/csv", "buffer": bad.encode()}
        )
        page.click("form[enctype] button")
        page.click("main a.button")
        page.wait_for_selector("form[action$='/keep']")
        picture(page, "import")
        page.click("form[action$='/keep'] button")
        page.click("main a.button")
        page.wait_for_selector("p.said")
    with opened(PHONE) as page:
        sign_in(page, address, "1005")
        page.goto(f"{address}/plans")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        picture(page, "plans-phone")
        for path in (
            "plans/calendar?profile=boci&month=2026-10",
            "papers",
            f"plans/sheets/{SHEET}",
            "customers/1",
        ):
            page.goto(f"{address}/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        page.goto(f"{address}/plans/calendar?profile=boci&month=2026-10")
        picture(page, "calendar-phone")
