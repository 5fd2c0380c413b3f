"""`huifang init`: a data directory to work in."""

from __future__ import annotations

import asyncio
import shlex

from huifang import site
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, say
from huifang.settings import FILE


def init(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Make a data directory with commented settings and an empty database; run again, it changes nothing.

    Example: huifang init --data ~/huifang-data
    """
    new = asyncio.run(site.init(data))
    settings = data / "config" / FILE
    if json:
        as_json({"data": data, "settings": settings, "new": new})
    elif new:
        check = f"huifang check --data {shlex.quote(str(data))}"
        say(f"{data} is ready; set firm and trunk in {settings}, then run: {check}")
    else:
        say(f"{data} was there already")
