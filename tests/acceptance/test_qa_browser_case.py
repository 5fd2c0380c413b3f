"""Review in a browser: from a flagged call to a closed case, by keyboard alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from huifang.site import init, open_site
from plans.paperwork import Role as Duty
from plans.words import ROLES
from qa.passwords import Passwords
from records import cases, schema, staff, users
from records.database import Database
from records.people import Staff
from records.reviewed import GRADING, Grade
from records.users import Role
from tests.browser_kit import PHONE, opened, picture, served, sign_in, silent_track
from tests.case_kit import BRANCH, FLAG, doing, first_turn, flagged, given
from tests.case_kit import REVIEWER as FIRST_REVIEWER
from tests.console_kit import PASSWORD
from tests.records_kit import execute, person, started

TRACK = "recordings/2026-03-04/20260304-150000_8001_{}.wav"
"""As `records_kit.talk` names it."""
PEOPLE = (
    (Staff("1001", "王芳", BRANCH), Role.REVIEWER),
    (Staff("2000", "陈静", BRANCH, post=ROLES[Duty.MARKETING_DESK]), Role.SUPERVISOR),
    (Staff("2001", "刘洋", BRANCH, post=ROLES[Duty.OPERATIONS]), Role.SUPERVISOR),
    (Staff("9001", "赵敏"), Role.HEAD),
    (Staff("9003", "周强", department=ROLES[Duty.RETAIL]), Role.SUPERVISOR),
)
ANGRY = replace(FLAG, severity="medium", category="强烈不满")
CALLS = (("张伟", FLAG, 1), ("李娜", ANGRY, 2), ("王强", FLAG, 40))
"""Whose call, the lead, days ago."""


async def _site(data: Path) -> None:
    await init(data)
    async with open_site(data) as site:
        now = site.now()
        hashed = await Passwords().hashed(PASSWORD)
        for one, role in PEOPLE:
            await users.add(site.database, one, [role], hashed, "1001", now)
        await staff.keep(site.database, [one for one, _ in PEOPLE], now)
        campaign = await started(site.database, [person(n, name=name) for n, (name, *_) in enumerate(CALLS)])
        for _, flag, days in CALLS:
            call = await flagged(site.database, campaign, flag)
            ended = sa.update(schema.attempt).where(schema.attempt.c.id == call)
            await execute(site.database, ended.values(ended_at=now - timedelta(days=days)))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with three calls to review, each with four seconds of sound."""
    made = tmp_path_factory.mktemp("review") / "site"
    asyncio.run(_site(made))
    for party in ("customer", "system"):
        silent_track(made / TRACK.format(party), 4)
    return made


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """Its console."""
    with served(data) as address:
        yield address


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def enter(page: Page, address: str, number: str, path: str) -> None:
    """Sign in by keyboard, and open a page."""
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in?to={path}")
    page.focus("[name=number]")
    page.keyboard.type(number)
    keys(page, "Tab")
    page.keyboard.type(PASSWORD)
    keys(page, "Enter")
    page.wait_for_url(f"{address}{path}**")


def sign(page: Page) -> None:
    """The step that comes now is a signature: to the form, the password, send."""
    keys(page, "w")
    page.keyboard.type(PASSWORD)
    keys(page, "Enter")
    page.wait_for_selector(".said")


def test_a_case_goes_from_the_queue_to_its_end_by_keyboard_alone(address: str) -> None:
    with opened() as page:
        enter(page, address, "1001", "/review")
        assert page.locator("tr[data-row] td:nth-child(3)").all_inner_texts() == ["王强", "张伟", "李娜"]
        picture(page, "review")
        keys(page, "?")
        assert page.locator("dialog.keys").is_visible()
        keys(page, "Escape", "j", "c")
        page.wait_for_url("**/cases/1?**")
        keys(page, "l")
        page.wait_for_selector(".tag.good[data-lead]")
        keys(page, "1", "w")
        page.keyboard.type("说的是公司的分成，不是与经理分成。")
        picture(page, "case")
        keys(page, "Control+Enter")
        page.wait_for_selector(".said")
        for number in ("2000", "2001"):
            enter(page, address, number, "/review?view=mine")
            keys(page, "Enter")
            page.wait_for_url("**/cases/1")
            sign(page)
        enter(page, address, "1001", "/cases/1")
        keys(page, "Enter")
        page.wait_for_selector(".head .tag.good")
        assert page.locator(".steps .now").count() == 0
        assert page.locator(".steps .done").count() == 4 + 5


async def _violation(data: Path) -> int:
    """A case that waits for the department's opinion."""
    async with open_site(data) as site:
        return await _graded(site.database, site.now())


async def _graded(database: Database, now: datetime) -> int:
    case = await cases.claim(database, 3, "1001", now + timedelta(hours=1), now, first_turn)
    words = replace(given(GRADING, Grade.VIOLATION.value), words="客户说经理替他操作，按三七分成。")
    await cases.do(database, case.id, doing(FIRST_REVIEWER, words, now), now)
    return case.id


def test_the_chain_of_a_violation_on_a_laptop_and_a_phone(data: Path, address: str) -> None:
    case = asyncio.run(_violation(data))
    with opened() as page:
        sign_in(page, address, "9003")
        page.goto(f"{address}/cases/{case}")
        page.fill("[name=words]", "情况属实，请营业部约谈并整改。")
        picture(page, "case-violation")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".said")
        assert "处理 · 经办人" in page.inner_text(".steps .now")
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        picture(page, "case-phone")
        page.goto(f"{address}/review")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
