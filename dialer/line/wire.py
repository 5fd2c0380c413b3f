"""Protocol values as packets over a SOCK_SEQPACKET socketpair.

One value is a blob: 4 bytes big-endian header length, a JSON header (`type` and the fields), then the binary
payload (`pcm`). A blob travels as one or more packets; the first byte of each says whether more
follow.
"""

from __future__ import annotations

import json
import select
import socket
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from typing import Any, get_args

from dialer.line.protocol import Command, EndedBy, Event, ToneKind
from dialer.line.settings import SipSettings, TrunkAccount, WorkerSettings

Value = Command | Event | WorkerSettings
"""Everything that travels between parent and worker."""

CHUNK = 60_000
"""Bytes of a blob in one packet: below what any SEQPACKET socket takes at once."""

LAST, MORE = b"\x00", b"\x01"
PAYLOAD = "pcm"
TYPES: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Value)}


REVIVED: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("Play", "files"): tuple,
    ("Ended", "by"): EndedBy,
    ("Ended", "ladder"): tuple,
    ("Parted", "by"): EndedBy,
    ("Tone", "kind"): ToneKind,
    ("WorkerSettings", "sip"): lambda told: SipSettings(**_listed(told)),
    ("WorkerSettings", "trunks"): lambda told: tuple(map(_account, told)),
}
"""Fields that JSON does not give back as they were (a validating library costs a worker's start 0.4 s)."""


def encode(value: Value) -> bytes:
    """The value as one blob."""
    name = type(value).__name__
    told = {field.name: getattr(value, field.name) for field in fields(value) if field.name != PAYLOAD}
    header = json.dumps({"type": name, **told}, ensure_ascii=False, default=asdict).encode()
    return len(header).to_bytes(4, "big") + header + bytes(getattr(value, PAYLOAD, b""))


def decode(blob: bytes) -> Value:
    """The value of a blob.

    Raises:
        ValueError: no blob of this protocol (unknown type, missing or unknown field).
    """
    size = int.from_bytes(blob[:4], "big")
    told = json.loads(blob[4 : 4 + size])
    name = told.pop("type", "")
    if name not in TYPES:
        raise ValueError("unknown type on the control socket")
    if hasattr(TYPES[name], PAYLOAD):
        told[PAYLOAD] = blob[4 + size :]
    revived = {key: REVIVED.get((name, key), _as_it_is)(value) for key, value in told.items()}
    try:
        made: Value = TYPES[name](**revived)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error
    return made


def _account(told: dict[str, Any]) -> TrunkAccount:
    return TrunkAccount(**_listed(told))


def _listed(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "codecs": tuple(told["codecs"])}


def _as_it_is(value: Any) -> Any:
    return value


def packets(blob: bytes) -> Iterator[bytes]:
    """The blob cut into packets."""
    starts = range(0, len(blob), CHUNK)
    for start in starts:
        yield (LAST if start + CHUNK >= len(blob) else MORE) + blob[start : start + CHUNK]


class Assembler:
    """Joins packets to values."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, packet: bytes) -> Value | None:
        """Take a packet; the value it completes, if it completes one."""
        self._parts.append(packet[1:])
        if packet[:1] == MORE:
            return None
        blob, self._parts = b"".join(self._parts), []
        return decode(blob)


class Channel:
    """One end of the control socket. Never blocks: what the other end does not take yet waits here."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._end = end
        # Asked first: an exception from an empty socket costs ten times as much, many times a second.
        self._arrived = select.poll()
        self._arrived.register(end, select.POLLIN)
        self._assembler = Assembler()
        self._waiting: deque[bytes] = deque()
        self.closed = False

    def fileno(self) -> int:
        """The socket's file descriptor."""
        return self._end.fileno()

    def send(self, value: Value) -> None:
        """Send now what the socket takes, keep the rest for `flush`."""
        self._waiting.extend(packets(encode(value)))
        self.flush()

    def flush(self) -> bool:
        """Send what waits; true when nothing waits any more."""
        try:
            while self._waiting and not self.closed:
                self._end.send(self._waiting[0])
                self._waiting.popleft()
        except BlockingIOError:
            return False
        except (BrokenPipeError, ConnectionResetError):
            self.closed = True
        return True

    def receive(self) -> Iterator[Value]:
        """The values that have arrived. Sets `closed` when the other end is gone."""
        while not self.closed and self._arrived.poll(0):
            try:
                packet = self._end.recv(CHUNK + 1)
            except BlockingIOError:
                return
            except ConnectionResetError:
                packet = b""
            if not packet:
                self.closed = True
                return
            value = self._assembler.feed(packet)
            if value is not None:
                yield value

    def close(self) -> None:
        """Close the socket."""
        self.closed = True
        self._end.close()
