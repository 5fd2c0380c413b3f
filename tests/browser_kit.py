"""The console served by the command line and opened in Chromium. Pictures: HUIFANG_SCREENSHOTS=folder."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.console_kit import PASSWORD

CHROMIUM = "/usr/bin/chromium"
LAPTOP = (1280, 800)
PHONE = (390, 844)


def huifang(*words: str | Path) -> list[str]:
    """A command line as a process of its own."""
    return [sys.executable, "-m", "huifang", *map(str, words)]


def add_user(data: Path, number: str, role: str, name: str = "王芳", branch: str = "") -> None:
    """Somebody who may sign in with PASSWORD."""
    whose = ("--branch", branch) if branch else ()
    command = ("users", "add", number, "--name", name, "--role", role, *whose, "--password-stdin")
    subprocess.run([*huifang(*command, "--data", data)], input=f"{PASSWORD}\n", text=True, check=True)


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of the console of a site, as long as it is asked for."""
    command = huifang("serve", "--port", "0", "--until-stdin-closes", "--data", data)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("console: ")
        process.stdin.close()
        process.wait(30)


@contextmanager
def opened(size: tuple[int, int] = LAPTOP) -> Iterator[Page]:
    """A page of a new browser; nothing may be complained of on its console."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        browser.close()
    assert complaints == []


def sign_in(page: Page, address: str, number: str) -> None:
    """From the first page to where the console begins."""
    page.goto(address)
    page.fill("[name=number]", number)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, where somebody asked for pictures."""
    if folder := os.environ.get("HUIFANG_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def silent_track(file: Path, seconds: int) -> None:
    """A recording of silence, 8 kHz."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as track:
        track.setparams((1, 2, 8000, 0, "NONE", ""))
        track.writeframes(bytes(2 * 8000 * seconds))
