"""Requests for material decided (A5): by somebody else, who has nothing to do with the customer (A1)."""

from __future__ import annotations

from base.errors import InputError
from office.desk import keeps_away
from office.place import Place
from records import approvals, case_calls
from records.approval import Approval


async def decide(place: Place, id_: int, days: int, words: str, by: str) -> Approval:
    """Allow it for some days; 0 refuses.

    Raises:
        InputError: there is none, it was decided, or whoever decides asked for it or is involved.
    """
    asked = await approvals.get(place.database, id_)
    if await _is_involved(place, asked.call, by):
        remedy = "somebody else decides"
        raise InputError("introduced the customer, or serves them (A1)", where=by, remedy=remedy)
    return await approvals.decide(place.database, id_, days, words, by, place.now())


async def _is_involved(place: Place, call: int, by: str) -> bool:
    theirs = await case_calls.whose(place.database, call)
    return theirs is not None and await keeps_away(place, theirs.customer_id, theirs.follow_up_id, by)
