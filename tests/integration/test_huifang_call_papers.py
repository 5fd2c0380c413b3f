"""`huifang call record` and `export`: all that is kept of a call, in each form."""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from records import ledger, transcripts
from records.database import Database
from records.post_call import Flag, Transcript
from tests.command_line import complaint, succeeds
from tests.records_kit import NOW, after, dialed, person, said, started, talk

FLAG = Flag(
    *("share", "1", "约定分成", "high", "customer", 5.0, 6.0, "三七分成", 1.0, "certain", "affirmed", "听到")
)
R1 = (
    *("回访时间：2026-03-04 15:00:00", "工号 8001", "客户：客户1", "电话：13800000001（手机）", "李经理"),
    *("上海营业部", "新开户", "回访方式：电话", "三月新开户", "请问是本人吗", "三七分成", "约定分成"),
    *("旧版 1 份", "回访结果：", "经办人："),
)


@pytest.fixture
def called(site: Path) -> Path:
    """A site with a call that was transcribed twice and flagged, and one that was not transcribed."""
    asyncio.run(_fill(site))
    return site


async def _fill(site: Path) -> None:
    db = await Database.open(site / "huifang.db")
    campaign = await started(db, [person(1), person(2)])
    for n in (1, 2):
        claim = await dialed(db, campaign)
        await ledger.close(db, talk(claim), NOW)
        if n == 1:
            for text, at in (("三七分层", NOW), ("三七分成", after(60))):
                heard = (said("请问是本人吗", party="system"), said(text, start_s=5.0))
                made = Transcript(claim.attempt_id, "whisper", "a" * 64, heard, (FLAG,))
                await transcripts.save(db, made, at)
    await db.close()


def test_the_record_has_all_that_r1_asks_for(called: Path) -> None:
    written = succeeds("call", "record", "1", "--data", called)
    assert [wanted for wanted in R1 if wanted not in written] == []
    assert "三七分层" not in written


def test_before_it_is_transcribed_the_record_says_so(called: Path) -> None:
    written = succeeds("call", "record", "2", "--data", called)
    assert "尚未转写" in written
    assert "系统 | 请问是本人吗" in written


def test_each_form_goes_to_a_file(called: Path, tmp_path: Path) -> None:
    at = ("--data", called)
    for command, form in [("record", "html"), ("record", "json"), ("export", "srt"), ("export", "vtt")]:
        file = tmp_path / f"1.{form}"
        assert succeeds("call", command, "1", "--format", form, "-o", file, *at).strip() == str(file)
        assert "三七分成" in file.read_text(encoding="utf-8")
    kept = json.loads((tmp_path / "1.json").read_text(encoding="utf-8"))
    assert (kept["customer"]["name"], len(kept["heard"]["versions"])) == ("客户1", 2)
    for command in ("record", "export"):
        file = tmp_path / f"{command}.docx"
        succeeds("call", command, "1", "--format", "docx", "-o", file, *at)
        tables = Document(BytesIO(file.read_bytes())).tables
        assert any("三七分成" in cell.text for table in tables for cell in table._cells)


def test_what_cannot_be_done_is_said(called: Path) -> None:
    at = ("--data", called)
    assert "name a file" in complaint("call", "record", "1", "--format", "docx", *at)
    assert "there is no such call" in complaint("call", "export", "99", *at)
    assert "no such recording" in complaint("call", "export", "R9", *at)
    assert "is no id" in complaint("call", "export", "seventeen", *at)
    assert "no such folder" in complaint("call", "export", "1", "-o", called / "huifang.db" / "x", *at)
    assert "ends in .pdf" in complaint("call", "record", "1", "--format", "docx", "-o", "x.pdf", *at)
