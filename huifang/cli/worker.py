"""`huifang worker`: what is done after the calls."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer

from huifang import assemble
from huifang.cli.options import DEFAULT_DATA, AsJson, Data, WithStdin
from huifang.cli.output import as_json, say
from huifang.stopping import run_until_stopped

UntilIdle = Annotated[bool, typer.Option("--until-idle", help="End when no job is left.")]

EveryNode = Annotated[
    bool,
    typer.Option(
        "--every-node", help="Also calls of other nodes: their recordings lie in this data directory too."
    ),
]

Nice = Annotated[
    int,
    typer.Option(min=0, max=19, help="How far to give way to live calls: 0 not at all."),
]


def worker(
    until_idle: UntilIdle = False,
    every_node: EveryNode = False,
    nice: Nice = 15,
    until_stdin_closes: WithStdin = False,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Transcribe and flag recorded calls, until stopped (Ctrl-C) or, if asked, until none is left.

    Example: huifang worker --until-idle
    """
    os.nice(nice)

    async def transcribe(stop: asyncio.Event) -> None:
        await assemble.post_call(data, until_idle=until_idle, stop=stop, every_node=every_node)

    status = run_until_stopped(transcribe, with_stdin=until_stdin_closes)
    if json:
        as_json({"interrupted": status != 0})
    else:
        say("worker: stopped" if status else "worker: no job is left")
    raise typer.Exit(status)
