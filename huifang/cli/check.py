"""`huifang check`: what is wrong, before anybody is called."""

from __future__ import annotations

import asyncio

import typer

from huifang import check as checks
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table


def check(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Say before dialing what is wrong: trunk, prompts, speech model, scripts, profiles, database.

    The exit status is 2 when something is.

    Example: huifang check --data ~/huifang-data
    """
    findings = asyncio.run(checks.check(data))
    if json:
        as_json(findings)
    else:
        rows = (("ok" if one.ok else "BAD", one.what, one.says, one.remedy) for one in findings)
        as_table("", ("", "what", "found", "remedy"), rows)
    if not all(one.ok for one in findings):
        raise typer.Exit(2)
