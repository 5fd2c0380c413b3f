"""Users: who may sign in, as what, for which branch (administrators)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from base.errors import InputError
from qa import passwords
from qa.guarding import console_of, user_of
from qa.showing import back_to, page
from records import users
from records.people import Staff
from records.users import Role

router = APIRouter(prefix="/users")

Text = Annotated[str, Form()]
Roles = Annotated[list[Role], Form()]


@router.get("")
async def listed(request: Request) -> Response:
    """Everybody, with what can be changed."""
    return await _page(request)


@router.post("")
async def add(
    request: Request,
    number: Text = "",
    name: Text = "",
    branch: Text = "",
    password: Text = "",
    role: Roles = [],  # noqa: B006
) -> Response:
    """Let somebody sign in."""
    console = console_of(request)
    person = Staff(number.strip(), name.strip(), branch.strip())
    try:
        users.check(person, role)
        passwords.check(password, person.number)
        hashed = await console.passwords.hashed(password)
        await users.add(console.database, person, role, hashed, user_of(request).number, console.now())
    except InputError as error:
        return await _page(request, str(error))
    return back_to("/users", "said.added")


@router.post("/{number}/roles")
async def roles(request: Request, number: str, role: Roles = []) -> Response:  # noqa: B006
    """What somebody does."""
    console = console_of(request)
    try:
        await users.set_roles(console.database, number, role, user_of(request).number, console.now())
    except InputError as error:
        return await _page(request, str(error))
    return back_to("/users", "said.changed")


@router.post("/{number}/password")
async def password(request: Request, number: str, password: Text = "") -> Response:
    """Another password for somebody who has lost theirs; they are signed out everywhere."""
    console = console_of(request)
    try:
        passwords.check(password, number)
        hashed = await console.passwords.hashed(password)
        await users.set_password(console.database, number, hashed, user_of(request).number, console.now())
    except InputError as error:
        return await _page(request, str(error))
    return back_to("/users", "said.changed")


@router.post("/{number}/code-off")
async def code_off(request: Request, number: str) -> Response:
    """No more one-time codes, for somebody who has lost what makes them."""
    console, by = console_of(request), user_of(request).number
    try:
        await users.set_code(console.database, number, "", on=False, by=by, now=console.now())
    except InputError as error:
        return await _page(request, str(error))
    return back_to("/users", "said.changed")


@router.post("/{number}/lock")
async def lock(request: Request, number: str) -> Response:
    """Lock somebody out."""
    return await _set_locked(request, number, True)


@router.post("/{number}/unlock")
async def unlock(request: Request, number: str) -> Response:
    """Let somebody in again."""
    return await _set_locked(request, number, False)


async def _set_locked(request: Request, number: str, locked: bool) -> Response:
    console = console_of(request)
    try:
        await users.set_locked(console.database, number, locked, user_of(request).number, console.now())
    except InputError as error:
        return await _page(request, str(error))
    return back_to("/users", "said.changed")


async def _page(request: Request, why: str = "") -> Response:
    console = console_of(request)
    everybody = await users.everybody(console.database)
    status = 400 if why else 200
    return page(request, "users.html", status, people=everybody, roles=list(Role), why=why, now=console.now())
