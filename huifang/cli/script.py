"""`huifang script`: call scripts checked, drawn, compared, rehearsed and filed before customers hear them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from base.files import write_atomically
from huifang.cli import script_told as told
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.cli.script_rehearse import rehearse
from huifang.prompting import store_of
from huifang.scripts import page
from huifang.scripts.checking import checked
from huifang.scripts.comparing import compare
from huifang.scripts.filing import file as file_script
from huifang.scripts.filing import revived
from huifang.scripts.listing import listed
from huifang.scripts.locating import Located, locate, located
from huifang.settings import load
from huifang.site import open_site
from ivr import check as graph
from records import scripts
from records.scripts import FiledScript

app = typer.Typer(
    add_completion=False,
    help="Scripts (话术): what is said and asked; checked, shown, compared, rehearsed, filed (S1).",
)

NAME_HELP = "A script's name, or a file (*.yaml)."
Name = Annotated[str, typer.Argument(metavar="NAME", help=NAME_HELP, show_default=False)]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help=f"{NAME_HELP} Without: all.", show_default=False),
]
Other = Annotated[
    str | None,
    typer.Argument(
        metavar="[OTHER]",
        help="The older script: a name or a file. Without: the filed one.",
        show_default=False,
    ),
]
Version = Annotated[
    str,
    typer.Option("--version", metavar="V", help="This filed version, not the last one.", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Draw it into a .svg or .html file.", show_default=False),
]
DRAWN = {".svg": page.svg, ".html": page.html}


@app.command()
def check(name: Names = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Look for flaws of the graph (dead ends, secrets told to strangers, ...) and words without sound.

    Exit status 1 when there is one.

    Example: huifang script check new_account
    """
    store = store_of(data, load(data))
    found = [(one, checked(one, store)) for one in located(data, name)]
    if json:
        as_json([told.check_facts(one, result) for one, result in found])
    else:
        for _, result in found:
            told.check_lines(result)
    if any(result.flaws for _, result in found):
        raise typer.Exit(1)


@app.command()
def show(name: Name, out: Out = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Show a script as a table, or draw it for those who approve it.

    The HTML page also holds every wording; both files need nothing besides, and print well.

    Example: huifang script show new_account --out new_account.html
    """
    found = locate(data, name)
    if out is None:
        told.show(found.script, json=json)
        return
    if out.suffix not in DRAWN:
        raise InputError("is neither .svg nor .html", where=f"--out {out}", remedy="name such a file")
    write_atomically(out, DRAWN[out.suffix](found.script).encode())
    drawn = {"script": found.script.name, "version": found.script.version, "file": out}
    as_json(drawn) if json else say(f"{found.script.name} {found.script.version}: drawn in {out}")


@app.command()
def diff(
    name: Name, other: Other = None, version: Version = "", data: Data = DEFAULT_DATA, json: AsJson = False
) -> None:
    """Compare a script with its filed version, or with another: what was said, and is said now.

    Exit status 1 when it must get a new version before it is used (S1).

    Example: huifang script diff new_account
    """
    new = locate(data, name)
    if other is not None:
        old, came_from = locate(data, other).script, other
    else:
        filed = asyncio.run(_filed(data, new, version))
        old, came_from = revived(filed), f"filed {filed.filed_at:%Y-%m-%d %H:%M}"
    found = compare(old, new.script)
    if json:
        as_json(told.diff_facts(old, new.script, found))
    else:
        told.diff_lines(old, new.script, found, came_from)
    if found.needs_new_version:
        raise typer.Exit(1)


app.command()(rehearse)


@app.command()
def file(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """File a script's version: from then on its content is not changed without a new version (S1).

    Creating a campaign does the same.

    Example: huifang script file new_account
    """
    found = locate(data, name)
    problems = graph.problems(found.script)
    if problems:
        raise InputError(str(problems[0]), where=found.place_of(problems[0].node), remedy="correct it first")
    record, new = asyncio.run(_file(data, found))
    if json:
        as_json({**told.filed_facts(record), "new": new})
    else:
        state = "filed" if new else f"was filed at {record.filed_at:%Y-%m-%d %H:%M:%S}"
        say(f"{record.name} {record.version}: {state}, SHA-256 {record.sha256}")


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List all scripts with what is filed of them, and how often they were rehearsed.

    Example: huifang script list
    """
    rows = asyncio.run(listed(data))
    if json:
        as_json(rows)
        return
    columns = (
        "name",
        "version",
        "kind",
        "title",
        "wording",
        "questions",
        "filed",
        "rehearsals",
        "last rehearsed",
    )
    as_table("", columns, map(told.list_row, rows))


async def _filed(data: Path, found: Located, version: str) -> FiledScript:
    async with open_site(data) as site:
        name = found.script.name
        record = (
            await scripts.filed(site.database, name, version)
            if version
            else await scripts.newest(site.database, name)
        )
    if record is None:
        which = f"version {version} was never filed" if version else "was never filed"
        remedy = f"name the other script, or run: huifang script file {name}"
        raise InputError(which, where=name, remedy=remedy)
    return record


async def _file(data: Path, found: Located) -> tuple[FiledScript, bool]:
    async with open_site(data) as site:
        return await file_script(site.database, found.script, str(found.path), site.now())
