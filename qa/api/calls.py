"""Calls, what was said in them, and their sound."""

from __future__ import annotations

from asyncio import to_thread
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request
from starlette.responses import Response

from base.clock import SHANGHAI
from base.phones import masked
from qa import ranges
from qa.api import shapes
from qa.api.guarding import console_of, may, note, token_of
from records import audit, call_list, looking, search
from records.query import parse
from records.search import Page
from records.search_filters import Filters
from records.sounds import open_track
from records.tokens import Scope
from records.written import WrittenRecord, record_of

router = APIRouter(tags=["calls"])

MOST = 200
Limit = Annotated[int, Query(ge=1, le=MOST, description="So many of them.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="After so many others.")]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_NO_CALL = "there is no such call"


@router.get("/calls")
async def calls(
    request: Request,
    since: date | None = None,
    until: date | None = None,
    campaign: str = "",
    kind: str = "",
    disposition: str = "",
    branch: str = "",
    customer: str = "",
    tier: str = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> shapes.Calls:
    """Calls, the newest first. `until` takes that day in; `tier`: with a flag of it."""
    filters = Filters(
        since=_begin(since),
        until=_begin(until, timedelta(days=1)),
        campaign=campaign,
        kind=kind,
        disposition=disposition,
        branch=token_of(request).branch or branch,
        customer=customer,
        tier=tier,
    )
    console = console_of(request)
    found = await call_list.listed(console.database, filters, Page(limit, offset))
    if may(request, Scope.NUMBERS):
        act = looking.listed(console.now(), token_of(request).who, filters, found.total)
        await audit.keep(console.database, act)
    lines = [shapes.CallLine.model_validate(one) for one in found.calls]
    return shapes.Calls(total=found.total, calls=[_hidden(request, one) for one in lines])


@router.get("/calls/{call}")
async def call(request: Request, call: Id) -> shapes.Call:
    """A call's written record: answers, transcript, flags (R1)."""
    written = await _written(request, call)
    await note(request, "looked", "call", str(call), {})
    return _call(request, written)


@router.get(
    "/calls/{call}/sound/{party}",
    response_class=Response,
    responses={200: {"content": {"audio/wav": {}}}, 206: {"description": "A range of it."}},
)
async def sound(request: Request, call: Id, party: Literal["customer", "system"]) -> Response:
    """A track as 8 kHz WAV, whole or by ranges."""
    recording = (await _written(request, call)).call.recording
    track = await to_thread(open_track, console_of(request).sounds, recording, party)
    if track is None:
        raise HTTPException(404, "nothing was recorded")
    asked = request.headers.get("range", "")
    await note(request, "heard", "call", str(call), {"track": party})
    return ranges.answer(track, asked, "audio/wav")


@router.get("/search")
async def said(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200, description="As `huifang search` takes it.")],
    alike: bool = False,
    since: date | None = None,
    until: date | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> shapes.Hits:
    """What was said, by words or, with `alike`, by what sounds so (F5)."""
    filters = Filters(
        since=_begin(since), until=_begin(until, timedelta(days=1)), branch=token_of(request).branch
    )
    console = console_of(request)
    found = await search.search(console.database, parse(q, alike=alike), filters, page=Page(limit, offset))
    act = looking.searched(console.now(), token_of(request).who, q, filters, found.total)
    await audit.keep(console.database, act)
    return shapes.Hits(total=found.total, hits=[shapes.Hit.model_validate(one) for one in found.hits])


async def _written(request: Request, call: int) -> WrittenRecord:
    """404 for a call that is not there, or of another branch (C4): the same words."""
    console, branch = console_of(request), token_of(request).branch
    theirs = await call_list.branch_of(console.database, call)
    if theirs is None or (branch and theirs != branch):
        raise HTTPException(404, _NO_CALL)
    return await record_of(console.database, call, console.now().date())


def _call(request: Request, written: WrittenRecord) -> shapes.Call:
    one, heard = written.call, written.heard
    own = {name: getattr(one, name) for name in shapes.Call.model_fields if hasattr(one, name)}
    return shapes.Call(
        **own | {"phone": one.phone if may(request, Scope.NUMBERS) else masked(one.phone)},
        customer_id=written.customer.id,
        kind=written.kind.value,
        transcribed=heard is not None,
        said=[shapes.Utterance.model_validate(each) for each in written.said],
        flags=[shapes.Flag.model_validate(each) for each in (heard.flags if heard else ())],
        answers=[shapes.Answer.model_validate(each) for each in written.answers],
    )


def _hidden(request: Request, line: shapes.CallLine) -> shapes.CallLine:
    return line if may(request, Scope.NUMBERS) else line.model_copy(update={"phone": masked(line.phone)})


def _begin(day: date | None, after: timedelta = timedelta()) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), SHANGHAI) + after
