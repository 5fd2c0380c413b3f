"""The desk of people: what the machine hands over, late before all; what people bring (C1, C6)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from base.errors import InputError
from office import desk as working
from qa.asking import SIZE, one_of, page_asked, paging
from qa.filling import Filled, filled
from qa.guarding import console_of, user_of
from qa.showing import back_to, page
from records import customers, desk, desk_intake
from records.desk import Asked
from records.handed import Reason
from records.model import Customer

router = APIRouter(prefix="/desk")

BROUGHT = (Reason.QUESTION, Reason.OTHER_WAY)


@router.get("")
async def queue(request: Request) -> Response:
    """A page of the queue, or of what is done."""
    console, user, said = console_of(request), user_of(request), dict(request.query_params)
    reason = one_of(Reason, said.get("reason", ""))
    asked = Asked(
        branch=user.branch,
        reason=reason.value if reason else "",
        mine=user.number if said.get("mine") else "",
        done=bool(said.get("done")),
    )
    await desk_intake.take_in(console.database)
    now = console.now()
    found = await desk.listed(console.database, asked, now, page_asked(said))
    return page(
        request,
        "desk.html",
        queue=found,
        aims=working.aims(console.place, found.items),
        asked=asked,
        reasons=[one for one in Reason if found.counts.get(one.value)],
        today=now.date(),
        now=now,
        paging=paging("/desk", said, found.total, SIZE),
    )


@router.get("/new")
async def new(request: Request) -> Response:
    """The form for what people bring."""
    return _form(request, {})


@router.post("/new")
async def bring(request: Request) -> Response:
    """Lay it on the desk; a question is whoever's who was asked first (C6)."""
    console, user = console_of(request), user_of(request)
    form = await filled(request)
    try:
        reason = one_of(Reason, form["reason"])
        if reason not in BROUGHT:
            raise InputError("is nothing that is brought", where=form["reason"])
        customer = await _customer(request, form)
        item = await working.bring(console.place, reason, customer, form["words"], user.number)
    except InputError as error:
        return _form(request, form.texts, str(error))
    return back_to(f"/desk/{item}", "said.desk_brought")


def _form(request: Request, entered: object, why: str = "") -> Response:
    return page(request, "desk_new.html", 400 if why else 200, why=why, entered=entered, reasons=BROUGHT)


async def _customer(request: Request, form: Filled) -> Customer:
    """By account, or by the whole telephone number; of another branch is as if there were none (C4)."""
    found = await customers.named(console_of(request).database, form["customer"], user_of(request).branch)
    if len(found) != 1:
        what = "there is no such customer" if not found else "is several customers'"
        raise InputError(what, where=form["customer"], remedy="name the account")
    return found[0]
