"""Windows: tables, and what must hold on any day, holidays, made-up days and ends of calendars included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import calendar_files
from base.calendar import Calendar, DayKind, Said
from base.clock import SHANGHAI
from base.errors import ProfileError
from dialer.profile import Profile, load
from dialer.windows import is_legal, is_open, next_legal, next_open, slot_of, spans, spans_from

SHIPPED = Path(__file__).parents[2] / "config"
CALENDAR = calendar_files.load(SHIPPED / calendar_files.MARKET_FILE, None)
DEFAULT = load(SHIPPED / "profiles" / "default.yaml", calendar=CALENDAR)
DEMO = load(SHIPPED / "profiles" / "demo.yaml", calendar=CALENDAR)


def at(text: str) -> datetime:
    """2026, Shanghai: "03-18 15:00"."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("03-18 15:00", "03-18 15:00"),
        ("03-18 17:59", "03-18 17:59"),
        ("03-18 18:00", "03-19 15:00"),
        ("03-18 03:00", "03-18 15:00"),
        ("03-20 18:30", "03-23 15:00"),  # over a weekend
        ("02-13 18:30", "02-14 14:00"),  # a made-up Saturday has no market close
        ("02-14 18:30", "02-24 15:00"),  # over the spring festival
        ("09-30 18:00", "10-08 15:00"),  # over the national day
    ],
)
def test_the_next_open_moment(moment: str, opens: str) -> None:
    assert next_open(DEFAULT, at(moment)) == at(opens)
    assert is_open(DEFAULT, at(moment)) == (moment == opens)


def test_no_close_is_waited_for_where_the_exchange_is_shut() -> None:
    """D3: new year's eve 2024 was worked, the exchange stayed shut."""
    morning = datetime(2024, 2, 9, 9, tzinfo=SHANGHAI)
    assert next_open(DEFAULT, morning) == morning.replace(hour=14)
    typhoon = Calendar(said={date(2026, 3, 18): Said.OFF})
    profile = load(SHIPPED / "profiles" / "default.yaml", calendar=typhoon)
    assert next_open(profile, at("03-18 09:00")) == at("03-19 15:00")


def test_over_the_end_of_the_calendars() -> None:
    """Friday, 1 January 2027, is a holiday by law; beyond, the weekday decides."""
    assert next_open(DEFAULT, at("12-31 18:00")) == datetime(2027, 1, 4, 15, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "legal"),
    [("03-18 08:59", "03-18 09:00"), ("03-21 20:30", "03-21 20:30"), ("03-18 21:00", "03-19 09:00")],
)
def test_the_next_legal_moment(moment: str, legal: str) -> None:
    assert next_legal(DEFAULT, at(moment)) == at(legal)
    assert is_legal(DEFAULT, at(legal))


def test_a_day_is_cut_into_its_parts() -> None:
    assert [span.part for span in spans(DEFAULT, date(2026, 3, 18))] == ["early", "middle", "late"]
    assert [f"{span.start:%H:%M}" for span in spans(DEFAULT, date(2026, 2, 14))] == [
        "14:00",
        "16:00",
        "17:00",
    ]
    assert spans(DEFAULT, date(2026, 3, 21)) == ()


def test_a_window_that_never_opens_is_an_error() -> None:
    days = (date(2026, 3, 18) + timedelta(days=n) for n in range(500))
    everything = frozenset(span.slot for day in days for span in spans(DEFAULT, day))
    with pytest.raises(ProfileError, match="no window opens"):
        next_open(DEFAULT, at("03-18 15:00"), everything)


LATE = DEMO.model_copy(update={"legal": DEMO.legal.model_copy(update={"start": time(12, 30)})})
"""Its windows begin before the legal hours."""

profiles = st.sampled_from([DEFAULT, DEMO, LATE])
moments = st.timedeltas(timedelta(0), timedelta(days=1500)).map(
    lambda since: datetime(2023, 12, 1, tzinfo=SHANGHAI) + since
)


@given(profiles, moments)
def test_the_next_open_moment_is_open_and_none_before_it_is(profile: Profile, moment: datetime) -> None:
    opens = next_open(profile, moment)
    assert opens >= moment
    assert is_open(profile, opens)
    assert next_open(profile, opens) == opens
    assert (opens == moment) == is_open(profile, moment)
    for part in (0.0, 0.3, 0.7, 0.999):
        before = moment + (opens - moment) * part
        assert before >= opens or not is_open(profile, before)


@given(profiles, moments)
def test_an_agreed_time_is_moved_by_a_night_at_most(profile: Profile, moment: datetime) -> None:
    legal = next_legal(profile, moment)
    assert moment <= legal <= moment + timedelta(hours=16)
    assert is_legal(profile, legal)
    assert (legal == moment) == is_legal(profile, moment)


@given(profiles, moments)
def test_open_stretches_follow_each_other_within_legal_hours(profile: Profile, moment: datetime) -> None:
    stretches = [span for span, _ in zip(spans_from(profile, moment), range(12), strict=False)]
    assert stretches[0].start == next_open(profile, moment)
    for span, following in pairwise(stretches):
        assert span.end <= following.start
        assert span.slot != following.slot
    for span in stretches:
        assert span.start < span.end
        assert slot_of(profile, span.start) == span.slot == slot_of(profile, span.end - timedelta(seconds=1))
        assert is_legal(profile, span.start)
        assert is_legal(profile, span.end - timedelta(seconds=1))


@given(profiles, moments)
def test_off_days_stay_silent_and_the_zone_does_not_matter(profile: Profile, moment: datetime) -> None:
    kinds = profile.calendar.day_of(moment.date()).kinds
    if profile is DEFAULT and DayKind.OFF in kinds:
        assert not is_open(profile, moment)
    elsewhere = moment.astimezone(UTC)
    assert is_open(profile, elsewhere) == is_open(profile, moment)
    assert next_open(profile, elsewhere) == next_open(profile, moment)
