"""What `huifang run --until-done` says at its end of what waits for another day (D3)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from base.clock import SHANGHAI
from dialer.campaign import rests
from dialer.profile import load
from huifang.remaining import waiting_of
from records.model import Campaign, CampaignStatus, Kind, Progress

PROFILE = load(Path(__file__).parents[2] / "config" / "profiles" / "default.yaml")


def at(day: int, hour: int) -> datetime:
    """March 2026; the 4th is a Wednesday."""
    return datetime(2026, 3, day, hour, tzinfo=SHANGHAI)


CAMPAIGN = Campaign(
    id=1, name="t1", kind=Kind.NEW_ACCOUNT, script="s", script_version="1", script_sha256="",
    profile="default", status=CampaignStatus.RUNNING, deadline=at(31, 0), created_at=at(1, 0),
)  # fmt: skip


def progress(next_due: datetime | None, waiting: int = 4) -> Progress:
    return Progress(total=14, waiting=waiting, calling=0, closed=14 - waiting, next_due=next_due)


@pytest.mark.parametrize(
    ("due", "now", "soonest"),
    [
        (at(4, 10), at(4, 19), "2026-03-05 15:00"),
        (at(6, 16), at(4, 19), "2026-03-06 16:00"),
        (at(4, 10), at(4, 10), "2026-03-04 15:00"),
    ],
    ids=["after the window", "due later", "before the window"],
)
def test_what_is_left_and_when_it_may_go_on(due: datetime, now: datetime, soonest: str) -> None:
    left = waiting_of(CAMPAIGN, PROFILE, progress(due), now)
    assert str(left) == f"t1: 4 of 14 wait, the next call may begin {soonest}"


def test_an_agreed_evening_is_waited_for() -> None:
    """D6: outside the windows, within legal hours."""
    agreed = replace(progress(at(4, 20)), next_agreed=at(4, 20))
    assert not rests(PROFILE, agreed, at(4, 19))
    assert str(waiting_of(CAMPAIGN, PROFILE, agreed, at(4, 19))).endswith("2026-03-04 20:00")
    assert rests(PROFILE, progress(at(4, 20)), at(4, 19))
    assert rests(PROFILE, agreed, at(4, 22))


def test_the_same_for_machines() -> None:
    left = waiting_of(CAMPAIGN, PROFILE, progress(at(4, 10)), at(4, 19))
    assert left is not None
    assert json.loads(left.as_json()) == {
        "campaign": "t1",
        "waiting": 4,
        "next": "2026-03-05T15:00:00+08:00",
    }


def test_nothing_is_said_where_nothing_waits() -> None:
    assert waiting_of(CAMPAIGN, PROFILE, progress(None, 0), at(4, 19)) is None
