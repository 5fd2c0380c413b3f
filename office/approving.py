"""Requests for material decided (A5): by somebody else, who has nothing to do with the customer (A1)."""

from __future__ import annotations

from base.errors import InputError
from office.place import Place
from plans.avoidance import involved, may_act
from records import approvals, facts, staff
from records.approval import Approval
from records.call_list import customer_of


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
    customer = await customer_of(place.database, call)
    if customer is None:
        return False
    known = (await facts.facts_of(place.database, [customer]))[customer]
    who = (await staff.known(place.database, [by]))[by]
    return not may_act(who, involved(known))
