"""A branch on the virtual clock from beginning to end: people, plans, calls, figures. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from base.clock import SHANGHAI
from dialer.pacing import Pace
from dialer.profile import Profile
from dialer.simulation.far_end import FarEnd
from dialer.simulation.figures import Figures, figures
from dialer.simulation.model import Trace
from dialer.simulation.people import People, Population, populate
from dialer.simulation.planning import Planned, plan
from dialer.simulation.rates import Rates
from dialer.simulation.run import Progress, run
from plans.periods import months_after

TOLERANCE = 0.005
"""So much less of a kind may be settled in time than with channels in abundance."""


class Assumptions(BaseModel):
    """What is assumed of customers: config/simulation.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rates: Rates
    people: People


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything but the channels: the people, what is owed to them, and how they take calls."""

    profile: Profile
    first: date
    last: date
    population: Population
    planned: Planned
    far_end: FarEnd


@dataclass(frozen=True, slots=True)
class Played:
    """A run with so many channels, and what it came to."""

    ground: Ground
    pace: Pace
    trace: Trace
    figures: Figures


def prepare(
    profile: Profile, assumed: Assumptions, *, customers: int, first: date, months: int, seed: int
) -> Ground:
    """A branch with so many customers, from `first` on for so many months; the same for the same seed."""
    last = months_after(first, months) - timedelta(days=1)
    population = populate(assumed.people, customers, first, last, profile.calendar, seed)
    planned = plan(profile, population, first, last, assumed.people.planned_after, seed)
    far_end = FarEnd(profile, assumed.rates, planned.follow_ups, seed)
    return Ground(profile, first, last, population, planned, far_end)


def play(ground: Ground, pace: Pace, progress: Progress | None = None) -> Played:
    """Call what is owed with so many channels."""
    trace = run(
        ground.profile,
        pace,
        ground.planned.follow_ups,
        ground.far_end,
        start=_midnight(ground.first),
        end=_midnight(ground.last + timedelta(days=1)),
        barred=ground.population.barred,
        progress=progress,
    )
    return Played(ground, pace, trace, figures(ground.profile, pace.channels, ground.planned, trace))


def least_channels(of: Callable[[int], Figures], ample: int) -> list[Figures]:
    """Runs with ever better chosen numbers of channels; the last one has the least that do (P9).

    They do when of each kind as much is settled in time as with channels in abundance. What those do not
    settle in time either is no matter of channels: who wants to be called next week is called next week.

    Args:
        of: the figures with so many channels.
        ample: channels in abundance.
    """
    best = of(ample)
    tried: dict[int, Figures] = {}
    low, high = 0, 1
    while not _does(high, of, best, tried) and high < best.most:
        low, high = high, min(2 * high, best.most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _does(middle, of, best, tried) else (middle, high)
    return [*(one for channels, one in sorted(tried.items()) if channels != high), tried[high]]


def _does(channels: int, of: Callable[[int], Figures], ample: Figures, tried: dict[int, Figures]) -> bool:
    tried[channels] = of(channels)
    return is_enough(tried[channels], ample)


def is_enough(some: Figures, ample: Figures) -> bool:
    """Whether of each kind as much is settled in time, and begun in time, as with channels in abundance."""
    return all(
        one.in_time_share >= other.in_time_share - TOLERANCE
        and one.begun_late <= other.begun_late + TOLERANCE * one.to_begin
        for one, other in zip(some.kinds, ample.kinds, strict=True)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
