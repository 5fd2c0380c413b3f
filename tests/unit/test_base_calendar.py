"""Days: worked, made up, traded on, off; where the calendars end; what a site writes itself (P10, D3)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from base import calendar_files
from base.calendar import NOTICE_DAYS, OFFICIAL, Calendar, DayKind, Said
from base.errors import CalendarError

SHIPPED = Path(__file__).parents[2] / "config"
MARKET = SHIPPED / calendar_files.MARKET_FILE
WORKING, MADE_UP, TRADED = DayKind.WORKING, DayKind.MADE_UP, DayKind.MARKET
SHUT, OFF = DayKind.NO_MARKET, DayKind.OFF


@pytest.mark.parametrize(
    ("day", "kinds", "provisional"),
    [
        (date(2026, 3, 18), {WORKING, TRADED}, False),
        (date(2026, 2, 14), {MADE_UP, SHUT}, False),  # a Saturday worked for the spring festival
        (date(2026, 2, 16), {OFF}, False),
        (date(2026, 3, 21), {OFF}, False),
        (date(2024, 2, 9), {WORKING, SHUT}, False),  # new year's eve: worked, yet the exchange was shut
        (date(2026, 12, 31), {WORKING, TRADED}, False),
        (date(2027, 3, 17), {WORKING, TRADED}, True),
        (date(2027, 3, 20), {OFF}, True),
        (date(2027, 1, 1), {OFF}, True),  # a Friday, and a holiday by law
        (date(2027, 10, 1), {OFF}, True),
    ],
)
def test_days_as_they_are_shipped(day: date, kinds: set[DayKind], provisional: bool) -> None:
    found = calendar_files.load(MARKET, SHIPPED / calendar_files.SITE_FILE).day_of(day)
    assert (set(found.kinds), found.provisional) == (kinds, provisional)


def test_a_day_is_worked_or_off_and_traded_on_or_not() -> None:
    for offset in range(6000):
        kinds = OFFICIAL.day_of(date(2014, 1, 1) + timedelta(days=offset)).kinds
        assert (OFF in kinds) == (len(kinds) == 1)
        assert (OFF in kinds) != (TRADED in kinds or SHUT in kinds)
        assert not (MADE_UP in kinds and TRADED in kinds)


def site(folder: Path, text: str) -> Calendar:
    path = folder / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    return calendar_files.load(MARKET, path)


def test_a_site_goes_before_the_calendars(tmp_path: Path) -> None:
    days = "days:\n  2026-09-18: off  # typhoon\n  2026-09-26: no_market\n  '2026-03-19': no_market\n"
    calendar = site(tmp_path, days)
    assert calendar.day_of(date(2026, 9, 18)).kinds == {OFF}
    assert calendar.day_of(date(2026, 9, 26)).kinds == {MADE_UP, SHUT}
    assert calendar.day_of(date(2026, 3, 19)).kinds == {WORKING, SHUT}
    assert calendar.day_of(date(2026, 9, 17)) == OFFICIAL.day_of(date(2026, 9, 17))


def test_a_year_announced_since_is_certain_once_it_is_written(tmp_path: Path) -> None:
    calendar = site(tmp_path, "until: 2027-12-31\ndays:\n  2027-02-08: off\n")
    assert calendar.until == date(2027, 12, 31)
    assert calendar.day_of(date(2027, 2, 8)).kinds == {OFF}
    assert not calendar.day_of(date(2027, 3, 17)).provisional
    assert calendar.day_of(date(2028, 3, 17)).provisional


def test_one_written_day_beyond_the_end_is_no_guess() -> None:
    day = date(2027, 5, 8)
    calendar = Calendar(said={day: Said.NO_MARKET})
    assert calendar.day_of(day).kinds == {MADE_UP, SHUT}
    assert not calendar.day_of(day).provisional
    assert calendar.day_of(day + timedelta(days=2)).provisional


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("days:\n  2026-02-30: off\n", ":2", "2026-02-30' is no"),
        ("days:\n  2026-02-10: holiday\n", ":2", "'market', 'no_market' or 'off'"),
        ("days:\n  someday: off\n", ":2", "date"),
        ("day:\n  2026-02-10: off\n", ":1", "not a known key"),
        ("days: {}\nuntil: soon\n", ":2", "date"),
    ],
)
def test_what_a_site_cannot_mean_is_named_with_its_place(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    with pytest.raises(CalendarError) as caught:
        site(tmp_path, text)
    assert caught.value.where.endswith(f"calendar.yaml{where}")
    assert what in str(caught.value)


def test_the_end_is_told_in_time() -> None:
    end = OFFICIAL.until
    assert OFFICIAL.ending(end - timedelta(days=NOTICE_DAYS)) == ""
    assert f"the official calendar ends on {end}" in OFFICIAL.ending(end - timedelta(days=NOTICE_DAYS - 1))
    assert OFFICIAL.ending(end + timedelta(days=100))
    market = Calendar(market_until=end - timedelta(days=365))
    assert "the exchange's calendar ends" in market.ending(end)
