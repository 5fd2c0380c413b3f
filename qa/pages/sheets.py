"""Worksheets: written, submitted, decided by somebody else, carried out (P8, W1, W2, A1)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from base.errors import InputError
from office.planning import sheets
from office.planning.sheets import Method, Wish
from plans.elsewhere import Route
from qa import asking, choosing
from qa.guarding import console_of, user_of
from qa.showing import back_to, page, said_by
from records import worksheets
from records.model import Kind
from records.planned import Executor, SheetState, Worksheet
from records.users import Role

router = APIRouter(prefix="/plans/sheets")

Text = Annotated[str, Form(max_length=2000)]
Ids = Annotated[list[int], Form()]
Deed = Callable[[], Awaitable[object]]


@router.get("")
async def listed(request: Request) -> Response:
    """Worksheets, newest first."""
    return await _list(request)


@router.post("")
async def write(request: Request) -> Response:
    """Write drafts for what is owed and on none yet (W1, W2)."""
    console, form = console_of(request), await request.form()
    said = {name: str(value).strip()[:200] for name, value in form.items()}
    try:
        profile = console.place.profile_in_force(await choosing.known(console, said.get("profile", "")))
        made = await sheets.make(console.place, profile, _wish(request, said, profile.name))
        if not made.sheets:
            raise InputError(said_by(request, "sheets.nobody", n=made.nobody))
    except InputError as error:
        return await _list(request, str(error))
    if made.nobody:
        return await _list(request, said_by(request, "sheets.nobody", n=made.nobody), 200)
    return back_to("/plans/sheets?state=draft", "said.written")


@router.get("/{number}")
async def show(request: Request, number: str) -> Response:
    """A worksheet with its customers, their results, and who decided what."""
    return await _page(request, await _sheet(request, number))


@router.post("/{number}/submit")
async def submit(request: Request, number: str) -> Response:
    """Hand a draft to whoever approves."""
    place, by = console_of(request).place, user_of(request).number
    return await _do(request, number, lambda: sheets.submit(place, number, by), "said.submitted")


@router.post("/{number}/approve")
async def approve(request: Request, number: str) -> Response:
    """Approve what somebody else wrote, submitted and answers for (P8, A1)."""
    place, by = console_of(request).place, user_of(request).number
    return await _do(request, number, lambda: sheets.approve(place, number, by), "said.approved")


@router.post("/{number}/reject")
async def reject(request: Request, number: str, why: Text = "") -> Response:
    """Reject it with a reason; what it planned is free for another."""
    place, by = console_of(request).place, user_of(request).number

    async def do() -> None:
        if not why.strip():
            raise InputError("a rejection says why", where=number, remedy="write a reason")
        await sheets.reject(place, number, by, why.strip())

    return await _do(request, number, do, "said.rejected")


@router.post("/{number}/record")
async def record(
    request: Request,
    number: str,
    id: Ids = [],  # noqa: B006
    result: Text = "",
    on: Text = "",
) -> Response:
    """File what persons did for it: visits, letters, e-mails (C1); the responsible person does (A6)."""
    place, by, over = console_of(request).place, user_of(request).number, _over(request)

    async def do() -> None:
        if not id or not result.strip():
            raise InputError("nothing is chosen, or no result written", where=number)
        done_on = asking.day(on) or place.now().date()
        await sheets.record(place, number, id, by, result.strip(), done_on, over=over)

    return await _do(request, number, do, "said.recorded")


@router.post("/{number}/start")
async def start(request: Request, number: str) -> Response:
    """Carry it out: what it says is rendered beside the pages, then its campaign runs."""
    console, by = console_of(request), user_of(request).number
    sheet = await _sheet(request, number)
    try:
        if sheet.state is not SheetState.APPROVED or sheet.method != Method.PHONE:
            raise InputError("is no approved worksheet for the telephone", where=number)
        work = console.works.begin(
            *(by, "work.start", number, f"/plans/sheets/{number}"),
            lambda progress: console.start(number, by, progress),
        )
    except InputError as error:
        return await _page(request, sheet, str(error))
    return back_to(f"/works/{work.id}")


async def _list(request: Request, why: str = "", status: int = 400) -> Response:
    console, asked = console_of(request), dict(request.query_params)
    total, found = 0, list[Worksheet]()
    try:
        branch = asking.branch_asked(user_of(request), asked)
        state = asking.one_of(SheetState, asked.get("state", ""))
        total, found = await worksheets.listed(console.database, asking.page_asked(asked), branch, state)
    except InputError as error:
        why = str(error)
    return page(
        request,
        "sheets.html",
        status if why else 200,
        **{"why": why, "asked": asked, "total": total, "sheets": found},
        states=[one.value for one in SheetState],
        kinds=[one.value for one in Kind],
        profiles=console.place.profiles(),
        profile=await choosing.profile_name(console, ""),
        paging=asking.paging("/plans/sheets", asked, total),
    )


def _wish(request: Request, said: Mapping[str, str], profile: str) -> Wish:
    """What a form asks for; who is named for an executor is written with blanks or commas between."""
    kind, persons = asking.one_of(Kind, said.get("kind", "")), "persons" in said
    return Wish(
        staff={who: re.split(r"[\s,，、;；]+", said[who]) for who in Executor if said.get(who)},
        made_by=user_of(request).number,
        profile=profile,
        prefix=f"{console_of(request).now():%Y%m%d}-",
        branch=asking.branch_asked(user_of(request), said) or None,
        kinds=(kind,) if kind else (),
        by=asking.day(said.get("until", "")),
        route=Route.PERSON if persons else Route.CALL,
        method=(Method.OTHER if persons else Method.PHONE).value,
        purpose=said.get("purpose", ""),
    )


async def _do(request: Request, number: str, deed: Deed, said: str) -> Response:
    sheet = await _sheet(request, number)
    try:
        await deed()
    except InputError as error:
        return await _page(request, sheet, str(error))
    return back_to(f"/plans/sheets/{number}", said)


def _over(request: Request) -> bool:
    return not user_of(request).roles.isdisjoint((Role.HEAD, Role.COMPLIANCE))


async def _sheet(request: Request, number: str) -> Worksheet:
    """Raises InputError for one that is not there, or of another branch (C4): the same words."""
    branch = user_of(request).branch
    sheet = await worksheets.get(console_of(request).database, number)
    if branch and sheet.branch != branch:
        raise worksheets.unknown(number)
    return sheet


async def _page(request: Request, sheet: Worksheet, why: str = "") -> Response:
    console, number = console_of(request), sheet.number
    chain = await worksheets.decisions(console.database, number)
    objection = ""
    if sheet.state is SheetState.SUBMITTED:
        objection = await sheets.objection(console.place, number, user_of(request).number)
    return page(
        request,
        "sheet.html",
        400 if why else 200,
        **{"sheet": sheet, "chain": chain, "objection": objection, "why": why},
        items=await worksheets.items(console.database, number),
        by_phone=sheet.method == Method.PHONE,
        files=sheet.responsible == user_of(request).number or _over(request),
        today=console.now().date(),
    )
