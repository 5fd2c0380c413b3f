"""Where a site's plans stand, and when they will be done with the lines that there are (P9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from base.calendar import DayKind
from dialer import windows
from dialer.profile import Profile
from office.place import Place
from plans.forecast import Forecast, Need, Rates, forecast
from plans.standing import Standing, standings
from records import obligations, rates

LATELY = timedelta(days=90)
"""So far back calls tell of answer rates."""

ENOUGH = 50
"""Attempts from which on what they came to is taken instead of what is assumed."""

ASSUMED_COMPLETES = 0.35
ASSUMED_S = 75.0
"""Of an attempt, waiting and talking, before there are calls that tell."""

_SLOT_S = 3.0
"""Between the end of a call and the next on its channel."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast with what it counts with.

    Attributes:
        open: neither completed nor settled; overdue: of these, whose last day is over.
        measured: the rates are of this site's calls; else they are assumed.
    """

    today: date
    open: int
    overdue: int
    channels: int
    measured: bool
    rates: Rates
    forecast: Forecast


async def standing_of(site: Place, branch: str | None, *, by_branch: bool) -> list[Standing]:
    """Each duty's standing, of all branches or one."""
    db = site.database
    counted = await obligations.tallies(db, site.now().date(), branch)
    return standings(counted, await obligations.sizes(db, branch), by_branch=by_branch)


async def outlook(site: Place, profile: Profile, branch: str | None, channels: int | None) -> Outlook:
    """When what is open will be done. What is overdue goes first, and cannot be in time any more.

    Args:
        channels: calls at once; None: those of the profile, else of the trunks.
    """
    db, today = site.database, site.now().date()
    needs = [Need(due_by, count) for due_by, count in await obligations.needs(db, branch)]
    measured = await rates.since(db, site.now() - LATELY)
    known = measured.attempts >= ENOUGH
    lines = channels or profile.campaign_channels or site.channels
    counted = Rates(
        completes=measured.completed / measured.attempts if known else ASSUMED_COMPLETES,
        attempts=profile.attempts,
        attempt_s=(measured.mean_s if known else ASSUMED_S) + _SLOT_S,
        hours=open_hours(profile, today),
    )
    return Outlook(
        today=today,
        open=sum(one.count for one in needs),
        overdue=_overdue(needs, today),
        channels=lines,
        measured=known,
        rates=counted,
        forecast=forecast(needs, lines, counted, today, profile.calendar),
    )


def open_hours(profile: Profile, today: date) -> float:
    """Hours for which a day is open that is worked and traded on: the next one from today (D3)."""
    day = profile.calendar.worked_after(today, 0)
    while DayKind.MARKET not in profile.calendar.day_of(day).kinds:
        day = profile.calendar.worked_after(day, 1)
    return sum((one.end - one.start).total_seconds() for one in windows.spans(profile, day)) / 3600


def _overdue(needs: Sequence[Need], today: date) -> int:
    return sum(one.count for one in needs if one.due_by < today)
