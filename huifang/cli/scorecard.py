"""`huifang scorecard`: what calls are scored by, checked and listed (Q5)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from huifang import resources, scorecards
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from plans.scorecards import load

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Scorecards (评分表): what reviewers score calls by; checked, listed (Q5).",
)

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...", help="A card's name, or a file (*.yaml). Without: all.", show_default=False
    ),
]


@app.command()
def check(names: Files = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Look for all that is wrong: what cannot be read, points that make no 100, items that are there twice.

    Exit status 2 when there is anything.

    Example: huifang scorecard check follow_up
    """
    wanted = names or list(resources.names(data, scorecards.FOLDER))
    found = {name: _faults(_path(data, name)) for name in wanted}
    if json:
        as_json({name: [str(one) for one in theirs] for name, theirs in found.items()})
    else:
        for name, theirs in found.items():
            for one in theirs:
                say(str(one))
            if not theirs:
                say(f"{name}: good")
    if any(found.values()):
        raise typer.Exit(2)


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List all cards, the site's own and the shipped ones.

    Example: huifang scorecard list
    """
    cards = scorecards.all_of(data)
    if json:
        as_json([{**one.content, "sha256": one.sha256} for one in cards])
        return
    columns = ("name", "version", "title", "kinds", "items", "passes with", "SHA-256")
    rows = (
        (
            *(one.name, one.version, one.title, ", ".join(one.kinds) or "all"),
            *(len(one.items), one.pass_at, one.sha256[:12]),
        )
        for one in cards
    )
    as_table("", columns, rows)


def _path(data: Path, name: str) -> Path:
    return Path(name) if name.endswith(".yaml") else resources.named(data, scorecards.FOLDER, name)


def _faults(path: Path) -> tuple[InputError, ...]:
    try:
        load(path)
    except InputError as error:
        return tuple(error.each)
    return ()
