"""Options that every command has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path,
    typer.Option(
        "--data", metavar="DIR", envvar="HUIFANG_DATA", help="Data directory of the site.", show_default=True
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for machines instead of text.")]
WithStdin = Annotated[bool, typer.Option("--until-stdin-closes", help="End when stdin is closed, too.")]

DEFAULT_DATA = Path("huifang-data")
MOST = 2**63 - 1
"""The largest id: no database counts further."""


def printable(words: str) -> str:
    """Words that lists may show on one line; raises typer.BadParameter for control characters."""
    if not words.isprintable():
        raise typer.BadParameter("write one line, without control characters")
    return words
