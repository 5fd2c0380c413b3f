"""`huifang edge`: the proxy between line workers and trunks, a Kamailio configuration."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from dialer.edge import control, kamailio
from huifang import edge
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say

app = typer.Typer(
    add_completion=False,
    help="The edge: one address towards the trunks of mode edge (a Kamailio configuration).",
)

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where the configuration lies; without: DATA/edge."),
]


@app.command()
def write(out: Out = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Write the configuration from the settings, and have Kamailio read it where it is installed.

    Its files hold passwords: only their owner can read them.

    Example: huifang edge write --out /etc/kamailio/huifang
    """
    folder = edge.folder_of(data, out)
    sockets = edge.write(data, folder)
    checked = kamailio.program() is not None
    if checked:
        kamailio.check(folder)
    if json:
        as_json({"folder": folder, "sockets": sockets, "checked": checked})
        return
    say(f"{folder / kamailio.MAIN}: listens on {', '.join(sockets)}")
    say("Kamailio takes it" if checked else "not checked: Kamailio is not installed here")


@app.command()
def check(out: Out = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Have Kamailio read what the settings give; exit status 1 when the written files differ from it.

    Example: huifang edge check
    """
    folder = edge.folder_of(data, out)
    same = edge.check(data, folder)
    if json:
        as_json({"folder": folder, "current": same})
    else:
        differs = f"but {folder} differs: run huifang edge write, and restart Kamailio"
        say(f"Kamailio takes the configuration, {f'and {folder} holds it' if same else differs}")
    if not same:
        raise typer.Exit(1)


@app.command()
def run(out: Out = None, data: Data = DEFAULT_DATA) -> None:
    """Write the configuration and become Kamailio, in the foreground with its log on stderr.

    Example: huifang edge run
    """
    folder = edge.folder_of(data, out)
    edge.write(data, folder)
    kamailio.check(folder)
    command = kamailio.command(folder)
    os.execvp(command[0], command)


@app.command()
def status(out: Out = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Ask the running edge which trunks answer OPTIONS and where it is registered.

    Example: huifang edge status
    """
    folder = edge.folder_of(data, out)
    if not folder.is_dir():
        raise InputError("there is no configuration", where=str(folder), remedy="run: huifang edge write")
    found = control.status(folder)
    if json:
        as_json(found)
        return
    rows = ((one.key, "up" if one.up else "down", one.address) for one in found.trunks)
    as_table("trunks", ("trunk", "answers", "address"), rows)
    if found.registrations:
        registered = (
            (one.user, "registered" if one.registered else "not registered", one.left_s or "")
            for one in found.registrations
        )
        as_table("registrations", ("as", "state", "seconds left"), registered)
