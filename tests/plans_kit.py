"""Builders of planning's values for tests, with plain defaults."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from base.calendar import OFFICIAL
from plans.duties import Duty
from plans.owing import Branch, Key, Owed, Rules, owe
from plans.sections import Classes, KeyActive
from records.model import Kind
from records.people import Event, EventKind, Facts
from records.planned import Executor, Obligation

TODAY = date(2026, 3, 4)
SEED = 20260304


def facts(n: int, **more: Any) -> Facts:
    """The n-th customer of a branch."""
    known: dict[str, Any] = {"id": n, "account": f"A{n}", "branch": "深圳", **more}
    return Facts(**known)


def event(n: int, customer: int, kind: EventKind, on: date, **more: Any) -> Event:
    """Something that happened to a customer."""
    return Event(n, customer, kind, on, **more)


def obligation(customer: int = 1, kind: Kind = Kind.PERIODIC, **more: Any) -> Obligation:
    """A follow-up that is owed."""
    known: dict[str, Any] = {
        "customer_id": customer,
        "duty": kind.value,
        "kind": kind,
        "occasion": "2026",
        "due_from": date(2026, 1, 1),
        "due_by": date(2026, 12, 31),
        "begin_by": None,
        "pool": f"{kind.value} 深圳 2026",
        "share": 1.0,
        "executor": Executor.OPERATIONS,
        "rule": "P2",
        **more,
    }
    return Obligation(**known)


def rules(since: date = date(2026, 1, 1), **duties: Duty) -> Rules:
    """A profile's rules of planning with these duties."""
    return Rules(duties, KeyActive(), Classes(), OFFICIAL, since)


def owed(
    customers: Sequence[Facts],
    duties: Rules,
    events: Sequence[Event] = (),
    *,
    kept: Collection[Key] = frozenset(),
    seeds: Mapping[str, int] | None = None,
    today: date = TODAY,
    until: date | None = None,
) -> Owed:
    """What is owed to one branch."""
    branch = Branch("深圳", customers, events, kept, seeds or {})
    return owe(branch, duties, today, until or today, lambda _: SEED)
