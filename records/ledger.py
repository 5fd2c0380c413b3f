"""The call ledger: what no crash may break (D10).

    claim ──► permit_invite ──► the INVITE ──► record … renew ──► close
      │            │ False                                          │
      └────────────┴──► give_back (nothing was dialed)              └──► release, or the hold's end

    reap, reconcile: end what dead processes left behind

An attempt's row exists before its INVITE; the constraints in `records.schema` refuse what must never happen,
whoever writes. `docs/records.md` tells the life of a row.
"""

from __future__ import annotations

from collections.abc import Sequence

from records.changing_line import change_line
from records.choosing import history_of
from records.claims import PERMIT_MARGIN_S, claim, permit_invite
from records.closing import TRANSCRIBE, close, give_back, release, renew
from records.database import Database
from records.do_not_call import do_not_call
from records.events import events_of, write
from records.lines import pause_trunk, resume_trunk, tried, trunk_states, used_up
from records.model import LedgerEvent, PastAttempt
from records.reaping import HOLD_S, Decide, reap, reconcile, resting

__all__ = [
    "HOLD_S",
    "PERMIT_MARGIN_S",
    "TRANSCRIBE",
    "Decide",
    "change_line",
    "claim",
    "close",
    "do_not_call",
    "events_of",
    "give_back",
    "past",
    "pause_trunk",
    "permit_invite",
    "reap",
    "reconcile",
    "record",
    "release",
    "renew",
    "resting",
    "resume_trunk",
    "tried",
    "trunk_states",
    "used_up",
]


async def record(db: Database, attempt_id: int, events: Sequence[LedgerEvent]) -> None:
    """Add what happened in an attempt.

    Raises:
        StoreError: there is no such attempt (any more): it was given back.
    """
    await db.write(lambda connection: write(connection, attempt_id, *events))


async def past(db: Database, follow_up_id: int) -> tuple[PastAttempt, ...]:
    """All attempts of a follow-up in their order; an open one has no `ended_at`."""
    return await db.read(lambda connection: history_of(connection, follow_up_id))
