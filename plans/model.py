"""The words of planning as frozen values: what is known of a customer, what happened, what follows from it.

People are known by their staff numbers; money is in yuan, shares are fractions of 1, days are business days'
dates in Asia/Shanghai.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from records.model import Kind


class ClientKind(StrEnum):
    """A person, or an institution that is called through its authorised contacts."""

    PERSON = "person"
    INSTITUTION = "institution"


class Source(StrEnum):
    """How the customer came to the firm (P1-P3, P5)."""

    ORDINARY = "ordinary"
    BROKER = "broker"
    """Through one of the firm's brokers (经纪人)."""
    INTRODUCED = "introduced"
    """By an introducer (居间)."""


class EventKind(StrEnum):
    """What happens to a customer and may call for a follow-up (P1, P4, P6, P7, P13)."""

    OPENED = "opened"
    SIGNED = "signed"
    """An adviser's contract."""
    CHANGED = "changed"
    """Its commission, adviser or term."""
    ENDED = "ended"
    LARGE_CHANGE = "large_change"
    CLOSING = "closing"
    PASSWORD_RESET = "password_reset"
    NEW_BUSINESS = "new_business"
    AGENT_NAMED = "agent_named"
    AGREEMENT = "agreement"
    ABNORMAL = "abnormal"
    SETTLED = "settled"
    """A complaint."""
    ORDERED = "ordered"
    """By a department, which names the day and its questions."""
    MOVED = "moved"
    """To a local rival."""


class Executor(StrEnum):
    """Who answers for a follow-up (P12)."""

    HEADQUARTERS = "headquarters"
    OPERATIONS = "operations"
    """The branch's operations director: compliance kinds."""
    MARKETING = "marketing"
    """The branch's marketing director: service kinds, never compliance ones (A1)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What planning knows of a customer.

    Attributes:
        id: the customer's row.
        account: the number that the firm knows the customer by (资金账号); "" where it gave none.
        manager, introducer, opened_by, signed_by: staff numbers, "" for nobody; A1 keeps them off.
        assets, volume, commission, turnover: of the period that the firm ranks by (P3).
        core, dormant: as the firm marks them (P2).
        chosen: added to the key customers by hand (P3).
        adviser_since: first day of the adviser's contract in force (P6).
    """

    id: int
    account: str
    branch: str
    opened_on: date | None = None
    closed_on: date | None = None
    province: str = ""
    client: ClientKind = ClientKind.PERSON
    source: Source = Source.ORDINARY
    manager: str = ""
    introducer: str = ""
    opened_by: str = ""
    signed_by: str = ""
    assets: float = 0.0
    volume: float = 0.0
    commission: float = 0.0
    turnover: float = 0.0
    core: bool = False
    dormant: bool = False
    chosen: bool = False
    adviser_since: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a customer on a day.

    Attributes:
        by_on: the last day that whoever ordered it named (P7); None: the profile's own.
        by: who found or ordered it, a staff number or a department; their department is interested (A1).
    """

    id: int
    customer_id: int
    kind: EventKind
    on: date
    by_on: date | None = None
    by: str = ""
    words: str = ""


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
