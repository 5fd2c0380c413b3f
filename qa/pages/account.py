"""One's own account: who one is here, and the password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from qa import own_password, passwords
from qa.guarding import COOKIE, console_of, user_of
from qa.showing import back_to, page
from records import users

router = APIRouter(prefix="/account")


@router.get("")
async def account(request: Request) -> Response:
    """Name, branch, roles, and the form for another password."""
    return page(request, "account.html", why="")


@router.post("/password")
async def change(
    request: Request,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Another password; then one signs in anew, everywhere."""
    console, number = console_of(request), user_of(request).number
    if why := await _refused(request, old, new, again):
        return page(request, "account.html", 400, why=why)
    hashed = await console.passwords.hashed(new)
    await users.set_password(console.database, number, hashed, number, console.now())
    response = back_to("/sign-in", "said.password")
    response.delete_cookie(COOKIE)
    return response


async def _refused(request: Request, old: str, new: str, again: str) -> str:
    """Why not; "" when all is well."""
    if new != again:
        return "account.differ"
    if not passwords.is_good(new, user_of(request).number):
        return "account.weak"
    return await own_password.refusal(request, old)
