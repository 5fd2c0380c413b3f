"""What is wrong with a profile's demands though each can be read: contradictions, the impossible. Pure.

Duties are tried on made-up customers of every sort that any of them tells apart: who meets which duty shows
what no customer meets, what concerns the same customers twice, and who is called less than others (P5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product
from typing import Any

from plans.classes import class_of
from plans.duties import Duty, Reserved, Who, Within
from plans.paperwork import Material, Report, Signing, Term, longest
from plans.periods import MONTHS
from plans.sections import Classes, Clock, ClockName
from plans.selecting import test_of
from records.model import Kind
from records.people import ClientKind, EventKind, Facts, Source
from records.planned import Executor

NOBODY = "no customer can be meant: what `who` asks for excludes itself"
LEAST_YEARS = {Material.RECORDINGS: 15, Material.RECORDS: 5}
"""R3."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where in a profile: ("duties", "new_account")."""

    place: tuple[str, ...]
    says: str


def of_duties(duties: Mapping[str, Duty], classes: Classes) -> Iterator[Problem]:
    """What is wrong with duties, one by one and together."""
    for name, duty in duties.items():
        yield from (Problem(("duties", name), says) for says in _of_duty(duty, classes))
    people = _People([duty.who for duty in duties.values()], classes)
    met = {name: people.concerned(duty.who) for name, duty in duties.items()}
    for name, concerned in met.items():
        if not concerned:
            yield Problem(("duties", name), NOBODY)
    yield from _twice(duties, met)
    yield from _less(duties, met, people)


def of_reserved(reserved: Mapping[str, Reserved], classes: Classes) -> Iterator[Problem]:
    """Customers who are reserved for an executor, but whom nobody can be among."""
    people = _People([one.who for one in reserved.values()], classes)
    for name, one in reserved.items():
        yield from (Problem(("reserved", name), says) for says in _unknown(one.who, classes))
        if not people.concerned(one.who):
            yield Problem(("reserved", name), NOBODY)


def of_reports(reports: Mapping[str, Report], clocks: Mapping[ClockName, Clock]) -> Iterator[Problem]:
    """Reports that wait for a clock that is not there."""
    for name, report in reports.items():
        if report.clock is not None and report.clock not in clocks:
            yield Problem(("reports", name), f"there is no clock `{report.clock}` in `clocks`")


def of_retention(terms: Mapping[str, Term]) -> Iterator[Problem]:
    """Material that is kept for less than R3 asks."""
    for material, least in LEAST_YEARS.items():
        years = longest(terms.values(), material).values()
        if max(years, default=0) < least:
            says = f"{material} are kept for {max(years, default=0)} years, not for {least} at least (R3)"
            yield Problem(("retention",), says)


def of_signatures(signings: Mapping[str, Signing]) -> Iterator[Problem]:
    """Chains in which somebody signs twice, and two chains for one form (R6)."""
    for name, one in signings.items():
        if len(set(one.chain)) < len(one.chain):
            yield Problem(("signatures", name), "nobody signs one form twice (R6)")
    for (first, one), (second, other) in combinations(signings.items(), 2):
        if _rival(one, other):
            yield Problem(("signatures", second), f"says who signs the same form as `{first}`")


def _rival(one: Signing, other: Signing) -> bool:
    """Whether neither goes before the other, and both fit one form."""
    return one.form is other.form and all(
        bool(mine) is bool(yours) and (not mine or set(mine) & set(yours))
        for mine, yours in ((one.kinds, other.kinds), (one.grades, other.grades))
    )


def _of_duty(duty: Duty, classes: Classes) -> Iterator[str]:
    """What is wrong with a duty by itself."""
    yield from _unknown(duty.who, classes)
    if duty.begin_within and duty.within and _least(duty.begin_within) > _most(duty.within):
        yield "`begin_within` ends after `within`"
    if duty.kind is Kind.CHECK and duty.executor is not Executor.HEADQUARTERS:
        yield "checks are headquarters' (P12)"
    if duty.since is EventKind.SIGNED and duty.who.adviser is False:
        yield "periods since the contract was signed, of customers without a contract"


def _unknown(who: Who, classes: Classes) -> Iterator[str]:
    unknown = [name for name in who.classes if name not in classes.names()]
    if unknown:
        yield f"there is no class {', '.join(unknown)} in `classes`"


def _least(term: Within) -> int:
    """Days that a term has at least."""
    return (term.worked_days or 0) + (term.days or 0) + 28 * (term.months or 0)


def _most(term: Within) -> int:
    """Days that a term has at most: between worked days lie ten free ones at the longest holiday."""
    worked = term.worked_days
    return (2 * worked + 10 if worked else 0) + (term.days or 0) + 31 * (term.months or 0)


