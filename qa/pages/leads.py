"""Leads that wait for an ear: the worklist with what listening brings, and one after the other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from qa import hearing, players, talks
from qa.guarding import console_of, user_of
from qa.pages import judging
from qa.players import Player
from qa.showing import page
from qa.talks import Id
from records import calls, heard, lead_order, leads, verdicts
from records.lead_order import Point
from records.search import Page
from records.verdicts import Verdict

router = APIRouter(prefix="/review/leads")

SIZE = 50
WIDTH, HEIGHT = 320, 120
"""Of the chart, in its own units."""
_STATES = {"": None, "context": Verdict.CONTEXT, "inaudible": Verdict.INAUDIBLE}
_MINUTES = (15, 30, 60)


@router.get("")
async def worklist(
    request: Request, state: str = "", p: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Leads in the order of what listening to them brings; `state`: those that were judged so."""
    database, branch = console_of(request).database, user_of(request).branch
    precisions = await verdicts.precisions(database)
    shown = Page(SIZE, (p - 1) * SIZE)
    found = await leads.waiting(database, precisions, branch, shown, _STATES.get(state))
    points = lead_order.curve(await leads.effort(database, precisions, branch))
    return page(
        request,
        "leads.html",
        found=found,
        state=state if state in _STATES else "",
        states=_STATES,
        chart=_line(points),
        minutes=points[-1].minutes if points else 0.0,
        shares=[(each, lead_order.share_after(points, each)) for each in _MINUTES],
        number_of_page=p,
        is_last=found.total <= p * SIZE,
        address=talks.address,
    )


@router.get("/{flag}")
async def one(request: Request, flag: Id) -> Response:
    """A lead with its sound, what was heard, and the keys of verdicts."""
    console, lead = console_of(request), await judging.seen(request, flag)
    database, talk = console.database, lead.talk
    precisions = await verdicts.precisions(database)
    begin = max(0.0, lead.flag.start_s - players.AROUND_S)
    if talk.attempt_id is not None:
        said = await heard.of_call(database, talk.attempt_id)
        recording = (await calls.call_of(database, talk.attempt_id, console.now().date())).recording
        player = players.player_of(console.sounds, talk.attempt_id, recording, begin, hearing.marks([lead]))
    else:
        said = await heard.of_recording(database, talk.recording_id or 0)
        player = Player(talks.address(talk), ("both",), begin, hearing.marks([lead]))
    utterances = said.utterances if said else ()
    await talks.note(request, talk, "looked", {"lead": str(flag)})
    return page(
        request,
        "one_lead.html",
        leads=hearing.told([lead], utterances, precisions),
        lines=hearing.near(hearing.lines(utterances, [lead]), lead.flag.start_s),
        player=player,
        address=talks.address(talk),
        following=await judging.after(request, flag),
    )


def _line(points: tuple[Point, ...]) -> str:
    """The curve as an SVG polyline has it."""
    longest = points[-1].minutes if points else 0.0
    return " ".join(
        f"{WIDTH * one.minutes / longest:.1f},{HEIGHT * (1 - one.share):.1f}" for one in points if longest
    )
