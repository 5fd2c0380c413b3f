"""Options that the commands of `huifang plan` share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer

from huifang.cli.options import MOST, moment_of, printable
from records.model import Kind


def parsed_day(text: str) -> date:
    """A day in Asia/Shanghai. Raises typer.BadParameter."""
    return moment_of(text, timedelta(0)).date()


_DAY = "<%Y-%m-%d>"

Profile = Annotated[str, typer.Option(help="Name of a policy profile in config/profiles.")]
Until = Annotated[
    date | None,
    typer.Option(parser=parsed_day, metavar=_DAY, help="By this day; without it: today.", show_default=False),
]
Branch = Annotated[str | None, typer.Option(metavar="NAME", help="Only this branch.", show_default=False)]
Kinds = Annotated[
    list[Kind] | None, typer.Option("--kind", help="Only this kind (may be repeated).", show_default=False)
]
Duties = Annotated[
    list[str] | None,
    typer.Option("--duty", metavar="NAME", help="Only this duty of the profile (may be repeated)."),
]
Limit = Annotated[int, typer.Option(min=1, max=MOST, help="No more than so many.")]
Channels = Annotated[
    int | None,
    typer.Option(min=1, max=100_000, help="Calls at once; without it: those there are.", show_default=False),
]
Who = Annotated[
    str,
    typer.Option(
        "--as", metavar="STAFF", callback=printable, help="Staff number of who does it.", show_default=False
    ),
]
