"""Searches of calls: kept for oneself, and taken away as a file."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import Response, StreamingResponse

from base.errors import InputError
from base.phones import masked, national
from qa import access, exporting
from qa.guarding import console_of, user_of
from qa.pages import judging
from qa.pages.calls import ASKED, filters_of, order_of
from qa.showing import back_to, name_of, page, said_by
from qa.talks import Id
from records import audit, call_list, saved_searches
from records.call_list import Order
from records.chain import Act
from records.database import Database
from records.search import Page
from records.search_filters import Filters

router = APIRouter(prefix="/calls")

_CHUNK = 1000
_COLUMNS = (
    *("calls.id", "calls.at", "calls.customer", "calls.number", "account.branch", "calls.campaign"),
    *("calls.kind", "calls.attempt", "calls.result", "calls.talked", "calls.flag"),
)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = AsyncIterator[list[tuple[str, ...]]]


@router.post("/searches")
async def save(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    query: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep what is asked for under a name."""
    console = console_of(request)
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key in ASKED])
    doing = saved_searches.save(console.database, user_of(request).number, name, kept, console.now())
    return await judging.done(request, doing, back_to(f"/calls?{kept}", "said.search_kept"))


@router.post("/searches/{search}/delete")
async def delete(request: Request, search: Id) -> Response:
    """Forget one of one's own."""
    await saved_searches.delete(console_of(request).database, user_of(request).number, search)
    return back_to("/calls", "said.search_gone")


@router.get("/export/{form}")
async def export(request: Request, form: Literal["csv", "xlsx"]) -> Response:
    """The calls that are asked for as a file, with what one sees of them; it is on the audit trail (A6)."""
    console, asked, now = console_of(request), dict(request.query_params), console_of(request).now()
    try:
        filters = filters_of(asked, user_of(request).branch)
        filters = replace(filters, until=min(filters.until or now, now))
        total = (await call_list.listed(console.database, filters, Page(1))).total
        if total > exporting.MOST:
            raise InputError(
                f"{total} calls are too many for one file", remedy=f"narrow them down to {exporting.MOST}"
            )
    except InputError as error:
        return page(request, "error.html", 400, why="error.400", detail=str(error))
    said = {key: value for key, value in asked.items() if key in ASKED and value}
    detail = {"form": form, "rows": total, "asked": said}
    await audit.keep(console.database, Act(now, user_of(request).number, "exported", "calls", "", detail))
    rows = _rows(request, console.database, filters, order_of(asked))
    headers = {"content-disposition": f'attachment; filename="calls-{now:%Y%m%d-%H%M}.{form}"'}
    if form == "csv":
        return StreamingResponse(_csv(rows), headers=headers, media_type="text/csv; charset=utf-8")
    whole = list(chain.from_iterable([some async for some in rows]))
    title = said_by(request, "nav.calls")
    return Response(await to_thread(exporting.as_xlsx, whole, title), headers=headers, media_type=_XLSX)


async def _rows(request: Request, database: Database, filters: Filters, order: Order) -> Rows:
    """The heading, then the calls, some at a time."""
    whole = bool(user_of(request).roles & access.FULL_NUMBERS)
    cells = partial(exporting.row, number=national if whole else masked, named=partial(name_of, request))
    yield [tuple(said_by(request, key) for key in _COLUMNS)]
    for offset in range(0, exporting.MOST, _CHUNK):
        some = (await call_list.listed(database, filters, Page(_CHUNK, offset), order)).calls
        yield [cells(one) for one in some]
        if len(some) < _CHUNK:
            return


async def _csv(rows: Rows) -> AsyncIterator[str]:
    yield "\ufeff"
    async for some in rows:
        yield exporting.as_csv(some)
