"""Who signs shows who they are once more, by their password (R6)."""

from __future__ import annotations

from base.errors import InputError
from qa.console import Console
from records import users

PASSWORD = "password"
"""By what they have shown it, as the signature keeps it."""


async def require_password(console: Console, number: str, password: str) -> None:
    """Look at a password as at the door: wrong ones count, and too many close the account.

    Raises:
        InputError: it is not theirs, or tried too often.
    """
    if not console.sign_ins.admits(number, console.now()):
        raise InputError("too many tries", where=number, remedy="wait a minute")
    right = await console.passwords.is_right(await users.password_hash(console.database, number), password)
    if not await users.tried(console.database, number, right, "signing", console.now()):
        raise InputError("this is not your password", where=number)
