"""What is owed to customers and the worksheets that plan it, as frozen values; the rules for them: `plans`.

People are known by their staff numbers; shares are fractions of 1, days are dates in Asia/Shanghai.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from records.model import Kind


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
        submitted_by, approved_by, responsible: staff numbers; who approves is neither of the others (P8, A1),
            "" until then.
        why: it was rejected.
        campaign: that carries it out, by name; "" until it starts.
        script, profile: by which it calls.
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
    script: str = ""
    profile: str = ""


class Settled(StrEnum):
    """How an obligation came to its end otherwise than by a valid follow-up."""

    NOTICED = "noticed"
    """The customer was informed by notice instead (A4)."""
    WITHDRAWN = "withdrawn"
    """It is not owed any more, as when an order is withdrawn (P7)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn of one stratum of a pool; by `seed` it can be drawn again (P1, P5)."""

    pool: str
    stratum: str
    seed: int
    members: int
    required: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of one duty's pool (P9).

    Attributes:
        due: obligations, those of a sample where there is one; what was withdrawn does not count.
        called: an attempt left for them. reached: the owner was on the line.
        completed: by a valid follow-up: the owner, the mandatory questions, a whole recording.
        noticed: informed by notice instead (A4): met, and not a follow-up.
        overdue: neither of these when their last day was over.
        late: completed after it.
    """

    duty: str
    kind: str
    branch: str
    pool: str
    share: float
    due: int
    called: int = 0
    reached: int = 0
    completed: int = 0
    noticed: int = 0
    overdue: int = 0
    late: int = 0
