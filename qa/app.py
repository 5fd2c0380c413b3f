"""The console as an ASGI application: pages, guard, headers, files."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from base.errors import InputError
from qa.api.app import PREFIX, api
from qa.console import Console
from qa.guarding import NotSignedIn, guard
from qa.headers import Guarded
from qa.live import Live
from qa.pages import (
    account,
    answers,
    approvals,
    calls,
    charts,
    complaints,
    contact_changes,
    customers,
    desk,
    desk_files,
    desk_item,
    figures,
    imports,
    judging,
    leads,
    one_call,
    one_case,
    one_recording,
    papers,
    people,
    plan_calendar,
    plans,
    review,
    sampling,
    scorecards,
    searches,
    sheets,
    signing_in,
    today,
    works,
)
from qa.showing import page

_STATIC = Path(__file__).parent / "static"
_PAGES = (
    signing_in,
    account,
    today,
    charts,
    calls,
    searches,
    one_call,
    one_recording,
    leads,
    answers,
    review,
    one_case,
    sampling,
    scorecards,
    figures,
    desk,
    complaints,
    contact_changes,
    desk_files,
    desk_item,
    approvals,
    people,
    plans,
    plan_calendar,
    sheets,
    papers,
    imports,
    customers,
    works,
    judging,
)


def application(console: Console) -> FastAPI:
    """All of the console; what it works on is closed by whoever opened it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.console = console
    app.state.live = Live(console.database, console.now)
    for one in _PAGES:
        app.include_router(one.router, dependencies=[Depends(guard)])
    app.mount(PREFIX, api(console, version("huifang")))
    app.mount("/static", StaticFiles(directory=_STATIC), "static")
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(InputError, _not_there)
    app.add_middleware(Guarded, secure=console.secure)
    return app


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    """And back again; a part of a page asks for the whole one."""
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"hx-redirect": "/sign-in"})
    query = f"?{request.url.query}" if request.url.query else ""
    back = f"?to={quote(request.url.path + query)}" if request.method == "GET" else ""
    return RedirectResponse(f"/sign-in{back}", 303)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = status if status in (403, 404, 429) else 400
    return page(request, "error.html", status, why=f"error.{known}", detail="")


async def _not_understood(request: Request, _error: Exception) -> Response:
    return page(request, "error.html", 400, why="error.400", detail="")


async def _not_there(request: Request, error: Exception) -> Response:
    return page(request, "error.html", 404, why="error.404", detail=str(error))
