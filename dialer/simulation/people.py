"""A branch that does not exist: its customers and what happens to them, drawn by shares. Pure.

The same seed gives the same people. Nothing else about them changes meanwhile: assets, ranks, classes.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, count
from typing import Annotated, Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from base.calendar import Calendar, DayKind
from records.people import ClientKind, Event, EventKind, Facts, Source

Share = Annotated[float, Field(ge=0, le=1)]
T = TypeVar("T")
BRANCH = "营业部"
DIRECTOR = "O1"
"""The branch's director of operations."""
DEPARTMENT = "合规部"
"""Orders follow-ups (P7), and keeps away from them."""
_ADVISED = frozenset({EventKind.CHANGED, EventKind.ENDED})
"""Only customers with an adviser's contract have these."""
_YEARS_BEFORE = 10
"""Accounts were opened over so many years before the first day."""


class Spread(BaseModel):
    """A log-normal amount in yuan (turnover: times a year)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    median: float = Field(gt=0)
    spread: float = Field(ge=0, le=5)


class People(BaseModel):
    """What a branch's customers are like.

    Attributes:
        says: where the figures come from.
        sources: how they came: shares; the rest is ordinary.
        institutions, core, dormant, advised: shares of all customers.
        chosen: share added to the key customers by hand (P3).
        assets, turnover: of the period that the firm ranks by (P3); volume is assets times turnover.
        commission: share of the volume.
        provinces: shares; the rest is of no province that a duty names.
        shared_numbers: share of customers who have the number of another one.
        barred: share of numbers that are never to be called from the beginning (D10).
        managers: customers of one manager; each is called, opened or signed up by somebody (A1).
        opened_by_director: share of accounts that the director of operations opened, who then keeps away.
        events: by kind, how many in a year for each customer; of all customers, `signed` of those without an
            adviser, `changed` and `ended` of those with one.
        planned_after: worked days from an event to the morning from which its worksheet is approved (P8).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: str = ""
    sources: Mapping[Source, Share]
    institutions: Share
    core: Share
    dormant: Share
    advised: Share
    chosen: Share
    assets: Spread
    turnover: Spread
    commission: Share
    provinces: Mapping[str, Share]
    shared_numbers: Share
    barred: Share
    managers: int = Field(ge=1)
    opened_by_director: Share
    events: Mapping[EventKind, Annotated[float, Field(ge=0, le=20)]]
    planned_after: int = Field(ge=0, le=20)


@dataclass(frozen=True, slots=True)
class Population:
    """Customers with what happens to them between two days.

    Attributes:
        numbers: by customer's id.
        barred: numbers that are never to be called.
    """

    customers: tuple[Facts, ...]
    events: tuple[Event, ...]
    numbers: Mapping[int, str]
    barred: frozenset[str]


