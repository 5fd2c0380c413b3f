"""From people to follow-ups, as a firm's planning does it: owed, shared out over the year, merged, approved.

What is owed, sampled, merged and by whom is said by `plans`. The periods' customers are spread over the
months of their period, as a yearly plan does it (P11), so that those of past months are done and those of
later ones are not due yet. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import blake2b

from base.clock import SHANGHAI
from dialer.profile import Profile
from dialer.simulation.model import Owed
from dialer.simulation.people import BRANCH, DEPARTMENT, DIRECTOR, Population
from plans.avoidance import involved, share_out
from plans.merging import OneCall, merged
from plans.model import Executor, Obligation
from plans.owing import Branch, Rules, Sample, owe
from plans.periods import months_after
from records.model import Kind
from records.people import Staff
from records.turns import NORMAL_RANK, Place, rank_of

OPENS = time(9)
"""When what was approved may be called, were its window open."""
LAST = time(23, 59, 59)

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


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet: calls that begin together, end together, and are one person's to answer for (P8, W1)."""

    on: date
    due_by: date
    kinds: tuple[Kind, ...]
    executor: Executor
    responsible: str


def plan(
    profile: Profile, population: Population, first: date, last: date, planned_after: int, seed: int
) -> Planned:
    """All that falls due between two days, as follow-ups.

    Args:
        planned_after: worked days from an event to the approval of its worksheet (P8).
        seed: of the samples, and of who is called in which month.
    """
    rules = Rules(profile.duties, profile.key_active, profile.classes, profile.calendar, profile.valid_from)
    branch = Branch(BRANCH, population.customers, population.events)
    found = owe(branch, rules, first, last, partial(_hashed, seed))
    rounds: dict[date, list[Obligation]] = defaultdict(list)
    for one in found.obligations:
        planned, on = _planned(profile, one, planned_after, seed)
        if first <= planned.due_from <= last:
            rounds[max(on, first)].append(planned)
    sheets = _sheets(profile, population, rounds)
    nobody = tuple(one for sheet, calls in sheets for call in calls if not sheet.responsible
                   for one in call.obligations)  # fmt: skip
    able = [(sheet, call) for sheet, calls in sheets if sheet.responsible for call in calls]
    numbers = {sheet: n for n, (sheet, _) in enumerate(sheets)}
    follow_ups = tuple(
        _follow_up(n, sheet, numbers[sheet], call, population.numbers) for n, (sheet, call) in enumerate(able)
    )
    return Planned(follow_ups, tuple(call.obligations for _, call in able), nobody, found.samples)


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


def _sheets(
    profile: Profile, population: Population, rounds: Mapping[date, Sequence[Obligation]]
) -> list[tuple[_Sheet, list[OneCall]]]:
    """Worksheets by the day from which they are called, with the calls that are on them (D7, A1)."""
    kept_away = _kept_away(population)
    sheets: dict[_Sheet, list[OneCall]] = defaultdict(list)
    for on in sorted(rounds):
        for call in merged(rounds[on], profile.merge):
            due_by = min(one.due_by for one in call.obligations)
            who = _responsible(call, kept_away[call.customer_id])
            sheets[_Sheet(on, due_by, call.kinds, call.executor, who)].append(call)
    return list(sheets.items())


def _kept_away(population: Population) -> dict[int, frozenset[str]]:
    """By customer: staff and departments that keep away, for the sake of any of their events."""
    ordered = defaultdict(list)
    for event in population.events:
        if event.by == DEPARTMENT:
            ordered[event.customer_id].append(event)
    return {one.id: involved(one, ordered.get(one.id, ())) for one in population.customers}


def _responsible(call: OneCall, kept_away: frozenset[str]) -> str:
    shared = share_out({call.customer_id: kept_away}, STAFF[call.executor], HEADQUARTERS)
    who = next(iter(shared))
    return who.number if who is not None else ""


def _follow_up(n: int, sheet: _Sheet, campaign: int, call: OneCall, numbers: Mapping[int, str]) -> Owed:
    deadline = _at(sheet.due_by, LAST)
    rank = min(rank_of(kind) for kind in call.kinds)
    return Owed(
        id=n,
        customer_id=call.customer_id,
        number=numbers[call.customer_id],
        kinds=call.kinds,
        duties=tuple(one.duty for one in call.obligations),
        place=Place(rank, deadline, campaign, NORMAL_RANK, deadline, n),
        from_=_at(sheet.on, OPENS),
        deadline=deadline,
        responsible=sheet.responsible,
    )


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=SHANGHAI)
