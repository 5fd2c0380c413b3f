"""The console's door: where it is bound, by which certificate, until it is stopped."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from base.errors import InputError
from huifang import scorecards, starting
from huifang.site import Site
from qa.app import application
from qa.console import Console
from qa.guarding import live_in
from qa.inviting import Invitation
from qa.working import Progress


@dataclass(frozen=True, slots=True)
class Door:
    """Where the console listens. `certificate` and `key` go together."""

    host: str = "127.0.0.1"
    port: int = 8400
    certificate: Path | None = None
    key: Path | None = None

    @property
    def secure(self) -> bool:
        """Whether it speaks TLS."""
        return self.certificate is not None


def check(door: Door) -> None:
    """Look at what was asked for before anything is opened.

    Raises:
        InputError: passwords would go over the network in the clear, or the certificate cannot be used.
    """
    if (door.certificate is None) != (door.key is None):
        raise InputError("one without the other", where="--tls-cert, --tls-key", remedy="name both files")
    if not door.secure and not _is_loopback(door.host):
        remedy = "name --tls-cert and --tls-key, or bind to 127.0.0.1"
        raise InputError(
            "passwords would cross the network in the clear", where=f"--host {door.host}", remedy=remedy
        )
    if door.certificate is not None and door.key is not None:
        _check_pair(door.certificate, door.key)


def console_of(site: Site, secure: bool, invitation: Invitation | None = None) -> Console:
    """The console of a site."""

    async def start(number: str, by: str, progress: Progress) -> object:
        return await starting.start(site, number, by, progress, lambda _sentences, _seconds: None)

    return Console(site, start, secure, invitation, scorecards=scorecards.all_of(site.data))


async def serve(
    site: Site,
    door: Door,
    stop: asyncio.Event,
    ready: Callable[[str], None],
    invitation: Invitation | None = None,
) -> None:
    """Serve until `stop`; `ready` is told the address once browsers can come.

    Raises:
        InputError: the address is taken or not ours.
    """
    bound = _bound(door)
    scheme, host = "https" if door.secure else "http", f"[{door.host}]" if ":" in door.host else door.host
    app = application(console_of(site, door.secure, invitation))
    config = uvicorn.Config(
        app,
        ssl_certfile=door.certificate,
        ssl_keyfile=door.key,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    stopping = asyncio.create_task(stop.wait())
    ready(f"{scheme}://{host}:{bound.getsockname()[1]}")
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        live_in(app).close()
        server.should_exit = True
        await serving
    finally:
        stopping.cancel()


class _Server(uvicorn.Server):
    """Signals are our own affair (`huifang.stopping`)."""

    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]
        """Nothing is caught here."""
        return nullcontext()


def _bound(door: Door) -> socket.socket:
    family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
    try:
        bound = socket.create_server((door.host, door.port), family=family)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"cannot listen: {why}", where=f"{door.host}:{door.port}", remedy="name another --host or --port"
        ) from error
    # A page leaves in two pieces: the second would wait 40 ms until the first one's arrival is told.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_pair(certificate: Path, key: Path) -> None:
    for file in (certificate, key):
        if not file.is_file():
            raise InputError("there is no such file", where=str(file))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError) as error:
        remedy = "PEM files, the key of this certificate and without a password"
        raise InputError(
            "cannot be used as certificate and key", where=f"{certificate}, {key}", remedy=remedy
        ) from error
