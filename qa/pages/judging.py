"""What people make of leads and texts: a verdict, a lead withdrawn or added, a line corrected."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from base.errors import InputError
from qa import reaching, talks
from qa.guarding import console_of, user_of
from qa.showing import back_to, page
from qa.talks import Id, Of
from records import corrections, leads, verdicts
from records.corrections import Added, Place
from records.leads import Lead
from records.listening import Talk
from records.search import Page
from records.verdicts import Verdict

router = APIRouter()

Text = Annotated[str, Form(max_length=2000)]
Number = Annotated[int, Form(ge=0, le=2**63 - 1)]

AHEAD = 200
"""Leads of the worklist among which the next one is looked for."""


@router.post("/leads/{flag}/verdict")
async def judge(
    request: Request, flag: Id, verdict: Annotated[Verdict, Form()], then: Annotated[str, Form()] = ""
) -> Response:
    """A verdict; `then`: "next" leads on along the worklist."""
    console, lead = console_of(request), await seen(request, flag)
    await judged(request, lead.talk)
    following = await after(request, flag) if then == "next" else None
    doing = verdicts.give(console.database, flag, verdict, user_of(request).number, console.now())
    if then != "next":
        return await done(request, doing, back_to(talks.address(lead.talk), "said.judged", f"lead-{flag}"))
    to = f"/review/leads/{following}" if following else "/review/leads"
    return await done(request, doing, back_to(to, "said.judged"))


@router.post("/leads/{flag}/withdraw")
async def withdraw(request: Request, flag: Id, why: Text = "") -> Response:
    """A lead stands no longer, with a reason."""
    console, lead = console_of(request), await seen(request, flag)
    await judged(request, lead.talk)
    doing = corrections.withdraw(console.database, flag, why, user_of(request).number, console.now())
    return await done(request, doing, back_to(talks.address(lead.talk), "said.withdrawn", f"lead-{flag}"))


@router.post("/{of}/{number}/texts")
async def correct(
    request: Request, of: Of, number: Id, transcript: Number, line: Number, text: Text = ""
) -> Response:
    """Another text for a line; the version before stays."""
    console, talk = console_of(request), talks.talk_of(of, number)
    await talks.check(request, talk)
    await judged(request, talk)
    place, who = Place(transcript, line), user_of(request).number
    doing = corrections.correct(console.database, talk, place, text, who, console.now())
    return await done(request, doing, back_to(talks.address(talk), "said.corrected", f"line-{line}"))


@router.post("/{of}/{number}/leads")
async def add(
    request: Request,
    of: Of,
    number: Id,
    transcript: Number,
    line: Number,
    category: Text = "",
    severity: Text = "",
    why: Text = "",
) -> Response:
    """A lead that no machine found."""
    console, talk = console_of(request), talks.talk_of(of, number)
    await talks.check(request, talk)
    await judged(request, talk)
    place, added = Place(transcript, line), Added(category, severity, why)
    doing = corrections.add(console.database, talk, place, added, user_of(request).number, console.now())
    return await done(request, doing, back_to(talks.address(talk), "said.flagged", f"line-{line}"))


async def done(request: Request, doing: Awaitable[None], answer: Response) -> Response:
    """The answer once it is done, or why it cannot be."""
    try:
        await doing
    except InputError as error:
        return page(request, "error.html", 400, why="error.400", detail=str(error))
    return answer


async def seen(request: Request, flag: int) -> Lead:
    """A lead that somebody may see (C4); raises InputError for others."""
    lead = await leads.by_id(console_of(request).database, flag)
    await talks.check(request, lead.talk)
    return lead


async def judged(request: Request, talk: Talk) -> None:
    """Refuses (403) whoever may not judge this customer's calls (A1)."""
    place, call = console_of(request).place, talk.attempt_id
    if call is not None and not (await reaching.may_judge(place, [user_of(request).number], [call]))[call]:
        raise HTTPException(403)


async def after(request: Request, flag: int) -> int | None:
    """The lead behind this one on the worklist, else its first; None where there is no other."""
    database = console_of(request).database
    precisions = await verdicts.precisions(database)
    found = await leads.waiting(database, precisions, user_of(request).branch, Page(AHEAD))
    ids = [one.id for one in found.leads]
    behind = ids[ids.index(flag) + 1 :] if flag in ids else ids
    return next((one for one in (*behind, *ids) if one != flag), None)
