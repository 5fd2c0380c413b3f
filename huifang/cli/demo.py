"""`huifang demo`: the main job, end to end, on one machine with nothing configured."""

from __future__ import annotations

import asyncio
import json as json_format
import shlex
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from base.clock import SHANGHAI
from base.errors import InputError
from base.files import write_atomically
from huifang.cli.output import console
from huifang.demo.opening import open_console
from huifang.demo.play import play
from huifang.demo.report import Story, document, show
from huifang.demo.stage import port_of
from huifang.site import open_site
from huifang.stopping import run_until_stopped

Where = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Keep the data there; without: a new folder in ./huifang-demo."
    ),
]
Json = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the story to FILE as JSON, too.")
]
NoServe = Annotated[bool, typer.Option("--no-serve", help="End when the story is told, without the console.")]


def demo(data: Where = None, json: Json = None, no_serve: NoServe = False) -> None:
    """Call fourteen simulated customers by SIP, ask them the new-account questions, and show what they said.

    The phones run in a process of their own; 30 s of ringing and three attempts are real, the waits between
    attempts are seconds, and the business clock starts on a Wednesday. Ctrl-C hangs up in good order; the
    same --data goes on. In the end the console opens on these calls, until Ctrl-C; --no-serve leaves it out.

    Example: huifang demo --data my-demo --json story.json
    """
    place = (data or Path("huifang-demo") / f"{datetime.now(tz=SHANGHAI):%Y%m%d-%H%M%S}").resolve()
    if json is not None:
        _make_room_for(json.resolve())
    out = console()
    told: list[Story] = []

    async def work(stop: asyncio.Event) -> None:
        story = await play(place, console=out, stop=stop)
        if story is not None:
            told.append(story)

    status = run_until_stopped(work)
    if not told:
        _say_how_to_go_on(place, out)
        raise typer.Exit(status)
    if json is not None:
        text = json_format.dumps(document(told[0]), ensure_ascii=False, indent=1)
        write_atomically(json.resolve(), text.encode() + b"\n")
    show(told[0], out)
    out.print(f"Data: {place}", markup=False, highlight=False, soft_wrap=True)
    if not no_serve:
        run_until_stopped(lambda stop: open_console(place, out, stop))


def _make_room_for(file: Path) -> None:
    """Whoever waits minutes for a story can have it written: told before, not after."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", where=str(file.parent)) from error
    if file.is_dir():
        raise InputError("is a folder", where=f"--json {file}", remedy="name a file")


def _say_how_to_go_on(place: Path, out: Console) -> None:
    """After an interruption: the commands that take it up again."""
    here = shlex.quote(str(place))
    out.print("Interrupted: calls are hung up, attempts are closed. Go on with:", highlight=False)
    out.print(f"  huifang demo --data {here}", markup=False, highlight=False, soft_wrap=True)
    if (place / "config").is_dir():
        port = asyncio.run(_port(place))
        out.print(
            f"  or: huifang phone --port {port}   and beside it: huifang run --until-done --data {here}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


async def _port(place: Path) -> int:
    async with open_site(place) as site:
        return port_of(site)
