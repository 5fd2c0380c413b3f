"""Material in a browser: asked for on a call's page, allowed by another, downloaded and whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from office import checking
from tests import papers_site
from tests.browser_kit import PHONE, add_user, opened, picture, served, sign_in, silent_track

TRACK = "recordings/2026-03-04/20260304-150000_8001_{}.wav"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A site with a call of two seconds, a reviewer and the head of callbacks."""
    data = tmp_path / "site"
    papers_site.make(data)
    for party in ("customer", "system"):
        silent_track(data / TRACK.format(party), 2)
    add_user(data, "2001", "reviewer", "张伟")
    add_user(data, "2002", "head")
    with served(data) as address:
        yield address


def _ask(page: Page, address: str, use: str, why: str) -> None:
    page.goto(f"{address}/calls/1")
    page.click("summary:has-text('申请调取')")
    page.select_option("[name=use]", use)
    page.fill("[name=why]", why)
    page.fill("[name=recipient]", "上海证监局" if use == "regulator" else "")
    page.click("text=提交申请")
    page.wait_for_selector(".said")


def _as(page: Page, address: str, number: str) -> None:
    page.context.clear_cookies()
    sign_in(page, address, number)


def test_material_is_asked_for_allowed_and_taken(address: str, tmp_path: Path) -> None:
    with opened() as page:
        sign_in(page, address, "2001")
        _ask(page, address, "evidence", "客户投诉，核对原话")
        _ask(page, address, "regulator", "现场检查要求提供")
        _as(page, address, "2002")
        page.goto(f"{address}/approvals")
        row = page.locator("tr:has-text('客户投诉')")
        row.locator("summary").click()
        picture(page, "approvals")
        row.locator("form[action$='/approve'] [name=words]").fill("同意")
        row.locator("button:has-text('批准')").first.click()
        page.wait_for_selector(".said")
        _as(page, address, "2001")
        page.goto(f"{address}/approvals")
        with page.expect_download() as download:
            page.click("a:has-text('下载')")
        download.value.save_as(tmp_path / "package.zip")
        assert checking.check(tmp_path / "package.zip").wrong == ()
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        picture(page, "approvals-phone")
