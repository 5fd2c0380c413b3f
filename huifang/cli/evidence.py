"""`huifang evidence`: a call's material with hashes that anybody can check (A5, A6)."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from base.files import atomically
from huifang.cli.options import DEFAULT_DATA, MOST, Acting, AsJson, Data
from huifang.cli.output import as_json, say
from huifang.site import open_site
from huifang.words import counted
from office import checking
from office import evidence as making
from records import approvals

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Evidence packages (证据包): sound, text, records, audit extract, hashes.",
)


@app.command()
def create(
    approval: Annotated[
        int,
        typer.Argument(metavar="APPROVAL", min=1, max=MOST, help="The request's number.", show_default=False),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="A ZIP file to write.", show_default=False),
    ],
    by: Acting,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Write the package that an approval allows, as the page 调取 does: only for who asked, while it lasts.

    Example: huifang evidence create 12 -o call-17.zip --as 1001
    """
    sha256 = asyncio.run(_created(data, approval, by, output))
    if json:
        as_json({"file": output, "sha256": sha256})
    else:
        say(f"{output}: SHA256SUMS {sha256}")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A package.", show_default=False)],
    json: AsJson = False,
) -> None:
    """Check a package: every file against its checksum, the audit extract against its chain.

    Without us: unpack it, and run sha256sum -c SHA256SUMS there. Exit status 1: something was changed.

    Example: huifang evidence verify call-17.zip
    """
    found = checking.check(file)
    if json:
        as_json(found)
    else:
        for one in found.wrong:
            say(one)
        rows = counted(found.rows, "row")
        say(f"{counted(found.files, 'file')}, {rows} of the audit trail; SHA256SUMS {found.sha256}")
    raise typer.Exit(1 if found.wrong else 0)


async def _created(data: Path, number: int, by: str, output: Path) -> str:
    async with open_site(data) as site:
        made = await making.package(site, await approvals.get(site.database, number), by)
        with made.content as content:
            try:
                atomically(output, lambda stream: shutil.copyfileobj(content, stream))
            except OSError as error:
                raise InputError(f"cannot be written: {error.strerror}", where=str(output)) from error
        return made.sha256
