"""When calls may go out: the profile's windows within legal hours, in parts of the day (D2, D3). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from base.clock import SHANGHAI
from base.errors import ProfileError
from dialer.calendar import day_of
from dialer.profile import Hours, Profile

HORIZON_DAYS = 400
"""How far ahead a window is looked for."""

LEAVING_S = 2.0
"""So long an INVITE may take to leave after it was permitted."""

Slot = tuple[date, str]
"""A part of one day: no two attempts that came to nothing fall into the same."""


@dataclass(frozen=True, slots=True)
class Span:
    """An open stretch of time, `start` included, `end` not, all in one part of the day."""

    start: datetime
    end: datetime
    part: str

    @property
    def slot(self) -> Slot:
        """The part of the day it lies in."""
        return self.start.date(), self.part


def is_open(profile: Profile, at: datetime) -> bool:
    """Whether an ordinary call may begin now."""
    return slot_of(profile, at) is not None


def may_begin(profile: Profile, at: datetime, *, agreed: bool) -> bool:
    """Whether a call may be permitted now: its hours must last until its INVITE has left (D3, D6, D10)."""
    allows = is_legal if agreed else is_open
    return allows(profile, at) and allows(profile, at + timedelta(seconds=LEAVING_S))


def is_legal(profile: Profile, at: datetime) -> bool:
    """Whether an agreed call may begin now (D6)."""
    return profile.legal.holds(at.astimezone(SHANGHAI).time())


def slot_of(profile: Profile, at: datetime) -> Slot | None:
    """The part of the day that `at` lies in; None when no window is open."""
    local = at.astimezone(SHANGHAI)
    return next((span.slot for span in spans(profile, local.date()) if span.start <= local < span.end), None)


def next_open(profile: Profile, at: datetime, avoid: frozenset[Slot] = frozenset()) -> datetime:
    """The first moment from `at` on at which an ordinary call may begin, in none of the parts to avoid.

    Raises:
        ProfileError: no window opens within the horizon.
    """
    local = at.astimezone(SHANGHAI)
    for span in _spans_from(profile, local.date()):
        if span.end > local and span.slot not in avoid:
            return max(span.start, local)
    raise ProfileError(f"no window opens within {HORIZON_DAYS} days of {local:%Y-%m-%d}", where=profile.name)


def next_legal(profile: Profile, at: datetime) -> datetime:
    """The first moment from `at` on at which an agreed call may begin: any day, within legal hours (D6)."""
    local = at.astimezone(SHANGHAI)
    if local.time() < profile.legal.start:
        return _on(local.date(), profile.legal.start)
    if local.time() < profile.legal.end:
        return local
    return _on(local.date() + timedelta(days=1), profile.legal.start)


def spans(profile: Profile, day: date) -> tuple[Span, ...]:
    """The day's open stretches in order, cut at the edges of parts and windows."""
    kind = day_of(day).kind
    open_hours = [window for window in profile.windows if kind in window.days]
    if not open_hours:
        return ()
    edges = sorted({edge for hours in (*open_hours, *profile.parts, profile.legal) for edge in _edges(hours)})
    return tuple(
        Span(_on(day, start), _on(day, end), _part(profile, start))
        for start, end in pairwise(edges)
        if profile.legal.holds(start) and any(hours.holds(start) for hours in open_hours)
    )


def _spans_from(profile: Profile, first: date) -> Iterator[Span]:
    for offset in range(HORIZON_DAYS):
        yield from spans(profile, first + timedelta(days=offset))


def _part(profile: Profile, moment: time) -> str:
    return next((part.name for part in profile.parts if part.holds(moment)), "")


def _edges(hours: Hours) -> tuple[time, time]:
    return hours.start, hours.end


def _on(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=SHANGHAI)
