"""`huifang run`: call."""

from __future__ import annotations

from typing import Annotated

import typer

from huifang import assemble
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import say
from huifang.observers import JsonLines, PlainLines
from huifang.stopping import run_until_stopped

UntilDone = Annotated[bool, typer.Option("--until-done", help="End when no running campaign has calls left.")]


def run(until_done: UntilDone = False, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Call what is due in the running campaigns; Ctrl-C hangs up in good order, twice at once.

    With --json each ended attempt is one JSON object on a line of its own.

    Example: huifang run --until-done
    """
    observer = JsonLines(say) if json else PlainLines(say)
    status = run_until_stopped(
        lambda stop: assemble.dial(data, until_done=until_done, stop=stop, observer=observer)
    )
    raise typer.Exit(status)
