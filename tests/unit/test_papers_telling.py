"""Calls on paper: nothing is lost or mistaken in any form; subtitles are read back by their own grammars."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from papers import forms, subtitles, telling, word, words
from papers.paper import Fact, Grid, Paper, Signature
from records.heard import Heard, Version
from records.post_call import Recording, Utterance
from tests.records_kit import NOW

NASTY = "<v b>&amp; --> \n\n1\n| \x0b“引号”"
PAPER = Paper(
    "客户回访记录 <A&B>",
    (Fact("客户", "张伟"), Fact("结果", NASTY)),
    (
        Grid("通话内容", ("开始", "内容"), (("00:01.0", NASTY), ("00:02.5", "好的")), "无"),
        Grid("线索", ("a",), (), "没有线索。"),
    ),
    ("由人工判定。",),
    (Signature("经办人"), Signature("复核人")),
)


def said(text: str, start_s: float, end_s: float, party: str = "customer", chars: bool = False) -> Utterance:
    size = len(text)
    times = tuple(start_s + n * (end_s - start_s) / size for n in range(size)) if chars else ()
    return Utterance(party, start_s, end_s, text, 0.9, times)


class Reader(HTMLParser):
    """The texts of a page, one for each cell, heading or paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.add(tag)
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data


def test_a_page_says_what_the_paper_says_and_nothing_runs() -> None:
    reader = Reader()
    reader.feed(forms.html(PAPER))
    for wanted in (PAPER.title, "张伟", NASTY, "00:02.5", "没有线索。", "由人工判定。", "复核人："):
        assert wanted in [text.rstrip("\n") for text in reader.texts]
    assert not reader.tags & {"script", "img", "link", "v"}


def test_text_says_it_line_by_line() -> None:
    lines = forms.text(PAPER).splitlines()
    assert lines[0] == PAPER.title
    assert "客户：张伟" in lines
    assert "00:02.5 | 好的" in lines
    assert lines[-1].startswith("复核人：")


def test_word_says_it_too() -> None:
    document = Document(BytesIO(word.docx(PAPER)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert cells[:2] == ["客户", "张伟"]
    assert cells[cells.index("00:02.5") + 1] == "好的"
    assert {"经办人：", "复核人："} <= set(cells)
    assert NASTY.replace("\x0b", "") in cells
    assert "没有线索。" in [paragraph.text for paragraph in document.paragraphs]


# --- subtitles: read back by the grammars of SubRip and WebVTT ----------------------------------------------

SRT = re.compile(r"(\d+)\n(\d\d):(\d\d):(\d\d),(\d{3}) --> (\d\d):(\d\d):(\d\d),(\d{3})\n([^\n]+)\n(?:\n|$)")
VTT = re.compile(
    r"\n(\d\d):(\d\d):(\d\d)\.(\d{3}) --> (\d\d):(\d\d):(\d\d)\.(\d{3})\n<v ([^<>&\n]+)>([^<>\n]+)</v>\n"
)
TURNS = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=90),
        st.floats(0, 40000),
        st.floats(0, 30),
        st.sampled_from(["system", "customer", "agent", "echo"]),
        st.booleans(),
    ),
    max_size=6,
)


def utterances(turns: list[tuple[str, float, float, str, bool]]) -> list[Utterance]:
    return [said(text, at, at + length, party, chars) for text, at, length, party, chars in turns]


@given(TURNS)
def test_srt_is_read_back(turns: list[tuple[str, float, float, str, bool]]) -> None:
    found = utterances(turns)
    written = subtitles.srt(found)
    read = SRT.findall(written)
    assert "".join(m.group(0) for m in SRT.finditer(written)) == written
    assert [int(one[0]) for one in read] == list(range(1, len(read) + 1))
    assert [one[9] for one in read] == [f"{cue.speaker}：{cue.text}" for cue in subtitles.cues(found)]
    assert all(begin < end for begin, end in (_times(one[1:9]) for one in read))


@given(TURNS)
def test_vtt_is_read_back(turns: list[tuple[str, float, float, str, bool]]) -> None:
    found = utterances(turns)
    written = subtitles.vtt(found)
    assert written == "WEBVTT\n" + "".join(m.group(0) for m in VTT.finditer(written))
    read = [one[9].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for one in _vtt(written)]
    assert read == [cue.text for cue in subtitles.cues(found)]


@given(TURNS)
def test_no_character_is_lost_and_no_line_too_long(turns: list[tuple[str, float, float, str, bool]]) -> None:
    cues = subtitles.cues(utterances(turns))
    assert sorted("".join(cue.text for cue in cues)) == sorted("".join(text for text, *_ in turns))
    assert all(0 < len(cue.text) <= subtitles.LONGEST for cue in cues)
    assert [cue.start_s for cue in cues] == sorted(cue.start_s for cue in cues)


def _vtt(written: str) -> list[tuple[str, ...]]:
    return [("", *match.groups()[:8], match.group(10)) for match in VTT.finditer(written)]


def _times(parts: tuple[str, ...]) -> tuple[int, int]:
    h, m, s, ms, h2, m2, s2, ms2 = map(int, parts)
    return ((h * 60 + m) * 60 + s) * 1000 + ms, ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2


def test_a_long_turn_is_cut_at_the_seconds_of_its_characters() -> None:
    turn = said("零一二三四五六七八九" * 4, 10.0, 50.0, chars=True)
    assert [(cue.start_s, cue.end_s) for cue in subtitles.cues([turn])] == [(10.0, 30.0), (30.0, 50.0)]


def test_nothing_said_is_an_empty_file() -> None:
    assert subtitles.srt([said("", 0, 1)]) == ""
    assert subtitles.vtt([]) == "WEBVTT\n"


# --- words -------------------------------------------------------------------------------------------------


def test_every_note_of_the_shipped_scripts_has_a_word() -> None:
    scripts = (Path(__file__).parents[2] / "config" / "scripts").rglob("*.yaml")
    codes = {code for path in scripts for code in re.findall(r"note: (\w+)", path.read_text("utf-8"))}
    assert {"complaint", "wants_person"} <= codes
    assert codes - words.NOTES.keys() == set()


@pytest.mark.parametrize(("at_s", "wanted"), [(0.0, "00:00.0"), (59.96, "01:00.0"), (3725.25, "62:05.2")])
def test_where_in_the_recording(at_s: float, wanted: str) -> None:
    assert telling.second(at_s) == wanted


def test_a_guess_and_older_versions_are_told() -> None:
    version = Version("whisper", "a" * 64, NOW, is_current=True)
    heard = Heard("whisper", "a" * 64, NOW, True, "听不清", (said("好", 0, 1),), (), (version, version), 1)
    kept = Recording(7, "b" * 64, "x.mp3", "elsewhere/x.mp3", "", None, 61.0, NOW)
    written = forms.text(telling.transcript_of_recording(kept, heard))
    for wanted in ("R7", "1 分 1 秒", telling.GUESSED, "旧版 1 份", "转写质量：听不清", "客户 | 好 | 90%"):
        assert wanted in written
    assert "分机" not in written
