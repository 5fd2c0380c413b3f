"""`huifang init`: a data directory to work in."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import Annotated

import typer

from huifang import site
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, say
from huifang.custody.sealing import check_new, make_keys
from huifang.settings import FILE


def init(
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys",
            metavar="FILE",
            help="Make keys there, outside the data directory, and encrypt recordings by them.",
            show_default=False,
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Make a data directory with commented settings and an empty database; run again, it changes nothing.

    Example: huifang init --data ~/huifang-data --keys ~/huifang-keys
    """
    if keys is not None:
        check_new(data, keys)
    new = asyncio.run(site.init(data))
    if keys is not None:
        make_keys(data, keys)
    settings = data / "config" / FILE
    if json:
        as_json({"data": data, "settings": settings, "new": new})
    elif new:
        check = f"huifang check --data {shlex.quote(str(data))}"
        say(f"{data} is ready; set firm and trunk in {settings}, then run: {check}")
    else:
        say(f"{data} was there already")
