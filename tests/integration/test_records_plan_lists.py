"""Lists that the console shows of plans and papers, on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from records import filed_papers, owed_list, worksheets
from records.database import Database
from records.filed_papers import Filed
from records.model import Kind
from records.owed_list import OwedAsked, OwedState
from records.planned import SheetState
from records.search import Page
from tests import papers_site
from tests.records_kit import NOW, Where, opened

TODAY = date(2026, 3, 6)
"""A day after all last days."""

ASKED = [
    (OwedAsked(), ["张伟", "王芳", "李娜"]),
    (OwedAsked(state=OwedState.COMPLETED), ["张伟"]),
    (OwedAsked(state=OwedState.OPEN), []),
    (OwedAsked(state=OwedState.OVERDUE), ["王芳"]),
    (OwedAsked(state=OwedState.NOTICED, branch=papers_site.BRANCH), ["李娜"]),
    (OwedAsked(branch="杭州营业部"), []),
    (OwedAsked(kind=Kind.PERIODIC.value), []),
    (OwedAsked(customer="李娜"), ["李娜"]),
    (OwedAsked(customer="60010001"), ["张伟"]),
    (OwedAsked(customer_id=2), ["王芳"]),
    (OwedAsked(since=date(2026, 3, 6)), []),
    (OwedAsked(until=date(2026, 3, 5)), ["张伟", "王芳", "李娜"]),
]


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        await papers_site.fill(database)
        yield database


async def test_what_is_owed_is_listed_page_by_page(db: Database) -> None:
    for asked, names in ASKED:
        total, found = await owed_list.listed(db, asked, TODAY, Page())
        assert (total, [one.customer for one in found]) == (len(names), names), asked
    total, found = await owed_list.listed(db, OwedAsked(), TODAY, Page(1, 1))
    assert (total, [one.customer for one in found]) == (3, ["王芳"])
    assert (found[0].sheet, found[0].tried, found[0].state) == (
        papers_site.SHEET,
        "exhausted",
        OwedState.PLANNED,
    )


async def test_worksheets_are_listed_by_state_the_newest_first(db: Database) -> None:
    kept = await worksheets.get(db, papers_site.SHEET)
    for n in (2, 3):
        await worksheets.create(db, replace(kept, number=f"SH-2026-00{n}", profile="boci"), [], "1001", NOW)
    await worksheets.decide(db, "SH-2026-002", SheetState.SUBMITTED, "1001", NOW)
    for state, numbers in (
        (None, ["SH-2026-003", "SH-2026-002", papers_site.SHEET]),
        (SheetState.DRAFT, ["SH-2026-003"]),
        (SheetState.SUBMITTED, ["SH-2026-002"]),
        (SheetState.RUNNING, [papers_site.SHEET]),
        (SheetState.DONE, []),
    ):
        total, found = await worksheets.listed(db, Page(), state=state)
        assert (total, [one.number for one in found]) == (len(numbers), numbers)
    total, found = await worksheets.listed(db, Page(1, 1), papers_site.BRANCH)
    assert (total, [one.number for one in found]) == (3, ["SH-2026-002"])
    assert await worksheets.listed(db, Page(), "杭州营业部") == (0, [])
    assert await worksheets.last_profile(db) == "boci"


async def test_papers_are_listed_with_their_signatures(db: Database) -> None:
    made = Filed("YB-1", "回访月报", "a" * 64, ("经办人",), "monthly", papers_site.BRANCH, "2026-03", NOW)
    await filed_papers.file(db, made, frozenset())
    await filed_papers.file(db, replace(made, number="YB-2", branch=""), frozenset())
    assert [one.number for one in (await filed_papers.books(db, Page()))[1]] == ["YB-1", "YB-2"]
    total, (one,) = await filed_papers.books(db, Page(), papers_site.BRANCH)
    assert (total, one.number, one.signed) == (1, "YB-1", ())
    assert await filed_papers.known(db, "YB-2") == replace(made, number="YB-2", branch="")
    assert await filed_papers.known(db, "YB-3") is None
    assert await filed_papers.known(db, "") is None
