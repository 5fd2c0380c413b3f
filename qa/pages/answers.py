"""Unsure answers: accepted faintly or not understood, heard and settled by a person, one key each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import Response

from base.errors import InputError
from qa import noting, players, talks
from qa.guarding import console_of, user_of
from qa.pages import judging
from qa.players import Mark
from qa.showing import back_to, page
from qa.talks import Id
from records import scripts, settling
from records.database import Database
from records.listening import Talk
from records.search import Page
from records.settling import Unsure

router = APIRouter(prefix="/review/answers")

AHEAD = 20
BEFORE_S = 8.0
"""A question that was not understood is filed at the end of what was said."""
INAUDIBLE = ("not_understood", "听不清")

Choices = tuple[tuple[str, str], ...]


@router.get("")
async def unsure(request: Request, n: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> Response:
    """The n-th answer that is to be settled, from 0, with its sound; and some that come behind it."""
    console, branch = console_of(request), user_of(request).branch
    total, found = await settling.unsure(console.database, branch, Page(AHEAD, n))
    one = found[0] if found else None
    calls = sorted({each.attempt_id for each in found})
    await noting.note(request, "looked", "answers", "", {"calls": " ".join(map(str, calls))})
    return page(
        request,
        "answers.html",
        total=total,
        n=n,
        one=one,
        behind=found[1:],
        choices=await _choices(console.database, one) if one else (),
        inaudible=INAUDIBLE,
        around=players.around(_begin(one), one.end_s) if one else "",
        player=players.player_of(console.sounds, one.attempt_id, one.recording, _begin(one), _marks(one))
        if one
        else None,
    )


@router.post("/{call}/{position}")
async def settle(
    request: Request,
    call: Id,
    position: Annotated[int, Path(ge=0, le=10_000)],
    value: Annotated[str, Form(max_length=80)] = "",
    label: Annotated[str, Form(max_length=80)] = "",
    n: Annotated[int, Form(ge=0, le=1_000_000)] = 0,
) -> Response:
    """What a person heard; on to the next."""
    console = console_of(request)
    await talks.check(request, Talk(call))
    await judging.judged(request, Talk(call))
    choice = (value or label).strip(), label.strip()
    doing = _settle(console.database, call, position, choice, request)
    return await judging.done(request, doing, back_to("/review/answers" + (f"?n={n}" if n else "")))


async def _settle(
    database: Database, call: int, position: int, choice: tuple[str, str], request: Request
) -> None:
    if not all(choice) or not choice[1].isprintable():
        raise InputError("is missing", where="the answer")
    now = console_of(request).now()
    await settling.settle(database, call, position, choice, user_of(request).number, now)


async def _choices(database: Database, one: Unsure) -> Choices:
    """Options of the question in the script as it was approved (S1); of others what the machine filed."""
    script = await scripts.filed(database, one.script, one.script_version)
    node = script.content.get("nodes", {}).get(one.question, {}) if script else {}
    options = node.get("options", {}) if node.get("answer", "closed") in ("closed", "scale") else {}
    if options:
        return tuple((name, option["label"]) for name, option in options.items())
    return () if one.value in ("", INAUDIBLE[0]) else ((one.value, one.label or one.value),)


def _begin(one: Unsure) -> float:
    return max(0.0, min(one.start_s, one.end_s - BEFORE_S if one.start_s == one.end_s else one.start_s))


def _marks(one: Unsure) -> list[Mark]:
    return [Mark(_begin(one), max(one.end_s, _begin(one) + 0.5), "medium", one.wording, one.heard)]
