"""What reports are made from, and the books of papers: on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from base.errors import InputError
from office.reports.gathering import outcomes
from records import filed_papers, followed, ledger
from records.database import Database
from records.filed_papers import Filed
from records.staff import staff_names
from tests import papers_site
from tests.papers_site import BRANCH, CAMPAIGN, SHEET
from tests.records_kit import NOW, Where, dialed, opened, over, person, started, talk

MARCH = date(2026, 3, 1), date(2026, 3, 31)
APRIL = date(2026, 4, 1), date(2026, 4, 30)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        await papers_site.fill(database)
        yield database


async def test_what_is_owed_comes_once_with_what_came_of_it(db: Database) -> None:
    found = outcomes(await followed.within(db, *MARCH), await staff_names(db))
    assert [(one.customer, one.completed, one.informed, one.reached) for one in found] == [
        ("张伟", True, False, True),
        ("王芳", False, False, False),
        ("李娜", False, True, False),
    ]
    first = found[0]
    assert (first.person, first.ratings, first.call > 0) == ("1003", ("satisfied",), True)
    assert [problem.category for problem in first.problems] == ["要求人工"]
    assert (found[1].result, found[2].result) == ("次数用尽", "短信告知")


async def test_another_month_and_another_branch_have_none(db: Database) -> None:
    assert (await followed.within(db, *APRIL)).owed == ()
    assert (await followed.within(db, *MARCH, branch="北京营业部")).owed == ()
    assert len((await followed.within(db, *MARCH, branch=BRANCH)).owed) == 3


async def test_a_worksheet_and_a_campaign_have_their_own(db: Database) -> None:
    assert [one.customer.name for one in (await followed.of_sheet(db, SHEET)).owed] == ["张伟", "王芳"]
    found = await followed.of_campaign(db, CAMPAIGN)
    assert len(found.owed) == len(found.followed) == 2
    assert await followed.owed_by_duty(db, *MARCH) == {(BRANCH, "new_account"): (3, 3)}


async def test_a_follow_up_that_nothing_asked_for_belongs_where_it_ended(db: Database) -> None:
    campaign = await started(db, [person(9)], name="临时")
    claim = await dialed(db, campaign)
    await ledger.close(db, talk(claim, over()), NOW)
    found = outcomes(await followed.within(db, *MARCH), {})
    assert [one.customer for one in found if one.campaign == "临时"] == ["客户9"]
    assert "临时" not in [one.campaign for one in outcomes(await followed.within(db, *APRIL), {})]


NOBODY: frozenset[tuple[int, str]] = frozenset()


def paper(sha256: str = "a" * 64) -> Filed:
    return Filed("YB-1", "月报", sha256, ("经办人", "复核人"), "monthly", BRANCH, "2026-03", NOW)


async def test_a_paper_is_signed_over_its_hash_and_handed_in_once(db: Database) -> None:
    assert await filed_papers.file(db, paper(), NOBODY) == ()
    await filed_papers.sign(db, [paper()], "经办人", "1001", "", NOW)
    assert [one.by for one in await filed_papers.file(db, paper(), NOBODY)] == ["1001"]
    assert await filed_papers.file(db, paper("b" * 64), NOBODY) == ()
    assert (await filed_papers.hand_in(db, "YB-1", "1001", NOW)).handed_by == "1001"
    assert await filed_papers.handed(db) == {("monthly", BRANCH, "2026-03"): NOW.date()}
    with pytest.raises(InputError, match="already"):
        await filed_papers.hand_in(db, "YB-1", "1001", NOW)
    with pytest.raises(InputError, match="no paper"):
        await filed_papers.get(db, "YB-2")


async def test_what_was_made_anew_meanwhile_is_not_signed_unread(db: Database) -> None:
    await filed_papers.file(db, paper("b" * 64), NOBODY)
    with pytest.raises(InputError, match="made anew"):
        await filed_papers.sign(db, [paper()], "经办人", "1001", "", NOW)
    assert (await filed_papers.get(db, "YB-1")).signed == ()


async def test_whom_a_paper_names_goes_by_its_last_version(db: Database) -> None:
    await filed_papers.file(db, paper(), frozenset({(1, "event 1"), (1, "2026"), (2, "")}))
    assert await filed_papers.whom(db, "YB-1") == {1: ["2026", "event 1"], 2: [""]}
    await filed_papers.file(db, paper(), frozenset({(2, "")}))
    assert await filed_papers.whom(db, "YB-1") == {2: [""]}


async def test_of_two_who_sign_at_once_as_one_role_one_is_refused(db: Database) -> None:
    await filed_papers.file(db, paper(), NOBODY)
    signing = (filed_papers.sign(db, [paper()], "经办人", by, "", NOW) for by in ("1001", "1002"))
    done = await asyncio.gather(*signing, return_exceptions=True)
    assert sum(isinstance(one, list) for one in done) == 1
    assert len((await filed_papers.get(db, "YB-1")).signed) == 1
