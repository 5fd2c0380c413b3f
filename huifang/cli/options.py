"""Options that every command has."""

from __future__ import annotations

import getpass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from base.clock import SHANGHAI

Data = Annotated[
    Path,
    typer.Option(
        "--data", metavar="DIR", envvar="HUIFANG_DATA", help="Data directory of the site.", show_default=True
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for machines instead of text.")]


def printable(words: str) -> str:
    """Words that lists may show on one line; raises typer.BadParameter for control characters."""
    if not words.isprintable():
        raise typer.BadParameter("write one line, without control characters")
    return words


Acting = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="STAFF",
        envvar="HUIFANG_AS",
        default_factory=getpass.getuser,
        callback=printable,
        help="Staff number of who does it; it stands on the audit trail (A6).",
        show_default="your account",
    ),
]
WithStdin = Annotated[bool, typer.Option("--until-stdin-closes", help="End when stdin is closed, too.")]

DEFAULT_DATA = Path("huifang-data")
MOST = 2**63 - 1
"""The largest id: no database counts further."""

DAY, MINUTE = "%Y-%m-%d", "%Y-%m-%d %H:%M"
YEARS = range(2000, 2200)


def moment_of(text: str, day: timedelta) -> datetime:
    """A day or a minute in Asia/Shanghai; a day alone stands for so long after its first moment.

    Raises:
        typer.BadParameter: neither, or of a year that nobody means.
    """
    for form, more in ((DAY, day), (MINUTE, timedelta(0))):
        try:
            found = datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
        if found.year not in YEARS:
            raise typer.BadParameter(f"{text} is in no year that is meant")
        return found + more
    raise typer.BadParameter(f"{text!r} is no date: write YYYY-MM-DD or 'YYYY-MM-DD HH:MM'")
