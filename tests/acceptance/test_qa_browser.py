"""The console in a browser: a call is found by a word and heard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from huifang.site import open_site
from records import transcripts
from records.post_call import Transcript
from tests import papers_site
from tests.browser_kit import add_user, opened, picture, served, sign_in, silent_track
from tests.records_kit import NOW, said

TRACK = "recordings/2026-03-04/20260304-150000_8001_{}.wav"
"""As `records_kit.talk` names it."""

SECOND = "document.querySelector('audio').currentTime"


async def _transcribe(data: Path) -> None:
    async with open_site(data) as site:
        heard = Transcript(1, "test", "a" * 64, (said("他说亏了三七分成"),), ())
        await transcripts.save(site.database, heard, NOW)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A site with a call of twelve seconds, and its console."""
    data = tmp_path / "site"
    papers_site.make(data)
    asyncio.run(_transcribe(data))
    for party in ("customer", "system"):
        silent_track(data / TRACK.format(party), 12)
    add_user(data, "1001", "compliance")
    with served(data) as address:
        yield address


def test_a_call_is_found_by_a_word_and_heard(address: str) -> None:
    with opened() as page:
        page.goto(address)
        picture(page, "sign-in")
        sign_in(page, address, "1001")
        page.goto(f"{address}/calls")
        picture(page, "calls")
        page.fill("[name=q]", "分成")
        page.keyboard.press("Enter")
        page.click(".hits a")
        page.wait_for_selector(".controls")
        page.keyboard.press("k")
        page.wait_for_selector("li.now")
        begun = page.evaluate(SECOND)
        page.wait_for_selector("li.now", state="detached")
        assert 3.0 < begun < page.evaluate(SECOND)
