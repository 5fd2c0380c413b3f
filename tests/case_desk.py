"""Review at the console, for tests: a site with a lead to hear, people with posts, the forms of steps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from base.audio import RATE
from plans.paperwork import Role as Duty
from plans.words import ROLES
from records import staff
from records.people import Staff
from records.users import Role
from tests.case_kit import BRANCH, FIELDS, flagged
from tests.console_kit import PASSWORD, Browser, Desk, desk
from tests.records_kit import NOW, person, started

RECORDING = "recordings/2026-03-04/20260304-150000_8001"
"""As `records_kit.talk` names it."""


@asynccontextmanager
async def reviewed(folder: Path) -> AsyncIterator[Desk]:
    """Call 1 has a lead and four seconds of sound."""
    async with desk(folder) as console:
        await flagged(console.database, await started(console.database, [person(1, name="张伟")]))
        track = folder / f"{RECORDING}_customer.wav"
        track.parent.mkdir(parents=True)
        track.write_bytes(b"RIFF" + bytes(2 * RATE * 4))
        yield console


async def signs(console: Desk, number: str, duty: Duty) -> httpx.Response:
    """Somebody new with a post of the branch signs."""
    browser = await posted(console, number, Role.SUPERVISOR, post=ROLES[duty])
    return await send(browser, f"sign.{duty}", password=PASSWORD)


async def posted(console: Desk, number: str, *roles: Role, post: str = "", branch: str = BRANCH) -> Browser:
    """A browser of somebody with a post."""
    browser = await console.signed_in(*roles, branch=branch, number=number)
    await staff.keep(console.database, [Staff(number, number, branch, post=post)], NOW)
    return browser


async def send(browser: Browser, step: str, outcome: str = "", **more: str) -> httpx.Response:
    """The form of a step."""
    fields = {
        "step": step,
        "words": "听过，如下",
        **FIELDS,
        **({"outcome": outcome} if outcome else {}),
        **more,
    }
    return await browser.post("/cases/1/step", fields)


async def hear(browser: Browser, spans: str) -> None:
    """What the player tells."""
    assert (await browser.post("/calls/1/heard", {"spans": spans})).status_code == 204


async def graded(site: Desk, outcome: str, **more: str) -> Browser:
    """The browser of a reviewer who has claimed and graded the call."""
    reviewer = await site.signed_in(Role.REVIEWER, number="1001", branch=BRANCH)
    await reviewer.post("/review/claim", {"call": "1"})
    await send(reviewer, "grade.reviewer", outcome, **more)
    return reviewer
