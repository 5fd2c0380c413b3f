"""Who takes a call over: hours, who looks after the customer, who is busy, whose turn it is (S14, A1)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from base.calendar import OFFICIAL
from base.clock import SHANGHAI
from dialer.handing_over import (
    HandoverSettings,
    Person,
    choose,
    eligible,
    on_duty,
    reachable,
    who_serves,
)
from tests.fakes.records import a_claim

WEDNESDAY = datetime(2026, 3, 18, 10, tzinfo=SHANGHAI)
MADE_UP_SATURDAY = datetime(2026, 2, 14, 10, tzinfo=SHANGHAI)
"""Worked in exchange for a day of the spring festival."""
SATURDAY = datetime(2026, 3, 21, 10, tzinfo=SHANGHAI)
OFFICE = {"from": "09:00", "to": "17:30"}


def person(name: str, **keys: object) -> Person:
    return Person.model_validate({"name": name, "uri": f"sip:{name.replace(' ', '')}@192.0.2.1", **keys})


ANN, BEA, CAT = person("ann"), person("bea"), person("cat")


@pytest.mark.parametrize(
    ("hours", "now", "there"),
    [
        ([], SATURDAY, True),
        ([OFFICE], WEDNESDAY, True),
        ([OFFICE], WEDNESDAY.replace(hour=9, minute=0), True),
        ([OFFICE], WEDNESDAY.replace(hour=8, minute=59), False),
        ([OFFICE], WEDNESDAY.replace(hour=17, minute=30), False),
        ([OFFICE], SATURDAY, False),
        ([OFFICE], MADE_UP_SATURDAY, True),
        ([{**OFFICE, "days": ["working"]}], MADE_UP_SATURDAY, False),
        ([{**OFFICE, "days": ["off"]}], SATURDAY, True),
        ([{"from": "09:00", "to": "09:30"}, {"from": "09:45", "to": "10:15"}], WEDNESDAY, True),
    ],
)
def test_hours(hours: list[object], now: datetime, there: bool) -> None:
    assert on_duty(person("ann", hours=hours), now, OFFICIAL) is there


def test_the_customers_own_manager_never_gets_the_call() -> None:
    """A1, however the name is written."""
    people = (person("李 明"), person("王芳"))
    assert [one.name for one in eligible(people, WEDNESDAY, OFFICIAL, {"李明"})] == ["王芳"]
    assert who_serves(a_claim().customer) == {"李明"}


def test_groups_of_which_somebody_could_answer() -> None:
    groups = {
        "service": (person("李明"), person("王芳", hours=[OFFICE])),
        "complaints": (person("李明", uri="sip:9@192.0.2.1"),),
        "night": (person("ann", hours=[{"from": "18:00", "to": "20:00"}]),),
    }
    assert reachable(groups, WEDNESDAY, OFFICIAL, {"李明"}) == {"service"}
    assert reachable(groups, SATURDAY, OFFICIAL, {"李明"}) == frozenset()
    assert reachable(groups, WEDNESDAY, OFFICIAL, ()) == {"service", "complaints"}


@pytest.mark.parametrize(
    ("busy", "minutes_free", "chosen"),
    [
        ([], {}, ANN),
        ([ANN], {}, BEA),
        ([], {ANN: 1, BEA: 5, CAT: 3}, BEA),
        ([], {ANN: 1, CAT: 3}, BEA),
        ([BEA], {ANN: 1, BEA: 9, CAT: 3}, CAT),
        ([ANN, BEA, CAT], {}, None),
    ],
)
def test_whose_turn_it_is(busy: list[Person], minutes_free: dict[Person, int], chosen: Person | None) -> None:
    since = {one.address: WEDNESDAY - timedelta(minutes=minutes) for one, minutes in minutes_free.items()}
    assert choose((ANN, BEA, CAT), busy={one.address for one in busy}, free_since=since) == chosen


def test_an_extension_in_two_groups_is_one_telephone() -> None:
    assert person("ann").address == person("Ann Lee", uri="sip:ann@192.0.2.1").address
    by_trunk = Person(name="ann", extension="8001", trunk="main")
    assert by_trunk.address == "8001@main"


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"uri": ""}, "either uri or extension"),
        ({"extension": "8001", "trunk": "main"}, "either uri or extension"),
        ({"uri": "8001"}, "write uri as"),
        ({"uri": "", "extension": "8001"}, "needs a trunk"),
        ({"refer": True}, r"records by itself \(R1\)"),
        ({"hours": [{"from": "10:00", "to": "9:00"}]}, "later"),
    ],
)
def test_people_who_cannot_be_rung_are_refused(keys: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        person("ann", **keys)


def test_a_slot_is_kept_once_there_is_anybody() -> None:
    groups = {"service": (ANN,)}
    assert [HandoverSettings().kept, HandoverSettings(groups=groups).kept] == [0, 1]
    assert HandoverSettings(groups=groups, slots_per_worker=2).kept == 2
    assert HandoverSettings(ring_s=20, persons=3).wait_s == 60
    with pytest.raises(ValidationError, match="nobody is in groups"):
        HandoverSettings(groups={"service": ()})


@pytest.mark.parametrize(
    ("written", "barred"),
    [
        ("王芳", True),
        ("王芳经理", True),
        ("客户经理：王 芳（8012）", True),
        ("李明、王芳", True),
        ("Ｗang Fang", False),
        ("王", False),
        ("芳", False),
        ("", False),
        ("-", False),
    ],
)
def test_a_manager_is_known_however_the_row_names_them(written: str, barred: bool) -> None:
    """A1: files name managers with titles, numbers, or two at once."""
    there = eligible((person("王芳"),), WEDNESDAY, OFFICIAL, {written})
    assert (there == ()) is barred


def test_full_width_letters_are_letters() -> None:
    assert eligible((person("Ann Li"),), WEDNESDAY, OFFICIAL, {"ＡＮＮ　ＬＩ"}) == ()
