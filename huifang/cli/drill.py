"""`huifang drill`: a site proves its own installation before it trusts it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from base.errors import InputError
from huifang.cli.options import AsJson
from huifang.cli.output import as_json, as_table, say
from huifang.cli.places import Place, place_of
from huifang.cli.talk import talk_
from huifang.drill.crash import Order, Report, Tell, crash
from huifang.stopping import run_until_stopped
from huifang.words import counted

app = typer.Typer(add_completion=False, help="Drills (演练): prove an installation before trusting it.")

Kills = Annotated[int, typer.Option(min=1, max=100_000, help="How many kill -9 in all.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same plan of kills.")]
Where = Annotated[
    str, typer.Option("--database", metavar="URL", help="An empty database; without: SQLite, thrown away.")
]
Channels = Annotated[int, typer.Option(min=1, max=100, help="Calls at once.")]
Customers = Annotated[int, typer.Option(min=1, max=5000, help="Customers of each campaign.")]
Nodes = Annotated[
    int, typer.Option(min=1, max=9, help="Machines that share the database; more than one on PostgreSQL.")
]
Carry = Annotated[
    float,
    typer.Option("--carry-s", min=0, help="Seconds at most that the campaigns go on after the last kill."),
]


@app.callback()
def _drills() -> None:
    """One command for each drill."""


@app.command("crash")
def crash_(
    kills: Kills = 50,
    seed: Seed = 1,
    database: Where = "",
    channels: Channels = 8,
    customers: Customers = 40,
    nodes: Nodes = 1,
    carry_s: Carry = 120.0,
    data: Place = None,
    json: AsJson = False,
) -> None:
    """Kill a dialer at random moments over a running campaign, and count at the far end what it did.

    The customers are simulated and nobody is called. Exit status 1 when a rule was broken: a number rung too
    often, two calls to one number, a call outside the windows, a recording lost. Ctrl-C ends the drill with
    the round under way and judges what was done; twice at once.

    With --database, which must be empty: --database postgresql://huifang@localhost/drill --nodes 2

    Example: huifang drill crash --kills 6 --seed 3
    """
    if nodes > 1 and not database.startswith("postgresql"):
        raise InputError("needs PostgreSQL", where="--nodes", remedy="name one by --database")
    told: list[Report] = []

    async def work(stop: asyncio.Event) -> None:
        with place_of(data) as place, _bar(kills) as tell:
            order = Order(place, kills, seed, database, channels, customers, nodes, carry_s=carry_s)
            told.append(await crash(order, tell, stop))

    status = run_until_stopped(work)
    if not told:
        raise typer.Exit(status)
    _show(told[0], json)
    raise typer.Exit(1 if told[0].violations else status)


app.command("talk")(talk_)


@contextmanager
def _bar(kills: int) -> Iterator[Tell]:
    """A bar on stderr, where that is a terminal."""
    err = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task("kills", total=kills)
        yield lambda done, calls: shown.update(
            task, completed=done, description=f"{counted(calls, 'call')}, kills"
        )


def _show(report: Report, json: bool) -> None:
    if json:
        as_json(report)
        return
    blows = ", ".join(f"{n} {blow.value}" for blow, n in report.blows.items())
    rows = (
        ("database", f"{report.engine}, {counted(report.nodes, 'node')}, seed {report.seed}"),
        ("struck", f"{blows} in {counted(report.rounds, 'round')}, {report.starts} starts"),
        ("at the far end", f"{report.calls} Call-IDs ({report.invites} INVITEs) to {report.numbers} numbers"),
        ("answered", report.answered),
        ("follow-ups", f"{report.follow_ups.closed} of {report.follow_ups.total} closed"),
        ("attempts", report.attempts),
        ("recordings", report.recordings),
        ("took", f"{report.seconds:.0f} s"),
        ("rules broken", len(report.violations)),
    )
    as_table("", ("", ""), rows)
    if report.violations:
        columns = ("rule", "number", "at", "what")
        as_table("", columns, ((one.rule, one.number, one.at, one.what) for one in report.violations))
    else:
        say("No rule was broken.")
