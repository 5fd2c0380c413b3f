"""The words of planning as frozen values: what is known of a customer, what happened, what follows from it.

People are known by their staff numbers; money is in yuan, shares are fractions of 1, days are business days'
dates in Asia/Shanghai.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from records.model import Kind
from records.people import ClientKind as ClientKind
from records.people import Event as Event
from records.people import EventKind as EventKind
from records.people import Facts as Facts
from records.people import Source as Source


class Executor(StrEnum):
    """Who answers for a follow-up (P12)."""

    HEADQUARTERS = "headquarters"
    OPERATIONS = "operations"
    """The branch's operations director: compliance kinds."""
    MARKETING = "marketing"
    """The branch's marketing director: service kinds, never compliance ones (A1)."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A follow-up that is owed to one customer on one occasion.

    (customer_id, duty, occasion) says which: computing again gives the same.

    Attributes:
        duty: its key in the profile.
        occasion: "2026", "2026Q3", "2026-07": a period; "event 17": an event.
        due_from, due_by: first and last day.
        begin_by: the last day of the first call, where that is asked for (P6).
        pool: those of whom a share is due together: `share` of the pool's members have to be called.
        must: to be called whatever the sample (P3, P5).
    """

    customer_id: int
    duty: str
    kind: Kind
    occasion: str
    due_from: date
    due_by: date
    begin_by: date | None
    pool: str
    share: float
    executor: Executor
    rule: str
    must: bool = False


class SheetState(StrEnum):
    """A worksheet is written, submitted, approved by somebody else, and carried out (P8, W1)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A plan of follow-ups: 回访工作表 of a branch (W1), or headquarters' check (W2).

    Attributes:
        number: 编号, unique.
        branch: whose customers; "" for several, at headquarters.
        check: W2 instead of W1.
        type_: 回访类型 as the form names it.
        count, share: how many, and which part of those to be followed up.
        method: 电话, 电子邮件, 信函, 面访, 其他.
        submitted_by, approved_by, responsible: staff numbers; never one person (P8), "" until then.
        campaign: that carries it out, by name; "" until it starts.
    """

    number: str
    branch: str
    check: bool
    kind: Kind
    type_: str
    count: int
    share: float
    purpose: str
    content: str
    method: str
    starts_on: date
    ends_on: date
    responsible: str
    state: SheetState
    submitted_by: str = ""
    submitted_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    why: str = ""
    campaign: str = ""
