"""`huifang tokens`: which programs may use the API."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import Annotated

import typer

from huifang.cli.at_site import at_site
from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, say
from huifang.site import Site, open_site
from huifang.words import counted
from records import tokens
from records.tokens import Scope, Token

app = typer.Typer(add_completion=False, help="Which programs may use the API, for what, until when.")

_MARK = "hf_"
"""Begins every token, so that one in a log or a repository is found."""

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="What it is for.", callback=printable, show_default=False)
]
Scopes = Annotated[list[Scope], typer.Option("--scope", help="What it may do; may be named several times.")]
Days = Annotated[int, typer.Option("--days", min=1, max=730, help="It holds for so many days.")]
Branch = Annotated[
    str, typer.Option("--branch", help="Whose customers it sees; none: all.", callback=printable)
]


@app.command()
def add(
    name: Name, scope: Scopes, by: Acting, branch: Branch = "", days: Days = 90, data: Data = DEFAULT_DATA
) -> None:
    """Make a token and write it to stdout, once: it is kept nowhere.

    Example: huifang tokens add 数据仓库 --scope calls --scope plans --days 365
    """
    secret = _MARK + secrets.token_urlsafe(32)

    async def work(site: Site) -> None:
        now = site.now()
        until = now + timedelta(days=days)
        await tokens.add(site.database, name, secret, scope, branch, by, until, now)

    at_site(data, work)
    say(secret)


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List tokens, the newest first; not what they are.

    Example: huifang tokens list
    """
    found = asyncio.run(_everything(data))
    if json:
        as_json([_plain(one) for one in found])
        return
    columns = ("token", "scopes", "branch", "until", "used", "revoked")
    as_table(counted(len(found), "token"), columns, map(_row, found))


@app.command()
def revoke(name: Name, by: Acting, data: Data = DEFAULT_DATA) -> None:
    """End a token at once.

    Example: huifang tokens revoke 数据仓库
    """
    at_site(data, lambda site: tokens.revoke(site.database, name, by, site.now()))
    say(f"{name} is revoked")


async def _everything(data: Data) -> list[Token]:
    async with open_site(data) as site:
        return await tokens.everything(site.database)


def _row(one: Token) -> tuple[object, ...]:
    whose = one.branch or "headquarters"
    return one.name, " ".join(sorted(one.scopes)), whose, one.expires_at, one.used_at, one.revoked_at


def _plain(one: Token) -> dict[str, object]:
    names = ("name", "branch", "made_by", "made_at", "expires_at", "used_at", "revoked_at")
    return {**{name: getattr(one, name) for name in names}, "scopes": sorted(one.scopes)}
