"""What a far end knows of a call: the truth that a drill is judged by. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Moment(StrEnum):
    """What just happened to a call."""

    INVITED = "invited"
    RANG = "rang"
    ANSWERED = "answered"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class FarCall:
    """One call, by its Call-ID. Times are business time.

    Attributes:
        number: E.164, as it was dialed to.
        caller: user part of From: which of the drill's nodes calls.
        temper: how it was to be taken.
        at: its first INVITE came.
        until: the far leg's end; while it is up, the latest that it can end by itself.
        alerted: something came back that a phone may have rung for (D2).
        answered_at: the 200 left.
        over: it has ended.
    """

    number: str
    call_id: str
    caller: str
    temper: str
    at: datetime
    until: datetime
    alerted: bool = False
    answered_at: datetime | None = None
    over: bool = False
