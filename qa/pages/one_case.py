"""A case: heard, graded, carried on step by step up to its end; each look is audited (Q1-Q4, A6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import Response

from plans import casework
from plans.casework import Given, Refused
from plans.grading import ASKED, Task
from qa import noting, players, proving, reviewing
from qa.guarding import console_of, user_of
from qa.reviewing import Met
from qa.showing import back_to, page
from records import cases, desk_records, staff
from records.post_call import Flag
from records.written import WrittenRecord, record_of

router = APIRouter(prefix="/cases/{case}")

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Text = Annotated[str, Form(max_length=4000)]
_AROUND_S = 12.0
"""So much of the talk is shown before and after a lead."""


@router.get("")
async def show(request: Request, case: Id) -> Response:
    """All that is known of a case, and the form for what comes now."""
    met = await _met(request, case)
    await noting.note(request, "looked", "case", str(case), {})
    return await _page(request, met)


@router.post("/step")
async def step(request: Request, case: Id) -> Response:
    """Do what comes now. A signature asks for the password again (R6)."""
    met, fields = await _met(request, case), await _fields(request)
    now = met.standing.now
    console, me, password = console_of(request), user_of(request).number, fields.get("password", "")
    signs = now is not None and now.task is Task.SIGN
    if signs and (why := await proving.refusal(console, me, password, "signing")):
        return await _page(request, met, why, fields)
    given = await _given(request, met, fields)
    try:
        await cases.do(
            console.database,
            case,
            lambda found: casework.decided(found, met.rules, met.person, given, console.now()),
            console.now(),
        )
    except Refused as error:
        return await _page(request, met, f"refused.{error.why}", fields)
    return back_to(f"/cases/{case}", "said.step_done")


@router.post("/object")
async def objection(request: Request, case: Id, words: Text = "") -> Response:
    """Object to the grade: somebody else decides once more."""
    met, console = await _met(request, case), console_of(request)
    try:
        await cases.do(
            console.database,
            case,
            lambda found: casework.objected(found, met.rules, met.person, words, console.now()),
            console.now(),
        )
    except Refused as error:
        return await _page(request, met, f"refused.{error.why}")
    return back_to(f"/cases/{case}", "said.objected")


@router.post("/release")
async def release(request: Request, case: Id) -> Response:
    """Give one's claim back."""
    met, console = await _met(request, case), console_of(request)
    try:
        await cases.release(console.database, case, user_of(request).number, console.now())
    except cases.Taken:
        return await _page(request, met, "refused.not_claimed")
    return back_to("/review", "said.released")


async def _met(request: Request, case: int) -> Met:
    return await reviewing.meet(console_of(request).place, case, user_of(request))


async def _fields(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value.strip()[:4000] for name, value in form.items() if isinstance(value, str)}


async def _given(request: Request, met: Met, fields: Mapping[str, str]) -> Given:
    """What was filled in, with what the rules ask about the case besides."""
    place = console_of(request).place
    leads = await _leads(request, met)
    return Given(
        fields.get("step", ""),
        fields.get("words", ""),
        fields,
        called=await reviewing.is_named(place, fields.get("call", ""))
        or await reviewing.has_called(place, met),
        by_machine=await reviewing.by_machine(place, fields.get("call", ""), met.case),
        unit=await reviewing.unit_of(place, met.case),
        unheard=bool(await reviewing.unheard(place, met.case, leads)),
    )


async def _leads(request: Request, met: Met) -> list[Flag]:
    """What has to be heard; nothing where there is no sound."""
    written = await _written(request, met)
    recorded = players.player_of(console_of(request).sounds, met.case.call, written.call.recording).tracks
    return reviewing.in_question(written.heard.flags) if recorded and written.heard else []


async def _written(request: Request, met: Met) -> WrittenRecord:
    console = console_of(request)
    return await record_of(console.database, met.case.call, console.now().date())


async def _page(
    request: Request, met: Met, why: str = "", filled: Mapping[str, str] | None = None
) -> Response:
    console, case, now = console_of(request), met.case, met.standing.now
    written = await _written(request, met)
    leads = reviewing.in_question(written.heard.flags) if written.heard else []
    me = user_of(request).number
    own = await reviewing.unheard(console.place, case, leads, [me])
    return page(
        request,
        "case.html",
        409 if why else 200,
        **{"case": case, "standing": met.standing, "now": now, "call": written.call, "why": why},
        **{"leads": leads, "unheard": own, "around": _around(written, leads), "whole": written.said},
        **{"filled": filled or {}, "records": await desk_records.of_case(console.database, case.id)},
        **{"asked": ASKED[now.task] if now else None, "today": console.now().date(), "at": console.now()},
        **{"loop_on": reviewing.loop_ends(met), "mine": case.held_by(me, console.now())},
        **{"hindrance": await _hindrance(request, met)},
        **{"names": await staff.staff_names(console.database), "digest": _digest(met)},
        section="/review",
        player=players.player_of(console.sounds, case.call, written.call.recording, _begin(leads)),
    )


async def _hindrance(request: Request, met: Met) -> str:
    """Why the reader may not do what comes now; "" where they may."""
    console = console_of(request)
    unit = await reviewing.unit_of(console.place, met.case)
    why = casework.hindrance(met.case, met.rules, met.person, unit, console.now())
    return why.value if why else ""


def _begin(leads: list[Flag]) -> float:
    """A moment before the first lead."""
    return max(0.0, leads[0].start_s - 3.0) if leads else 0.0


def _around(written: WrittenRecord, leads: list[Flag]) -> dict[int, list[object]]:
    """By the place of a lead, what was said around it."""
    return {
        n: [
            one
            for one in written.said
            if one.end_s > lead.start_s - _AROUND_S and one.start_s < lead.end_s + _AROUND_S
        ]
        for n, lead in enumerate(leads)
    }


def _digest(met: Met) -> str:
    return casework.digest(met.case, met.standing)
