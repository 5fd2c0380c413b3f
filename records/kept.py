"""What retention goes by: one thing that is kept, and what it is held with (R3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from records.holds import Object


class Filed(StrEnum):
    """What is kept besides calls and recordings; it is held with its customers, and with its campaign."""

    MESSAGE = "message"
    WORKSHEET = "worksheet"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Kept:
    """A call, a call that came in, a recording made elsewhere; a message, a worksheet, a paper in the books.

    Attributes:
        id: a number of the ledger's, or that a worksheet or a paper has.
        profile: that its campaign is called by; "" where it has no campaign.
        closed_on: when the customer's account was closed, of several the last; None while one is open.
        hangs_on: what it is held with.
        node: the machine that its files lie at; "" where that isn't kept.
        sound: stem of its tracks, or its file, relative to the data directory; "" where nothing was recorded.
    """

    kind: Object | Filed
    id: int | str
    made_at: datetime
    profile: str
    closed_on: date | None
    hangs_on: frozenset[tuple[Object, str]]
    node: str = ""
    sound: str = ""
