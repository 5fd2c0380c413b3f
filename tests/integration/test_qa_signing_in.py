"""Signing in to the console, staying in, being kept out."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from records import audit
from records.audit import Asked
from records.users import Role
from tests.console_kit import ORIGIN, PASSWORD, Browser, desk


async def _wrong(browser: Browser, times: int, number: str = "1001") -> list[int]:
    return [(await browser.sign_in(number, "wrong password")).status_code for _ in range(times)]


async def test_signing_in_leads_to_where_one_wanted_to_go(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        await console.add("1001", Role.REVIEWER)
        browser = console.browser()
        asked = await browser.get("/account?a=1")
        assert asked.headers["location"] == "/sign-in?to=/account%3Fa%3D1"
        answer = await browser.post(
            "/sign-in", {"number": "1001", "password": PASSWORD, "to": "/account?a=1"}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/account?a=1")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        page = await browser.get("/account")
        assert "质检员" in page.text
        assert "王芳" in page.text


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\t/evil"]
)
async def test_signing_in_leads_nowhere_else(tmp_path: Path, to: str) -> None:
    async with desk(tmp_path) as console:
        await console.add("1001", Role.REVIEWER)
        answer = await console.browser().post("/sign-in", {"number": "1001", "password": PASSWORD, "to": to})
        assert answer.headers["location"] == "/"


async def test_five_wrong_passwords_close_an_account_for_a_while(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        await console.add("1001", Role.REVIEWER)
        assert await _wrong(console.browser(), 5) == [401] * 5
        console.wait(minutes=2)
        assert (await console.browser().sign_in("1001")).status_code == 401
        console.wait(minutes=14)
        assert (await console.browser().sign_in("1001")).status_code == 303


async def test_a_right_password_starts_the_count_anew(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        await console.add("1001", Role.REVIEWER)
        for _ in range(2):
            await _wrong(console.browser(), 4)
            console.wait(minutes=2)
            assert (await console.browser().sign_in("1001")).status_code == 303
            console.wait(minutes=2)


async def test_an_address_that_tries_too_often_has_to_wait(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        await console.add("1001", Role.REVIEWER)
        assert [(await console.browser().sign_in(str(n))).status_code for n in range(10)] == [401] * 10
        assert (await console.browser().sign_in("1001")).status_code == 429
        console.wait(minutes=1)
        assert (await console.browser().sign_in("1001")).status_code == 303


async def test_nobody_is_refused_in_the_words_of_a_wrong_password(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        await console.add("1001", Role.REVIEWER)
        known = await console.browser().sign_in("1001", "wrong password")
        unknown = await console.browser().sign_in("1002", "wrong password")
        assert known.text.replace("1001", "1002") == unknown.text


async def test_who_came_in_and_who_was_refused_is_on_the_trail(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        await console.add("1001", Role.REVIEWER)
        browser = console.browser()
        await _wrong(browser, 5)
        await browser.sign_in("1001")
        await browser.sign_in("a secret in the wrong field")
        console.wait(minutes=20)
        await browser.sign_in("1001")
        await browser.post("/sign-out")
        rows = reversed(await audit.listed(console.database, Asked(), 20))
        told = [(one.act.who, one.act.what, one.act.of, one.act.detail.get("why", "")) for one in rows]
        wrong = ("system", "refused", "1001", "password")
        assert told == [
            ("system", "added", "1001", ""),
            *([wrong] * 5),
            ("system", "closed", "1001", ""),
            ("system", "refused", "1001", "locked"),
            ("system", "refused", "", "nobody"),
            ("1001", "signed_in", "1001", ""),
            ("1001", "signed_out", "1001", ""),
        ]


async def test_a_session_ends_idle_and_after_a_day(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser = await console.signed_in(Role.REVIEWER)
        for _ in range(7):
            console.wait(minutes=100)
            assert (await browser.get("/account")).status_code == 200
        console.wait(minutes=30)
        assert (await browser.get("/account")).status_code == 303

        other = await console.signed_in(Role.AUDITOR)
        console.wait(hours=2)
        assert (await other.get("/account")).status_code == 303


async def test_who_signs_out_or_is_locked_is_out(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        administrator = await console.signed_in(Role.ADMINISTRATOR)
        browser = await console.signed_in(Role.REVIEWER)
        assert (await administrator.post("/users/reviewer/lock")).headers[
            "location"
        ] == "/users?said=said.changed"
        assert (await browser.get("/account")).status_code == 303
        assert (await console.browser().sign_in("reviewer")).status_code == 401
        await administrator.post("/users/reviewer/unlock")
        assert (await browser.sign_in("reviewer")).status_code == 303
        assert (await browser.post("/sign-out")).headers["location"].startswith("/sign-in")
        assert (await browser.get("/account")).status_code == 303


async def test_forms_come_from_our_own_pages(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser = await console.signed_in(Role.ADMINISTRATOR)
        token = {"csrf": browser.csrf}

        async def sign_out(form: dict[str, str], **headers: str) -> int:
            return (await browser.client.post("/sign-out", data=form, headers=headers)).status_code

        assert await sign_out(token) == 403
        assert await sign_out(token, origin="http://evil.example") == 403
        assert await sign_out(token, origin="null") == 403
        assert await sign_out(token, origin="https://console") == 403
        assert await sign_out({}, origin=ORIGIN) == 403
        assert await sign_out({"csrf": "of another session"}, origin=ORIGIN) == 403
        assert await sign_out(token, origin=ORIGIN) == 303


async def test_a_password_is_changed_by_who_knows_the_old_one(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser = await console.signed_in(Role.REVIEWER)
        new = "another password 8"

        async def change(old: str, first: str, second: str) -> httpx.Response:
            return await browser.post("/account/password", {"old": old, "new": first, "again": second})

        assert "原密码不对" in (await change("wrong password", new, new)).text
        assert "不一样" in (await change(PASSWORD, new, new + "!")).text
        assert "太短" in (await change(PASSWORD, "short", "short")).text
        assert (await change(PASSWORD, new, new)).headers["location"] == "/sign-in?said=said.password"
        assert (await browser.get("/account")).status_code == 303
        assert (await browser.sign_in("reviewer")).status_code == 401
        assert (await browser.sign_in("reviewer", new)).status_code == 303


async def test_every_answer_has_the_headers_that_keep_strangers_out(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        for path in ("/sign-in", "/account", "/nowhere", "/static/console.css"):
            headers = (await console.browser().get(path)).headers
            assert "script-src 'self';" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"


async def test_long_forms_are_not_read(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser: Browser = console.browser()
        answer = await browser.post("/sign-in", {"number": "1" * 300_000})
        assert answer.status_code == 413


async def test_language_and_theme_are_chosen_by_who_reads(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser = console.browser()
        assert 'lang="zh-CN" data-theme="auto"' in (await browser.get("/sign-in")).text
        await browser.post("/preferences", {"language": "en", "to": "/sign-in"})
        await browser.post("/preferences", {"theme": "dark", "language": "nonsense", "to": "/sign-in"})
        page = await browser.get("/sign-in")
        assert 'lang="en" data-theme="dark"' in page.text
        assert "Staff number" in page.text


async def test_what_is_said_after_a_form_is_ours(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        for said in ("you+won", "app", "error.403"):
            assert 'role="status"' not in (await console.browser().get(f"/sign-in?said={said}")).text


async def test_users_are_added_and_changed(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser = await console.signed_in(Role.ADMINISTRATOR)
        form: dict[str, str | list[str]] = {
            "number": "2001",
            "name": "张伟<b>",
            "branch": "上海营业部",
            "password": PASSWORD,
            "role": ["reviewer", "operator"],
        }
        assert "no role" in (await browser.post("/users", {**form, "role": []})).text
        assert (await browser.post("/users", {**form, "role": "king"})).status_code == 400
        assert "guessed" in (await browser.post("/users", {**form, "password": "2001200120"})).text
        assert (await browser.post("/users", form)).status_code == 303
        assert "user already" in (await browser.post("/users", form)).text
        page = (await browser.get("/users")).text
        assert "张伟&lt;b&gt;" in page
        await browser.post("/users/2001/roles", {"role": "compliance"})
        other = console.browser()
        await other.sign_in("2001")
        assert "合规" in (await other.get("/account")).text
        await browser.post("/users/2001/password", {"password": "a new password"})
        assert (await other.get("/account")).status_code == 303


async def test_somebody_always_administrates(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        browser = await console.signed_in(Role.ADMINISTRATOR)
        refused = await browser.post("/users/administrator/lock")
        assert (refused.status_code, "last administrator" in refused.text) == (400, True)
        refused = await browser.post("/users/administrator/roles", {"role": "auditor"})
        assert "last administrator" in refused.text
        assert (await browser.get("/users")).status_code == 200
