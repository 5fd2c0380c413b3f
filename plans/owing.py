"""From a profile's duties and what is known of a branch to the follow-ups that are owed (P1-P7, P13). Pure.

Computed again, the same follow: an obligation is known by its customer, duty and occasion, and what is kept
stays kept. Samples are topped up where a pool has grown, never drawn anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from base.calendar import Calendar
from plans.classes import class_of
from plans.duties import Duty, Reserved, Who
from plans.periods import Span, last_day, own_spans, spans
from plans.ranking import key_active
from plans.sampling import Draw, Member, draw
from plans.sections import Classes, KeyActive
from plans.selecting import Test, test_of
from records.model import Kind
from records.people import Event, EventKind, Facts
from records.planned import Executor, Obligation

Key = tuple[int, str, str]
"""Customer, duty, occasion: which obligation it is."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What of a profile says who is owed what.

    Attributes:
        since: nothing is owed for what was before that day.
        reserved: who answers for some customers, whatever a duty says (P12); the first that holds.
    """

    duties: Mapping[str, Duty]
    key_active: KeyActive
    classes: Classes
    calendar: Calendar
    since: date
    reserved: Sequence[Reserved] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch's customers with what happened to them, and what is kept of its obligations.

    Attributes:
        seeds: of the pools that a sample was drawn from before.
    """

    name: str
    customers: Sequence[Facts]
    events: Sequence[Event] = ()
    kept: Collection[Key] = frozenset()
    seeds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn of a pool; it tells how many its share is counted of."""

    pool: str
    seed: int
    strata: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What follows for one branch: the obligations that are not kept yet, and every sample as it is now."""

    obligations: tuple[Obligation, ...]
    samples: tuple[Sample, ...]


def owe(branch: Branch, rules: Rules, today: date, until: date, seed: Callable[[str], int]) -> Owed:
    """What is owed to the customers of a branch.

    Args:
        branch: all its customers: rankings are of the whole branch (P3).
        rules: of the firm's profile.
        today: periods that are over are not begun any more.
        until: periods that begin by that day, and events by that day.
        seed: for the pool of this name, where none is kept.
    """
    look = _Look(branch, rules, today, until)
    obligations: list[Obligation] = []
    samples: list[Sample] = []
    for name, duty in rules.duties.items():
        due: Iterable[Obligation] = look.due(name, duty)
        if duty.share < 1:
            due, drawn = look.sampled(due, duty, seed)
            samples += drawn
        obligations += (one for one in due if key_of(one) not in branch.kept)
    return Owed(tuple(obligations), tuple(samples))


def key_of(one: Obligation) -> Key:
    """Which obligation it is."""
    return one.customer_id, one.duty, one.occasion


