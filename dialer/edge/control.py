"""What the running edge says of itself: which trunks answer, where it is registered.

Kamailio's JSON-RPC over a datagram socket in the edge's folder.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from base.errors import InputError, LineError
from dialer.edge.config import SOCKET

PATIENCE_S = 3.0
LONGEST_ANSWER = 65_536


@dataclass(frozen=True, slots=True)
class TrunkHealth:
    """A trunk as the edge sees it.

    Attributes:
        key: the trunk's name, as `config.key_of` writes it.
        up: it answers OPTIONS, or has not been asked in vain often enough.
        address: where it is asked.
    """

    key: str
    up: bool
    address: str


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration: whether it holds, as whom, and for how many seconds yet (0 when it does not)."""

    user: str
    registered: bool
    left_s: int


@dataclass(frozen=True, slots=True)
class EdgeStatus:
    """All of it."""

    trunks: tuple[TrunkHealth, ...]
    registrations: tuple[Registration, ...]


def status(folder: Path) -> EdgeStatus:
    """Ask the edge that runs with this folder's configuration.

    Raises:
        InputError: none runs.
        LineError: it does not answer, or refuses.
    """
    health = _ask(folder, "dispatcher.list")
    registered = _ask(folder, "uac.reg_dump")
    return EdgeStatus(tuple(_trunks(health)), tuple(_registration(one) for one in _many(registered)))


ONLINE = 4
"""Flag of a registration that holds (`uac.reg_dump`)."""


def _trunks(health: Any) -> Iterator[TrunkHealth]:
    for record in health.get("RECORDS", ()):
        for target in record["SET"]["TARGETS"]:
            one = target["DEST"]
            # "AP": active and probed; I is inactive, D disabled, T tried once in vain.
            yield TrunkHealth(one["ATTRS"]["DUID"], one["FLAGS"][0] in "AT", one["URI"])


def _registration(one: dict[str, Any]) -> Registration:
    registered = bool(int(one["flags"]) & ONLINE)
    return Registration(one["l_username"], registered, int(one["diff_expires"]) if registered else 0)


def _many(value: Any) -> list[dict[str, Any]]:
    """Kamailio writes one row as an object, several as a list."""
    return value if isinstance(value, list) else [value] if value else []


def _ask(folder: Path, method: str) -> Any:
    question = json.dumps({"jsonrpc": "2.0", "method": method, "id": 1}).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
        ours.settimeout(PATIENCE_S)
        ours.bind("")  # an address of the kernel's choice, without a file
        try:
            ours.sendto(question, str(folder / SOCKET))
            answer = json.loads(ours.recv(LONGEST_ANSWER))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise InputError("no edge runs", where=str(folder), remedy="start Kamailio with it") from error
        except TimeoutError as error:
            raise LineError(f"the edge did not answer within {PATIENCE_S:.0f} s") from error
    if "error" in answer:
        raise LineError(f"the edge refused {method}: {answer['error'].get('message', '')}")
    return answer["result"]
