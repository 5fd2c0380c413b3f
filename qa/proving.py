"""Who signs or changes their account shows who they are once more, as at the door (R6)."""

from __future__ import annotations

from base.errors import InputError
from qa import codes
from qa.console import Console
from records import users

PASSWORD = "password"
"""By what they have shown it, as the signature keeps it."""


async def admitted(
    console: Console, number: str, password: str, address: str, code: str | None = None
) -> bool:
    """Whether a password is right, and the one-time code of who has set codes up; None: it is not asked for.

    Wrong ones count, close the account where they are many, and are on the audit trail with `address`.
    Checked for nobody and for locked ones as well: all answers take as long, and say as little.
    """
    now, database = console.now(), console.database
    hashed = await users.password_hash(database, number)
    secret = await users.code_secret(database, number, on=True) if code is not None else ""
    right = await console.passwords.is_right(hashed, password)
    step = codes.step_of(secret, code or "", now) if secret else 0
    wrong, proven = "code" if right else "password", right and step is not None
    return await users.tried(database, number, proven, address, now, step=step or 0, wrong=wrong)


async def refusal(console: Console, number: str, password: str, address: str, code: str | None = None) -> str:
    """Why somebody is not `admitted`, a key of the dictionaries; "" where they are."""
    if not console.sign_ins.admits(number, console.now()):
        return "error.429"
    if await admitted(console, number, password, address, code):
        return ""
    return "account.wrong" if code is None else "account.proof_wrong"


async def require_password(console: Console, number: str, password: str) -> None:
    """Look at a password before a signature.

    Raises:
        InputError: it is not theirs, or tried too often.
    """
    why = await refusal(console, number, password, "signing")
    if why == "error.429":
        raise InputError("too many tries", where=number, remedy="wait a minute")
    if why:
        raise InputError("this is not your password", where=number)
