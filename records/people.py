"""What is known of customers beyond their name and number, what happened to them, and the firm's own people.

People of the firm are known by their staff numbers; money is in yuan, shares are fractions of 1, days are
dates in Asia/Shanghai.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Facts:
    """What planning knows of a customer.

    Attributes:
        id: the customer's row.
        account: the number that the firm knows the customer by (资金账号); "" where it gave none.
        manager, introducer, opened_by, signed_by: staff numbers (a name where no number is known), "" for
            nobody; A1 keeps them off.
        assets, volume, commission, turnover: of the period that the firm ranks by (P3).
        core, dormant: as the firm marks them (P2).
        chosen: added to the key customers by hand (P3).
        adviser_since, adviser_until: first and last day of the adviser's contract; without a last day it is
            in force until it is ended (P6).
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
    adviser_until: date | None = None


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
class Staff:
    """One of the firm's people: A1 asks for their department, P12 for their post in the branch.

    `superior`: the number of whom they report to; whose customers they don't review either (A1).
    """

    number: str
    name: str
    branch: str = ""
    department: str = ""
    post: str = ""
    superior: str = ""
