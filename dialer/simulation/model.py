"""What a simulated run is given and what it leaves, as values. Times are aware, in Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialer.disposition import Disposition
from records.model import Kind, Next, PastAttempt
from records.turns import Place

DO_NOT_CALL = "do_not_call"
"""How a follow-up is closed whose number is never to be called, as the ledger does (A4, D10)."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A follow-up as a plan hands it to the dialer.

    Attributes:
        number: whom it rings; several follow-ups may share one.
        kinds: what the call serves; several where they fall together (D7).
        duties: the profile's duties that asked for it, kind by kind; "" for none.
        place: its campaign's and its own (rank, deadline), by which its turn comes.
        from_: it is called from then on.
        deadline: of the plan; an attempt in time is made wherever one is possible.
        responsible: who answers for it (A1).
    """

    id: int
    customer_id: int
    number: str
    kinds: tuple[Kind, ...]
    duties: tuple[str, ...]
    place: Place
    from_: datetime
    deadline: datetime
    responsible: str = ""


@dataclass(slots=True)
class FollowUp:
    """One follow-up on its way: what it waits for, and what has been tried."""

    owed: Owed
    step: Next
    history: tuple[PastAttempt, ...] = ()
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the far end saw it, and what was agreed in it.

    Attributes:
        agreed: the appointment that it keeps, None for an ordinary call (D6).
        wish: the time that the customer asked for in it, None for none.
        never: the customer wants no call any more (A4).
    """

    follow_up_id: int
    number: str
    at: datetime
    until: datetime
    disposition: Disposition
    rung: bool
    valid: bool
    answered: bool
    agreed: datetime | None = None
    wish: datetime | None = None
    never: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """All that happened between two moments: calls in the order of their beginnings."""

    start: datetime
    end: datetime
    follow_ups: tuple[FollowUp, ...]
    calls: tuple[Call, ...]
