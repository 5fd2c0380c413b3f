"""One's own password asked once more: before another one is taken, and for a signature (R6)."""

from __future__ import annotations

from fastapi import Request

from qa.guarding import console_of, user_of
from records import users


async def refusal(request: Request, password: str) -> str:
    """Why it is not taken, a key of the dictionaries; "" when it is right. Who guesses is slowed down."""
    console, number = console_of(request), user_of(request).number
    if not console.sign_ins.admits(number, console.now()):
        return "error.429"
    hashed = await users.password_hash(console.database, number)
    return "" if await console.passwords.is_right(hashed, password) else "account.wrong"