def populate(
    people: People, customers: int, first: date, last: date, calendar: Calendar, seed: int
) -> Population:
    """A branch that has so many customers on the first day, and what happens until the last one."""
    chance = np.random.default_rng((seed, 3))
    days = [day for day in _days(first, last) if DayKind.OFF not in calendar.day_of(day).kinds]
    years = ((last - first).days + 1) / 365.25
    opened = _opened(people, customers, years, days, first, chance)
    facts = tuple(_facts(people, opened, chance))
    happened = tuple(_events(people, facts, customers, days, years, chance))
    numbers = _numbers(people, len(facts), chance)
    each = tuple(dict.fromkeys(numbers))
    barred = chance.random(len(each)) < people.barred
    return Population(
        facts,
        happened,
        {one.id: number for one, number in zip(facts, numbers, strict=True)},
        frozenset(number for number, never in zip(each, barred.tolist(), strict=True) if never),
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _opened(
    people: People,
    customers: int,
    years: float,
    days: Sequence[date],
    first: date,
    chance: np.random.Generator,
) -> list[date]:
    """The day on which each account was opened: those that are there, then those that come."""
    ago = chance.integers(1, _YEARS_BEFORE * 365, customers).tolist()
    expected = people.events.get(EventKind.OPENED, 0.0) * customers * years
    new = sorted(chance.integers(0, len(days), chance.poisson(expected)).tolist()) if days else []
    return [first - timedelta(days=n) for n in ago] + [days[n] for n in new]


def _facts(people: People, opened: Sequence[date], chance: np.random.Generator) -> Iterator[Facts]:
    size = len(opened)
    assets, turnover = (_amounts(of, size, chance) for of in (people.assets, people.turnover))
    volume = assets * turnover
    columns: Iterator[tuple[Any, ...]] = zip(
        opened,
        _named(people.provinces, "", size, chance),
        _named({ClientKind.INSTITUTION: people.institutions}, ClientKind.PERSON, size, chance),
        _named(people.sources, Source.ORDINARY, size, chance),
        _managers(people, size, chance),
        _named({DIRECTOR: people.opened_by_director}, "", size, chance),
        _marked(people.advised, size, chance),
        assets.tolist(),
        volume.tolist(),
        (volume * people.commission).tolist(),
        turnover.tolist(),
        *(_marked(share, size, chance) for share in (people.core, people.dormant, people.chosen)),
        strict=True,
    )
    for id_, (on, province, client, source, manager, director, advised, *measured) in enumerate(columns, 1):
        people_of = (manager, "" if source is Source.ORDINARY else manager, director or manager, "")
        since = on if advised else None
        known: list[Any] = [on, None, province, client, source, *people_of, *measured, since]
        yield Facts(id_, f"{id_:08d}", BRANCH, *known)


def _events(
    people: People,
    customers: Sequence[Facts],
    old: int,
    days: Sequence[date],
    years: float,
    chance: np.random.Generator,
) -> Iterator[Event]:
    """By kind: accounts are opened by the new customers, all else happens to the old ones."""
    ids = count(1)
    for one in customers[old:]:
        yield Event(next(ids), one.id, EventKind.OPENED, one.opened_on or days[0])
    for kind, yearly in people.events.items():
        if kind is EventKind.OPENED or not days:
            continue
        whom = [one.id for one in customers[:old] if _may_have(kind, one)]
        happens = chance.poisson(yearly * len(whom) * years) if whom else 0
        chosen = chance.integers(0, max(len(whom), 1), happens).tolist()
        for customer, day in zip(chosen, chance.integers(0, len(days), happens).tolist(), strict=True):
            yield Event(next(ids), whom[customer], kind, days[day], by=_by(kind))


def _may_have(kind: EventKind, one: Facts) -> bool:
    if kind is EventKind.SIGNED:
        return one.adviser_since is None
    return one.adviser_since is not None if kind in _ADVISED else True


def _by(kind: EventKind) -> str:
    """Who ordered it: a department that is then interested (A1)."""
    return DEPARTMENT if kind is EventKind.ORDERED else ""


def _numbers(people: People, size: int, chance: np.random.Generator) -> list[str]:
    """The number of each customer; some have another's."""
    shares = (chance.random(size) < people.shared_numbers).tolist()
    others = chance.integers(0, size, size).tolist()
    owners = (
        other if shared else own for own, (shared, other) in enumerate(zip(shares, others, strict=True))
    )
    return [f"+86138{owner:08d}" for owner in owners]


def _managers(people: People, size: int, chance: np.random.Generator) -> list[str]:
    names = [f"E{n:04d}" for n in range(1, max(1, size // people.managers) + 1)]
    return [names[n] for n in chance.integers(0, len(names), size).tolist()]


def _amounts(spread: Spread, size: int, chance: np.random.Generator) -> npt.NDArray[np.float64]:
    return chance.lognormal(np.log(spread.median), spread.spread, size)


def _marked(share: float, size: int, chance: np.random.Generator) -> list[bool]:
    marked: list[bool] = (chance.random(size) < share).tolist()
    return marked


def _named(shares: Mapping[T, float], rest: T, size: int, chance: np.random.Generator) -> list[T]:
    """For each one of the names by their shares, or the rest."""
    until = list(accumulate(shares.values()))
    names = (*shares, rest)
    return [names[bisect(until, drawn)] for drawn in chance.random(size).tolist()]
