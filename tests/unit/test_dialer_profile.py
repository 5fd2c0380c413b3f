"""Policy profiles: what is shipped, what is inherited, what is refused and where."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from base.calendar import DayKind
from base.clock import SHANGHAI
from base.errors import ProfileError
from dialer.disposition import OF_ATTEMPT, Disposition
from dialer.profile import load

SHIPPED = Path(__file__).parents[2] / "config" / "profiles"


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


REFUSED = [
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
