"""What stands before every route of the API: whose token, may it, and how often."""

from __future__ import annotations

from datetime import timedelta

from fastapi import HTTPException, Request

from qa.api.access import SCOPES
from qa.console import Console
from qa.limiting import Limiter
from records import audit, tokens
from records.chain import Act
from records.tokens import Scope, Token

MOST = 600
"""Requests of a token in a minute."""
MOST_WRONG = 20
"""Tokens that are none, from an address in a minute."""


class Gate:
    """Counts requests."""

    def __init__(self) -> None:
        self.right = Limiter(MOST, timedelta(minutes=1))
        self.wrong = Limiter(MOST_WRONG, timedelta(minutes=1))


def console_of(request: Request) -> Console:
    """The console that a request came to."""
    found: Console = request.app.state.console
    return found


def token_of(request: Request) -> Token:
    """Who asks."""
    found: Token = request.state.token
    return found


async def guard(request: Request) -> None:
    """A dependency of all routes.

    Raises:
        HTTPException: 401, there is no token that holds; 403, it may not do that; 429, too often.
    """
    console, gate = console_of(request), request.app.state.gate
    said = request.headers.get("authorization", "")
    secret = said.removeprefix("Bearer ") if said.startswith("Bearer ") else ""
    token = await tokens.of_secret(console.database, secret, console.now()) if secret else None
    if token is None:
        address = request.client.host if request.client else ""
        status = 401 if gate.wrong.admits(address, console.now()) else 429
        raise HTTPException(status, "send a token that holds", {"www-authenticate": "Bearer"})
    if not gate.right.admits(token.name, console.now()):
        raise HTTPException(429, f"more than {MOST} requests a minute", {"retry-after": "60"})
    needed = SCOPES.get((request.method, request.scope["route"].path))
    if needed is None or needed not in token.scopes:
        raise HTTPException(403, f"the token lacks the scope {needed}" if needed else "nobody's")
    request.state.token = token


def may(request: Request, scope: Scope) -> bool:
    """Whether whoever asks may do that besides."""
    return scope in token_of(request).scopes


async def note(request: Request, what: str, kind: str, of: str, detail: dict[str, str]) -> None:
    """Put what a program did on the audit trail (A6)."""
    console = console_of(request)
    await audit.keep(console.database, Act(console.now(), token_of(request).who, what, kind, of, detail))
