"""How the channels of a simulated run were used, day by day and by the hour of the day. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from base.clock import SHANGHAI
from dialer.profile import Profile
from dialer.simulation.model import Call, Trace
from dialer.windows import is_open, spans


@dataclass(frozen=True, slots=True)
class OfDay:
    """One day; `planned`, `due` and `settled` are sums since the beginning.

    Attributes:
        planned: given to the dialer. due: whose last day is over at the end of the day.
        used: of the channels' open seconds, the part that calls took, those that outlast the window among
            them; None where no window was open.
    """

    day: date
    planned: int
    due: int
    settled: int
    calls: int
    used: float | None


@dataclass(frozen=True, slots=True)
class OfHour:
    """An hour of the day over all days: calls begun, the share picked up, channels in use on average."""

    hour: int
    calls: int
    answered: float
    channels: float


def days_of(profile: Profile, channels: int, trace: Trace) -> Iterator[OfDay]:
    """Every day of a run."""
    planned = Counter(one.owed.from_.date() for one in trace.follow_ups)
    due = Counter(one.owed.deadline.date() for one in trace.follow_ups)
    settled = Counter(one.closed_at.date() for one in trace.follow_ups if one.closed_at)
    calls: Counter[date] = Counter()
    busy_s: Counter[date] = Counter()
    for call in trace.calls:
        day = call.at.date()
        calls[day] += 1
        busy_s[day] += int(seconds(call)) if is_open(profile, call.at) else 0
    sums = (0, 0, 0)
    day = trace.start.date()
    while day < trace.end.date():
        sums = (sums[0] + planned[day], sums[1] + due[day], sums[2] + settled[day])
        whole_s = open_s(profile, day) * channels
        yield OfDay(day, *sums, calls[day], share(busy_s[day], whole_s) if whole_s else None)
        day += timedelta(days=1)


def open_s(profile: Profile, day: date) -> float:
    """Seconds for which windows are open on a day."""
    return sum((span.end - span.start).total_seconds() for span in spans(profile, day))


def hours_of(calls: Iterable[Call], days: int) -> Iterator[OfHour]:
    """Every hour of the day in which calls began; `days`: on which a window was open."""
    begun: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    busy_s: Counter[int] = Counter()
    for call in calls:
        hour = call.at.astimezone(SHANGHAI).hour
        begun[hour] += 1
        answered[hour] += call.answered
        busy_s[hour] += int(seconds(call))
    for hour in sorted(begun):
        in_use = share(busy_s[hour], 3600.0 * days)
        yield OfHour(hour, begun[hour], answered[hour] / begun[hour], in_use)


def most_of(calls: Iterable[Call]) -> int:
    """Channels in use at once."""
    moments = sorted([(call.at, 1) for call in calls] + [(call.until, -1) for call in calls])
    most = live = 0
    for _, change in moments:
        live += change
        most = max(most, live)
    return most


def share(part: float, whole: float) -> float:
    """A part of a whole; 0 of nothing."""
    return part / whole if whole else 0.0


def seconds(call: Call) -> float:
    """For which it took a channel."""
    return (call.until - call.at).total_seconds()
