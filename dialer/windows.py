"""When calls may go out: the profile's windows within legal hours, in parts of the day (D2, D3). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from base.calendar import Calendar, DayKind
from base.clock import SHANGHAI
from base.errors import ProfileError
from dialer.profile import Hours, Part, Profile, Window

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
    for span in spans_from(profile, at):
        if span.slot not in avoid:
            return span.start
    raise ProfileError(
        f"no window opens within {HORIZON_DAYS} days of {at.astimezone(SHANGHAI):%Y-%m-%d}",
        where=profile.name,
    )


def next_call(profile: Profile, now: datetime, due: datetime, agreed: datetime | None = None) -> datetime:
    """When a campaign's next call may begin: the first is due at `due`, the first agreed one at `agreed`."""
    ordinary = next_open(profile, max(due, now))
    return ordinary if agreed is None else min(ordinary, next_legal(profile, max(agreed, now)))


def spans_from(profile: Profile, at: datetime) -> Iterator[Span]:
    """What is open from `at` on within the horizon, in order; the first may be the rest of a stretch."""
    local = at.astimezone(SHANGHAI)
    for offset in range(HORIZON_DAYS):
        for span in spans(profile, local.date() + timedelta(days=offset)):
            if span.end > local:
                yield span if span.start >= local else replace(span, start=local)


def next_legal(profile: Profile, at: datetime) -> datetime:
    """The first moment from `at` on at which an agreed call may begin: any day, within legal hours (D6)."""
    local = at.astimezone(SHANGHAI)
    if local.time() < profile.legal.start:
        return _on(local.date(), profile.legal.start)
    if local.time() < profile.legal.end:
        return local
    return _on(local.date() + timedelta(days=1), profile.legal.start)


_Rules = tuple[tuple[Window, ...], tuple[Part, ...], Hours, Calendar]
_MOST_KEPT = 4096
_kept: dict[tuple[int, int, int, int, date], tuple[_Rules, tuple[Span, ...]]] = {}
"""Days by the identity of their rules, for hashing these takes longer than all else. The rules are kept as
well: no others can come to have their identity."""


def spans(profile: Profile, day: date) -> tuple[Span, ...]:
    """The day's open stretches in order, cut at the edges of parts and windows."""
    rules = profile.windows, profile.parts, profile.legal, profile.calendar
    key = id(rules[0]), id(rules[1]), id(rules[2]), id(rules[3]), day
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        found = _kept[key] = rules, _spans(*rules, day)
    return found[1]


def _spans(
    windows: tuple[Window, ...], parts: tuple[Part, ...], legal: Hours, calendar: Calendar, day: date
) -> tuple[Span, ...]:
    hours = _open_hours(windows, parts, legal, calendar.day_of(day).kinds)
    return tuple(Span(_on(day, start), _on(day, end), part) for start, end, part in hours)


@lru_cache(maxsize=256)
def _open_hours(
    windows: tuple[Window, ...], parts: tuple[Part, ...], legal: Hours, kinds: frozenset[DayKind]
) -> tuple[tuple[time, time, str], ...]:
    """(start, end, part) of what is open on a day of these kinds."""
    ours = [window for window in windows if not kinds.isdisjoint(window.days)]
    edges = sorted({edge for hours in (*ours, *parts, legal) for edge in (hours.start, hours.end)})
    return tuple(
        (start, end, next((part.name for part in parts if part.holds(start)), ""))
        for start, end in pairwise(edges)
        if legal.holds(start) and any(hours.holds(start) for hours in ours)
    )


def _on(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=SHANGHAI)