def _twice(duties: Mapping[str, Duty], met: Mapping[str, frozenset[int]]) -> Iterator[Problem]:
    """Two duties of one kind that concern the same customers on the same occasion."""
    for (first, one), (second, other) in combinations(duties.items(), 2):
        besides = one.besides or other.besides
        if one.kind is other.kind and not besides and _same_occasion(one, other) and met[first] & met[second]:
            yield Problem(
                ("duties", second),
                f"concerns customers of whom `{first}` says something else: tell them apart by `who`, take"
                " one away with null, or write `besides: true`",
            )


def _same_occasion(one: Duty, other: Duty) -> bool:
    return (one.upon, one.since, one.each is None) == (other.upon, other.since, other.each is None)


def _less(
    duties: Mapping[str, Duty], met: Mapping[str, frozenset[int]], people: _People
) -> Iterator[Problem]:
    """Introduced customers who are called less than P1-P3 ask: every new one, others like their like."""
    for kind in (Kind.NEW_ACCOUNT, Kind.PERIODIC):
        names = [name for name, duty in duties.items() if duty.kind is kind and not duty.besides]
        for one, like in people.introduced() if names else ():
            asked = 1.0 if kind is Kind.NEW_ACCOUNT else _often(duties, met, names, like)
            called = _often(duties, met, names, one)
            if called < asked:
                yield Problem(_nearest(names, met, one), _short(kind, called, asked))
                break


def _often(
    duties: Mapping[str, Duty], met: Mapping[str, frozenset[int]], names: Iterable[str], one: int
) -> float:
    """How many times a year such a customer is called on the average; of events: each time."""
    return max((_rate(duties[name]) for name in names if one in met[name]), default=0.0)


def _rate(duty: Duty) -> float:
    return duty.share * (12 / MONTHS[duty.each] if duty.each else 1)


def _nearest(names: Sequence[str], met: Mapping[str, frozenset[int]], one: int) -> tuple[str, ...]:
    """The duty that is too small; else all of them."""
    return ("duties", next((name for name in names if one in met[name]), names[0]))


def _short(kind: Kind, called: float, asked: float) -> str:
    if kind is Kind.NEW_ACCOUNT:
        return f"of introduced customers {called:.0%} are called when they open an account, not all (P1, P5)"
    return f"introduced customers are called {called:g} times a year, others like them {asked:g} times (P5)"


class _People:
    """A made-up customer for each sort that some duty tells apart."""

    def __init__(self, every: Sequence[Who], classes: Classes) -> None:
        self._classes = classes
        self._all = tuple(_made_up(every, classes))
        self._key = frozenset(one.id for one in self._all if one.chosen)

    def concerned(self, who: Who) -> frozenset[int]:
        """Those for whom it holds, by id."""
        meets = test_of(
            who,
            date.min,  # they are of no time, and their contracts do not end
            self._key,
            lambda one: class_of(one.assets, one.turnover, self._classes),
        )
        return frozenset(one.id for one in self._all if meets(one))

    def introduced(self) -> Iterator[tuple[int, int]]:
        """Introduced customers, each with the ordinary one that is alike in all else; by id."""
        ordinary = {replace(one, id=0): one.id for one in self._all if one.source is Source.ORDINARY}
        for one in self._all:
            if one.source is Source.INTRODUCED:
                yield one.id, ordinary[replace(one, id=0, source=Source.ORDINARY)]


def _made_up(every: Sequence[Who], classes: Classes) -> Iterator[Facts]:
    """`chosen` stands for key and active. Only what some duty looks at is varied."""
    by_class = any(who.classes for who in every)
    sorts: Iterable[tuple[Any, ...]] = product(
        Source,
        ClientKind if any(who.clients for who in every) else [ClientKind.PERSON],
        _assets(every, classes if by_class else Classes()),
        [0.0, classes.turnover] if by_class else [0.0],
        ["", *sorted({name for who in every for name in (*who.provinces, *who.provinces_not)})],
        *(
            [False, True] if any(mark is not None for mark in marks) else [False]
            for marks in (
                [who.key_active for who in every],
                [who.core for who in every],
                [who.dormant for who in every],
                [who.adviser for who in every],
            )
        ),
    )
    for number, sort in enumerate(sorts, start=1):
        source, client, assets, turnover, province, key, core, dormant, adviser = sort
        yield Facts(
            id=number,
            account="",
            branch="",
            source=source,
            client=client,
            assets=assets,
            turnover=turnover,
            province=province,
            chosen=key,
            core=core,
            dormant=dormant,
            adviser_since=date.min if adviser else None,
        )


def _assets(every: Sequence[Who], classes: Classes) -> list[float]:
    """Amounts on both sides of each limit."""
    limits = {limit for who in every for limit in (who.assets_from, who.assets_below) if limit is not None}
    return sorted({0.0, *limits, *(step.assets_from for step in classes.steps)})
