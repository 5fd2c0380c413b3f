"""`huifang archive`: recordings on volumes for discs, verified and restored (R4)."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from base.clock import SHANGHAI
from base.errors import InputError
from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data
from huifang.cli.output import as_json, as_table, progress_bar, say
from huifang.cli.plan_options import parsed_day
from huifang.custody import archive, discs, volumes
from huifang.custody.archive import Archived
from huifang.custody.discs import Restored, Verified
from huifang.site import open_site
from huifang.words import counted
from records import audit
from records.chain import Act

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Archive (刻盘): volumes of recordings for discs."
)


def _size(text: str) -> int:
    try:
        return volumes.size_of(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


_DAY = "<%Y-%m-%d>"
Size = Annotated[
    int,
    typer.Option(
        metavar="SIZE",
        parser=_size,
        help=f"Of a volume: 4.7G, 700M, {', '.join(volumes.SIZES)}.",
        show_default=False,
    ),
]
From = Annotated[
    date, typer.Option("--from", metavar=_DAY, parser=parsed_day, help="First day.", show_default=False)
]
To = Annotated[
    date, typer.Option("--to", metavar=_DAY, parser=parsed_day, help="Last day.", show_default=False)
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the volumes.", show_default=False)]
Read = Annotated[
    Path, typer.Argument(metavar="DIR", help="A volume, or a folder of such.", show_default=False)
]


@app.command()
def create(
    folder: Folder,
    size: Size,
    from_: From,
    to: To,
    by: Acting,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Write the recordings of some days into volumes, each a folder to burn: sound, index, checksums, a page.

    index.html on the disc searches and plays without network or server. What is on it is not encrypted.

    Example: huifang archive create --size bd25 --from 2026-03-01 --to 2026-03-31 /srv/discs
    """
    if to < from_:
        raise InputError("is before the first day", where=f"--to {to}")
    done = asyncio.run(_created(data, folder, size, (_begin(from_), _begin(to + timedelta(days=1))), by))
    if json:
        as_json(done)
        return
    rows = ((one.path, one.recordings, one.files, f"{one.size:,}", one.sha256) for one in done.volumes)
    as_table(
        counted(len(done.volumes), "volume"), ("volume", "recordings", "files", "bytes", "SHA256SUMS"), rows
    )
    if done.missing:
        say(f"{counted(done.missing, 'recording')} left out: the files are not in this data directory")


@app.command()
def verify(folder: Read, json: AsJson = False) -> None:
    """Read every file of a volume and compare it with its checksum; exit status 1 where one is not as it was.

    The SHA-256 of the list itself stands on the audit trail: huifang audit list --what archived.

    Example: huifang archive verify /media/disc
    """
    with progress_bar("reading") as bar:
        found = [discs.verify(volume, bar) for volume in discs.found(folder)]
    as_json(found) if json else _tell(found)
    raise typer.Exit(0 if all(one.is_whole for one in found) else 1)


@app.command()
def restore(folder: Read, by: Acting, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Copy recordings back to where they lay; nothing is written over, and what is damaged is told.

    Example: huifang archive restore /media/disc --as 1001
    """
    done = asyncio.run(_restored(data, folder, by))
    if json:
        as_json(done)
    else:
        for name in done.failed:
            say(f"{name}: damaged, or another file lies in its place")
        say(
            f"{counted(done.copied, 'file')} copied, {done.there} were there, {len(done.failed)} not restored"
        )
    raise typer.Exit(1 if done.failed else 0)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _tell(found: list[Verified]) -> None:
    for one in found:
        for what, names in (("changed", one.changed), ("missing", one.missing), ("not of it", one.unknown)):
            for name in names:
                say(f"{one.volume}: {name}: {what}")
        say(f"{one.volume}: {counted(one.good, 'file')} as written; SHA256SUMS {one.sha256}")


async def _created(data: Path, to: Path, size: int, span: tuple[datetime, datetime], by: str) -> Archived:
    async with open_site(data, by=by) as site:
        with progress_bar("copying recordings") as bar:
            return await archive.create(site, span, size, to, by, bar)


async def _restored(data: Path, folder: Path, by: str) -> Restored:
    """All volumes as one."""
    async with open_site(data, by=by) as site:
        done = []
        for volume in discs.found(folder):
            with progress_bar(f"restoring {volume.name}") as bar:
                one = await asyncio.to_thread(discs.restore, volume, site.sounds, bar)
            detail = {"copied": one.copied, "failed": list(one.failed)}
            await audit.keep(site.database, Act(site.now(), by, "restored", "volume", volume.name, detail))
            done.append(one)
    failed = tuple(name for one in done for name in one.failed)
    return Restored(sum(one.copied for one in done), sum(one.there for one in done), failed)
