"""Simulated branches for tests: the shipped profiles and assumptions, with what a test changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from base.clock import SHANGHAI
from dialer.pacing import Pace
from dialer.profile import Profile
from dialer.simulation.trial import Assumptions, Ground, Played, play, prepare
from huifang.drill.judge import Violation
from huifang.simulating.assuming import assumed
from huifang.simulating.judge import judged
from huifang.site import profile_of

NOWHERE = Path("no-site")
"""No site of its own: what is shipped."""
SHIPPED = ("boci", "haitong", "tianfeng", "default")
YEAR = date(2026, 1, 1)
HARSH = {
    "shared_numbers": 0.3,
    "barred": 0.05,
    "opened_by_director": 0.3,
    "events": {
        "opened": 0.8,
        "signed": 0.3,
        "changed": 2.0,
        "abnormal": 0.4,
        "large_change": 0.5,
        "ordered": 0.4,
        "moved": 0.2,
    },
}
"""Families on one number, an eventful year."""
TRYING = {
    "talks": {"completed": 40, "rescheduled": 30, "wrong_party": 10, "silent": 5, "refused": 15},
    "unanswered": {"no_answer": 40, "busy": 40, "carrier_cut": 10, "rejected": 10},
    "lines": {"line_failure": 0.08, "network_busy": 0.05, "misdialled": 0.03},
    "never": 0.5,
}
"""Customers who want another time or speak with somebody else, lines that fail."""


@cache
def profile(name: str) -> Profile:
    """A shipped profile."""
    return profile_of(NOWHERE, name)


@cache
def shipped() -> Assumptions:
    """What is assumed unless told."""
    return assumed(NOWHERE)


def assumptions(people: dict[str, Any] | None = None, rates: dict[str, Any] | None = None) -> Assumptions:
    """The shipped ones with these changes."""
    known = shipped().model_dump()
    return Assumptions.model_validate(
        {"people": {**known["people"], **(people or {})}, "rates": {**known["rates"], **(rates or {})}}
    )


def branch(
    name: str = "boci",
    *,
    customers: int = 200,
    months: int = 12,
    seed: int = 1,
    first: date = YEAR,
    like: Assumptions | None = None,
) -> Ground:
    """A branch with its plans."""
    return prepare(
        profile(name), like or shipped(), customers=customers, first=first, months=months, seed=seed
    )


def called(ground: Ground, channels: int = 2, cps: float = 1.0) -> tuple[Played, tuple[Violation, ...]]:
    """A run, judged."""
    pace = Pace(channels, cps)
    played = play(ground, pace)
    return played, judged(ground, pace, played.trace)


def at(month: int, day: int, hour: int = 15, minute: int = 0, after_s: float = 0.0) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI) + timedelta(seconds=after_s)
