"""Whose turn it is among follow-ups that are due: the order that `records.choosing` keeps, as one key. Pure.

Appointments of all campaigns go first, then campaign by campaign: the smaller rank, the earlier deadline, the
older one. Within a campaign: the smaller rank, the earlier deadline, what was due first, the older (D6, P4).
The ledger keeps this order by index seeks; the key is for whoever has no ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from records.model import Kind

APPOINTMENT_RANK = 0
"""Appointments go before all else (D6)."""
ABNORMAL_RANK = 3
NORMAL_RANK = 5
"""Of what nobody put first or last."""

Turn: TypeAlias = tuple[bool, int, datetime, int, int, datetime, datetime, int]
"""The smallest goes first."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the turn of a follow-up depends on; a deadline that is not set is `columns.NO_DEADLINE`."""

    campaign_rank: int
    campaign_deadline: datetime
    campaign_id: int
    rank: int
    deadline: datetime
    id: int


def rank_of(kind: Kind) -> int:
    """Abnormal accounts go first (P4), then everybody else; smaller is sooner."""
    return ABNORMAL_RANK if kind is Kind.ABNORMAL else NORMAL_RANK


def turn_of(place: Place, due_at: datetime, *, appointment: bool) -> Turn:
    """The turn of a follow-up that waits for `due_at`, which may be a time agreed with the customer."""
    return (
        not appointment,
        place.campaign_rank,
        place.campaign_deadline,
        place.campaign_id,
        APPOINTMENT_RANK if appointment else place.rank,
        place.deadline,
        due_at,
        place.id,
    )
