"""When what is owed will be done with the present lines, and what it takes to be in time (P9). Pure.

Earliest last day first, worked day by worked day. A follow-up that is not answered is tried again, so that it
costs more than one attempt; a part is never reached and remains for other channels and persons (D2).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from base.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Rates:
    """What calls come to.

    Attributes:
        completes: the part of the attempts that completes its follow-up.
        attempts: at most so many of one follow-up (D2).
        attempt_s: seconds for which an attempt takes a channel, waiting and talking.
        hours: open on a worked day, in hours (D3).
    """

    completes: float
    attempts: int
    attempt_s: float
    hours: float

    @property
    def cost(self) -> float:
        """Attempts that a follow-up takes on average, completed or given up."""
        if self.completes <= 0:
            return float(self.attempts)
        return self.reached / self.completes

    @property
    def reached(self) -> float:
        """The part of the follow-ups that is completed in the end."""
        return 1.0 - (1.0 - self.completes) ** self.attempts

    @property
    def per_channel(self) -> float:
        """Follow-ups that one channel finishes on a worked day."""
        return self.hours * 3600 / (self.attempt_s * self.cost)


@dataclass(frozen=True, slots=True)
class Need:
    """So many follow-ups are to be done by a day."""

    due_by: date
    count: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of the needs.

    Attributes:
        done_on: the worked day on which the last one is finished; None: no channel, or nothing to do.
        late: follow-ups that are finished after their last day.
        channels: the fewest that finish in time what is not overdue yet, behind what is; None: a last day
            leaves no worked day.
        others: follow-ups that calls will not complete, for other channels and persons.
        completed: that they will.
    """

    done_on: date | None
    late: int
    channels: int | None
    others: int
    completed: int


def forecast(needs: Iterable[Need], channels: int, rates: Rates, today: date, calendar: Calendar) -> Forecast:
    """From today on, which counts as a whole day where it is worked."""
    queue = sorted(needs, key=lambda one: one.due_by)
    total = sum(one.count for one in queue)
    completed = round(total * rates.reached)
    days = [calendar.worked_after(today, 0)]
    finished = list(_finished(queue, channels * rates.per_channel, days, calendar)) if channels else []
    return Forecast(
        done_on=finished[-1] if finished else None,
        late=_late(queue, finished, channels * rates.per_channel, days) if channels else total,
        channels=_fewest(queue, rates, today, calendar),
        others=total - completed,
        completed=completed,
    )


def _finished(queue: Sequence[Need], per_day: float, days: list[date], calendar: Calendar) -> Iterator[date]:
    """The day on which each need is finished; `days` grows to all the worked days that it takes."""
    for so_far in accumulate(one.count for one in queue):
        while len(days) * per_day < so_far:
            days.append(calendar.worked_after(days[-1], 1))
        yield days[max(0, math.ceil(so_far / per_day) - 1)]


def _late(queue: Sequence[Need], finished: Sequence[date], per_day: float, days: Sequence[date]) -> int:
    """Of each need, those beyond what was finished by its last day."""
    late, before = 0, 0
    for one, on in zip(queue, finished, strict=True):
        if on > one.due_by:
            in_time = math.floor(per_day * sum(day <= one.due_by for day in days))
            late += min(one.count, max(0, before + one.count - in_time))
        before += one.count
    return late


def _fewest(queue: Sequence[Need], rates: Rates, today: date, calendar: Calendar) -> int | None:
    fewest = min(1, len(queue))
    sums = accumulate(one.count for one in queue)
    for one, so_far in zip(queue, sums, strict=True):
        if one.due_by < today:
            continue
        worked = _worked(today, one.due_by, calendar)
        if worked == 0:
            return None
        fewest = max(fewest, math.ceil(round(so_far / (worked * rates.per_channel), 9)))
    return fewest


def _worked(first: date, last: date, calendar: Calendar) -> int:
    """Worked days from one day to another, both included."""
    count, day = 0, calendar.worked_after(first, 0)
    while day <= last:
        count, day = count + 1, calendar.worked_after(day, 1)
    return count
