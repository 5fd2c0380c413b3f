"""`huifang check`: what is wrong, before anybody is called."""

from __future__ import annotations

import asyncio

import typer

from huifang import check as checks
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table
from huifang.finding import Finding


def check(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Say before dialing what is wrong: trunk, prompts, speech model, scripts, profiles, database.

    The exit status is 2 when something is; a RISK works, but somebody should know of it.

    Example: huifang check --data ~/huifang-data
    """
    findings = asyncio.run(checks.check(data))
    if json:
        as_json(findings)
    else:
        rows = ((_word(one), one.what, one.says, one.remedy) for one in findings)
        as_table("", ("", "what", "found", "remedy"), rows)
    if not all(one.ok for one in findings):
        raise typer.Exit(2)


def _word(finding: Finding) -> str:
    if not finding.ok:
        return "BAD"
    return "RISK" if finding.risk else "ok"
