"""Papers on screen and as files; kept in the books, signed, handed in (W1-W7, R6)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from base.errors import InputError
from office.reports import choosing as kinds
from office.reports import making, signing
from office.reports.choosing import KINDS, Wanted
from office.reports.making import Made
from papers import forms, layout
from papers import signing as lines
from papers.paper import Paper
from papers.stretches import stretch
from papers.writing import Format, write
from plans.paperwork import Grade, Way
from qa import access, asking, choosing
from qa.guarding import console_of, user_of
from qa.headers import POLICY
from qa.proving import PASSWORD, require_password
from qa.showing import back_to, page
from records import audit, filed_papers
from records.chain import Act
from records.filed_papers import Filed
from records.staff import staff_names

router = APIRouter(prefix="/papers")

Text = Annotated[str, Form(max_length=200)]
TYPES = {
    Format.HTML: "text/html; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
}
_MOST_CALL = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper that is asked for.

    Attributes:
        made: which of `count` that were made.
        paper: the same with the signatures over what it says.
        filed: as the books know it, whatever it said then; None: it is not there.
    """

    made: Made
    count: int
    paper: Paper
    filed: Filed | None

    @property
    def as_filed(self) -> bool:
        """Whether the books have just this content."""
        return self.filed is not None and self.filed.sha256 == layout.digest(self.paper)

    @property
    def waiting(self) -> str:
        """Who signs next; "" for nobody."""
        if self.filed is None or not self.as_filed:
            return ""
        done = {one.role for one in self.filed.signed}
        return next((role for role in self.filed.chain if role not in done), "")


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
    return await _page(request, await _shown(request))


@router.get("/sheet")
async def sheet(request: Request) -> Response:
    """The paper itself, for a frame of that page: no script, and no style but its own."""
    shown = await _shown(request)
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
    shown = await _shown(request)
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
    console, shown = console_of(request), await _shown(request)
    await making.filed(console.place, shown.made, await staff_names(console.database))
    await _note(request, shown, "filed", {"sha256": layout.digest(shown.paper)})
    return back_to(_address(request), "said.filed")


@router.post("/sign")
async def sign(request: Request, role: Text = "", password: Text = "") -> Response:
    """Sign what the books have, by one's password (R6)."""
    console, shown, by = console_of(request), await _shown(request), user_of(request).number
    try:
        if not shown.as_filed:
            raise InputError("the books have it otherwise: put it there first", where=shown.paper.number)
        await require_password(console, by, password)
        await signing.sign(console.place, [shown.paper.number], role, by, PASSWORD)
    except InputError as error:
        return await _page(request, shown, str(error))
    return back_to(_address(request), "said.signed")


@router.post("/hand-in")
async def hand_in(request: Request) -> Response:
    """Note that the report was handed in."""
    console, shown = console_of(request), await _shown(request)
    try:
        await filed_papers.hand_in(
            console.database, shown.paper.number, user_of(request).number, console.now()
        )
    except InputError as error:
        return await _page(request, shown, str(error))
    return back_to(_address(request), "said.handed_in")


async def _page(request: Request, shown: Shown, why: str = "") -> Response:
    query = urlencode(_query(request))
    answer = page(
        request,
        "paper.html",
        400 if why else 200,
        **{"shown": shown, "why": why, "query": query, "kind": request.query_params.get("kind", "")},
        others=[f"/papers/paper?{urlencode(_query(request) | {'n': str(n)})}" for n in range(shown.count)],
        files=[form.value for form in TYPES if form is not Format.HTML],
    )
    answer.headers["content-security-policy"] = f"{POLICY}; frame-src 'self'"
    return answer


async def _shown(request: Request) -> Shown:
    """Raises InputError for what is not there, or tells of another branch (C4); 403 for whole numbers."""
    console, user = console_of(request), user_of(request)
    wanted = _wanted(request)
    if KINDS[wanted.kind].whole and not user.roles & access.FULL_NUMBERS:
        raise HTTPException(403)
    name = await choosing.profile_name(console, request.query_params.get("profile", ""))
    profile = await choosing.profile_of(console, name)
    if user.branch and await kinds.branch_of(console.place, profile, wanted) != user.branch:
        raise InputError("is no paper of your branch", where=KINDS[wanted.kind].title)
    found = await console.figures.of(
        ("papers", name, wanted), lambda: kinds.make(console.place, profile, wanted)
    )
    made = found[min(asking.count(request.query_params.get("n", "0").lstrip("0"), 99) or 0, len(found) - 1)]
    filed = await filed_papers.known(console.database, made.paper.number)
    acts = filed.signed if filed and filed.sha256 == layout.digest(made.paper) else ()
    return Shown(made, len(found), lines.signed(made.paper, acts, await staff_names(console.database)), filed)


def _wanted(request: Request) -> Wanted:
    asked = request.query_params
    if asked.get("kind", "") not in KINDS:
        raise InputError("there is no such kind of paper", where=asked.get("kind", ""))
    try:
        span = stretch(asked["period"]) if asked.get("period") else None
    except ValueError as error:
        raise InputError(str(error)) from error
    return Wanted(
        way=asking.one_of(Way, asked.get("way", "")) or Way.SMS,
        kind=asked["kind"],
        span=span,
        branch=asking.branch_asked(user_of(request), asked),
        number=asked.get("number", "").strip(),
        grade=asking.one_of(Grade, asked.get("grade", "")) or Grade.NONE,
        words=asked.get("words", ""),
        call=asking.count(asked.get("call", ""), _MOST_CALL) or 0,
        account=asked.get("account", "").strip(),
        campaign=asked.get("campaign", "").strip(),
        department=asked.get("department", "").strip(),
    )


def _query(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if value and name != "said"}


def _address(request: Request) -> str:
    return f"/papers/paper?{urlencode(_query(request))}"


async def _note(request: Request, shown: Shown, what: str, detail: dict[str, str]) -> None:
    console, paper = console_of(request), shown.paper
    act = Act(console.now(), user_of(request).number, what, "paper", paper.number or paper.title, detail)
    await audit.keep(console.database, act)
