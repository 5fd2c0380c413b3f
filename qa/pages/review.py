"""The queue of review: calls with leads to claim, cases in hand, closed ones; what is late on top (Q4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from plans import casework
from plans.avoidance import may_review
from plans.casework import Person
from qa import asking, reviewing
from qa.guarding import console_of, user_of
from qa.showing import back_to, page
from records import case_queue, staff
from records.cases import Taken

router = APIRouter(prefix="/review")


class View(StrEnum):
    """Which list."""

    WAITING = "waiting"
    MINE = "mine"
    OPEN = "open"
    CLOSED = "closed"


@router.get("")
async def queue(request: Request) -> Response:
    """A page of one of the lists."""
    return await _page(request)


@router.post("/claim")
async def claim(request: Request, call: Annotated[int, Form(ge=1, le=2**63 - 1)]) -> Response:
    """Take a call to grade it; nobody takes a customer of their own (A1)."""
    console, user = console_of(request), user_of(request)
    person = await reviewing.capacity(console.place, call, user)
    if not may_review(person.staff, person.kept_away):
        return await _page(request, "refused.own_customer")
    try:
        case = await reviewing.claim(console.place, call, user.number)
    except Taken:
        return await _page(request, "refused.taken")
    return back_to(f"/cases/{case.id}", "said.claimed")


async def _page(request: Request, why: str = "") -> Response:
    console, user, asked = console_of(request), user_of(request), dict(request.query_params)
    view = asking.one_of(View, asked.get("view", "")) or View.WAITING
    shown = asking.page_asked(asked)
    reader = await reviewing.reader_of(console.place, user)
    waiting: tuple[Any, ...] = ()
    listed: tuple[Any, ...] = ()
    if view is View.WAITING:
        total, waiting = await case_queue.waiting(console.database, reader, shown)
    elif view is View.CLOSED:
        total, listed = await case_queue.closed(console.database, reader, shown)
    else:
        roles = await _roles(request) if view is View.MINE else None
        total, listed = await case_queue.in_hand(console.database, reader, shown, roles, user.number)
    return page(
        request,
        "review.html",
        409 if why else 200,
        **{"view": view, "views": list(View), "total": total, "waiting": waiting, "listed": listed},
        **{"why": why, "today": reader.today, "paging": asking.paging("/review", asked, total)},
    )


async def _roles(request: Request) -> frozenset[str]:
    """What of a case may be theirs to do."""
    user = user_of(request)
    known = (await staff.known(console_of(request).database, [user.number]))[user.number]
    return frozenset(role.value for role in casework.turns(Person(known, user.roles), user.branch))
