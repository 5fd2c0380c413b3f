"""One piece of work at a site, from a command's own thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from huifang.site import Site, open_site

T = TypeVar("T")


def at_site(data: Path, work: Callable[[Site], Awaitable[T]]) -> T:
    """Open the site, do the work, close it; gives what the work gives."""

    async def run() -> T:
        async with open_site(data) as site:
            return await work(site)

    return asyncio.run(run())
