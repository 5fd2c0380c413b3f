"""Spot checks in a browser: drawn, a call scored by keyboard, what was found (Q5)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from base.clock import SHANGHAI
from huifang.scorecards import all_of
from huifang.site import init, open_site
from plans.scorecards import Answer, result
from qa import drawing
from records import ledger, scores, spot_checks, transcripts
from records.database import Database
from records.post_call import Flag, Transcript
from records.scored import FiledCard, NewScore, SpotCheck, Violation
from tests.browser_kit import PHONE, add_user, opened, picture, served, sign_in, silent_track
from tests.records_kit import NOW, dialed, person, said, started, talk

NAMES = ("张伟", "王芳", "李娜")
TRACK = "recordings/2026-03-04/20260304-150000_8001_{}.wav"
FLAG = Flag(
    *("sharing", "1", "分成", "high", "customer", 4.2, 5.0, "三七分成", 0.9, "certain", "affirmed"),
    "原文命中",
)
DAY = NOW.date()


async def _make(data: Path) -> None:
    """Thirty calls, four of them with a flag, and a spot check of which all but two are scored."""
    await init(data)
    async with open_site(data) as site:
        db = site.database
        people = [
            replace(person(n, name=NAMES[n % 3]), manager=f"{NAMES[n // 3 % 3][0]}经理") for n in range(30)
        ]
        campaign = await started(db, people)
        for n in range(30):
            claim = await dialed(db, campaign, NOW)
            await ledger.close(db, talk(claim), NOW)
            words = (said("请问是本人吗", party="system"), said("他说亏了三七分成", start_s=4.2))
            flags = (FLAG,) if n % 8 == 0 else ()
            await transcripts.save(db, Transcript(claim.attempt_id, "test", "a" * 64, words, flags), NOW)
        last = datetime.now(SHANGHAI).date() + timedelta(days=30)
        check = SpotCheck(0, "三月第一周", "", "", DAY, DAY, last, 20, 20260304, 0, "", (), "1001", NOW)
        await _score(db, data, await drawing.make(site, check))


async def _score(db: Database, data: Path, check: int) -> None:
    card = next(one for one in all_of(data) if one.name == "follow_up")
    filed = FiledCard(card.name, card.version, card.sha256, card.content)
    items = await spot_checks.items(db, check)
    for n, (call, flagged) in enumerate(sorted(items.items())[:-2]):
        answers = {one.key: Answer.YES for one in card.items} | {"manner": list(Answer)[n % 3]}
        found = result(card, answers)
        violation = Violation.YES if flagged or n == 6 else Violation.NO
        kept = {key: answer.value for key, answer in answers.items()}
        score = NewScore(call, check, kept, found.total, found.passed, violation, "", "1002", NOW)
        await scores.give(db, score, filed)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The site's console."""
    data = tmp_path / "site"
    asyncio.run(_make(data))
    for party in ("customer", "system"):
        silent_track(data / TRACK.format(party), 12)
    add_user(data, "1001", "head")
    with served(data) as address:
        yield address


def test_a_sample_is_drawn_and_a_call_scored_by_keyboard(address: str) -> None:
    with opened() as page:
        sign_in(page, address, "1001")
        page.click("nav >> text=质检")
        page.click(".tabs >> text=抽检")
        page.click("text=三月第一周")
        picture(page, "check")
        page.goto(f"{address}/review/checks")
        due = datetime.now(SHANGHAI).date() + timedelta(days=7)
        for name, value in (("name", "复查"), ("since", DAY), ("until", DAY), ("due_on", due), ("size", 5)):
            page.fill(f"[name={name}]", str(value))
        picture(page, "checks")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=样本已抽出")
        page.click("text=评分 >> nth=-1")
        page.wait_for_selector(".item")
        picture(page, "score")
        page.focus(".item input >> nth=0")
        while page.evaluate("document.activeElement.name !== 'words'"):
            page.keyboard.press("Space")
            page.keyboard.press("Tab")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=评分已保存")
        assert page.inner_text("table.list .tag.good") == "100"
        page.goto(f"{address}/review/figures?whose=manager&since={DAY}&until={DAY}")
        picture(page, "figures")


def test_the_pages_fit_a_phone(address: str) -> None:
    with opened(PHONE) as page:
        sign_in(page, address, "1001")
        for path in (
            "/review/checks",
            "/review/checks/1",
            "/calls/3/score",
            "/review/scorecards",
            f"/review/figures?since={DAY}",
        ):
            page.goto(address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
