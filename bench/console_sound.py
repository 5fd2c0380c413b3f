"""From a click to the first sound, in a browser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from base.audio import write_wav
from qa.guarding import COOKIE

CHROMIUM = "/usr/bin/chromium"
SECONDS = 60
_RATE = 8000

# The time of the click against the first moment at which a player goes on, whatever plays.
_WATCH = """
window.heard = null;
let clicked = null;
addEventListener("click", () => { clicked = performance.now(); window.heard = null; }, true);
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  const begun = this.currentTime;
  const tell = () => {
    const first = this.currentTime > begun && clicked !== null && window.heard === null;
    if (first) window.heard = performance.now() - clicked;
  };
  for (const name of ["playing", "timeupdate"]) this.addEventListener(name, tell);
  return play.call(this);
};
"""


def make_tracks(data: Path, recording: str) -> list[Path]:
    """Two tracks of a minute: tones that come and go, as speech does."""
    random = np.random.default_rng(20260304)
    at = np.arange(SECONDS * _RATE) / _RATE
    (data / recording).parent.mkdir(parents=True, exist_ok=True)
    tracks = [data / f"{recording}_{party}.wav" for party in ("customer", "system")]
    for track in tracks:
        loud = np.repeat(random.random(SECONDS * 4), _RATE // 4)
        tone = np.sin(2 * np.pi * random.uniform(150, 300) * at)
        sound = 0.3 * loud * tone + 0.01 * random.standard_normal(at.size)
        write_wav(track, (sound * 32767).astype(np.int16))
    return tracks


def first_sounds(address: str, token: str, call: int, times: int) -> list[float]:
    """Milliseconds from a click on a time in the text to its sound, each in a page that was opened anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        context.add_init_script(_WATCH)
        found = [_first_sound(context.new_page(), f"{address}/calls/{call}", n) for n in range(times)]
        browser.close()
    return found


def _first_sound(page: Page, address: str, n: int) -> float:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.locator("[data-seek]").nth(1 + n % 5).click()
    while (heard := page.evaluate("window.heard")) is None:
        page.wait_for_timeout(5)
    page.close()
    return float(heard)
