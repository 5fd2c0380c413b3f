"""`huifang search` over a site with calls: what it shows, what it refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from records import ledger, transcripts
from records.database import Database
from records.post_call import Transcript
from tests.command_line import as_json, complaint, succeeds
from tests.records_kit import NOW, dialed, person, said, started, talk

SENTENCES = ("我们说好三七分成", "没有别的了", "账户里三七分层")


@pytest.fixture
def heard(site: Path) -> Path:
    """A site with one call in which that was said."""

    async def fill() -> None:
        db = await Database.open(site / "huifang.db")
        claim = await dialed(db, await started(db, [person(1)]))
        await ledger.close(db, talk(claim), NOW)
        utterances = tuple(said(text, start_s=10.0 * n) for n, text in enumerate(SENTENCES))
        await transcripts.save(db, Transcript(claim.attempt_id, "whisper", "b" * 64, utterances, ()), NOW)
        await db.close()

    asyncio.run(fill())
    return site


def texts(*arguments: str | Path) -> list[str]:
    found: dict[str, Any] = as_json("search", *arguments)
    return [hit["text"] for hit in found["hits"]]


def test_words_found_are_marked_and_counted(heard: Path) -> None:
    shown = succeeds("search", "~分成 三七", "--data", heard)
    assert "2 hits for ~分成 三七" in shown
    assert "我们说好【三七分成】" in shown
    assert "账户里【三七分层】" in shown
    assert "_customer.wav" in shown


def test_machines_get_seconds_of_each_word(heard: Path) -> None:
    found = as_json("search", "分成 OR 说好", "--data", heard)
    assert (found["total"], found["page"]) == (1, 1)
    (hit,) = found["hits"]
    assert [(span["start"], span["end"]) for span in hit["spans"]] == [(2, 4), (6, 8)]
    assert hit["start_s"] == pytest.approx(0.4)
    assert hit["audio"] == str(heard / "recordings/2026-03-04/20260304-150000_8001_customer.wav")


def test_pages_are_turned(heard: Path) -> None:
    assert texts("三七", "--limit", "1", "--page", "2", "--data", heard) == [SENTENCES[2]]
    assert "2 hits for 三七, 2 to 2" in succeeds(
        "search", "三七", "--limit", "1", "--page", "2", "--data", heard
    )
    beyond = succeeds("search", "三七", "--page", "9", "--data", heard)
    assert beyond == "no hit for 三七 on this page (2 hits in all)\n"


@pytest.mark.parametrize(
    ("options", "hits"),
    [
        (("--from", "2026-03-04", "--to", "2026-03-04"), 2),
        (("--from", "2026-03-04 15:00"), 2),
        (("--from", "2026-03-04 15:01"), 0),
        (("--to", "2026-03-04 15:00"), 0),
        (("--to", "2026-03-03"), 0),
        (("--customer", "客户1", "--branch", "上海营业部", "--manager", "李经理"), 2),
        (("--customer", "7"), 0),
        (("--number", "13800000001", "--kind", "new_account", "--campaign", "三月新开户"), 2),
        (("--disposition", "完成", "--at-least", "12", "--at-most", "13", "--party", "customer"), 2),
        (("--disposition", "hung_up"), 0),
        (("--flag", "profit_sharing"), 0),
        (("--tier", "certain"), 0),
        (("--sound-alike", "--order", "relevance"), 2),
    ],
)
def test_options_narrow_it_down(heard: Path, options: tuple[str, ...], hits: int) -> None:
    assert len(texts("三七", *options, "--data", heard)) == hits


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("",), "query, character 1: it ends where a word should stand"),
        (("分成 AND",), "query, character 7: it ends where a word should stand"),
        (('"分成',), "query, character 1: this quotation mark is never closed"),
        (("分成", "--number", "abc"), "not a phone number"),
        (("分成", "--from", "soon"), "no date"),
        (("分成", "--to", "0001-01-01"), "no year that is meant"),
        (("分成", "--kind", "nosuch"), "--kind"),
        (("分成", "--tier", "sure"), "--tier"),
        (("分成", "--disposition", "nosuch"), "none of: completed 完成"),
        (("分成", "--at-least", "-1"), "--at-least"),
        (("分成", "--customer", "9" * 40), "--customer"),
        (("分成", "--page", "0"), "--page"),
    ],
)
def test_a_mistake_is_one_line(heard: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in complaint("search", *arguments, "--data", heard)
