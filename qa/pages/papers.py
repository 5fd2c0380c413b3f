"""Papers on screen and as files; kept in the books, signed, handed in (W1-W7, R6)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from base.errors import InputError
from office.reports import making, signing
from office.reports.choosing import KINDS
from papers import forms, layout
from papers.writing import Format, write
from plans.paperwork import Grade, Way
from qa import access, asking, choosing
from qa.guarding import console_of, user_of
from qa.headers import POLICY
from qa.proving import PASSWORD, require_password
from qa.showing import back_to, page
from qa.shown_papers import Shown, shown_of
from records import audit, filed_papers
from records.chain import Act
from records.staff import staff_names

router = APIRouter(prefix="/papers")

Text = Annotated[str, Form(max_length=200)]
TYPES = {
    Format.HTML: "text/html; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
}


@router.get("")
async def choose(request: Request) -> Response:
    """All kinds, what each needs, and the papers that were made."""
    console, asked, user = console_of(request), dict(request.query_params), user_of(request)
    total, filed = await filed_papers.books(console.database, asking.page_asked(asked), user.branch)
    whole = bool(user.roles & access.FULL_NUMBERS)
    return page(
        request,
        "papers.html",
        200,
        kinds={key: one for key, one in KINDS.items() if whole or not one.whole},
        **{
            "asked": asked,
            "ways": [one.value for one in Way],
            "grades": [one.value for one in Grade],
            "filed": filed,
            "total": total,
        },
        profiles=console.place.profiles(),
        profile=await choosing.profile_name(console, asked.get("profile", "")),
        paging=asking.paging("/papers", asked, total),
    )


@router.get("/paper")
async def show(request: Request) -> Response:
    """A paper on screen, with its files and its signatures."""
    return await _page(request, await shown_of(request))


@router.get("/sheet")
async def sheet(request: Request) -> Response:
    """The paper itself, for a frame of that page: no script, and no style but its own."""
    shown = await shown_of(request)
    await _note(request, shown, "looked", {})
    own = base64.b64encode(hashlib.sha256(forms.style(shown.paper).encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{own}'; frame-ancestors 'self'; sandbox"
    headers = {"content-security-policy": policy, "x-frame-options": "SAMEORIGIN"}
    return HTMLResponse(forms.html(shown.paper), headers=headers)


@router.get("/file/{form}")
async def file(request: Request, form: Format) -> Response:
    """The paper as a file to take away."""
    if form not in TYPES:
        raise HTTPException(404)
    shown = await shown_of(request)
    try:
        content = await asyncio.to_thread(write, shown.paper, form)
    except InputError as error:
        return await _page(request, shown, str(error))
    await _note(request, shown, "exported", {"form": form.value})
    name = quote(f"{shown.paper.number or shown.paper.title}.{form.value}")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type=TYPES[form], headers=headers)


@router.post("/paper")
async def keep(request: Request) -> Response:
    """Put it into the books: only then it can be signed and handed in."""
    console, shown = console_of(request), await shown_of(request)
    await making.filed(console.place, shown.made, await staff_names(console.database))
    await _note(request, shown, "filed", {"sha256": layout.digest(shown.paper)})
    return back_to(_address(request), "said.filed")


@router.post("/sign")
async def sign(request: Request, role: Text = "", password: Text = "") -> Response:
    """Sign what the books have, by one's password (R6)."""
    console, shown, by = console_of(request), await shown_of(request), user_of(request).number
    try:
        _require_as_filed(shown)
        await require_password(console, by, password)
        await signing.sign(console.place, [shown.paper.number], role, by, PASSWORD)
    except InputError as error:
        return await _page(request, shown, str(error))
    return back_to(_address(request), "said.signed")


@router.post("/hand-in")
async def hand_in(request: Request) -> Response:
    """Note that the report was handed in."""
    console, shown = console_of(request), await shown_of(request)
    try:
        _require_as_filed(shown)
        await filed_papers.hand_in(
            console.database, shown.paper.number, user_of(request).number, console.now()
        )
    except InputError as error:
        return await _page(request, shown, str(error))
    return back_to(_address(request), "said.handed_in")


def _require_as_filed(shown: Shown) -> None:
    """Raises InputError where the books have something else than what was on screen."""
    if not shown.as_filed:
        raise InputError("the books have it otherwise: put it there first", where=shown.paper.number)


async def _page(request: Request, shown: Shown, why: str = "") -> Response:
    query = urlencode(_query(request))
    answer = page(
        request,
        "paper.html",
        400 if why else 200,
        **{
            "section": "/plans",
            "shown": shown,
            "why": why,
            "query": query,
            "kind": request.query_params.get("kind", ""),
        },
        others=[f"/papers/paper?{urlencode(_query(request) | {'n': str(n)})}" for n in range(shown.count)],
        files=[form.value for form in TYPES if form is not Format.HTML],
    )
    answer.headers["content-security-policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def _query(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if value and name != "said"}


def _address(request: Request) -> str:
    return f"/papers/paper?{urlencode(_query(request))}"


async def _note(request: Request, shown: Shown, what: str, detail: dict[str, str]) -> None:
    console, paper = console_of(request), shown.paper
    act = Act(console.now(), user_of(request).number, what, "paper", paper.number or paper.title, detail)
    await audit.keep(console.database, act)
