"""docs/profiles.md says every key of a profile, and what the shipped one says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import BaseModel

from base import calendar_files
from base.calendar import DayKind, Said
from dialer import profile
from plans import duties, paperwork, sections
from records.people import ClientKind, EventKind, Source
from records.planned import Executor

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "profiles.md").read_text("utf-8")
DAYS = (ROOT / "docs" / "calendars.md").read_text("utf-8")
_ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| .+ \|$", re.MULTILINE)


def _table(heading: str) -> dict[str, str]:
    """Keys of the first table below a heading, with what is shipped."""
    section = PAGE.partition(f"{heading}\n")[2].partition("\n#")[0]
    return dict(_ROW.findall(section))


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("## Keys", profile.ProfileFile),
        ("### Persons and machines: `answering`", profile.Answering),
        ("### A window: `windows`", profile.Window),
        ("### A part of the day: `parts`", profile.Part),
        ("### What follows a result: `after`", profile.Rule),
        ("### Who is owed a follow-up: `duties`", duties.Duty),
        ("#### Whom a duty concerns: `who`", duties.Who),
        ("### Whose customers are whose: `reserved`", duties.Reserved),
        ("### Key and active customers: `key_active`", sections.KeyActive),
        ("### Classes of customers: `classes`", sections.Classes),
        ("#### A step: `steps`", sections.Step),
        ("### Kinds in one call: `merge`", sections.Merge),
        ("### Last days: `clocks`", sections.Clock),
        ("### Papers that are due: `reports`", paperwork.Report),
        ("### How long material is kept: `retention`", paperwork.Term),
        ("### Who signs: `signatures`", paperwork.Signing),
        ("### Other ways: `channels`", paperwork.Channel),
        ("#### A message: `messages`", paperwork.Message),
    ],
)
def test_the_page_has_every_key(heading: str, model: type[BaseModel]) -> None:
    assert set(_table(heading)) == {field.alias or name for name, field in model.model_fields.items()}


def test_the_page_says_what_is_shipped() -> None:
    shipped = profile.load(ROOT / "config" / "profiles" / "default.yaml")
    said = {key: text.strip("`") for key, text in _table("## Keys").items() if text.startswith("`")}
    legal = said.pop("legal")
    assert legal == f'"{shipped.legal.start:%H:%M}"` to `"{shipped.legal.end:%H:%M}"'
    assert said == {key: f"{getattr(shipped, key)}".removesuffix(".0") for key in said}
    hours = ", ".join(f"{one.start:%H:%M} to {one.end:%H:%M}" for one in shipped.windows)
    assert _table("## Keys")["windows"] == hours
    assert _table("## Keys")["parts"] == {3: "three"}[len(shipped.parts)]


def test_the_page_says_by_when_notes_are_due() -> None:
    shipped = profile.load(ROOT / "config" / "profiles" / "default.yaml")
    said = {
        note: int(days.strip("`")) for note, days in _table("### What people have to do: `note_days`").items()
    }
    assert said == shipped.note_days


def test_the_page_says_how_persons_are_told_from_machines() -> None:
    said = {key: text.strip("`") for key, text in _table("### Persons and machines: `answering`").items()}
    assert said == {key: f"{value}".lower().removesuffix(".0") for key, value in profile.Answering()}


def test_the_page_says_what_a_rule_does_unless_told() -> None:
    said = {key: text.strip("`") for key, text in _table("### What follows a result: `after`").items()}
    rule = profile.Rule(then="close")
    assert (float(said["wait_s"]), said["other_part"] == "true") == (rule.wait_s, rule.other_part)
    assert all(f"`{kind}`" in PAGE or f'`"{kind}"`' in PAGE for kind in DayKind)
    assert set(re.findall(r"^\| `(\w+)` \|", DAYS, re.MULTILINE)) == set(DayKind)


PLANNING: list[tuple[str, type[BaseModel]]] = [
    ("### Who is owed a follow-up: `duties`", duties.Duty),
    ("### Whose customers are whose: `reserved`", duties.Reserved),
    ("### Papers that are due: `reports`", paperwork.Report),
    ("### How long material is kept: `retention`", paperwork.Term),
    ("### Other ways: `channels`", paperwork.Channel),
    ("### Last days: `clocks`", sections.Clock),
    ("### Who signs: `signatures`", paperwork.Signing),
    ("#### A step: `steps`", sections.Step),
    ("#### A message: `messages`", paperwork.Message),
]


@pytest.mark.parametrize(("heading", "model"), PLANNING)
def test_the_page_says_which_keys_are_required(heading: str, model: type[BaseModel]) -> None:
    said = {key for key, text in _table(heading).items() if text == "required"}
    assert said == {name for name, field in model.model_fields.items() if field.is_required()}


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("### Who is owed a follow-up: `duties`", [*EventKind, *duties.Period, *Executor]),
        ("#### Whom a duty concerns: `who`", [*Source, *ClientKind]),
        ("### Key and active customers: `key_active`", sections.Measure),
        ("### Last days: `clocks`", sections.ClockName),
        ("### Papers that are due: `reports`", [*paperwork.ReportForm, *paperwork.Level]),
        ("### How long material is kept: `retention`", paperwork.Material),
        ("### Who signs: `signatures`", [*paperwork.Form, *paperwork.Grade, *paperwork.Role]),
        ("### Other ways: `channels`", paperwork.Way),
    ],
)
def test_the_page_names_what_may_be_written(heading: str, names: Iterable[str]) -> None:
    section = PAGE.partition(f"{heading}\n")[2].partition("\n#")[0]
    assert [name for name in names if f"`{name}`" not in section] == []


def test_the_page_says_what_is_shipped_of_key_and_active_customers() -> None:
    said = {
        key: text.strip("`") for key, text in _table("### Key and active customers: `key_active`").items()
    }
    shipped = profile.load(ROOT / "config" / "profiles" / "default.yaml")
    ranking = shipped.key_active
    assert (said["of_last"], said["share"], said["introduced"]) == (
        ranking.of_last,
        str(ranking.share),
        str(ranking.introduced),
    )
    assert said["by"] == {4: "all four"}[len(ranking.by)]
    steps = _table("### Classes of customers: `classes`")["steps"]
    assert steps == {6: "six"}[len(shipped.classes.steps)]
    assert _table("### Kinds in one call: `merge`")["apart_days"] == f"`{shipped.merge.apart_days}`"


def test_the_pages_example_of_a_calendar_is_one(tmp_path: Path) -> None:
    text = DAYS.partition("# DATA/config/calendar.yaml\n")[2].partition("\n\n")[0]
    path = tmp_path / calendar_files.SITE_FILE
    path.write_text(re.sub(r"(?m)^    ", "", text), encoding="utf-8")
    calendar = calendar_files.load(ROOT / "config" / calendar_files.MARKET_FILE, path)
    assert set(calendar.said.values()) == set(Said)


def test_the_pages_example_is_a_profile(tmp_path: Path) -> None:
    text = PAGE.partition("patient.yaml\n")[2].partition("\n\n")[0]
    path = tmp_path / "patient.yaml"
    path.write_text(re.sub(r"(?m)^    ", "", text), encoding="utf-8")
    shipped = ROOT / "config" / "profiles"
    loaded = profile.load(path, lambda name: shipped / f"{name}.yaml")
    assert (loaded.name, loaded.ring_s, loaded.attempts) == ("patient", 45, 3)
