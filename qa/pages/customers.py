"""Customers: who they are, what happened to them, what they are owed, their calls (C4)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from base.errors import InputError
from base.phones import masked, national
from office.customers import telling
from qa import access, asking
from qa.guarding import console_of, user_of
from qa.showing import page
from records import audit, call_list, customer_files, owed_list
from records.chain import Act
from records.customer_files import CustomerFile
from records.owed_list import OwedAsked
from records.search import Page
from records.search_filters import Filters

router = APIRouter(prefix="/customers")

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
SIZE = 50
MOST = Page(100)
_MOST_ID = 2**63 - 1


@router.get("")
async def listed(request: Request, q: str = "") -> Response:
    """Customers by id, or those with a name or an account."""
    console, asked = console_of(request), dict(request.query_params)
    branch = asking.branch_asked(user_of(request), asked) or None
    why, after = "", 0
    try:
        after = asking.count(asked.get("after", ""), _MOST_ID) or 0
    except InputError as error:
        why = str(error)
    found = await customer_files.listed(
        console.database, branch=branch, name=q.strip(), after=after, limit=SIZE + 1
    )
    return page(
        request,
        "customers.html",
        400 if why else 200,
        **{"section": "/plans", "why": why, "asked": asked, "found": found[:SIZE], "q": q},
        total=await customer_files.count(console.database, branch),
        after=found[SIZE - 1].id if len(found) > SIZE else 0,
    )


@router.get("/{customer}")
async def show(request: Request, customer: Id) -> Response:
    """All that is known of one; each look is on the audit trail (A6)."""
    console, user = console_of(request), user_of(request)
    file = await _file(request, customer)
    await audit.keep(
        console.database, Act(console.now(), user.number, "looked", "customer", str(customer), {})
    )
    shown = national if user.roles & access.FULL_NUMBERS else masked
    today, of = console.now().date(), Filters(customer=str(customer))
    _, owed = await owed_list.listed(console.database, OwedAsked(customer_id=customer), today, MOST)
    return page(
        request,
        "customer.html",
        200,
        **{"section": "/plans", "file": file, "owed": owed, "today": today},
        told=list(telling.told(file, shown)),
        contacts=[(one, telling.numbered(one.phone, one.extension, shown)) for one in file.contacts],
        calls=await call_list.listed(console.database, of, MOST),
    )


async def _file(request: Request, customer: int) -> CustomerFile:
    """Raises InputError for one who is not there, or of another branch: the same words."""
    branch = user_of(request).branch
    file = await customer_files.of_id(console_of(request).database, customer)
    if branch and file.line.branch != branch:
        raise customer_files.nobody(str(customer))
    return file
