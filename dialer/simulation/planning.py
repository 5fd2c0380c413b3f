"""From people to follow-ups, as a firm's planning does it: owed, shared out over the year, merged, approved.

What is owed, sampled, merged and by whom is said by `plans`. The periods' customers are spread over the
months of their period, as a yearly plan does it (P11), so that those of past months are done and those of
later ones are not due yet. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import blake2b

from base.clock import SHANGHAI, end_of
from dialer.profile import Profile
from dialer.simulation.model import Owed
from dialer.simulation.people import BRANCH, DIRECTOR, Population
from plans.avoidance import involved
from plans.owing import Branch, Rules, Sample, owe
from plans.periods import months_after
from plans.sheets import Draft, drafts
from records.people import Event, Staff
from records.planned import Executor, Obligation
from records.turns import NORMAL_RANK, Place, rank_of

OPENS = time(9)
"""When what was approved may be called, were its window open."""

HEADQUARTERS = (Staff("H1", "", "", "客服中心"), Staff("H2", "", "", "客服中心"))
STAFF: Mapping[Executor, tuple[Staff, ...]] = {
    Executor.OPERATIONS: (Staff(DIRECTOR, "", BRANCH, "营运"), Staff("O2", "", BRANCH, "营运")),
    Executor.MARKETING: (Staff("M1", "", BRANCH, "营销"), Staff("M2", "", BRANCH, "营销")),
    Executor.HEADQUARTERS: HEADQUARTERS,
}
"""Who may answer for a call, the first before the others (P12)."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a branch's plans come to.

    Attributes:
        follow_ups: to be called, by id from 0.
        settles: by follow-up, what it settles; each with the days between which it was planned.
        nobody: obligations whom nobody may call (A1).
        samples: of the pools that are sampled.
    """

    follow_ups: tuple[Owed, ...]
    settles: tuple[tuple[Obligation, ...], ...]
    nobody: tuple[Obligation, ...]
    samples: tuple[Sample, ...]


def plan(
    profile: Profile, population: Population, first: date, last: date, planned_after: int, seed: int
) -> Planned:
    """All that falls due between two days, as follow-ups.

    Args:
        planned_after: worked days from an event to the approval of its worksheet (P8).
        seed: of the samples, and of who is called in which month.
    """
    rules = Rules(
        *(profile.duties, profile.key_active, profile.classes, profile.calendar, profile.valid_from),
        tuple(profile.reserved.values()),
    )
    branch = Branch(BRANCH, population.customers, population.events)
    found = owe(branch, rules, first, last, partial(_hashed, seed))
    rounds: dict[date, list[Obligation]] = defaultdict(list)
    for one in found.obligations:
        planned, on = _planned(profile, one, planned_after, seed)
        if first <= planned.due_from <= last:
            rounds[max(on, first)].append(planned)
    kept_away = _kept_away(population)
    made = [
        (on, drafts({BRANCH: theirs}, profile.duties, profile.merge, kept_away, STAFF))
        for on, theirs in sorted(rounds.items())
    ]
    sheets = [(on, sheet) for on, round_ in made for sheet in round_.sheets]
    pairs = [pair for n, (on, sheet) in enumerate(sheets) for pair in _on_sheet(n, on, sheet)]
    follow_ups = tuple(
        _follow_up(n, campaign, owed, population.numbers) for n, (campaign, owed) in enumerate(pairs)
    )
    nobody = tuple(one for _, round_ in made for _, theirs in round_.nobody for one in theirs)
    return Planned(follow_ups, tuple(owed for _, owed in pairs), nobody, found.samples)


def _planned(profile: Profile, one: Obligation, planned_after: int, seed: int) -> tuple[Obligation, date]:
    """An obligation with the days of its plan, and the day from which it is called."""
    if profile.duties[one.duty].upon is not None:
        return one, profile.calendar.worked_after(one.due_from, planned_after)
    first, last = month_of(one, seed)
    return replace(one, due_from=first, due_by=last), first


def month_of(one: Obligation, seed: int) -> tuple[date, date]:
    """First and last day of the month in which a period's obligation is called (P11).

    One of the months that lie in its days as a whole, each as likely; its own days where there is none.
    """
    begin = one.due_from.replace(day=1)
    begin = begin if begin == one.due_from else months_after(begin, 1)
    months = 0
    while months_after(begin, months + 1) - _DAY <= one.due_by:
        months += 1
    if not months:
        return one.due_from, one.due_by
    chosen = months_after(begin, _hashed(seed, f"{one.customer_id}") % months)
    return chosen, months_after(chosen, 1) - _DAY


_DAY = timedelta(days=1)


def _hashed(seed: int, name: str) -> int:
    key = (seed % 2**63).to_bytes(8, "big")
    return int.from_bytes(blake2b(name.encode(), digest_size=7, key=key).digest(), "big")


def _kept_away(population: Population) -> dict[int, frozenset[str]]:
    """By customer: staff and departments that keep away, for the sake of any of their events (A1)."""
    events: dict[int, list[Event]] = defaultdict(list)
    for event in population.events:
        if event.by:
            events[event.customer_id].append(event)
    return {one.id: involved(one, events.get(one.id, ())) for one in population.customers}


@dataclass(frozen=True, slots=True)
class _Campaign:
    """What carries a worksheet out. `before`: the day that its turn depends on."""

    id: int
    on: date
    rank: int
    before: date
    responsible: str


def _on_sheet(n: int, on: date, sheet: Draft) -> Iterator[tuple[_Campaign, tuple[Obligation, ...]]]:
    """Each customer of a worksheet is one follow-up of its campaign.

    Its turn depends on the last day of what is on it, or on the day by which the first must begin (P6).
    """
    before = min(
        [max(one.due_by for one in sheet.owed), *(one.begin_by for one in sheet.owed if one.begin_by)]
    )
    campaign = _Campaign(n, on, rank_of(sheet.task.kind), before, sheet.responsible.number)
    people: dict[int, list[Obligation]] = defaultdict(list)
    for one in sheet.owed:
        people[one.customer_id].append(one)
    yield from ((campaign, tuple(owed)) for owed in people.values())


def _follow_up(n: int, campaign: _Campaign, owed: Sequence[Obligation], numbers: Mapping[int, str]) -> Owed:
    """Its last day is the soonest of what it settles, as `records.worksheets` has it."""
    customer, deadline = owed[0].customer_id, end_of(min(one.due_by for one in owed))
    return Owed(
        id=n,
        customer_id=customer,
        number=numbers[customer],
        kinds=tuple(dict.fromkeys(one.kind for one in owed)),
        duties=tuple(one.duty for one in owed),
        place=Place(campaign.rank, end_of(campaign.before), campaign.id, NORMAL_RANK, deadline, n),
        from_=datetime.combine(campaign.on, OPENS, SHANGHAI),
        deadline=deadline,
        responsible=campaign.responsible,
    )
