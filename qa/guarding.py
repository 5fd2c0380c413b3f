"""What stands before every route: who is there, may they, and does the form come from our own page."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request

from qa import access
from qa.console import Console
from qa.live import Live
from records import sessions
from records.sessions import Session
from records.users import User

COOKIE = "huifang_session"
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
_READING = {"GET", "HEAD"}


class NotSignedIn(Exception):
    """Nobody is signed in, and somebody has to be."""


def console_of(request: Request) -> Console:
    """The console that a request came to."""
    found: Console = request.app.state.console
    return found


def live_in(app: FastAPI) -> Live:
    """What all who look at today in this console see."""
    found: Live = app.state.live
    return found


def live_of(request: Request) -> Live:
    """What all who look at today see."""
    return live_in(request.app)


def session_of(request: Request) -> Session:
    """Who is signed in; only behind a route that asks for it."""
    found: Session = request.state.session
    return found


def user_of(request: Request) -> User:
    """Who asks."""
    return session_of(request).user


async def guard(request: Request) -> None:
    """A dependency of all routes.

    Raises:
        NotSignedIn: sign in first.
        HTTPException: 403, the role does not do that, or the form is not from our page.
    """
    key = (request.method, request.scope["route"].path)
    session = await present_session(request, clicked=key not in access.BY_ITSELF)
    request.state.session = session
    if request.method not in _READING:
        _same_origin(request)
    if key in access.PUBLIC:
        return
    if session is None:
        raise NotSignedIn
    if not access.may(session.user.roles, key):
        raise HTTPException(403)
    if request.method not in _READING:
        await _own_form(request, session)


async def present_session(request: Request, *, clicked: bool) -> Session | None:
    """The session that a request belongs to; by a click it lasts on."""
    console, token = console_of(request), request.cookies.get(COOKIE, "")
    if not token:
        return None
    return await sessions.of_token(console.database, token, console.now(), clicked=clicked)


def _same_origin(request: Request) -> None:
    """Browsers name the page that a form was sent from."""
    origin = urlsplit(request.headers.get("origin", ""))
    if (origin.scheme, origin.netloc) != (request.url.scheme, request.headers.get("host", "")):
        raise HTTPException(403)


async def _own_form(request: Request, session: Session) -> None:
    said = request.headers.get(CSRF_HEADER) or str((await request.form()).get(CSRF_FIELD, ""))
    if not hmac.compare_digest(said.encode(), session.csrf.encode()):
        await request.close()
        raise HTTPException(403)
