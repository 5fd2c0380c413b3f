"""Today: live campaigns, calls on the line, lines and flags as they change; a campaign paused and resumed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from starlette.responses import Response, StreamingResponse

from base.errors import InputError
from dialer.breaker import gate
from plans.standing import standings
from qa.guarding import console_of, live_of, present_session, user_of
from qa.live import LOOK_S, Now
from qa.showing import back_to, blocks, page
from records import campaigns, live, obligations
from records.live import LiveCampaign
from records.model import CampaignStatus

router = APIRouter(prefix="/today")

PARTS = ("figures", "campaigns", "calls", "lines", "flags")
"""Blocks of the page that change while somebody looks."""
BEAT = 5
"""Every so many looks the connection is kept alive, and whether the session lasts is looked at."""
MOST_WORDS = 200

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Text = Annotated[str, Form()]
_SUMMED = ("due", "calling", "reached", "completed", "overdue", "closed", "total")


@router.get("")
async def show(request: Request) -> Response:
    """The page as it is now; the script follows from there."""
    branch = user_of(request).branch
    now = await live_of(request).calls(branch)
    console, today = console_of(request), now.at.date()
    counted = await console.figures.of(
        ("tallies", branch, today), lambda: obligations.tallies(console.database, today, branch or None)
    )
    samples = await obligations.sizes(console.database, branch or None)
    coverage = standings(counted, samples, by_branch=False)
    return page(request, "today.html", 200, coverage=coverage, **_values(now))


@router.get("/live")
async def follow(request: Request) -> Response:
    """What changes, as server-sent events: parts of the page by their names."""
    if live_of(request).is_full:
        raise HTTPException(429)
    return StreamingResponse(events(request), media_type="text/event-stream")


async def events(request: Request, every_s: float = LOOK_S) -> AsyncIterator[str]:
    """Parts that changed, looked for so often; until the session ends or the console closes."""
    everyone, branch = live_of(request), user_of(request).branch
    shown: dict[str, str] = {}
    looks = 0
    async with everyone.following():
        yield "retry: 3000\n\n"
        while True:
            if looks % BEAT == 0 and not await _may_stay(request):
                yield "event: over\ndata:\n\n"
                return
            parts = blocks(request, "today.html", PARTS, **_values(await everyone.calls(branch)))
            if changed := {name: part for name, part in parts.items() if shown.get(name) != part}:
                yield f"data: {json.dumps(changed, ensure_ascii=False)}\n\n"
            elif looks % BEAT == 0:
                yield ":\n\n"
            shown, looks = parts, looks + 1
            if await everyone.closes_within(every_s):
                return


@router.get("/campaigns/{campaign}")
async def campaign(request: Request, campaign: Id) -> Response:
    """How far a campaign is, with what can be done about it."""
    return await _campaign(request, campaign)


@router.post("/campaigns/{campaign}/pause")
async def pause(request: Request, campaign: Id, reason: Text = "") -> Response:
    """Calls on the line are finished, no new one begins."""
    return await _steer(request, campaign, CampaignStatus.RUNNING, CampaignStatus.PAUSED, reason)


@router.post("/campaigns/{campaign}/resume")
async def resume(request: Request, campaign: Id, reason: Text = "") -> Response:
    """Go on with a paused campaign."""
    return await _steer(request, campaign, CampaignStatus.PAUSED, CampaignStatus.RUNNING, reason)


def _values(now: Now) -> dict[str, object]:
    return {
        "now": now,
        "sums": {name: sum(map(attrgetter(name), now.campaigns)) for name in _SUMMED},
        "gates": {state.name: gate(state, now.at).value for state, _ in now.lines},
    }


async def _may_stay(request: Request) -> bool:
    """Whether the session lasts, of somebody with the same roles and branch. To look on is no click."""
    session = await present_session(request, clicked=False)
    return session is not None and session.user == user_of(request)


async def _steer(
    request: Request, number: int, before: CampaignStatus, after: CampaignStatus, reason: str
) -> Response:
    console, user = console_of(request), user_of(request)
    found, why = await _found(request, number), reason.strip()
    try:
        _check(found, before, why)
    except InputError as error:
        return await _campaign(request, number, str(error))
    await campaigns.set_status(console.database, number, after, console.now(), why, user.number)
    live_of(request).changed()
    return back_to(f"/today/campaigns/{number}", f"said.{after.value}")


def _check(found: LiveCampaign, before: CampaignStatus, why: str) -> None:
    """Raises InputError for a campaign of others too, for one that is elsewhere by now, for no reason."""
    name, status = found.campaign.name, found.campaign.status
    if not found.whole:
        raise InputError("has customers of other branches", where=name, remedy="headquarters may do it")
    if status is not before:
        raise InputError(f"is {status}, not {before}: nothing was changed", where=name)
    if not why or len(why) > MOST_WORDS or not why.isprintable():
        raise InputError("give a reason on one line", where=name, remedy=f"{MOST_WORDS} characters at most")


async def _found(request: Request, number: int) -> LiveCampaign:
    """Raises InputError for one that is not there, or has no customers of the branch (C4): the same words."""
    console = console_of(request)
    found = await live.campaign(console.database, number, user_of(request).branch, console.now())
    if found is None:
        raise InputError("there is no such campaign", where=str(number))
    return found


async def _campaign(request: Request, number: int, why: str = "") -> Response:
    found = await _found(request, number)
    ended = await live.dispositions(console_of(request).database, number, user_of(request).branch)
    return page(request, "campaign.html", 400 if why else 200, one=found, ended=ended, why=why)
