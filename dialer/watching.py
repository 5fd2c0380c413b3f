"""What a live view sees of a call: one frozen snapshot per change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from base.clock import Clock
from records.model import Claim


class Stage(StrEnum):
    """How far a call is."""

    CLAIMED = "claimed"
    DIALING = "dialing"
    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CallEvent:
    """A call as it is now.

    Attributes:
        at: business time of the change.
        n: which attempt of the follow-up.
        node, saying: the script's node and the words being said.
        heard: the customer's last words or key.
        disposition: how the attempt ended; "" before.
        closed: the follow-up is closed with `outcome`; else it is due again at `next_due`.
    """

    at: datetime
    attempt_id: int
    campaign_id: int
    campaign: str
    customer_id: int
    customer: str
    phone: str
    n: int
    stage: Stage = Stage.CLAIMED
    node: str = ""
    saying: str = ""
    heard: str = ""
    disposition: str = ""
    outcome: str = ""
    closed: bool = False
    next_due: datetime | None = None


class Observer(Protocol):
    """A live view. Called in the event loop: it must return at once."""

    def on(self, event: CallEvent) -> None:
        """Something changed."""
        ...


class Unobserved:
    """Nobody looks."""

    def on(self, event: CallEvent) -> None:
        """Drop it."""


@dataclass(frozen=True, slots=True)
class Both:
    """Two look at the same."""

    first: Observer
    second: Observer

    def on(self, event: CallEvent) -> None:
        """Tell both."""
        self.first.on(event)
        self.second.on(event)


class Watch:
    """One call's snapshot, kept up to date for an observer."""

    def __init__(self, claim: Claim, observer: Observer, clock: Clock) -> None:
        self._observer = observer
        self._clock = clock
        self._event = CallEvent(
            at=clock.now(),
            attempt_id=claim.attempt_id,
            campaign_id=claim.campaign.id,
            campaign=claim.campaign.name,
            customer_id=claim.customer.id,
            customer=claim.customer.name,
            phone=claim.customer.phone,
            n=claim.n,
        )

    def tell(self, **changes: Any) -> None:
        """Change fields of the snapshot and show it."""
        self._event = replace(self._event, at=self._clock.now(), **changes)
        self._observer.on(self._event)
