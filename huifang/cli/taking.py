"""What all commands that take a branch's file have in common: options, progress, what is said at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from base.errors import InputError
from huifang.cli.options import printable
from huifang.cli.output import as_json, as_table, progress_bar, say, warn
from huifang.site import Site, open_site
from huifang.words import counted
from office.customers import importing
from office.customers.fields import Sheet
from office.customers.heading import plain
from office.customers.importing import Imported, What
from office.customers.reading import Opened, meanings, opened
from records import mappings
from records.chain import SYSTEM

File = Annotated[
    Path, typer.Argument(help="CSV (UTF-8 or GB18030), XLSX or XLS.", metavar="FILE", show_default=False)
]
MappingName = Annotated[
    str, typer.Option("--mapping", metavar="NAME", help="Columns mean what was saved under this name.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="HEADING=FIELD",
        help="What a column means; nothing behind = leaves it out. May be given several times.",
    ),
]
SaveMapping = Annotated[
    str, typer.Option("--save-mapping", metavar="NAME", help="Keep what the columns mean under this name.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
Errors = Annotated[
    Path | None,
    typer.Option(
        "--errors", metavar="FILE.xlsx", help="Write bad rows here: correct them there, and import that file."
    ),
]

SHOWN = 20
"""Bad rows that are listed for people."""


@dataclass(frozen=True, slots=True)
class How:
    """The options; `by`: who brings the file."""

    mapping: str = ""
    columns: Sequence[str] = ()
    save: str = ""
    dry: bool = False
    errors: Path | None = None
    by: str = SYSTEM


def run(file: Path, data: Path, how: How, json: bool, what: What) -> None:
    """Take the file, and say what it gave.

    Raises:
        InputError: the file or an option cannot be used; nothing was kept.
        KeyboardInterrupt: what was kept is said before.
    """
    _require_place(file, how.errors)
    reached = _Reached()
    try:
        done = asyncio.run(_take(file, data, how, what, reached))
    except KeyboardInterrupt:
        if reached.row and not how.dry:
            kept = f"{file}: kept up to row {reached.row}; import it again, what is kept is recognised"
            typer.echo(kept, err=True)
        raise
    if json:
        as_json({"file": file, "dry_run": how.dry, **_counts(done)})
        return
    _warn(file, done)
    _say(file, how, done)


def _warn(file: Path, done: Imported) -> None:
    """What is hardly meant: no row at all; people of the firm of whom nothing is known."""
    if not done.rows:
        warn(f"{file} has no row below its heading")
    if done.strangers:
        first = "、".join(sorted(done.strangers)[:SHOWN])
        warn(f"{first}: not among the firm's people (`huifang customers staff`), A1 may not know them")


def _require_place(file: Path, errors: Path | None) -> None:
    """Raises InputError where no workbook could be written at the end."""
    if errors is None:
        return
    if errors.suffix.lower() != ".xlsx" or errors.is_dir() or not errors.parent.is_dir():
        raise InputError(
            "cannot be written", where=str(errors), remedy="name a file FILE.xlsx in a folder that exists"
        )
    if errors.resolve() == file.resolve():
        raise InputError("is the file that is read", where=str(errors), remedy="name another for bad rows")


@dataclass(slots=True)
class _Reached:
    """The last row that was kept."""

    row: int = 0


async def _take(file: Path, data: Path, how: How, what: What, reached: _Reached) -> Imported:
    async with open_site(data, by=how.by) as site:
        intake = await importing.intake_of(site.database, what, site.now(), dry=how.dry, by=how.by)
        found = opened(file, intake.sheet, await _chosen(site, how, intake.sheet))
        _require_columns(found, how)
        if how.save and not how.dry:
            await mappings.save(site.database, printable(how.save), meanings(found), site.now())
        with progress_bar("importing") as bar:

            def progress(row: int, of: int) -> None:
                reached.row = row
                bar(row, of)

            return await importing.take(found, intake, how.errors, progress)


def _require_columns(found: Opened, how: How) -> None:
    """Raises InputError where an option speaks of a column that there is not."""
    titles = {plain(title) for title in meanings(found)}
    for one in how.columns:
        if plain(one.partition("=")[0]) not in titles:
            raise InputError(
                "the file has no such column",
                where=f"--column {one}",
                remedy=f"it has {' '.join(meanings(found))}",
            )


async def _chosen(site: Site, how: How, sheet: Sheet) -> dict[str, str]:
    """What columns mean: as saved, then as the options say."""
    saved = (await mappings.get(site.database, how.mapping)).columns if how.mapping else {}
    keys = {name: field.key for field in sheet.fields for name in (field.key, field.title)} | {"": ""}
    chosen = dict(saved)
    for one in how.columns:
        title, sign, name = one.partition("=")
        if not sign or name not in keys:
            known = " ".join(field.title for field in sheet.fields)
            raise InputError("names no field", where=f"--column {one}", remedy=f"known: {known}")
        chosen[title] = keys[name]
    return chosen


def _counts(done: Imported) -> dict[str, Any]:
    return {
        "result": done.result,
        "bad": done.bad,
        "bad_rows": done.bad_rows,
        "ignored_columns": done.ignored_columns,
        "unknown_staff": sorted(done.strangers),
    }


def _say(file: Path, how: How, done: Imported) -> None:
    result, would = done.result, "would be " if how.dry else ""
    counts = f"{result.added} {would}added, {result.updated} {would}updated, {result.unchanged} unchanged"
    say(f"{file}: {counts}, {done.bad_rows} bad")
    if done.ignored_columns:
        say(f"columns without meaning here: {', '.join(done.ignored_columns)}")
    if done.bad:
        shown = done.bad[:SHOWN]
        as_table("", ("row", "column", "reason"), ((bad.row, bad.column, bad.reason) for bad in shown))
    if done.bad_rows and how.errors:
        say(f"{counted(done.bad_rows, 'bad row')} in {how.errors}: correct them there, and import that file")
    elif len(done.bad) > SHOWN:
        say(f"the first {SHOWN} of {done.bad_rows} bad rows: --errors FILE.xlsx writes them all")
