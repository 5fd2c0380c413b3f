"""By which policy profile a page counts: the one that is named, else the newest worksheet's."""

from __future__ import annotations

from base.errors import InputError
from dialer.profile import Profile
from qa.console import Console
from records import worksheets

USUAL = "default"


async def profile_name(console: Console, named: str) -> str:
    """The name of that profile."""
    return named or await worksheets.last_profile(console.database) or USUAL


async def known(console: Console, named: str) -> str:
    """The name of that profile, where there is such a one.

    Raises:
        InputError: there is none.
    """
    name = await profile_name(console, named)
    if name not in console.place.profiles():
        raise InputError("there is no such profile", where=name)
    return name


async def profile_of(console: Console, name: str) -> Profile:
    """The profile of that name; read anew now and then.

    Raises:
        InputError: there is none, or it cannot be used.
    """
    await known(console, name)

    async def read() -> Profile:
        return console.place.profile(name)

    return await console.figures.of(("profile", name), read)
