"""Rehearsals before a plan runs are logged with the script's version (P11), where there is a site."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from pathlib import Path

from base.clock import SHANGHAI
from huifang.scripts.typed import Rehearsed
from huifang.scripts.walking import Walks
from huifang.site import open_site
from ivr.script import Script
from records import scripts
from records.scripts import Rehearsal


def now_at(data: Path) -> datetime:
    """The site's business time; this machine's where there is no site."""

    async def now() -> datetime:
        async with open_site(data) as site:
            return site.now()

    return asyncio.run(now()) if data.is_dir() else datetime.now(tz=SHANGHAI)


def log(data: Path, rehearsal: Rehearsal) -> bool:
    """Keep it; gives whether there is a site to keep it in."""

    async def keep() -> None:
        async with open_site(data) as site:
            await scripts.rehearsed(site.database, rehearsal)

    if there := data.is_dir():
        asyncio.run(keep())
    return there


def of_walks(script: Script, done: Walks, at: datetime, who: str) -> Rehearsal:
    """What is kept of random walks."""
    return Rehearsal(
        at=at,
        who=who,
        script=script.name,
        version=script.version,
        sha256=script.sha256,
        walks=done.walks,
        seed=done.seed,
        failed=done.failed,
        outcomes=done.outcomes,
        unvisited=done.unvisited,
    )


def of_typed(script: Script, done: Rehearsed, at: datetime, who: str) -> Rehearsal:
    """What is kept of one conversation that somebody typed."""
    return Rehearsal(
        at=at,
        who=who,
        script=script.name,
        version=script.version,
        sha256=script.sha256,
        walks=1,
        seed=None,
        failed=0 if done.session.over else 1,
        outcomes=dict(Counter([done.session.result().outcome.value])),
        unvisited=tuple(name for name in script.nodes if name not in done.nodes),
    )
