"""Today in a browser: it follows what happens; a campaign is paused by keyboard; charts are drawn."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import busy_site
from tests.browser_kit import LAPTOP, PHONE, add_user, opened, picture, served, sign_in


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("today") / "site"
    busy_site.make(data)
    add_user(data, "3001", "head")
    return data


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    with served(place) as address:
        yield address


def _sql(data: Path, statement: str) -> list[tuple[str, ...]]:
    """From beside the console's process; Playwright has this one's event loop."""
    with closing(sqlite3.connect(data / "huifang.db")) as connection, connection:
        return connection.execute(statement).fetchall()


def _drawn(page: Page) -> None:
    page.locator(".uplot canvas").nth(3).wait_for()


@pytest.mark.parametrize(
    ("name", "size", "theme"),
    [("today-dark", LAPTOP, "dark"), ("today-phone", PHONE, "light"), ("today-phone-dark", PHONE, "dark")],
)
def test_it_fits_every_screen(address: str, name: str, size: tuple[int, int], theme: str) -> None:
    with opened(size) as page:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        sign_in(page, address, "3001")
        page.wait_for_selector("#line.ok")
        _drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.locator("[data-part=flags]").scroll_into_view_if_needed()
        picture(page, name)


def test_today_follows_what_happens_and_pauses(place: Path, address: str) -> None:
    with opened() as page:
        sign_in(page, address, "3001")
        page.wait_for_selector("#line.ok")
        _drawn(page)
        assert page.locator("[data-part=calls] .medium").count() == 1
        picture(page, "today")
        _sql(place, "UPDATE attempt SET stage = 'talking' WHERE stage = 'ringing'")
        page.wait_for_selector("[data-part=calls] .medium", state="detached")
        page.focus(f"text={busy_site.NEW}")
        page.keyboard.press("Enter")
        page.focus("[name=reason]")
        page.keyboard.type("线路检修")
        picture(page, "campaign")
        page.keyboard.press("Enter")
        page.wait_for_selector(".said")
        assert _sql(place, "SELECT status, status_why FROM campaign WHERE id = 1") == [("paused", "线路检修")]
