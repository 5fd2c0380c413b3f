"""Material that is asked for, allowed by another, taken away, filed with compliance (A5)."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from typing import IO, Annotated

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import Response, StreamingResponse

from base.errors import InputError
from office import approving, evidence
from qa import asking
from qa.access import CUSTODIANS
from qa.guarding import console_of, user_of
from qa.showing import back_to, page
from records import approvals, call_list
from records.approval import MOST_DAYS, USUAL_DAYS, Approval, Use
from records.users import Role, User

router = APIRouter()

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Text = Annotated[str, Form(max_length=500)]
Days = Annotated[int, Form(ge=1, le=MOST_DAYS)]
_SEE_ALL = CUSTODIANS | {Role.AUDITOR}
"""Others see what they asked for themselves."""
_PIECE = 64 * 1024


@router.get("/approvals")
async def listed(request: Request) -> Response:
    """Requests, the newest first."""
    return await _page(request)


@router.post("/calls/{call}/approvals")
async def ask(
    request: Request, call: Id, use: Annotated[Use, Form()], why: Text = "", recipient: Text = ""
) -> Response:
    """Ask for the material of a call."""
    console, user = console_of(request), user_of(request)
    theirs = await call_list.branch_of(console.database, call)
    if theirs is None or (user.branch and theirs != user.branch):
        raise InputError("there is no such call", where=str(call))
    asked = (use, recipient.strip(), why.strip(), user.number, console.now())
    return await _done(request, approvals.ask(console.database, call, theirs, *asked), "said.request_asked")


@router.post("/approvals/{number}/approve")
async def approve(
    request: Request,
    number: Id,
    days: Annotated[int, Form(ge=1, le=MOST_DAYS)] = USUAL_DAYS,
    words: Text = "",
) -> Response:
    """Allow it for some days."""
    await _one(request, number)
    place, by = console_of(request).place, user_of(request).number
    return await _done(
        request, approving.decide(place, number, days, words.strip(), by), "said.request_approved"
    )


@router.post("/approvals/{number}/refuse")
async def refuse(request: Request, number: Id, words: Text = "") -> Response:
    """Refuse it, with a reason."""
    await _one(request, number)
    place, by = console_of(request).place, user_of(request).number
    deciding = approving.decide(place, number, 0, words.strip(), by)
    return await _done(request, deciding, "said.request_refused")


@router.post("/approvals/{number}/file")
async def file(request: Request, number: Id, reference: Text = "") -> Response:
    """Register a hand-over to a regulator."""
    await _one(request, number)
    console, by = console_of(request), user_of(request).number
    filing = approvals.file(console.database, number, reference.strip(), by, console.now())
    return await _done(request, filing, "said.request_filed")


@router.get("/approvals/{number}/package")
async def package(request: Request, number: Id) -> Response:
    """Take the material away, while the approval lasts."""
    one = await _one(request, number)
    try:
        made = await evidence.package(console_of(request).place, one, user_of(request).number)
    except InputError as error:
        return await _page(request, str(error))
    headers = {
        "content-disposition": f'attachment; filename="{made.name}"',
        "content-length": str(made.size),
    }
    return StreamingResponse(_pieces(made.content), 200, headers, "application/zip")


async def _one(request: Request, number: int) -> Approval:
    """Raises InputError for one that is not there or not theirs to see: the same words (C4)."""
    one, user = await approvals.get(console_of(request).database, number), user_of(request)
    if (user.branch and one.branch != user.branch) or not (_sees_all(user) or one.asked_by == user.number):
        raise InputError("there is no such request", where=str(number))
    return one


def _sees_all(user: User) -> bool:
    return bool(user.roles & _SEE_ALL)


async def _done(request: Request, deed: Awaitable[object], said: str) -> Response:
    try:
        await deed
    except InputError as error:
        return await _page(request, str(error))
    return back_to("/approvals", said)


async def _page(request: Request, why: str = "") -> Response:
    console, user, asked = console_of(request), user_of(request), dict(request.query_params)
    asker = "" if _sees_all(user) else user.number
    shown = asking.page_asked(asked)
    total, found = await approvals.listed(console.database, user.branch, asker, shown)
    return page(
        request,
        "approvals.html",
        400 if why else 200,
        why=why,
        total=total,
        approvals=found,
        now=console.now(),
        usual_days=USUAL_DAYS,
        most_days=MOST_DAYS,
        paging=asking.paging("/approvals", asked, total),
    )


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while piece := content.read(_PIECE):
            yield piece
