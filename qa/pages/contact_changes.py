"""Numbers and addresses that customers gave, asked of the business process: what it made of them (C3)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from base.errors import InputError
from office import desk as working
from qa.asking import one_of
from qa.filling import filled
from qa.guarding import console_of, user_of
from qa.showing import back_to, page
from records import contact_changes
from records.contact_changes import State

router = APIRouter(prefix="/desk/changes")


@router.get("")
async def listed(request: Request) -> Response:
    """Those that wait first."""
    return await _page(request)


@router.post("/{change}")
async def close(request: Request, change: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
    """Made, or declined and why; the customer's row comes with the next import."""
    console, user = console_of(request), user_of(request)
    form = await filled(request)
    try:
        state = one_of(State, form["state"])
        if state not in (State.MADE, State.DECLINED):
            raise InputError("is no end of a request", where=form["state"])
        now = console.now()
        customer = await contact_changes.customer_of(console.database, change)
        if customer and await working.keeps_away(console.place, customer, None, user.number):
            raise InputError("keeps away from this customer (A1)", where=user.number)
        await contact_changes.close(
            console.database, change, state, form["words"], user.branch, user.number, now
        )
    except InputError as error:
        return await _page(request, str(error))
    return back_to("/desk/changes", "said.changed")


async def _page(request: Request, why: str = "") -> Response:
    found = await contact_changes.listed(console_of(request).database, branch=user_of(request).branch)
    return page(request, "changes.html", 400 if why else 200, why=why, changes=found)
