"""Signing in and out, and what a reader sets for this browser."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from qa import access, proving
from qa.console import Console
from qa.guarding import COOKIE, console_of, session_of
from qa.showing import NAVIGATION, back_to, page, remember
from records import sessions

router = APIRouter()


@router.get("/")
async def first(request: Request) -> Response:
    """Where everybody starts: what they work with, in the order of the head of the page."""
    roles = session_of(request).user.roles
    return back_to(next((to for to, _ in NAVIGATION if access.may(roles, ("GET", to))), "/account"))


@router.get("/sign-in")
async def form(request: Request, to: str = "/") -> Response:
    """The form; who is signed in already goes on."""
    if request.state.session is not None:
        return back_to(_ours(to))
    return page(request, "sign_in.html", to=_ours(to), number="", why="")


@router.post("/sign-in")
async def sign_in(
    request: Request,
    number: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form(max_length=20)] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Begin a session. Why somebody is refused is not told: it would tell who is a user."""
    console, now = console_of(request), console_of(request).now()
    address = request.client.host if request.client else ""
    known = {"to": _ours(to), "number": number}
    if not console.sign_ins.admits(address, now):
        return page(request, "sign_in.html", 429, why="error.429", **known)
    if not await proving.admitted(console, number, password, address, code):
        return page(request, "sign_in.html", 401, why="sign_in.wrong", **known)
    return await _begun(console, number, address, to)


@router.get("/begin")
async def begin(request: Request, token: str = "") -> Response:
    """Take an invitation, where this console gave one out."""
    console, address = console_of(request), request.client.host if request.client else ""
    if console.invitation is None or not console.invitation.accepts(token, address):
        raise HTTPException(404)
    return await _begun(console, console.invitation.number, address, "/")


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    console = console_of(request)
    await sessions.end(console.database, session_of(request), console.now())
    response = back_to("/sign-in", "said.signed_out")
    response.delete_cookie(COOKIE)
    return response


@router.post("/preferences")
async def preferences(
    request: Request,
    language: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Language and theme, for this browser."""
    response: RedirectResponse = back_to(_ours(to))
    remember(response, language, theme, console_of(request).secure)
    return response


async def _begun(console: Console, number: str, address: str, to: str) -> Response:
    """A new session, and on to where its user wanted to go."""
    token = secrets.token_urlsafe(32)
    await sessions.begin(console.database, number, token, secrets.token_urlsafe(32), address, console.now())
    response = back_to(_ours(to))
    response.set_cookie(COOKIE, token, secure=console.secure, httponly=True, samesite="strict")
    return response


def _ours(to: str) -> str:
    """A path of this console; nothing that leads elsewhere."""
    is_path = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if is_path else "/"
