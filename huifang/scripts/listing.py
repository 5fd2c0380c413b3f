"""All scripts that a site can use, with what is filed of each and how often it was rehearsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from base.errors import InputError
from huifang import resources
from huifang.scripts.locating import locate
from huifang.site import open_site
from ivr.script import Ask, Script
from records import scripts
from records.database import Database


@dataclass(frozen=True, slots=True)
class Listed:
    """A script.

    Attributes:
        unusable: why it cannot be read; "" for one that can.
        filed: "no", "yes", or "altered" where this version was filed with another content (S1).
        rehearsals: of this version (P11).
    """

    name: str
    version: str = ""
    kind: str = ""
    title: str = ""
    wording: str = ""
    sha256: str = ""
    questions: int = 0
    filed: str = "no"
    rehearsals: int = 0
    last_rehearsed: datetime | None = None
    unusable: str = ""


async def listed(data: Path) -> list[Listed]:
    """Every script, by name.

    Raises:
        InputError: there is no data directory.
    """
    async with open_site(data) as site:
        return [await _one(site.database, data, name) for name in resources.names(data, "scripts")]


async def _one(database: Database, data: Path, name: str) -> Listed:
    try:
        script = locate(data, name).script
    except InputError as error:
        return Listed(name, unusable=str(error))
    done = await scripts.rehearsals(database, script.name, script.version)
    return Listed(
        name=name,
        version=script.version,
        kind=script.kind,
        title=script.title,
        wording=script.wording,
        sha256=script.sha256,
        questions=sum(isinstance(node, Ask) for node in script.nodes.values()),
        filed=await _filed(database, script),
        rehearsals=len(done),
        last_rehearsed=done[-1].at if done else None,
    )


async def _filed(database: Database, script: Script) -> str:
    found = await scripts.filed(database, script.name, script.version)
    if found is None:
        return "no"
    return "yes" if found.sha256 == script.sha256 else "altered"
