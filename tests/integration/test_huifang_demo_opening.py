"""The demonstration's console: a link that signs its reviewer in once, from this machine."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from huifang.demo import opening
from huifang.site import open_site
from qa.app import application
from qa.inviting import Invitation
from records import users
from records.users import Role
from tests.console_kit import ORIGIN, Desk, desk


@pytest.fixture
async def inviting(tmp_path: Path) -> AsyncIterator[tuple[Desk, Invitation]]:
    async with desk(tmp_path) as console:
        await console.add("reviewer", Role.REVIEWER)
        invitation = Invitation("reviewer")
        console.app = application(replace(console.console, invitation=invitation))
        yield console, invitation


async def test_a_link_signs_in_once(inviting: tuple[Desk, Invitation]) -> None:
    console, invitation = inviting
    path = invitation.path
    browser = console.browser()
    assert (await browser.get("/begin?token=")).status_code == 404
    assert (await browser.get("/begin?token=guessed")).status_code == 404
    assert (await browser.get(path)).headers["location"] == "/"
    assert (await browser.get("/today")).status_code == 200
    other = console.browser()
    assert (await other.get(path)).status_code == 404
    assert (await other.get(invitation.path)).status_code == 404
    assert (await other.get("/today")).headers["location"].startswith("/sign-in")


async def test_it_does_not_from_elsewhere(inviting: tuple[Desk, Invitation]) -> None:
    console, invitation = inviting
    far = httpx.ASGITransport(console.app, client=("10.0.0.9", 4711))
    async with httpx.AsyncClient(transport=far, base_url=ORIGIN) as client:
        assert (await client.get(invitation.path)).status_code == 404
    assert (await console.browser().get(invitation.path)).status_code == 303


async def test_other_consoles_have_no_link(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        assert (await console.browser().get(Invitation("reviewer").path)).status_code == 404


async def test_a_demonstration_opens_its_console(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    told, stop = io.StringIO(), asyncio.Event()
    opened = asyncio.create_task(opening.open_console(site, Console(file=told), stop))
    while "Ctrl-C" not in told.getvalue():
        await asyncio.sleep(0.01)
        assert not opened.done()
    link = told.getvalue().splitlines()[0].removeprefix("Console: ")
    async with httpx.AsyncClient(follow_redirects=True) as client:
        assert (await client.get(link)).url.path == "/today"
        assert opening.REVIEWER.name in (await client.get(httpx.URL(link).join("/calls"))).text
    stop.set()
    await opened


async def test_the_reviewer_is_made_once(site: Path) -> None:
    async with open_site(site) as place:
        await opening.add_reviewer(place)
        await opening.add_reviewer(place)
        made = [(one.number, one.roles) for one in await users.everybody(place.database)]
    assert made == [("reviewer", frozenset({Role.REVIEWER}))]


@pytest.mark.parametrize(("name", "value", "there"), [("DISPLAY", ":0", True), ("DISPLAY", "", False)])
def test_a_browser_opens_where_there_is_a_display(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, there: bool
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv(name, value)
    assert opening.has_display() is there
