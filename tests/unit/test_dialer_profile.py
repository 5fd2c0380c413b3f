"""Policy profiles: what is shipped, what is inherited, what is refused and where."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from base.calendar import DayKind
from base.clock import SHANGHAI
from base.errors import ProfileError
from dialer.disposition import OF_ATTEMPT, Disposition
from dialer.profile import Profile, load
from plans.duties import Within
from plans.paperwork import Way

SHIPPED = Path(__file__).parents[2] / "config" / "profiles"
PLANNING = {
    "duties",
    "reserved",
    "key_active",
    "classes",
    "merge",
    "clocks",
    "reports",
    "retention",
    "signatures",
    "channels",
}


def written(folder: Path, text: str, name: str = "site.yaml") -> Path:
    """A profile's file beside the shipped default."""
    (folder / "default.yaml").write_text((SHIPPED / "default.yaml").read_text(encoding="utf-8"), "utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_profiles_keep_d1_and_d2(path: Path) -> None:
    profile = load(path)
    assert profile.name == path.stem
    assert profile.attempts == 3
    assert profile.ring_s == 30.0
    assert (profile.unrung_attempts, profile.per_number_day) == (6, 3)
    assert set(profile.after) == set(OF_ATTEMPT)
    assert all(rule.rule for rule in profile.after.values())


def test_the_demonstration_says_what_is_compressed_and_starts_on_a_working_wednesday() -> None:
    demo = load(SHIPPED / "demo.yaml")
    start = demo.business_start
    assert start == datetime(2026, 3, 18, 10, tzinfo=SHANGHAI)
    assert start is not None
    assert start.weekday() == 2
    assert DayKind.WORKING in demo.calendar.day_of(start.date()).kinds
    assert "compressed" in demo.says
    assert demo.parts == ()
    assert 3 <= demo.after[Disposition.NO_ANSWER].wait_s <= 6


def test_the_shipped_policy_asks_for_another_part_of_the_day_after_every_retry() -> None:
    """D2: whatever the reason, the phone is not made to ring twice in one part of a day."""
    default = load(SHIPPED / "default.yaml")
    assert all(rule.other_part for rule in default.after.values() if rule.then not in ("close", "agreed"))
    assert default.after[Disposition.BUSY].wait_s < default.after[Disposition.NO_ANSWER].wait_s


def test_real_time_without_a_business_start() -> None:
    assert load(SHIPPED / "default.yaml").business_start is None


def test_what_is_not_said_is_inherited(tmp_path: Path) -> None:
    text = "extends: default\nname: site\nattempts: 4\nafter:\n  busy: {then: close, rule: D4}\n"
    profile = load(written(tmp_path, text))
    assert profile.attempts == 4
    assert profile.after[Disposition.BUSY].then == "close"
    assert profile.after[Disposition.NO_ANSWER].other_part


def test_an_entry_replaces_the_inherited_one_and_null_takes_it_away(tmp_path: Path) -> None:
    text = (
        "extends: default\nname: site\nduties:\n  periodic_key: null\n"
        "  new_account:\n"
        "    {kind: new_account, upon: opened, within: {days: 9}, executor: operations, rule: P1}\n"
        "channels: {letter: null}\n"
    )
    site, default = load(written(tmp_path, text)), load(SHIPPED / "default.yaml")
    assert set(site.duties) == set(default.duties) - {"periodic_key"}
    assert site.duties["new_account"].within == Within(days=9)
    assert site.duties["abnormal"] == default.duties["abnormal"]
    assert set(site.channels) == {Way.EMAIL, Way.SMS, Way.VISIT}


def test_a_section_is_inherited_key_by_key(tmp_path: Path) -> None:
    text = (
        "extends: default\nname: site\n"
        "key_active: {share: 0.3}\nclasses: {turnover: 4.5}\nmerge: {apart_days: 7}\n"
    )
    site, default = load(written(tmp_path, text)), load(SHIPPED / "default.yaml")
    assert site.key_active == default.key_active.model_copy(update={"share": 0.3})
    assert site.classes == default.classes.model_copy(update={"turnover": 4.5})
    assert site.merge.together == default.merge.together


def test_a_profile_of_the_calling_alone_asks_for_nothing_else(tmp_path: Path) -> None:
    """Files written before planning was a part of profiles go on working."""
    default = load(SHIPPED / "default.yaml")
    alone = Profile(**default.model_dump(exclude=PLANNING | {"calendar"}))
    assert (alone.duties, alone.reports, alone.clocks, alone.classes.steps) == ({}, {}, {}, ())


DUTY = "extends: default\nname: site\nduties:\n  own: "
REFUSED = [
    (DUTY + "{kind: periodic, executor: operations, rule: P2}\n", "site.yaml:4", "either `upon`"),
    (DUTY + "{kind: periodic, upon: opened, executor: operations, rule: P2}\n", "site.yaml:4", "asks for"),
    (
        DUTY + "{kind: periodic, each: year, executor: operations}\n",
        "site.yaml:4",
        "duties.own.rule: is missing",
    ),
    (
        DUTY + "{kind: special, each: year, executor: marketing, rule: P7}\n",
        "site.yaml:4",
        "never for `marketing`",
    ),
    (
        DUTY
        + "{kind: special, upon: closing, within: {days: 1, months: 1}, executor: operations, rule: P7}\n",
        "site.yaml:4",
        "write one of",
    ),
    (
        "extends: default\nname: site\nreserved:\n"
        "  own: {who: {core: true}, executor: marketing, rule: P12}\n",
        "site.yaml:4",
        "never for `marketing`",
    ),
    ("extends: default\nname: site\nduties: {Own: null}\n", "site.yaml:3", "duties.Own"),
    (
        "extends: default\nname: site\nclasses:\n  steps:\n    - {assets_from: 0, low: B, high: B}\n"
        "    - {assets_from: 9, low: A, high: A}\n",
        "site.yaml:3",
        "from the highest",
    ),
    (
        "extends: default\nname: site\nreports:\n"
        "  own: {form: yearly, by: branch, each: year, to: [合规部], rule: W4}\n",
        "site.yaml:4",
        "either `within` or `clock`",
    ),
    ("extends: default\nname: site\nring_sec: 30\n", "site.yaml:3", "ring_sec: is not a known key"),
    ("extends: default\nname: site\nring_s: 20\n", "site.yaml:3", "ring_s"),
    ("extends: default\nname: site\ncalendar: {}\n", "site.yaml:3", "calendar: is not a known key"),
    ("extends: default\nname: site\nafter:\n  busy: {then: retry, wait_s: 1e9}\n", "site.yaml:4", "wait_s"),
    ("extends: default\nname: site\nafter:\n  busy: {then: redial}\n", "site.yaml:4", "after.busy.then"),
    ("extends: default\nname: site\nafter:\n  engaged: {then: close}\n", "site.yaml:4", "after.engaged"),
    ("extends: default\nname: site\nlegal: {from: 9:00, to: 21:00}\n", "site.yaml:3", "in quotes"),
    ('extends: default\nname: site\nlegal: {from: "21:00", to: "09:00"}\n', "site.yaml:3", "later than"),
    ("name: site\nattempts: 3\n", "site.yaml", "is missing"),
    ("- a\n- b\n", "site.yaml:1", "should hold keys"),
    ("name: [site\n", "site.yaml:2", "no YAML"),
    ("extends: nobody\nname: site\n", "nobody.yaml", "cannot be read"),
    ("extends: site\nname: site\n", "site.yaml", "circle"),
]


@pytest.mark.parametrize(("text", "where", "what"), REFUSED)
def test_what_cannot_be_used_is_named_with_its_place(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        load(written(tmp_path, text))
    assert caught.value.where.endswith(where)
    assert what in str(caught.value)


def test_a_mistake_in_the_inherited_file_is_shown_there(tmp_path: Path) -> None:
    path = written(tmp_path, "extends: below\nname: site\n")
    (tmp_path / "below.yaml").write_text("extends: default\nname: below\n\nattempts: many\n", "utf-8")
    with pytest.raises(ProfileError) as caught:
        load(path)
    assert caught.value.where.endswith("below.yaml:4")
