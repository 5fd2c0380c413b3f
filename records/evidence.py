"""What the ledger says of every attempt, for whoever compares it with what the far end saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AttemptEvidence:
    """One attempt as kept. Times are business time.

    Attributes:
        rung: None while it is open.
        invited_at: its INVITE was permitted; None: it never was.
        recording: the stem of its tracks, "" for none.
        jobs: how many jobs it left.
    """

    id: int
    follow_up_id: int
    phone: str
    rung: bool | None
    invited_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    recording: str
    jobs: int
