"""A console whose desk has something on it: calls that the machine handed over, with their script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import sqlalchemy as sa

from huifang.scripts.filing import record_of
from huifang.scripts.locating import locate
from records import campaigns, ledger, obligations, schema, scripts
from records.model import Campaign, Kind, NoteRow
from records.planned import Executor, Obligation
from records.users import Role
from tests.console_kit import BRANCH, ORIGIN, Browser, Desk, desk
from tests.records_kit import NOW, dialed, ending, execute, over, person, started, talk

PDF = b"%PDF-1.7 signed"
WAVE = b"RIFF\x24\0\0\0WAVEfmt "
"""As much of them as tells what they are."""


@asynccontextmanager
async def handed_over(folder: Path) -> AsyncIterator[Desk]:
    """张伟 (call 1) did not answer, and is owed a follow-up; 李娜 (call 2) has a promise, and complained."""
    async with desk(folder) as console:
        campaign = await _campaign(console, folder)
        claim = await dialed(console.database, campaign)
        await _owe(console, claim.follow_up_id)
        await ledger.close(console.database, ending(claim, over("exhausted")), NOW)
        other = await dialed(console.database, campaign)
        noted = (NoteRow("promised_answer", date(2026, 3, 6)), NoteRow("complaint", date(2026, 3, 11)))
        await ledger.close(console.database, replace(talk(other), notes=noted), NOW)
        yield console


async def _campaign(console: Desk, folder: Path) -> Campaign:
    """Of the shipped script, filed as campaigns file it."""
    campaign = await started(console.database, [person(1, name="张伟"), person(2, name="李娜")])
    filed = record_of(locate(folder, "new_account").script, NOW)
    await scripts.file(console.database, filed)
    change = sa.update(schema.campaign).values(script_version=filed.version, script_sha256=filed.sha256)
    await execute(console.database, change)
    return await campaigns.get(console.database, campaign.name)


async def _owe(console: Desk, follow_up_id: int) -> None:
    owed = Obligation(
        *(1, "new_account", Kind.NEW_ACCOUNT, "event 1", date(2026, 3, 2), date(2026, 3, 9)),
        *(None, "pool", 1.0, Executor.OPERATIONS, "P1"),
    )
    await obligations.keep(console.database, BRANCH, [owed], ())
    await execute(console.database, sa.update(schema.obligation).values(follow_up_id=follow_up_id))


async def caller(console: Desk, *roles: Role, number: str = "2001", branch: str = BRANCH) -> Browser:
    """Somebody who calls, with the queue taken in."""
    browser = await console.signed_in(*(roles or (Role.OPERATOR,)), number=number, branch=branch)
    await browser.get("/desk")
    await browser.get("/desk/complaints")
    return browser


async def send(
    browser: Browser, path: str, fields: Mapping[str, str], *files: tuple[str, bytes]
) -> httpx.Response:
    """A form with files."""
    sent = [("file", (name, content, "application/octet-stream")) for name, content in files]
    data = {"csrf": browser.csrf, **fields}
    return await browser.client.post(path, data=data, files=sent or None, headers={"origin": ORIGIN})
