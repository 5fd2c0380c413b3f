"""Plans: how far each branch and duty is against what is required, the forecast, and what is owed (P9)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from base.errors import InputError
from office.planning import outlook
from office.planning.outlook import Outlook
from plans.elsewhere import route_of
from plans.standing import of_branches, standings
from qa import asking, choosing
from qa.guarding import console_of, user_of
from qa.showing import page
from records import obligations, owed_list
from records.model import Kind
from records.owed_list import OwedAsked, OwedState

router = APIRouter(prefix="/plans")

MOST_CHANNELS = 100_000


@router.get("")
async def coverage(request: Request) -> Response:
    """Each duty's and each branch's standing; with a branch or a kind, only theirs."""
    console, asked = console_of(request), dict(request.query_params)
    branch, db = asking.branch_asked(user_of(request), asked), console.database
    today = console.now().date()
    counted = await console.figures.of(
        ("tallies", branch, today), lambda: obligations.tallies(db, today, branch or None)
    )
    kinds = sorted({one.kind for one in counted})
    meant = [one for one in counted if asked.get("kind", "") in ("", one.kind)]
    samples = await obligations.sizes(db, branch or None)
    name = await choosing.profile_name(console, asked.get("profile", ""))
    foretold, why = None, ""
    try:
        foretold = await _foretold(request, name, branch)
    except InputError as error:
        why = str(error)
    return page(
        request,
        "plans.html",
        400 if why else 200,
        **{"asked": asked, "branch": branch, "kinds": kinds, "why": why, "outlook": foretold},
        **{"profiles": console.place.profiles(), "profile": name},
        duties=standings(meant, samples, by_branch=False),
        branches=of_branches(standings(meant, samples)),
    )


@router.get("/owed")
async def owed(request: Request) -> Response:
    """What is owed, the soonest first, and how each goes on."""
    console, asked = console_of(request), dict(request.query_params)
    why, total, lines = "", 0, list[owed_list.OwedLine]()
    today = console.now().date()
    try:
        meant = _meant(asked, asking.branch_asked(user_of(request), asked))
        total, lines = await owed_list.listed(console.database, meant, today, asking.page_asked(asked))
    except InputError as error:
        why = str(error)
    return page(
        request,
        "owed.html",
        400 if why else 200,
        **{"why": why, "asked": asked, "total": total, "today": today},
        lines=[(one, route_of(one.tried, no_notice=one.no_notice)) for one in lines],
        kinds=[one.value for one in Kind],
        states=[one.value for one in OwedState],
        paging=asking.paging("/plans/owed", asked, total),
    )


async def _foretold(request: Request, name: str, branch: str) -> Outlook:
    console = console_of(request)
    profile = await choosing.profile_of(console, name)
    channels = asking.count(request.query_params.get("channels", ""), MOST_CHANNELS)
    return await console.figures.of(
        ("outlook", name, branch, channels),
        lambda: outlook.outlook(console.place, profile, branch or None, channels),
    )


def _meant(asked: dict[str, str], branch: str) -> OwedAsked:
    """What is asked for; without a state, what is still to be done."""
    said = asked.get("state", OwedState.OPEN.value)
    kind = asking.one_of(Kind, asked.get("kind", ""))
    return OwedAsked(
        branch=branch,
        kind=kind.value if kind else "",
        state=asking.one_of(OwedState, said),
        customer=asked.get("customer", "").strip(),
        since=asking.day(asked.get("since", "")),
        until=asking.day(asked.get("until", "")),
    )
