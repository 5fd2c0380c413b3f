"""One-time codes: set up, asked for, each once; switched off by their owner or an administrator."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from records import audit
from records.audit import Asked
from records.users import Role
from tests.console_kit import PASSWORD, Browser, Desk, desk


def code(secret: str, at: datetime) -> str:
    """What an app shows."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


async def begun(browser: Browser) -> str:
    """The secret that the page shows."""
    assert (await browser.post("/account/code/begin", {"password": PASSWORD})).status_code == 303
    page = (await browser.get("/account")).text
    found = re.search(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", page)
    assert found is not None
    assert 'class="code-picture"' in page
    return found[1].replace(" ", "")


async def with_codes(console: Desk) -> tuple[Browser, str]:
    """A reviewer who has set codes up."""
    browser = await console.signed_in(Role.REVIEWER)
    secret = await begun(browser)
    assert (await browser.post("/account/code/on", {"code": code(secret, console.at)})).status_code == 303
    assert secret not in (await browser.get("/account")).text.replace(" ", "")
    return browser, secret


async def sign_in(console: Desk, said: str) -> int:
    fields = {"number": "reviewer", "password": PASSWORD, "code": said}
    return (await console.browser().post("/sign-in", {**fields})).status_code


async def test_a_code_is_asked_for_and_serves_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        _, secret = await with_codes(console)
        assert await sign_in(console, "") == 401
        now = code(secret, console.at)
        assert await sign_in(console, now) == 303
        assert await sign_in(console, now) == 401
        console.wait(seconds=30)
        assert await sign_in(console, now) == 401
        assert await sign_in(console, code(secret, console.at)) == 303
        refused = await audit.listed(console.database, Asked(what="refused"), 10)
        assert [row.act.detail["why"] for row in refused] == ["code"] * 3


async def test_wrong_codes_close_an_account_like_wrong_passwords(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        _, secret = await with_codes(console)
        assert [await sign_in(console, "000000") for _ in range(5)] == [401] * 5
        console.wait(minutes=2)
        assert await sign_in(console, code(secret, console.at)) == 401


async def test_codes_are_not_asked_for_before_one_was_right(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser = await console.signed_in(Role.REVIEWER)
        assert "动态码不对" in (await browser.post("/account/code/on", {"code": "000000"})).text
        assert "原密码不对" in (await browser.post("/account/code/begin", {"password": "wrong"})).text
        await begun(browser)
        assert (await browser.post("/account/code/on", {"code": "000000"})).status_code == 400
        assert await sign_in(console, "") == 303


@pytest.mark.parametrize("by", ["owner", "administrator"])
async def test_codes_are_switched_off(tmp_path: Path, by: str) -> None:
    async with desk(tmp_path) as console:
        browser, secret = await with_codes(console)
        if by == "owner":
            proof = {"password": PASSWORD, "code": code(secret, console.at)}
            assert (await browser.post("/account/code/begin", {"password": PASSWORD})).status_code == 400
            for wrong in ({"password": "wrong"}, {"code": "000000"}, {"code": ""}):
                assert (await browser.post("/account/code/off", proof | wrong)).status_code == 400
            assert (await browser.post("/account/code/off", proof)).status_code == 303
        else:
            other = await console.signed_in(Role.ADMINISTRATOR)
            assert "停用动态码" in (await other.get("/users")).text
            assert (await other.post("/users/reviewer/code-off")).status_code == 303
        assert await sign_in(console, "") == 303


async def test_wrong_passwords_inside_close_an_account_like_those_at_the_door(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser = await console.signed_in(Role.REVIEWER)
        fields = {"old": "wrong", "new": "another long one", "again": "another long one"}
        for _ in range(5):
            assert "原密码不对" in (await browser.post("/account/password", fields)).text
        refused = await audit.listed(console.database, Asked(what="refused"), 10)
        assert [row.act.detail for row in refused] == [{"address": "account", "why": "password"}] * 5
        assert await sign_in(console, "") == 401


async def test_no_secret_is_on_the_trail(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        _, secret = await with_codes(console)
        rows = await audit.listed(console.database, Asked(of="user reviewer"), 20)
        assert [row.act.what for row in rows][:2] == ["code_on", "code_begun"]
        assert secret not in str(rows)
