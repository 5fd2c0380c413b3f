"""The API as an ASGI application of its own, mounted into the console at /api/v1."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBearer
from starlette.responses import JSONResponse, Response

from base.errors import InputError
from qa.api import calls, customers, shapes, work
from qa.api.guarding import Gate, guard
from qa.console import Console

PREFIX = "/api/v1"
_ROUTERS = (calls, work, customers)
_REFUSED: dict[int | str, dict[str, object]] = {
    status: {"model": shapes.Refused} for status in (400, 401, 403, 404, 429)
}
_BEARER = HTTPBearer(auto_error=False, description="A token of `huifang tokens add`.")


def api(console: Console, version: str) -> FastAPI:
    """All of the API; its description is at `openapi.json`, which needs no token and tells of no data."""
    app = FastAPI(title="huifang", version=version, docs_url=None, redoc_url=None, responses=_REFUSED)
    app.state.console = console
    app.state.gate = Gate()
    for one in _ROUTERS:
        app.include_router(one.router, dependencies=[Depends(_BEARER), Depends(guard)])
    app.add_exception_handler(InputError, _not_there)
    return app


async def _not_there(_request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 400)
