"""`huifang run`: call."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from huifang import assemble
from huifang.cli.options import DEFAULT_DATA, AsJson, Data, WithStdin
from huifang.cli.output import console, say
from huifang.live_view import totals_of, watching
from huifang.observers import JsonLines
from huifang.remaining import waiting
from huifang.site import open_site
from huifang.stopping import run_until_stopped

UntilDone = Annotated[
    bool,
    typer.Option("--until-done", help="End when nothing more can be called today, and say what waits."),
]


def run(
    until_done: UntilDone = False,
    until_stdin_closes: WithStdin = False,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Call what is due in the running campaigns; Ctrl-C hangs up in good order, twice at once.

    SIGTERM begins no new calls and lets those under way end, for `lines.drain_s` seconds at most.

    With --json each ended attempt is one JSON object on a line of its own; so is, at the end of --until-done,
    what waits for another day.

    Example: huifang run --until-done
    """

    drain = asyncio.Event()

    async def call(stop: asyncio.Event) -> None:
        await _run(data, until_done, json, stop, drain)

    raise typer.Exit(run_until_stopped(call, drain, with_stdin=until_stdin_closes))


async def _run(data: Path, until_done: bool, json: bool, stop: asyncio.Event, drain: asyncio.Event) -> None:
    async with open_site(data) as site:
        totals = await totals_of(site)
    with nullcontext(JsonLines(say)) if json else watching(console(), totals) as observer:
        await assemble.dial(data, until_done=until_done, stop=stop, observer=observer, drain=drain)
    if until_done and not stop.is_set():
        async with open_site(data) as site:
            for one in await waiting(site):
                say(one.as_json() if json else str(one))
