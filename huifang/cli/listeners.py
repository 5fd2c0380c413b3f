"""`huifang listeners`: who outside is told of what happens."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated

import typer

from huifang.cli.at_site import at_site
from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, say
from huifang.site import Site, open_site
from huifang.telling import sending
from huifang.telling.loop import tell_once
from huifang.words import counted
from records import deliveries, listeners
from records.listeners import Happening, Listener

app = typer.Typer(add_completion=False, help="Web addresses and mail boxes that are told of what happens.")

Address = Annotated[
    str,
    typer.Argument(metavar="ADDRESS", help="https://… or mailto:…", callback=printable, show_default=False),
]
Events = Annotated[list[Happening] | None, typer.Option("--on", help="Of what; without it of all.")]
Branch = Annotated[
    str, typer.Option("--branch", help="Of whose customers; none: of all.", callback=printable)
]


@app.command()
def add(
    address: Address, by: Acting, on: Events = None, branch: Branch = "", data: Data = DEFAULT_DATA
) -> None:
    """Tell an address from now on; the secret that signs what it gets is written to stdout, once.

    Example: huifang listeners add https://risk.example.com/hook --on flag.severe

    Example: huifang listeners add mailto:qa@example.com --on case.closed --branch 上海营业部
    """
    secret = secrets.token_urlsafe(32)

    async def work(site: Site) -> None:
        sending.check(address, site.settings.mail)
        await listeners.add(site.database, address, secret, on or (), branch, by, site.now())

    at_site(data, work)
    say(f"{address} is told" if address.startswith("mailto:") else secret)


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List who is told, how many deliveries wait and arrived, and the last answer.

    Example: huifang listeners list
    """
    found, standing = asyncio.run(_everybody(data))
    if json:
        as_json([_plain(one, standing.get(one.id, _NONE)) for one in found])
        return
    columns = ("address", "of", "branch", "waiting", "arrived", "last answer", "stopped")
    rows = (_row(one, standing.get(one.id, _NONE)) for one in found)
    as_table(counted(len(found), "listener"), columns, rows)


@app.command()
def stop(address: Address, by: Acting, data: Data = DEFAULT_DATA) -> None:
    """Tell an address nothing more, not even what is waiting.

    Example: huifang listeners stop mailto:qa@example.com
    """
    at_site(data, lambda site: listeners.stop(site.database, address, by, site.now()))
    say(f"{address} is told nothing more")


@app.command()
def tell(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Tell what is due once, where no `huifang worker` runs, which tells all the time.

    Exit status 1: not all was taken.

    Example: huifang listeners tell
    """
    taken, left = asyncio.run(_tell(data))
    as_json({"taken": taken, "left": left}) if json else say(f"taken: {taken}, left: {left}")
    raise typer.Exit(1 if left else 0)


_Standing = tuple[int, int, str]
_NONE: _Standing = (0, 0, "")


async def _everybody(data: Data) -> tuple[list[Listener], dict[int, _Standing]]:
    async with open_site(data) as site:
        return await listeners.everything(site.database), await deliveries.standing(site.database)


async def _tell(data: Data) -> tuple[int, int]:
    async with open_site(data) as site:
        return await tell_once(site)


def _row(one: Listener, standing: _Standing) -> tuple[object, ...]:
    return one.address, " ".join(sorted(one.events)), one.branch or "all", *standing, one.stopped_at


def _plain(one: Listener, standing: _Standing) -> dict[str, object]:
    waiting, arrived, answer = standing
    names = ("address", "branch", "made_by", "made_at", "stopped_at")
    said = {"waiting": waiting, "arrived": arrived, "last_answer": answer}
    return {**{name: getattr(one, name) for name in names}, "events": sorted(one.events), **said}
