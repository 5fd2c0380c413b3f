"""`huifang trunk`: the lines to the telephone network, how they stand, how they dial."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from dialer.trunk import Trunk
from huifang import trunks
from huifang.areas import home_of
from huifang.cli.options import DEFAULT_DATA, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, say
from huifang.settings import Settings
from huifang.site import open_site
from huifang.trunks import Form, TrunkStanding
from records import ledger
from records.model import LineHealth

app = typer.Typer(
    add_completion=False, help="Trunks (中继): the lines that calls go out by, their health and pauses."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The trunk's name.", show_default=False)]
Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="A number as people write it.", show_default=False)
]
Why = Annotated[
    str, typer.Option("--why", "--reason", callback=printable, help="The reason, kept with the pause.")
]

STATES = {"closed": "in use", "open": "paused", "half_open": "waits for a probe call"}


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List the trunks of the settings with their limits.

    Example: huifang trunk list
    """
    known = asyncio.run(_settings(data)).trunks
    if json:
        as_json([_told(trunk) for trunk in known])
        return
    columns = ("trunk", "role", "weight", "uri", "by", "shown", "channels", "cps", "per hour", "per day")
    as_table("", columns, (tuple(_told(trunk).values()) for trunk in known))


async def _settings(data: Path) -> Settings:
    async with open_site(data) as site:
        return site.settings


def _told(trunk: Trunk) -> dict[str, object]:
    names = (
        *("name", "role", "weight", "uri", "transport", "caller_id"),
        *("channels", "cps", "per_hour", "per_day"),
    )
    return {name: getattr(trunk, name) for name in names}


@app.command()
def status(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Show each trunk's health, the channels it uses, and why it is paused.

    Health is what each running dialer found at its last OPTIONS.

    Example: huifang trunk status
    """
    found = asyncio.run(_standings(data))
    if json:
        as_json(found)
        return
    columns = ("trunk", "role", "state", "health", "channels", "until", "why")
    as_table("", columns, (_row(one) for one in found))


def _row(one: TrunkStanding) -> tuple[object, ...]:
    until = "huifang trunk resume" if one.needs_a_person else one.paused_until
    health = "; ".join(_health(node) for node in one.health) or "not asked yet"
    used = f"{one.in_use} of {one.channels}"
    return one.name, one.role, STATES[one.state], health, used, until, one.paused_why


def _health(one: LineHealth) -> str:
    answer = f"{one.status} in {one.took_s * 1000:.0f} ms" if one.status else "no answer"
    registered = "" if one.registered is None else f", registration {one.registered}"
    return f"{one.node} {one.up} ({answer}{registered}, {one.at:%m-%d %H:%M:%S})"


async def _standings(data: Path) -> list[TrunkStanding]:
    async with open_site(data) as site:
        return await trunks.standings(site)


@app.command()
def pause(name: Name, why: Why = "paused by hand", data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Begin no more calls by a trunk until it is resumed; calls under way go on.

    Example: huifang trunk pause main --why "carrier's maintenance"
    """
    paused = asyncio.run(_pause(data, name, why))
    if json:
        as_json(paused)
    else:
        say(f"{name} is paused")


async def _pause(data: Path, name: str, why: str) -> TrunkStanding:
    async with open_site(data) as site:
        await ledger.pause_trunk(site.database, trunks.named(site, name).name, None, why)
        return await trunks.standing(site, name)


@app.command()
def resume(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """End a trunk's pause; it is judged anew by the calls that follow.

    Example: huifang trunk resume main
    """
    resumed = asyncio.run(_resume(data, name))
    if json:
        as_json(resumed)
    else:
        say(f"{name} carries calls again")


async def _resume(data: Path, name: str) -> TrunkStanding:
    async with open_site(data) as site:
        await ledger.resume_trunk(site.database, trunks.named(site, name).name)
        return await trunks.standing(site, name)


@app.command()
def dial(number: Number, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Show how each trunk would dial a number, and why; nothing is dialed.

    Example: huifang trunk dial 021-61234567转8012
    """
    known = trunks.trunks_of(asyncio.run(_settings(data)))
    found = trunks.forms(known, number, home_of(known))
    if json:
        as_json(found)
        return
    columns = ("trunk", "role", "dialed", "why", "if misdialled", "keys", "shown", "asserted", "request URI")
    as_table("", columns, (_form(one) for one in found))


def _form(one: Form) -> tuple[object, ...]:
    return (
        *(one.trunk, one.role, one.number, one.why, one.otherwise, one.keys),
        *(one.caller_id, one.asserted_id, one.uri),
    )
