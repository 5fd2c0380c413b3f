"""What is over its time, and its deletion (R3): rows and their note first, then the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from base.clock import SHANGHAI
from dialer.recordings import CUSTOMER, EARLY, SYSTEM, track
from huifang.site import Site
from plans.paperwork import Material, Term
from plans.retention import free_from, least_years, years_after
from records import audit, retention
from records.audit import Asked
from records.holds import Object
from records.kept import Filed, Kept

_UNFINISHED = 100
"""A purge that was broken off has left files of its last call only: so many notes are looked at again."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """By which terms: the profile of what has no campaign, and what the law asks for besides."""

    profile: str = "default"
    law_years: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is over its time. `held`: it stays all the same."""

    kept: Kept
    free_from: date
    held: bool


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge deleted; `size` in bytes. `elsewhere`: calls whose files lie at other nodes."""

    objects: int
    files: int
    size: int
    elsewhere: int


async def due(site: Site, terms: Terms, on: date) -> list[Due]:
    """What is over its time on a day, the oldest first, with what a hold keeps.

    Raises:
        InputError: a campaign's profile is not there, or cannot be used.
    """
    names = await retention.profiles(site.database) | {terms.profile}
    known = {name: tuple(site.profile(name).retention.values()) for name in names}
    least = min(least_years(of, terms.law_years) for of in known.values())
    before = datetime.combine(years_after(on, -least), time.max, SHANGHAI)
    old = await retention.made_before(site.database, before)
    held = await retention.held(site.database)
    found = ((one, _free(one, known, terms)) for one in old)
    return [Due(one, day, bool(one.hangs_on & held)) for one, day in found if day is not None and day <= on]


async def purge(site: Site, found: Sequence[Due], by: str, progress: Progress) -> Purged:
    """Delete what is due and not held; what a purge before left undone is done, too."""
    await _finish(site)
    ours = [one.kept for one in found if not one.held]
    here = [one for one in ours if _is_here(site, one)]
    objects = count = size = 0
    for n, kept in enumerate(here, 1):
        files = files_of(site.data, kept)
        names = [str(file.relative_to(site.data)) for file in files]
        if await retention.delete(site.database, kept, names, by, site.now()):
            objects, count = objects + 1, count + len(files)
            size += sum(_unlink(file) for file in files)
        progress(n, len(here))
    return Purged(objects, count, size, len(ours) - len(here))


def files_of(data: Path, kept: Kept) -> list[Path]:
    """Its files that are there."""
    if not kept.sound:
        return []
    tracks = [track(data, kept.sound, party) for party in (SYSTEM, CUSTOMER, EARLY)]
    return [
        file for file in ([data / kept.sound] if kept.kind is Object.RECORDING else tracks) if file.exists()
    ]


def _free(kept: Kept, known: dict[str, tuple[Term, ...]], terms: Terms) -> date | None:
    of = known[kept.profile or terms.profile]
    return free_from(of, _materials(kept), kept.made_at.date(), kept.closed_on, terms.law_years)


def _materials(kept: Kept) -> Iterator[Material]:
    yield Material.MESSAGES if kept.kind is Filed.MESSAGE else Material.RECORDS
    if kept.sound:
        yield Material.RECORDINGS


def _is_here(site: Site, kept: Kept) -> bool:
    """Of several nodes each deletes what lies at it."""
    if not site.database.is_server or not kept.sound:
        return True
    return kept.node == site.settings.node_name() if kept.node else bool(files_of(site.data, kept))


async def _finish(site: Site) -> None:
    for row in await audit.listed(site.database, Asked(what="purged"), _UNFINISHED):
        for name in row.act.detail["files"]:
            _unlink(site.data / name)


def _unlink(file: Path) -> int:
    """Its size; 0 where it is gone already."""
    try:
        size = file.stat().st_size
        file.unlink()
    except FileNotFoundError:
        return 0
    return size
