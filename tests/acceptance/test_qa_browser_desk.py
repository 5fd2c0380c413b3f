"""The desk of people in a browser: taken, read along, written down with a file; a complaint brought on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from huifang.scripts.filing import record_of
from huifang.scripts.locating import locate
from huifang.site import open_site
from records import ledger, schema, scripts
from records.model import NoteRow
from tests import papers_site
from tests.browser_kit import PHONE, add_user, opened, picture, served, sign_in
from tests.desk_kit import WAVE
from tests.records_kit import NOW, dialed, execute, over, person, started, talk


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """`papers_site` with its script filed, one more customer who complained and was promised an answer."""
    data = tmp_path / "site"
    papers_site.make(data)
    asyncio.run(_more(data))
    add_user(data, "2001", "operator", branch=papers_site.BRANCH)
    with served(data) as address:
        yield address


async def _more(data: Path) -> None:
    async with open_site(data) as site:
        db = site.database
        filed = record_of(locate(data, "new_account").script, NOW)
        await scripts.file(db, filed)
        await execute(db, sa.update(schema.campaign).values(script_version=filed.version))
        claim = await dialed(db, await started(db, [person(9, name="赵敏")], name="三月补打"))
        noted = NoteRow("promised_answer", date(2026, 3, 6)), NoteRow("complaint", date(2026, 3, 11))
        await ledger.close(db, replace(talk(claim, over("hung_up")), notes=noted), NOW)


def test_an_item_is_taken_read_along_and_ended_with_a_recording(address: str, tmp_path: Path) -> None:
    sound = tmp_path / "talk.wav"
    sound.write_bytes(WAVE)
    with opened() as page:
        sign_in(page, address, "2001")
        page.goto(f"{address}/desk")
        picture(page, "desk")
        page.click("tbody a:has-text('次数用尽')")
        page.click("button.main")
        for choice in page.locator(".read select").all():
            choice.select_option(index=1)
        page.check("[name=owner]")
        page.fill("[name=content]", "本人接听，已逐题询问")
        picture(page, "desk-item")
        page.set_input_files("[name=file] >> nth=0", sound)
        page.click("text=保存并办结")
        page.wait_for_selector("[role=status]")
        page.goto(f"{address}/desk?done=1")
        assert "完成回访" in page.inner_text("tbody")


def test_a_complaint_of_a_call_is_brought_on_on_a_phone(address: str) -> None:
    with opened(PHONE) as page:
        sign_in(page, address, "2001")
        page.goto(f"{address}/desk/complaints")
        page.click("tbody a")
        page.fill("[name=department]", "营业部运营")
        page.click("details[open] button")
        page.wait_for_selector("[role=status]")
        assert "部门答复" in page.inner_text(".head")
        picture(page, "complaint")
