"""One's own account: who one is here, and the password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from qa import codes, passwords, proving
from qa.guarding import COOKIE, console_of, user_of
from qa.showing import back_to, page
from records import users

router = APIRouter(prefix="/account")


@router.get("")
async def account(request: Request) -> Response:
    """Name, branch, roles, the form for another password, one-time codes."""
    return await _page(request)


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
        return await _page(request, why)
    hashed = await console.passwords.hashed(new)
    await users.set_password(console.database, number, hashed, number, console.now())
    response = back_to("/sign-in", "said.password")
    response.delete_cookie(COOKIE)
    return response


@router.post("/code/begin")
async def begin(request: Request, password: Annotated[str, Form()] = "") -> Response:
    """A secret for an app that makes one-time codes; it is not asked for before it was tried."""
    if user_of(request).coded:
        return await _page(request, "account.code_is_on")
    return await _set_code(request, codes.new_secret(), password)


@router.post("/code/on")
async def code_on(request: Request, code: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Ask for codes from now on: the app has shown a right one."""
    console, number, now = console_of(request), user_of(request).number, console_of(request).now()
    secret = await users.code_secret(console.database, number, on=False)
    if not secret or codes.step_of(secret, code, now) is None:
        return await _page(request, "account.code_wrong")
    await users.set_code(console.database, number, secret, on=True, by=number, now=now)
    return back_to("/account", "said.changed")


@router.post("/code/off")
async def code_off(
    request: Request,
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """No more codes: the last one is asked for here."""
    return await _set_code(request, "", password, code)


async def _set_code(request: Request, secret: str, password: str, code: str | None = None) -> Response:
    if why := await _unproven(request, password, code):
        return await _page(request, why)
    console, number = console_of(request), user_of(request).number
    await users.set_code(console.database, number, secret, on=False, by=number, now=console.now())
    return back_to("/account")


async def _page(request: Request, why: str = "") -> Response:
    console, user = console_of(request), user_of(request)
    begun = await users.code_secret(console.database, user.number, on=False)
    picture = codes.picture(codes.address(begun, user.number, console.firm.name)) if begun else ""
    status = 400 if why else 200
    return page(request, "account.html", status, why=why, begun=begun, code_picture=picture)


async def _refused(request: Request, old: str, new: str, again: str) -> str:
    """Why not; "" when all is well."""
    if new != again:
        return "account.differ"
    if not passwords.is_good(new, user_of(request).number):
        return "account.weak"
    return await _unproven(request, old)


async def _unproven(request: Request, password: str, code: str | None = None) -> str:
    return await proving.refusal(console_of(request), user_of(request).number, password, "account", code)
