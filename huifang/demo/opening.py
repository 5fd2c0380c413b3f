"""The console over a demonstration's calls, for its reviewer, until it is stopped."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import webbrowser
from pathlib import Path

from rich.console import Console

from huifang import serving
from huifang.serving import Door
from huifang.site import Site, open_site
from qa.inviting import Invitation
from qa.passwords import Passwords
from records import users
from records.chain import SYSTEM
from records.people import Staff
from records.users import Role

REVIEWER = Staff("reviewer", "演示质检员")


async def open_console(data: Path, console: Console, stop: asyncio.Event) -> None:
    """Serve at any free port; the printed address signs the reviewer in, once, and a display shows it."""
    async with open_site(data) as site:
        await add_reviewer(site)
        invitation = Invitation(REVIEWER.number)
        shown: list[asyncio.Task[bool]] = []

        def ready(address: str) -> None:
            link = address + invitation.path
            console.print(f"Console: {link}", markup=False, highlight=False, soft_wrap=True)
            console.print("The link signs you in once, on this machine. Ctrl-C ends.", highlight=False)
            if has_display():
                shown.append(asyncio.create_task(asyncio.to_thread(webbrowser.open, link)))

        await serving.serve(site, Door(port=0), stop, ready, invitation)


async def add_reviewer(site: Site) -> None:
    """Make the user whom the link signs in; nobody knows the password."""
    if REVIEWER.number in {one.number for one in await users.everybody(site.database)}:
        return
    hashed = await Passwords().hashed(secrets.token_urlsafe(32))
    await users.add(site.database, REVIEWER, [Role.REVIEWER], hashed, SYSTEM, site.now())


def has_display() -> bool:
    """Whether a browser would show up somewhere; a text browser would take the terminal."""
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