class _Look:
    """A branch seen by the rules of a profile, between two days."""

    def __init__(self, branch: Branch, rules: Rules, today: date, until: date) -> None:
        self._branch, self._rules = branch, rules
        self._first, self._until, self._today = max(today, rules.since), until, today
        self._people = {one.id: one for one in branch.customers}
        self._key = key_active(branch.customers, rules.key_active)
        self._reserved = [(self._test(one.who), one.executor) for one in rules.reserved]
        self._events: dict[EventKind, list[Event]] = defaultdict(list)
        for event in branch.events:
            self._events[event.kind].append(event)

    def due(self, name: str, duty: Duty) -> Iterator[Obligation]:
        """All that the duty concerns, before anything is sampled."""
        concerns = self._test(duty.who)
        if duty.upon is not None:
            return self._upon(name, duty, concerns)
        return (
            self._of_calendar(name, duty, concerns) if duty.since is None else self._own(name, duty, concerns)
        )

    def sampled(
        self, due: Iterable[Obligation], duty: Duty, seed: Callable[[str], int]
    ) -> tuple[list[Obligation], list[Sample]]:
        """Those of each pool that the sample takes, and the samples."""
        pools: dict[str, list[Obligation]] = defaultdict(list)
        for one in due:
            pools[one.pool].append(one)
        chosen: list[Obligation] = []
        samples: list[Sample] = []
        for pool, members in pools.items():
            known = self._branch.seeds.get(pool)
            drawn = Sample(pool, seed(pool) if known is None else known, ())
            strata = draw(map(partial(self._member, duty), members), duty.share, drawn.seed)
            taken = frozenset().union(*(one.drawn for one in strata))
            chosen += (self._marked(one, duty) for one in members if _place(one) in taken)
            samples.append(replace(drawn, strata=tuple(strata)))
        return chosen, samples

    def _upon(self, name: str, duty: Duty, concerns: Test) -> Iterator[Obligation]:
        for event in self._events[duty.upon] if duty.upon else ():
            one = self._people.get(event.customer_id)
            if one is None or not self._rules.since <= event.on <= self._until or not concerns(one):
                continue
            by = event.by_on or self._last(duty, event.on)
            pool = f"{name} {self._branch.name} {event.on:%Y-%m}"
            yield self._obligation(one, name, duty, f"event {event.id}", event.on, by, pool)

    def _of_calendar(self, name: str, duty: Duty, concerns: Test) -> Iterator[Obligation]:
        if duty.each is None:
            return
        concerned = [one for one in self._branch.customers if concerns(one)]
        for span in spans(duty.each, self._first, self._until):
            pool = f"{name} {self._branch.name} {span.name}"
            by = self._within(duty, span)
            for one in concerned:
                if _was_there(one, duty, span):
                    yield self._obligation(one, name, duty, span.name, span.first, by, pool)

    def _own(self, name: str, duty: Duty, concerns: Test) -> Iterator[Obligation]:
        """Periods that run from the customer's own day (P6)."""
        if duty.each is None:
            return
        begun, ends = self._begun(duty), _ends_of(duty)
        for one in filter(concerns, self._branch.customers):
            since = begun(one)
            for span in own_spans(duty.each, since, self._first, self._until) if since else ():
                if all(_still(last, span) for last in ends(one)):
                    pool = f"{name} {self._branch.name} {span.first.year}"
                    yield self._obligation(
                        one, name, duty, span.name, span.first, self._within(duty, span), pool
                    )

    def _begun(self, duty: Duty) -> Callable[[Facts], date | None]:
        if duty.since is EventKind.SIGNED:
            return lambda one: one.adviser_since
        if duty.since is EventKind.OPENED:
            return lambda one: one.opened_on
        last = {event.customer_id: event.on for event in sorted(self._events_since(duty), key=_day)}
        return lambda one: last.get(one.id)

    def _events_since(self, duty: Duty) -> Sequence[Event]:
        return self._events[duty.since] if duty.since else ()

    def _obligation(
        self, one: Facts, name: str, duty: Duty, occasion: str, first: date, by: date, pool: str
    ) -> Obligation:
        begin = duty.begin_within
        begin_by = last_day(begin, first, self._rules.calendar) if begin else None
        return Obligation(
            customer_id=one.id,
            duty=name,
            kind=duty.kind,
            occasion=occasion,
            due_from=first,
            due_by=by,
            begin_by=begin_by,
            pool=pool,
            share=duty.share,
            executor=self._executor(one, duty),
            rule=duty.rule,
        )

    def _executor(self, one: Facts, duty: Duty) -> Executor:
        return next((executor for holds, executor in self._reserved if holds(one)), duty.executor)

    def _test(self, who: Who) -> Test:
        return test_of(who, self._today, self._key.active, self._class)

    def _last(self, duty: Duty, day: date) -> date:
        return last_day(duty.within, day, self._rules.calendar) if duty.within else day

    def _within(self, duty: Duty, span: Span) -> date:
        return min(span.last, self._last(duty, span.first)) if duty.within else span.last

    def _member(self, duty: Duty, one: Obligation) -> Member:
        return Member(
            key=_place(one),
            stratum=self._class(self._people[one.customer_id]),
            must=self._must(one, duty),
            kept=key_of(one) in self._branch.kept,
            late=one.due_by < self._today,
        )

    def _must(self, one: Obligation, duty: Duty) -> bool:
        """Headquarters' check goes by chance: it comes on top of what branches must call (P5)."""
        return not duty.besides and one.customer_id in self._key.demanded

    def _marked(self, one: Obligation, duty: Duty) -> Obligation:
        return replace(one, must=True) if self._must(one, duty) else one

    def _class(self, one: Facts) -> str:
        return class_of(one.assets, one.turnover, self._rules.classes)


def _ends_of(duty: Duty) -> Callable[[Facts], tuple[date | None, ...]]:
    """The last days of what a customer's own periods hang on."""
    if duty.since is EventKind.SIGNED:
        return lambda one: (one.closed_on, one.adviser_until)
    if duty.since is EventKind.MOVED:
        return lambda _: ()  # former customers: their accounts are closed (P13)
    return lambda one: (one.closed_on,)


def _still(last: date | None, span: Span) -> bool:
    """Whether what has this last day still was when the period began."""
    return last is None or last >= span.first


def _was_there(one: Facts, duty: Duty, span: Span) -> bool:
    """Whether a customer belongs to a period; in the first, the new account's follow-up stands for it."""
    if not _still(one.closed_on, span):
        return False
    if one.opened_on is None:
        return True
    return one.opened_on < span.first if duty.kind is Kind.PERIODIC else one.opened_on <= span.last


def _place(one: Obligation) -> str:
    """Its key within its pool."""
    return f"{one.customer_id} {one.occasion}"


def _day(event: Event) -> date:
    return event.on
