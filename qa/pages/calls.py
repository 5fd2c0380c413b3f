"""Calls: all of them narrowed down, or those in which something was said (F5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from base.clock import SHANGHAI
from base.errors import InputError
from papers.words import DISPOSITIONS
from qa.guarding import console_of, user_of
from qa.showing import page
from records import audit, call_list, saved_searches, search
from records.call_list import Order
from records.looking import searched
from records.model import Kind
from records.post_call import Found, Hit
from records.query import parse
from records.search import Page
from records.search_filters import Filters

router = APIRouter()

SIZE = 50
_NAMES = ("customer", "branch", "campaign", "kind", "disposition", "tier")
ASKED = frozenset({*_NAMES, "q", "alike", "since", "until", "order"})
"""All that a search may say."""
TIERS = ("certain", "probable", "faint")


@router.get("/calls")
async def calls(request: Request, q: str = "", alike: bool = False, p: int = 1) -> Response:
    """A page of calls; with words to look for, a page of what was said."""
    console, asked = console_of(request), dict(request.query_params)
    number, why = min(max(p, 1), 1_000_000), ""
    shown = Page(SIZE, (number - 1) * SIZE)
    listed: call_list.Calls | None = None
    found = Found(0, ())
    try:
        filters = filters_of(asked, user_of(request).branch)
        if q.strip():
            found = await search.search(console.database, parse(q, alike=alike), filters, page=shown)
            by = user_of(request).number
            await audit.keep(console.database, searched(console.now(), by, q, filters, found.total))
        else:
            listed = await call_list.listed(console.database, filters, shown, order_of(asked))
    except InputError as error:
        why = str(error)
    total = listed.total if listed else found.total
    return page(
        request,
        "calls.html",
        400 if why else 200,
        **{"why": why, "q": q, "alike": alike, "asked": asked, "listed": listed, "total": total},
        **{"hits": [(hit, list(pieces(hit))) for hit in found.hits], "number_of_page": number},
        **{"before": _to(asked, number - 1) if number > 1 else ""},
        **{"after": _to(asked, number + 1) if total > number * SIZE else ""},
        **{"searches": await saved_searches.listed(console.database, user_of(request).number)},
        **{"query": _query(asked), "orders": list(Order), "order": order_of(asked)},
        **{"kinds": list(Kind), "dispositions": [one for one in DISPOSITIONS if one], "tiers": TIERS},
    )


def pieces(hit: Hit) -> Iterator[tuple[str, bool]]:
    """The text of a hit in order, each piece with whether it is what was looked for."""
    marked = {at for span in hit.spans for at in range(span.start, span.end)}
    begin = 0
    for at in range(1, len(hit.text) + 1):
        if at == len(hit.text) or (at in marked) != (begin in marked):
            yield hit.text[begin:at], begin in marked
            begin = at


def filters_of(asked: dict[str, str], branch: str) -> Filters:
    """What is asked for; a branch sees its own (C4)."""
    said = {name: asked.get(name, "").strip() for name in _NAMES}
    until = _day(asked.get("until", ""))
    return Filters(
        customer=said["customer"],
        branch=branch or said["branch"],
        campaign=said["campaign"],
        kind=said["kind"],
        disposition=said["disposition"],
        tier=said["tier"],
        since=_day(asked.get("since", "")),
        until=until + timedelta(days=1) if until else None,
    )


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2200:
        raise InputError("is no day", where=text, remedy="write YYYY-MM-DD")
    return datetime.combine(day, time(), SHANGHAI)


def order_of(asked: dict[str, str]) -> Order:
    """The order that is asked for; the newest first where that is none."""
    said = asked.get("order", "")
    return Order(said) if said in set(Order) else Order.NEWEST


def _query(asked: dict[str, str]) -> str:
    return urlencode({name: value for name, value in asked.items() if value and name in ASKED})


def _to(asked: dict[str, str], number: int) -> str:
    return f"/calls?{_query(asked)}&p={number}"
