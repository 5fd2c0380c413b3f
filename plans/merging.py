"""Kinds that fall together for one customer and one executor are done in one call (D7). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from plans.sections import Merge, Together
from records.model import Kind
from records.planned import Executor, Obligation


@dataclass(frozen=True, slots=True)
class OneCall:
    """What one call to a customer settles.

    Attributes:
        kinds: that it carries, in the order of the profile.
        script: of a call that carries several; "" where the kind has its own.
    """

    customer_id: int
    executor: Executor
    kinds: tuple[Kind, ...]
    script: str
    obligations: tuple[Obligation, ...]


def merged(owed: Iterable[Obligation], merge: Merge) -> list[OneCall]:
    """The calls that settle what is owed, to any customers."""
    people: dict[tuple[int, Executor], dict[Kind, list[Obligation]]] = defaultdict(lambda: defaultdict(list))
    for one in owed:
        people[one.customer_id, one.executor][one.kind].append(one)
    widest = sorted(merge.together, key=lambda one: -len(one.kinds))
    apart = timedelta(days=merge.apart_days)
    return [
        OneCall(customer, executor, kinds, script, tuple(one for kind in kinds for one in by_kind[kind]))
        for (customer, executor), by_kind in people.items()
        for kinds, script in _parted(by_kind, widest, apart)
    ]


def _parted(
    by_kind: Mapping[Kind, list[Obligation]], widest: Iterable[Together], apart: timedelta
) -> Iterator[tuple[tuple[Kind, ...], str]]:
    """The calls to one customer: those that carry the most kinds first."""
    left = {kind: min(one.due_by for one in theirs) for kind, theirs in by_kind.items()}
    for together in widest:
        if _fall_together(left, together.kinds, apart):
            yield together.kinds, together.script
            left = {kind: by for kind, by in left.items() if kind not in together.kinds}
    yield from (((kind,), "") for kind in left)


def _fall_together(left: Mapping[Kind, date], kinds: tuple[Kind, ...], apart: timedelta) -> bool:
    if not left.keys() >= set(kinds):
        return False
    days = [left[kind] for kind in kinds]
    return max(days) - min(days) <= apart
