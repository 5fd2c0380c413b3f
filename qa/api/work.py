"""Campaigns, cases of review, and what is owed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request

from base.errors import IllegalTransition
from office.planning import outlook
from qa.api import shapes
from qa.api.calls import Id, Limit, Offset
from qa.api.guarding import console_of, note, token_of
from qa.reviewing import reader_for
from records import campaigns as kept
from records import case_queue, cases, live, owed_list
from records.live import LiveCampaign
from records.model import CampaignStatus
from records.owed_list import OwedAsked, OwedState
from records.search import Page

router = APIRouter()

CampaignId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/campaigns", tags=["campaigns"])
async def campaigns(request: Request) -> list[shapes.Campaign]:
    """Campaigns that run or are paused."""
    console = console_of(request)
    found = await live.campaigns(console.database, token_of(request).branch, console.now())
    return [_campaign(one) for one in found]


@router.post("/campaigns/{campaign}/pause", tags=["campaigns"])
async def pause(request: Request, campaign: CampaignId, reason: shapes.Reason) -> shapes.Campaign:
    """No call is begun any more; those under way end as they are."""
    return await _set(request, campaign, CampaignStatus.PAUSED, reason.why)


@router.post("/campaigns/{campaign}/resume", tags=["campaigns"])
async def resume(request: Request, campaign: CampaignId, reason: shapes.Reason) -> shapes.Campaign:
    """Calls are begun again."""
    return await _set(request, campaign, CampaignStatus.RUNNING, reason.why)


@router.get("/cases", tags=["cases"])
async def all_cases(
    request: Request, closed: bool = False, limit: Limit = 50, offset: Offset = 0
) -> shapes.Cases:
    """Cases in hand, what is late first; or those that are closed, the last one first."""
    console, listing = console_of(request), case_queue.closed if closed else case_queue.in_hand
    reader = reader_for(console.place, token_of(request).branch)
    total, found = await listing(console.database, reader, Page(limit, offset))
    return shapes.Cases(total=total, cases=[shapes.CaseLine.model_validate(one) for one in found])


@router.get("/cases/{case}", tags=["cases"])
async def one_case(request: Request, case: Id) -> shapes.CaseWhole:
    """A case with all that was done in it (Q1)."""
    found = await cases.get(console_of(request).database, case)
    if token_of(request).branch not in ("", found.branch):
        raise HTTPException(404, "there is no such case")
    await note(request, "looked", "case", str(case), {})
    return shapes.CaseWhole(
        case=found.id,
        call=found.call,
        customer=found.customer,
        branch=found.branch,
        severity=found.severity.value,
        raised_at=found.raised_at,
        closed_at=found.closed_at,
        steps=[shapes.CaseStep.model_validate(one) for one in found.acts],
    )


@router.get("/obligations", tags=["plans"])
async def obligations(
    request: Request,
    branch: str = "",
    kind: str = "",
    state: OwedState | None = None,
    until: date | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> shapes.Obligations:
    """What customers are owed, the soonest last day first; `until`: of the last day."""
    console = console_of(request)
    asked = OwedAsked(branch=token_of(request).branch or branch, kind=kind, state=state, until=until)
    total, found = await owed_list.listed(console.database, asked, console.now().date(), Page(limit, offset))
    return shapes.Obligations(
        total=total, obligations=[shapes.Obligation.model_validate(one) for one in found]
    )


@router.get("/coverage", tags=["plans"])
async def coverage(request: Request, branch: str = "") -> list[shapes.Coverage]:
    """Each duty in each branch: due, reached, completed against what is required (P9)."""
    place = console_of(request).place
    found = await outlook.standing_of(place, token_of(request).branch or branch or None, by_branch=True)
    return [shapes.Coverage.model_validate(one) for one in found]


async def _set(request: Request, campaign: int, status: CampaignStatus, why: str) -> shapes.Campaign:
    """409 where it cannot be, 404 where there is none of theirs alone (C4)."""
    console, token = console_of(request), token_of(request)
    found = await live.campaign(console.database, campaign, token.branch, console.now())
    if found is None or not found.whole:
        raise HTTPException(404, "there is no such campaign of this branch alone that runs or is paused")
    try:
        await kept.set_status(console.database, campaign, status, console.now(), why, token.who)
    except IllegalTransition as error:
        raise HTTPException(409, str(error)) from error
    after = await live.campaign(console.database, campaign, token.branch, console.now())
    return _campaign(after or found)


def _campaign(one: LiveCampaign) -> shapes.Campaign:
    counted = {
        name: getattr(one, name)
        for name in ("total", "due", "calling", "closed", "reached", "completed", "overdue")
    }
    campaign = one.campaign
    return shapes.Campaign(
        id=campaign.id,
        name=campaign.name,
        kind=campaign.kind.value,
        status=campaign.status.value,
        why=campaign.status_why,
        **counted,
    )
