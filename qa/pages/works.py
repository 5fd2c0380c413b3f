"""How far something is that goes on beside the pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from qa.guarding import console_of, user_of
from qa.showing import page

router = APIRouter(prefix="/works")


@router.get("/{id}")
async def show(request: Request, id: str) -> Response:
    """The page, or the part of it that asks again until it is over."""
    work = console_of(request).works.of(id, user_of(request).number)
    template = "_work.html" if "hx-request" in request.headers else "work.html"
    return page(request, template, work=work)
