"""`huifang serve`: the console."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from huifang import serving
from huifang.cli.options import DEFAULT_DATA, Data, WithStdin
from huifang.cli.output import say
from huifang.serving import Door
from huifang.site import open_site
from huifang.stopping import INTERRUPTED, run_until_stopped
from records import users

Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Which port; 0: any free one.")]
Certificate = Annotated[
    Path | None,
    typer.Option("--tls-cert", metavar="FILE", help="Certificate chain, PEM.", show_default=False),
]
Key = Annotated[
    Path | None, typer.Option("--tls-key", metavar="FILE", help="Its key, PEM.", show_default=False)
]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8400,
    tls_cert: Certificate = None,
    tls_key: Key = None,
    until_stdin_closes: WithStdin = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Open the console in browsers, until stopped (Ctrl-C): calls, what was said, campaigns, users.

    The first administrator is made by `huifang users add`. Other addresses than this machine's own need TLS.

    Example: huifang serve --host 10.0.0.8 --tls-cert console.pem --tls-key console.key
    """
    door = Door(host, port, tls_cert, tls_key)
    serving.check(door)

    async def work(stop: asyncio.Event) -> None:
        async with open_site(data) as site:
            if not await users.everybody(site.database):
                say("nobody can sign in yet: huifang users add NUMBER --name NAME --role administrator")
            await serving.serve(site, door, stop, lambda address: say(f"console: {address}"))

    status = run_until_stopped(work, with_stdin=until_stdin_closes)
    raise typer.Exit(0 if status == INTERRUPTED else status)
