"""The edge of a site: its configuration from the settings, written, checked, compared."""

from __future__ import annotations

import ipaddress
import tempfile
from collections.abc import Mapping
from pathlib import Path

from base.errors import InputError, SettingsError
from dialer.edge import kamailio
from dialer.edge.config import edge_files, socket_of
from huifang import resources
from huifang.accounts import edge_accounts
from huifang.settings import Settings, load

FOLDER = "edge"
ROUTING = "edge/kamailio.cfg"
"""The routing, the same for every site; a site's own in DATA/config/edge/ goes before the shipped one."""


def folder_of(data: Path, out: Path | None) -> Path:
    """Where the configuration lies: `out`, else DATA/edge."""
    return (out or data / FOLDER).expanduser().resolve()


def write(data: Path, folder: Path) -> tuple[str, ...]:
    """Write the configuration; gives the sockets that it listens on, the inner one first.

    Raises:
        InputError: settings, passwords or the folder cannot be used, or no trunk is of mode edge.
    """
    settings = load(data)
    kamailio.write(folder, *_texts(data, settings, folder))
    outward = {socket_of(settings.edge, trunk.transport) for trunk in edge_accounts(settings)}
    return (f"udp:{settings.edge.inner}", *sorted(outward))


def check(data: Path, folder: Path) -> bool:
    """Have Kamailio read what the settings give now; gives whether `folder` holds the same.

    Raises:
        InputError: as `write`, Kamailio is missing or does not take the configuration.
        LineError: Kamailio does not come to an end.
    """
    settings = load(data)
    with tempfile.TemporaryDirectory() as place:
        kamailio.write(Path(place), *_texts(data, settings, Path(place)))
        kamailio.check(Path(place))
    routing, files = _texts(data, settings, folder)
    wanted = {**files, kamailio.MAIN: routing}
    return all(_is(folder / name, text) for name, text in wanted.items())


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _texts(data: Path, settings: Settings, folder: Path) -> tuple[str, Mapping[str, str]]:
    trunks = edge_accounts(settings)
    if not trunks:
        raise SettingsError("no trunk goes through the edge", where="trunks", remedy="set mode: edge of one")
    if not _lets_in(settings):
        remedy = "add the address that line workers are bound to"
        raise SettingsError(f"{settings.lines.host} is not among them", where="edge.workers", remedy=remedy)
    routing = resources.find(data, ROUTING)
    if routing is None:
        raise InputError("is missing", where=str(data / "config" / ROUTING))
    edge = settings.edge.model_copy(update={"desk": desk_of(settings)})
    return routing.read_text(encoding="utf-8"), edge_files(
        edge, trunks, folder, sources=settings.inbound.sources
    )


def desk_of(settings: Settings) -> str:
    """HOST:PORT of the worker that takes inbound calls, "" for none.

    It is the first of the line workers where their ports are fixed (`dialer.line.layout`).
    """
    if settings.inbound.action == "refuse":
        return ""
    lines = settings.lines
    return settings.edge.desk or (f"{lines.host}:{lines.port}" if lines.port else "")


def _lets_in(settings: Settings) -> bool:
    """Whether the edge takes calls from this machine's workers; a host name is believed."""
    try:
        host = ipaddress.ip_address(settings.lines.host)
    except ValueError:
        return True
    return any(host in ipaddress.ip_network(network) for network in settings.edge.workers)
