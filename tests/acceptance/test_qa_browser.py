"""The console in a browser: a call is found by a word and heard. Pictures: HUIFANG_SCREENSHOTS=folder."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from huifang.site import open_site
from records import transcripts
from records.post_call import Transcript
from tests import papers_site
from tests.console_kit import PASSWORD
from tests.records_kit import NOW, said

CHROMIUM = "/usr/bin/chromium"
TRACK = "recordings/2026-03-04/20260304-150000_8001_{}.wav"
"""As `records_kit.talk` names it."""

SECOND = "document.querySelector('audio').currentTime"
_ADD = ("users", "add", "1001", "--name", "王芳", "--role", "compliance", "--password-stdin")


def _huifang(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "huifang", *map(str, words)]


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
        file = data / TRACK.format(party)
        file.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(file), "wb") as track:
            track.setparams((1, 2, 8000, 0, "NONE", ""))
            track.writeframes(bytes(2 * 8000 * 12))
    subprocess.run([*_huifang(*_ADD, "--data", data)], input=f"{PASSWORD}\n", text=True, check=True)
    command = _huifang("serve", "--port", "0", "--until-stdin-closes", "--data", data)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdin is not None
        assert served.stdout is not None
        yield served.stdout.readline().strip().removeprefix("console: ")
        served.stdin.close()
        served.wait(30)


def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("HUIFANG_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_call_is_found_by_a_word_and_heard(address: str) -> None:
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        _picture(page, "sign-in")
        page.fill("[name=number]", "1001")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/calls")
        _picture(page, "calls")
        page.fill("[name=q]", "分成")
        page.keyboard.press("Enter")
        page.click(".hits a")
        page.wait_for_selector("audio[controls]")
        page.keyboard.press("k")
        page.wait_for_selector("li.now")
        begun = page.evaluate(SECOND)
        page.wait_for_selector("li.now", state="detached")
        assert 3.0 < begun < page.evaluate(SECOND)
        _picture(page, "call")
        browser.close()
    assert complaints == []
