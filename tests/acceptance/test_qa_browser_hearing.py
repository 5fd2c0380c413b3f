"""Hearing in doubt, in a browser, by keyboard: a lead is played and judged, a line corrected."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from base.audio import RATE, wav_bytes
from huifang.site import open_site
from records import listening, recordings, schema, transcripts
from records.listening import Talk
from records.post_call import Flag, Recording, Transcript, Utterance
from tests import papers_site
from tests.browser_kit import PHONE, add_user, opened, picture, served, sign_in
from tests.records_kit import NOW, execute, said

TRACK = "recordings/2026-03-04/20260304-150000_8001_{}.wav"
"""As `records_kit.talk` names it."""
AT = "output:has-text('0:0{} /')"
"""The player at a second."""
FLAG = Flag(
    *(
        "profit_sharing",
        "1.0",
        "约定分成",
        "high",
        "customer",
        3.0,
        4.6,
        "亏了三七分层",
        0.62,
        "probable",
        "",
    ),
    *("与“三七分成”音近（0.08），前面有“亏”", "三七分成"),
)
OTHER = replace(
    FLAG, rule="promise", category="承诺保本", start_s=8.0, end_s=9.4, text="保住本钱", tier="faint"
)
SAID = (
    Utterance("system", 0.2, 2.4, "您和经理有没有约定利润分成？", 1.0),
    replace(
        said("他说亏了三七分层", start_s=2.6),
        confidence=0.62,
        held=(("他说亏了三七分成", -0.2), ("他说亏了山区分成", -0.4), ("她说窥了三七分层", -0.9)),
    ),
    Utterance("system", 4.9, 7.2, "有没有人向您承诺保本？", 1.0),
    replace(said("保住本钱那是说过", start_s=7.6), confidence=0.45),
    Utterance("customer", 10.0, 11.2, "嗯啊那个", 0.15),
)
ELSEWHERE = Recording(0, "b" * 64, "营业部座机 20260301.wav", "elsewhere/a.wav", "8001", NOW, 12.0, NOW)


def _tone(*stretches: tuple[float, float]) -> bytes:
    """Twelve seconds of silence with something like speech in it."""
    samples = np.zeros(12 * RATE)
    swing = np.random.default_rng(7).normal(0, 5000, samples.size)
    for start, end in stretches:
        samples[int(start * RATE) : int(end * RATE)] = swing[int(start * RATE) : int(end * RATE)]
    return wav_bytes(samples.astype(np.int16))


async def _fill(data: Path) -> None:
    async with open_site(data) as site:
        await transcripts.save(site.database, Transcript(1, "test", "a" * 64, SAID, (FLAG, OTHER)), NOW)
        other = Transcript(None, "test", "a" * 64, (said("这个产品保本"),), (), guessed=True)
        await recordings.keep(site.database, ELSEWHERE, other, NOW)
        await execute(site.database, sa.update(schema.answer).values(score=0.7))


async def _heard(data: Path) -> list[listening.Stretch]:
    async with open_site(data) as site:
        return await listening.heard_by(site.database, Talk(1), "1001")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A call with two leads and both tracks, and a recording made elsewhere."""
    data = tmp_path / "site"
    papers_site.make(data)
    asyncio.run(_fill(data))
    for party, tone in (
        ("customer", _tone((2.6, 4.4), (7.6, 9.2), (10, 11.2))),
        ("system", _tone((0.2, 2.4))),
    ):
        file = data / TRACK.format(party)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(tone)
    (data / "elsewhere").mkdir()
    (data / ELSEWHERE.path).write_bytes(_tone((1.0, 5.0)))
    add_user(data, "1001", "reviewer")
    return data


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


def test_leads_are_heard_and_judged_by_keyboard(site: Path, address: str) -> None:
    with opened() as page:
        sign_in(page, address, "1001")
        page.goto(f"{address}/review/leads")
        picture(page, "leads")
        page.goto(f"{address}/review/leads/1")
        page.wait_for_selector(".waves:not([hidden])")
        page.keyboard.press("p")
        page.wait_for_selector(".playing")
        assert page.eval_on_selector("[data-player=speed]", "one => one.value") == "0.75"
        page.wait_for_selector(AT.format(2))
        picture(page, "lead")
        page.keyboard.press("k")
        page.wait_for_selector(".player:not(.playing)")
        page.keyboard.press("1")
        page.wait_for_url("**/review/leads/2?said=said.judged")
        page.keyboard.press("2")
        page.wait_for_url("**/review/leads?said=said.judged")
        _read(page, address)
    begin, end = asyncio.run(_heard(site))[0]
    assert begin < 0.3
    assert end > 1.5


def _read(page: Page, address: str) -> None:
    """The call's page: keys, a character, the line that is put right."""
    page.goto(f"{address}/calls/1")
    page.wait_for_selector(".waves:not([hidden])")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    picture(page, "keys")
    page.keyboard.press("Escape")
    page.click("#line-1 i:nth-of-type(5)")
    page.wait_for_selector(AT.format(3))
    page.keyboard.press("k")
    picture(page, "call")
    page.goto(f"{address}/calls/1?line=1")
    page.keyboard.press("Control+a")
    page.keyboard.type("他说亏了三七分成")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=共 2 版")
    page.goto(f"{address}/review/answers")
    page.wait_for_selector(".waves:not([hidden])")
    picture(page, "answers")
    page.keyboard.press("1")
    page.wait_for_selector("text=共 1 处")


def test_it_is_read_on_a_telephone_in_the_dark(address: str) -> None:
    with opened(PHONE) as page:
        page.emulate_media(color_scheme="dark")
        sign_in(page, address, "1001")
        for path, name in (
            ("calls/1", "call-phone"),
            ("review/leads", "leads-phone"),
            ("recordings/1", "recording-phone"),
        ):
            page.goto(f"{address}/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
            if "leads" not in path:
                page.wait_for_selector(".waves:not([hidden])")
            picture(page, name)
