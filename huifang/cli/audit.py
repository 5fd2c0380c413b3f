"""`huifang audit`: who did what with whose data, and whether the trail was changed (A6)."""

from __future__ import annotations

import asyncio
import json as jsonlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from huifang.cli.options import DAY, DEFAULT_DATA, MINUTE, AsJson, Data, moment_of
from huifang.cli.output import as_json, as_table, progress_bar, say
from huifang.custody import anchors
from huifang.site import open_site
from huifang.words import counted
from records import audit
from records.audit import Asked
from records.chain import Anchor, Checked, Row

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Audit trail (审计记录): list, verify, anchor."
)


def _since(text: str) -> datetime:
    return moment_of(text, timedelta(0))


def _until(text: str) -> datetime:
    return moment_of(text, timedelta(days=1))


_FORM = f"<{DAY}|{MINUTE}>"
Who = Annotated[str, typer.Option(metavar="STAFF", help="Only what this person did.")]
What = Annotated[str, typer.Option(metavar="ACT", help="Only such acts: exported, approved, purged ...")]
Of = Annotated[str, typer.Option(metavar="OBJECT", help='Only what was done to it: "call 17".')]
From = Annotated[
    datetime | None,
    typer.Option("--from", metavar=_FORM, parser=_since, help="From then on.", show_default=False),
]
To = Annotated[
    datetime | None,
    typer.Option("--to", metavar=_FORM, parser=_until, help="Up to then, a day whole.", show_default=False),
]
Last = Annotated[int, typer.Option("--last", metavar="N", min=1, max=1_000_000, help="So many at most.")]
AnchorFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--anchors",
        metavar="FILE",
        help="Compare with these anchors, too (may be repeated): copies that were stored elsewhere.",
        show_default=False,
    ),
]
AnchorFile = Annotated[
    Path | None,
    typer.Option(
        "--anchors",
        metavar="FILE",
        help=f"Write into this file; without, {anchors.FILE} in the data directory.",
        show_default=False,
    ),
]


@app.command("list")
def list_(
    who: Who = "",
    what: What = "",
    of: Of = "",
    from_: From = None,
    to: To = None,
    last: Last = 50,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List acts, the newest first.

    Example: huifang audit list --who 1001 --what exported --from 2026-03-01
    """
    found = asyncio.run(_listed(data, Asked(who, what, of, from_, to), last))
    if json:
        as_json(found)
        return
    as_table(counted(len(found), "act"), ("序号", "时间", "何人", "操作", "对象", "详情"), map(_line, found))


@app.command()
def verify(files: AnchorFiles = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Walk along the whole trail and tell the first row that does not fit; then the exit status is 1.

    Example: huifang audit verify --anchors /mnt/vault/audit-anchors.jsonl
    """
    found, count = asyncio.run(_checked(data, files or []))
    if json:
        as_json({**_plain(found), "anchors": count})
    elif found.broken is None:
        say(f"{counted(found.rows, 'row')} fit, {counted(count, 'anchor')} too; head {found.head}")
    else:
        say(f"row {found.broken.n}: {found.broken.why}; the {counted(found.rows, 'row')} before fit")
    raise typer.Exit(1 if found.broken else 0)


@app.command()
def anchor(file: AnchorFile = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Write the trail's head of today into a file to be stored elsewhere; `huifang worker` does so daily.

    Example: huifang audit anchor --anchors /mnt/vault/audit-anchors.jsonl
    """
    found = asyncio.run(_anchored(data, file))
    if json:
        as_json(found)
    else:
        say(f"row {found.n}, SHA-256 {found.sha256}" if found else "nothing is on the trail yet")


def _line(row: Row) -> tuple[object, ...]:
    act = row.act
    detail = jsonlib.dumps(act.detail, ensure_ascii=False) if act.detail else ""
    return row.n, act.at, act.who, act.what, f"{act.kind} {act.of}".strip(), detail


def _plain(found: Checked) -> dict[str, object]:
    broken = {"n": found.broken.n, "why": found.broken.why} if found.broken else None
    return {"rows": found.rows, "head": found.head, "broken": broken}


async def _listed(data: Path, asked: Asked, last: int) -> list[Row]:
    async with open_site(data) as site:
        return await audit.listed(site.database, asked, last)


async def _checked(data: Path, files: list[Path]) -> tuple[Checked, int]:
    async with open_site(data) as site:
        known = [one for file in [site.data / anchors.FILE, *files] for one in anchors.read(file)]
        with progress_bar("verifying, rows") as bar:
            return await audit.check(site.database, known, bar), len(known)


async def _anchored(data: Path, file: Path | None) -> Anchor | None:
    async with open_site(data) as site:
        return await anchors.anchor(site, file or site.data / anchors.FILE)
