"""`huifang simulate`: what it prints, writes and refuses."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel

from dialer.pacing import Pace
from dialer.simulation.people import People
from dialer.simulation.rates import Rates
from dialer.simulation.trial import play
from huifang.simulating import page
from huifang.simulating.assuming import assumed
from huifang.simulating.charts import Bar, Column, Line, bars, columns, lines, round_up
from huifang.simulating.telling import Told, bar, tables
from huifang.simulating.words import CHINESE, ENGLISH, words
from tests.command_line import as_json, complaint, succeeds
from tests.simulation_kit import NOWHERE, branch

ROOT = Path(__file__).parents[2]
SMALL = ("simulate", "--customers", "300", "--months", "2", "--from", "2026-01-01", "--seed", "4")


def told(name: str = "boci × 2", channels: int = 2) -> Told:
    played = play(branch(customers=300, months=2), Pace(channels, 5.0))
    return Told(name, "as assumed", 300, 1, played, ())


def test_it_shows_tables_in_chinese_and_in_english() -> None:
    chinese, english = succeeds(*SMALL), succeeds(*SMALL, "--english")
    for one in ("回访模拟", "按期办结", "线路利用率", "新开户", "次数用尽", "█"):
        assert one in chinese
    for one in ("Follow-up calls simulated", "settled in time", "new account", "exhausted"):
        assert one in english


def test_both_languages_name_the_same() -> None:
    assert CHINESE.keys() == ENGLISH.keys()
    assert words(english=True) is ENGLISH


def test_the_same_seed_says_the_same() -> None:
    assert as_json(*SMALL) == as_json(*SMALL)


def test_another_setting_stands_beside_ours() -> None:
    said = as_json(*SMALL, "--against", "profile=haitong, channels=3")
    assert [one["name"] for one in said["settings"]] == ["default × 8", "haitong × 3"]
    assert [one["profile"] for one in said["settings"]] == ["default", "haitong"]


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    succeeds(*SMALL, "--against", "channels=1", "--find-channels", "--html", path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert "prefers-color-scheme: dark" in text
    for outside in ("http://", "https://", "<script", "@import", "url(", "src="):
        assert outside not in text
    pictures = [part.split("</svg>")[0] for part in text.split("<svg ")[1:]]
    assert len(pictures) == 11
    for picture in pictures:
        ElementTree.fromstring(f"<svg {picture}</svg>")


def test_the_page_shows_what_the_figures_are() -> None:
    one = told()
    text = page.html([one], [], CHINESE)
    assert f"{one.played.figures.in_time:.1%}" in text
    for row in one.played.figures.kinds:
        assert f"{row.in_time}/{row.due}" in text


def test_a_table_has_as_many_cells_as_columns() -> None:
    for several in ([told()], [told(), told("boci × 1", 1)]):
        for table in tables(several, ENGLISH):
            assert {len(row) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize(
    ("part", "shown"), [(0, ""), (0.5, "████"), (1, "████████"), (0.53, "████▎"), (2, "████████")]
)
def test_a_bar_is_as_long_as_its_share(part: float, shown: str) -> None:
    assert bar(part, 8) == shown


@pytest.mark.parametrize(("most", "top"), [(0, 1), (0.87, 1), (7, 8), (1, 1), (4959, 6000), (38, 40)])
def test_scales_end_at_numbers_that_are_easily_read(most: float, top: float) -> None:
    assert round_up(most) == pytest.approx(top)


def test_charts_are_well_formed_whatever_is_in_them() -> None:
    days = [told().played.ground.first]
    for chart in (
        lines([], [Line("a & b", "a", ())], 0, "<none>"),
        lines(days, [Line("a", "a", (3.0,)), Line("b", "b", (3.0,))], 3, "one day"),
        columns([], 0, "none", style="a", percent=True),
        columns([Column("1 < 2", 4.0, "&", "4"), Column("", None, "")], 4, "two", style="b", percent=False),
        bars([Bar("a<b", "a", 1.4, "&", 1.0), Bar("", "b", 0, "")], "bars"),
    ):
        ElementTree.fromstring(chart)


def test_a_site_s_own_rates_replace_what_they_name(tmp_path: Path) -> None:
    own = tmp_path / "rates.yaml"
    own.write_text("rates:\n  answered: {15: 1.0}\n  says: 实测\npeople:\n  managers: 7\n", encoding="utf-8")
    found, before = assumed(NOWHERE, own), assumed(NOWHERE)
    assert found.rates.answered == {15: 1.0}
    assert found.rates.talks == before.rates.talks
    assert found.people.managers == 7
    low, high = as_json(*SMALL), as_json(*SMALL, "--rates", own)
    assert high["settings"][0]["answered"] > 0.8 > low["settings"][0]["answered"]


def test_a_site_s_own_file_goes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/simulation.yaml").write_text("people: {core: 0.5}\n", encoding="utf-8")
    assert assumed(tmp_path).people.core == 0.5


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("rates: {answerd: {15: 1}}", "not a known key"),
        ("rates: {answered: {25: 1}}", "less than or equal to 23"),
        ("rates: {answered: {}}", "is empty"),
        ("rates: {talks: {busy: 1}}", "`talks` holds busy"),
        ("rates: {dead: {suspended: 0.7, unallocated_number: 0.7}}", "adds up to more than 1"),
        ("rates: {talks: {completed: 0}}", "`talks` is all zero"),
        ("rates: {talk_s: {completed: {median: 60}}}", "`talk_s` says nothing of hung_up"),
        ("people: {sources: {friend: 0.1}}", "friend"),
    ],
)
def test_rates_that_cannot_be_used_are_refused(tmp_path: Path, written: str, says: str) -> None:
    own = tmp_path / "rates.yaml"
    own.write_text(written, encoding="utf-8")
    line = complaint(*SMALL, "--rates", own)
    assert says in line
    assert "rates.yaml" in line


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--against", "channels"), "write NAME=VALUE"),
        (("--against", "lines=4"), "write NAME=VALUE"),
        (("--against", "channels=x"), "is no number"),
        (("--against", "channels=0"), "lies between"),
        (("--against", "cps=nan"), "lies between"),
        (("--against", "profile=nobody"), "no 'nobody' in profiles"),
        (("--profile", "nobody"), "no 'nobody' in profiles"),
        (("--from", "2025-12-31"), "is in force from 2026-01-01"),
        (("--channels", "0"), "--channels"),
        (("--customers", "0"), "--customers"),
        (("--rates", "nowhere.yaml"), "cannot be read"),
    ],
)
def test_what_cannot_be_simulated_is_refused(options: tuple[str, ...], says: str) -> None:
    assert says in complaint(*SMALL, *options)


@pytest.mark.parametrize("part", [Rates, People])
def test_every_assumption_is_documented(part: type[BaseModel]) -> None:
    told = (ROOT / "docs/simulation.md").read_text("utf-8")
    assert [name for name in part.model_fields if f"`{name}`" not in told] == []
