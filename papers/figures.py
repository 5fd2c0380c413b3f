"""What reports count: follow-ups with what came of them, by branch, kind, person, way and month. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from papers.paper import Bar, Chart

RATED = {"very_satisfied": "非常满意", "satisfied": "满意", "fair": "一般", "dissatisfied": "不满意"}
"""Levels of satisfaction, the best first (S4)."""
POINTS = {"very_satisfied": 100, "satisfied": 80, "fair": 60, "dissatisfied": 0}
"""Of a rating, where an average is asked for (Q10)."""


def share(part: int, whole: int) -> str:
    """A percentage; "—" of nothing."""
    return f"{part / whole:.1%}" if whole else "—"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a call brought up: a lead (F7), or a note for people.

    Attributes:
        category: as people name it. lead: found by the machine: people judge it (F7).
        grade: what they found of the call, as GRADES names it; "" before that (Q1).
        words: what was said, with the second of the recording before it.
        done: somebody has dealt with it.
    """

    category: str
    call: int
    words: str = ""
    lead: bool = False
    done: bool = False
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One follow-up of a customer, with what came of it.

    Attributes:
        id: of the follow-up; call: its last call, 0 for none.
        person: who answers for it (A1): a name or staff number.
        due_by: the last day; None where there is none.
        called_on: the day of the first call. reached: the owner was on the line.
        completed: validly: the owner, the mandatory questions (P9).
        informed: by notice instead, counted apart (A4).
        customer_id, occasion: whom it is about (0: nobody that is kept), and for what they were called (A1).
        result: as people name it. ratings: of satisfaction, see RATED.
    """

    id: int
    call: int
    customer: str
    account: str
    phone: str
    branch: str
    manager: str
    person: str
    kind: str
    campaign: str
    due_by: date | None = None
    called_on: date | None = None
    closed_on: date | None = None
    reached: bool = False
    completed: bool = False
    informed: bool = False
    result: str = ""
    way: str = "电话"
    recording: str = ""
    problems: tuple[Problem, ...] = ()
    ratings: tuple[str, ...] = ()
    customer_id: int = 0
    occasion: str = ""

    @property
    def day(self) -> date | None:
        """The day by which it belongs into a report: its last, else that of its end, else its first call."""
        return self.due_by or self.closed_on or self.called_on


Key: TypeAlias = Callable[[Outcome], str]
"""What outcomes are grouped by."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Follow-ups counted. `overdue`: neither completed nor informed when their last day was over."""

    due: int = 0
    called: int = 0
    reached: int = 0
    completed: int = 0
    informed: int = 0
    overdue: int = 0

    @property
    def ratio(self) -> float:
        """Completed of those due; 1 where nothing is due."""
        return self.completed / self.due if self.due else 1.0

    def cells(self) -> tuple[str, ...]:
        """As columns of a table: COLUMNS."""
        numbers = (self.due, self.called, self.reached, self.completed, self.informed, self.overdue)
        return (*map(str, numbers), share(self.completed, self.due))


COLUMNS = ("应回访", "已拨打", "接通本人", "有效完成", "通知告知", "超期", "完成比例")


def within(outcomes: Iterable[Outcome], first: date, last: date) -> list[Outcome]:
    """Those that a report from one day to another speaks of."""
    return [one for one in outcomes if one.day is not None and first <= one.day <= last]


def counted(outcomes: Iterable[Outcome], today: date) -> Counts:
    """How many there are, and how far they are."""
    listed = list(outcomes)
    open_ = (one for one in listed if not one.completed and not one.informed)
    return Counts(
        due=len(listed),
        called=sum(one.called_on is not None for one in listed),
        reached=sum(one.reached for one in listed),
        completed=sum(one.completed for one in listed),
        informed=sum(one.informed for one in listed),
        overdue=sum(one.due_by is not None and one.due_by < today for one in open_),
    )


def as_of(made_on: date, last: date) -> date:
    """The day by which a report tells what is overdue: when it was made, else the day behind its period."""
    return min(made_on, last + timedelta(days=1))


def grouped(outcomes: Iterable[Outcome], key: Key) -> dict[str, list[Outcome]]:
    """By what the key says of them, in its order."""
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault(key(one), []).append(one)
    return dict(sorted(groups.items()))


def problems(outcomes: Iterable[Outcome]) -> dict[str, list[tuple[Outcome, Problem]]]:
    """Problems with whose they are, by category, the most frequent first."""
    found: dict[str, list[tuple[Outcome, Problem]]] = {}
    for one in outcomes:
        for problem in one.problems:
            found.setdefault(problem.category, []).append((one, problem))
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def ratings(outcomes: Iterable[Outcome]) -> Counter[str]:
    """How often each level of satisfaction was named."""
    return Counter(rating for one in outcomes for rating in one.ratings)


def average(counts: Counter[str]) -> float | None:
    """Points of all ratings on the average; None where nobody rated (Q10)."""
    rated = sum(counts[level] for level in POINTS)
    return sum(POINTS[level] * counts[level] for level in POINTS) / rated if rated else None


def ratios(heading: str, groups: dict[str, Counts], wanted: float | None = None) -> Chart:
    """A chart of completed ratios."""
    bars = (
        Bar(name, one.ratio, f"{one.ratio:.1%}（{one.completed}/{one.due}）") for name, one in groups.items()
    )
    return Chart(heading, tuple(bars), wanted, ratios=True)


def numbers(heading: str, counts: Sequence[tuple[str, int]]) -> Chart:
    """A chart of counts."""
    return Chart(heading, tuple(Bar(name, value, str(value)) for name, value in counts))
