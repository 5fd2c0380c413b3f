"""Who signs shows who they are by the password of the console (R6)."""

from __future__ import annotations

from collections.abc import Callable

from base.errors import InputError
from huifang.site import Site
from qa.passwords import Passwords
from qa.proving import PASSWORD
from records import users

HERE = "command line"
"""Where it was tried, on the audit trail."""


async def proof_of(site: Site, number: str, ask: Callable[[], str]) -> str:
    """How somebody has shown who they are: PASSWORD; "" on a site without any user, where nobody can.

    Raises:
        InputError: it is not their password, they are no user, or they may not sign in now.
    """
    if not await users.everybody(site.database):
        return ""
    right = await Passwords().is_right(await users.password_hash(site.database, number), ask())
    if not await users.tried(site.database, number, right, HERE, site.now()):
        remedy = "`huifang users list` shows who may sign in"
        raise InputError("this is not their password, or they may not sign in", where=number, remedy=remedy)
    return PASSWORD
