"""Access to material (A5): asked for with a reason, allowed by another for some days, on record. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

USUAL_DAYS = 7
MOST_DAYS = 30
"""How long an approval lasts."""


class Use(StrEnum):
    """What is asked for."""

    RECORDING = "recording"
    """The sound alone."""
    EVIDENCE = "evidence"
    """All that is kept of the call."""
    REGULATOR = "regulator"
    """The same to be handed to a regulator, which is filed with compliance."""


class State(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    APPROVED = "approved"
    EXPIRED = "expired"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Approval:
    """A request, and what became of it.

    Attributes:
        customer: whose call it is; "" where the call is deleted meanwhile.
        branch: whose customer that is (C4).
        recipient: who will have it, where that is not whoever asks.
        words: of the custodian.
        filed_by, filed_at, reference: how a hand-over to a regulator is filed with compliance.
    """

    id: int
    call: int
    customer: str
    branch: str
    use: Use
    recipient: str
    why: str
    asked_by: str
    asked_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    granted: bool = False
    words: str = ""
    expires_at: datetime | None = None
    filed_by: str = ""
    filed_at: datetime | None = None
    reference: str = ""

    def state(self, now: datetime) -> State:
        """Where it stands at a moment."""
        if not self.decided_by:
            return State.ASKED
        if not self.granted:
            return State.REFUSED
        return State.APPROVED if self.expires_at and now < self.expires_at else State.EXPIRED

    @property
    def is_to_be_filed(self) -> bool:
        """Whether compliance has still to register a hand-over."""
        return self.use is Use.REGULATOR and self.granted and not self.filed_by


def unfit(use: Use, recipient: str, why: str) -> str:
    """What a request lacks; "" where nothing."""
    if not why.strip():
        return "has no reason"
    if use is Use.REGULATOR and not recipient.strip():
        return "names no regulator"
    return ""


def undecidable(one: Approval, by: str) -> str:
    """Why somebody may not decide it; "" where they may."""
    if one.decided_by:
        return f"{one.decided_by} has decided it"
    return "somebody else decides" if one.asked_by == by else ""


def unfilable(one: Approval, by: str) -> str:
    """Why somebody may not file it; "" where they may."""
    if not one.is_to_be_filed:
        return "there is nothing to file"
    return "somebody else files it" if one.asked_by == by else ""


def untakeable(one: Approval, by: str, now: datetime) -> str:
    """Why somebody may not take the material away now; "" where they may."""
    if one.asked_by != by:
        return "is not theirs"
    state = one.state(now)
    return "" if state is State.APPROVED else f"is {state.value}, not approved"
