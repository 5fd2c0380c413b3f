"""Searches of calls: ordered, kept for oneself, taken away as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from base.spreadsheets import plain
from records import audit, ledger, saved_searches
from records.audit import Asked
from records.users import Role
from tests.console_kit import BRANCH, Desk, desk
from tests.records_kit import NOW, dialed, ending, over, person, started, talk

EVIL = '=HYPERLINK("http://evil.example")'


@pytest.fixture
async def called(tmp_path: Path) -> AsyncIterator[Desk]:
    """Call 1 was talked in; call 2, to somebody with a strange name, was not answered."""
    async with desk(tmp_path) as console:
        campaign = await started(console.database, [person(1, name="张伟"), person(2, name=EVIL)])
        await ledger.close(console.database, talk(await dialed(console.database, campaign)), NOW)
        other = await dialed(console.database, campaign)
        await ledger.close(console.database, ending(other, over("exhausted")), NOW)
        console.wait(hours=1)
        yield console


@pytest.mark.parametrize(
    ("order", "first"), [("", 2), ("newest", 2), ("oldest", 1), ("longest", 1), ("x", 2)]
)
async def test_calls_are_listed_in_an_order(called: Desk, order: str, first: int) -> None:
    page = (await (await called.signed_in(Role.REVIEWER)).get(f"/calls?order={order}")).text
    found = [page.index(f'href="/calls/{call}"') for call in (first, 3 - first)]
    assert found == sorted(found)


async def test_a_search_is_kept_for_oneself_and_forgotten(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    fields = {"name": " 未接 ", "query": "disposition=no_answer&p=3&evil=1"}
    assert (await browser.post("/calls/searches", fields)).status_code == 303
    await browser.post("/calls/searches", {"name": "未接", "query": "disposition=no_answer&order=oldest"})
    page = (await browser.get("/calls")).text
    assert page.count("disposition=no_answer") == 1
    assert 'href="/calls?disposition=no_answer&amp;order=oldest"' in page
    other = await called.signed_in(Role.SUPERVISOR)
    assert "disposition=no_answer&" not in (await other.get("/calls")).text
    (kept,) = await saved_searches.listed(called.database, "reviewer")
    await other.post(f"/calls/searches/{kept.id}/delete")
    assert await saved_searches.listed(called.database, "reviewer") == (kept,)
    await browser.post(f"/calls/searches/{kept.id}/delete")
    assert await saved_searches.listed(called.database, "reviewer") == ()
    assert (await browser.post("/calls/searches", {"name": "", "query": ""})).status_code == 400


async def test_a_list_is_taken_away_as_csv_with_what_one_sees(called: Desk) -> None:
    answer = await (await called.signed_in(Role.REVIEWER)).get("/calls/export/csv?order=oldest")
    head, one, other = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:4] == ["编号", "时间", "客户", "号码"]
    assert (one[2], one[3], one[8]) == ("张伟", "138****0001", "完成")
    assert other[2] == f"'{EVIL}"
    (row, *_) = await audit.listed(called.database, Asked(what="exported"), 5)
    assert row.act.detail == {"form": "csv", "rows": 2, "asked": {"order": "oldest"}}
    whole = await (await called.signed_in(Role.COMPLIANCE)).get("/calls/export/csv?customer=张伟")
    assert b"13800000001" in whole.content
    assert EVIL.encode() not in whole.content


async def test_a_list_is_a_workbook_of_texts(called: Desk) -> None:
    answer = await (await called.signed_in(Role.REVIEWER)).get("/calls/export/xlsx")
    (sheet,) = load_workbook(io.BytesIO(answer.content)).worksheets
    rows = list(sheet.iter_rows())
    assert {rows[1][at].data_type for at in range(10)} == {"s"}
    assert rows[1][2].value == EVIL


async def test_c4_a_branch_takes_its_own_away(called: Desk) -> None:
    own = await called.signed_in(Role.REVIEWER, branch=BRANCH, number="own")
    other = await called.signed_in(Role.REVIEWER, branch="杭州营业部", number="other")
    assert "张伟" in (await own.get("/calls/export/csv")).text
    assert "张伟" not in (await other.get(f"/calls/export/csv?branch={BRANCH}")).text


async def test_what_cannot_be_exported_is_said(called: Desk) -> None:
    browser = await called.signed_in(Role.REVIEWER)
    assert (await browser.get("/calls/export/csv?since=yesterday")).status_code == 400
    assert (await browser.get("/calls/export/pdf")).status_code == 400


@pytest.mark.parametrize(
    ("text", "cell"),
    [("张伟", "张伟"), ("=1", "'=1"), ("+86", "'+86"), ("-1", "'-1"), ("@a", "'@a"), ("", "")],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    assert plain(text) == cell
