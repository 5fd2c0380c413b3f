"""A console without a browser: a site with one user of each role, and a client that fills forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from base.calendar import Calendar
from dialer.profile import Profile
from huifang import resources, scorecards
from huifang.site import calendar_of, profile_of
from papers.paper import Firm
from qa.app import application
from qa.console import Console
from qa.guarding import COOKIE
from qa.working import Progress
from records import sessions, users
from records.database import Database
from records.model import Customer
from records.people import Staff
from records.sounds import Sounds
from records.users import Role
from tests.records_kit import NOW, opened

ORIGIN = "http://console"
PASSWORD = "open sesame 7"
BRANCH = "上海营业部"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """What a browser does: keeps cookies, names the origin, sends the token of the page's forms."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.csrf = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """A page; its form token is kept."""
        found = await self.client.get(path, headers=headers)
        if token := _CSRF.search(found.text):
            self.csrf = token[1]
        return found

    async def post(self, path: str, fields: Mapping[str, str | list[str]] | None = None) -> httpx.Response:
        """A form of the last page."""
        return await self.client.post(
            path, data={"csrf": self.csrf, **(fields or {})}, headers={"origin": ORIGIN}
        )

    async def sign_in(self, number: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in, and take the token of the first page."""
        done = await self.post("/sign-in", {"number": number, "password": password})
        if done.status_code == httpx.codes.SEE_OTHER:
            await self.get("/account")
        return done


class Shop:
    """The site of a desk: a shipped configuration, two lines."""

    firm = Firm("示例证券")
    channels = 2

    def __init__(self, desk: Desk, sounds: Sounds) -> None:
        self._desk, self.data, self.sounds = desk, sounds.data, sounds

    @property
    def database(self) -> Database:
        return self._desk.database

    def now(self) -> datetime:
        return self._desk.at

    def profiles(self) -> tuple[str, ...]:
        return resources.names(self.data, "profiles")

    def profile(self, name: str) -> Profile:
        return profile_of(self.data, name)

    def profile_in_force(self, name: str) -> Profile:
        return self.profile(name)

    def words(self, customer: Customer) -> Mapping[str, str]:
        return {"name": customer.name, "manager": customer.manager, "firm": self.firm.name}

    def calendar(self) -> Calendar:
        return calendar_of(self.data)


class Desk:
    """A console whose clock the test holds."""

    def __init__(self, database: Database, sounds: Sounds) -> None:
        self.at = NOW
        self.database = database
        self.started: list[tuple[str, str]] = []
        self.console = Console(Shop(self, sounds), self._start, scorecards=scorecards.all_of(sounds.data))
        self.app = application(self.console)
        self._hashed = ""

    async def _start(self, number: str, by: str, progress: Progress) -> None:
        self.started.append((number, by))
        progress(1, 1)

    def wait(self, **time: float) -> datetime:
        """Let time go by."""
        self.at += timedelta(**time)
        return self.at

    def browser(self) -> Browser:
        """A browser without cookies."""
        transport = httpx.ASGITransport(self.app)
        return Browser(httpx.AsyncClient(transport=transport, base_url=ORIGIN))

    async def add(self, number: str, *roles: Role, branch: str = "", name: str = "王芳") -> None:
        """Somebody who may sign in with PASSWORD."""
        self._hashed = self._hashed or await self.console.passwords.hashed(PASSWORD)
        await users.add(self.database, Staff(number, name, branch), roles, self._hashed, "system", NOW)

    async def signed_in(self, *roles: Role, branch: str = "", number: str = "") -> Browser:
        """A browser of a new user with a session, without the tenth of a second that a password takes."""
        number = number or "-".join((*sorted(roles), *(("b",) if branch else ())))
        await self.add(number, *roles, branch=branch)
        browser = self.browser()
        browser.csrf = f"form {number}"
        await sessions.begin(self.database, number, f"token {number}", browser.csrf, "", self.at)
        browser.client.cookies.set(COOKIE, f"token {number}")
        return browser


@asynccontextmanager
async def desk(folder: Path, sounds: Sounds | None = None) -> AsyncIterator[Desk]:
    """A console of an empty site, with recordings in its folder or elsewhere."""
    async with opened(folder / "huifang.db") as database:
        yield Desk(database, sounds or Sounds(folder))
