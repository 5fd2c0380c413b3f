"""Dates that bind: what `huifang check` says of the calendar (P10), and from when a profile is in force."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from base.calendar import NOTICE_DAYS, OFFICIAL
from tests.command_line import complaint, huifang, succeeds

END = OFFICIAL.until


@pytest.fixture
def site(tmp_path: Path) -> Path:
    succeeds("init", "--data", tmp_path / "data")
    return tmp_path / "data"


def found_on(site: Path, day: str) -> dict[str, Any]:
    """The finding on that day's morning."""
    clock = f"business_start: {day}T10:00:00+08:00, machine_start: {datetime.now(tz=UTC).isoformat()}"
    (site / "config" / "settings.yaml").write_text(f"clock: {{{clock}}}\n", encoding="utf-8")
    findings = json.loads(huifang("check", "--json", "--data", site).stdout)
    return next(one for one in findings if one["what"] == "calendar")


def test_the_end_of_the_calendar_is_told_in_time_and_a_site_moves_it(site: Path) -> None:
    spring = found_on(site, f"{END.year}-03-18")
    assert (spring["ok"], spring["says"]) == (True, f"days are known until {END}")
    assert NOTICE_DAYS < 60
    december = found_on(site, f"{END.year}-12-01")
    assert december["ok"]
    assert f"ends on {END}" in december["says"]
    assert "config/calendar.yaml" in december["remedy"]
    assert not found_on(site, f"{END.year + 1}-03-18")["ok"]
    own = site / "config" / "calendar.yaml"
    own.write_text(f"until: {END.year + 1}-12-31\ndays:\n  {END.year + 1}-02-08: off\n", encoding="utf-8")
    mended = found_on(site, f"{END.year + 1}-03-18")
    assert mended["ok"]
    assert "1 day of the site's own" in mended["says"]


def test_days_that_cannot_be_used_are_one_line_with_their_place(site: Path) -> None:
    (site / "config" / "calendar.yaml").write_text("days:\n  2026-02-10: holiday\n", encoding="utf-8")
    line = complaint("campaign", "create", "三月", "--data", site)
    assert "calendar.yaml:2: days.2026-02-10: " in line
    assert "'market', 'no_market' or 'off'" in line


def test_a_profile_binds_from_its_date_on(site: Path) -> None:
    folder = site / "config" / "profiles"
    folder.mkdir()
    (folder / "later.yaml").write_text("extends: default\nname: later\nvalid_from: 2999-01-01\n", "utf-8")
    line = complaint("campaign", "create", "三月", "--profile", "later", "--data", site)
    assert "profile later: is in force from 2999-01-01 on" in line
