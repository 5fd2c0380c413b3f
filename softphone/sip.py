"""Just enough SIP to route by: a message, the headers that a proxy reads, Via (RFC 3261 7, 18.2, 20.42)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

Address = tuple[str, int]

_COMPACT = {"v": "via", "t": "to", "f": "from", "i": "call-id", "l": "content-length", "m": "contact"}
_REQUEST = re.compile(r"^([A-Z]+) (sips?:\S+) SIP/2\.0$")
_RESPONSE = re.compile(r"^SIP/2\.0 ([1-6]\d\d)( .*)?$")
_SENT_BY = re.compile(
    r"^SIP\s*/\s*2\.0\s*/\s*\w+\s+([^\s:;,\[\]]+|\[[0-9A-Fa-f:]+\])(?:\s*:\s*(\d{1,5}))?\s*(;.*)?$"
)
_COPIED = frozenset(("from", "to", "call-id", "cseq"))
_ENOUGH = _COPIED | {"via"}
_DEFAULT_PORT = 5060


@dataclass(frozen=True, slots=True)
class Via:
    """One Via value: who sent it, and its parameters in order (a flag has None)."""

    text: str
    sent_by: Address
    parameters: tuple[tuple[str, str | None], ...] = ()

    @classmethod
    def udp(cls, sent_by: Address, branch: str) -> Via:
        """A Via of our own."""
        return _via(f"SIP/2.0/UDP {sent_by[0]}:{sent_by[1]};branch={branch}")

    @property
    def branch(self) -> str:
        """The branch parameter, "" without one."""
        return self._parameter("branch") or ""

    @property
    def reply_to(self) -> Address:
        """Where a response goes (RFC 3261 18.2.2, RFC 3581 4)."""
        port = self._parameter("rport")
        host = self._parameter("received") or self.sent_by[0]
        return host, int(port) if port and port.isdecimal() else self.sent_by[1]

    def seen_from(self, source: Address) -> Via:
        """With the address the datagram really came from: `received`, and `rport` if asked for (RFC 3581)."""
        text = self.text
        if self.sent_by[0] != source[0] or self._asks_rport:
            text += f";received={source[0]}"
        if self._asks_rport:
            text = re.sub(r";\s*rport\s*(?=;|$)", f";rport={source[1]}", text, count=1, flags=re.IGNORECASE)
        return _via(text)

    @property
    def _asks_rport(self) -> bool:
        return ("rport", None) in self.parameters

    def _parameter(self, name: str) -> str | None:
        return next((value for key, value in self.parameters if key == name), None)


def _via(text: str) -> Via:
    """Read one Via value. Raises ValueError when it is none."""
    found = _SENT_BY.match(text.strip())
    if found is None:
        raise ValueError("no Via")
    host, port, rest = found.groups()
    pairs = (part.partition("=") for part in (rest or "").split(";") if part.strip())
    parameters = tuple((key.strip().lower(), value.strip() if sign else None) for key, sign, value in pairs)
    return Via(text.strip(), (host, int(port or _DEFAULT_PORT)), parameters)


@dataclass(frozen=True, slots=True)
class Message:
    """A request or response: start line, headers but Via (name as written, value), body, Vias top first."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    vias: tuple[Via, ...]

    @property
    def is_response(self) -> bool:
        """Whether the start line is a status line."""
        return self.start.startswith("SIP/2.0 ")

    @property
    def method(self) -> str:
        """The request's method; "" for a response."""
        return "" if self.is_response else self.start.split(" ")[0]

    @property
    def uri(self) -> str:
        """The request URI; "" for a response."""
        return "" if self.is_response else self.start.split(" ")[1]

    @property
    def user(self) -> str:
        """The user part of the request URI without password and parameters; "" without one."""
        _, _, rest = self.uri.partition(":")
        user, at, _ = rest.partition("@")
        return re.split(r"[;:]", user.replace("%2B", "+").replace("%2b", "+"))[0] if at else ""

    def header(self, name: str) -> str:
        """The first value of a header, "" without one."""
        return next((value for written, value in self.headers if _key(written) == name.lower()), "")

    def number(self, name: str, default: int) -> int:
        """A header's number; `default` when it is missing or none."""
        value = self.header(name)
        return int(value) if value.isdecimal() and len(value) < 6 else default

    def with_header(self, name: str, value: str) -> Message:
        """With one header set."""
        others = tuple(header for header in self.headers if _key(header[0]) != name.lower())
        return replace(self, headers=(*others, (name, value)))

    def with_top_via(self, via: Via) -> Message:
        """With the top Via replaced."""
        return replace(self, vias=(via, *self.vias[1:]))

    def with_further_via(self, via: Via) -> Message:
        """With a Via put on top."""
        return replace(self, vias=(via, *self.vias))

    def without_top_via(self) -> Message:
        """With the top Via taken off."""
        return replace(self, vias=self.vias[1:])

    def response(self, status: int, reason: str, tag: str) -> Message:
        """An answer to this request without a body (RFC 3261 8.2.6)."""
        copied = tuple(header for header in self.headers if _key(header[0]) in _COPIED)
        answer = Message(f"SIP/2.0 {status} {reason}", (*copied, ("Content-Length", "0")), b"", self.vias)
        to = self.header("To")
        return answer if ";tag=" in to else answer.with_header("To", f"{to};tag={tag}")

    def data(self) -> bytes:
        """The message as sent: Vias first, each on a line of its own."""
        lines = [self.start, *(f"Via: {via.text}" for via in self.vias)]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + self.body


def parse(data: bytes) -> Message | None:
    """Read a datagram; None when it is no SIP message that could be routed."""
    head, gap, body = data.partition(b"\r\n\r\n")
    start, *lines = head.decode("utf-8", "surrogateescape").lstrip("\r\n").split("\r\n")
    if not gap or not (_REQUEST.match(start) or _RESPONSE.match(start)):
        return None
    headers = _headers(lines)
    if headers is None or not {_key(name) for name, _ in headers} >= _ENOUGH:
        return None
    try:
        vias = tuple(_via(value) for name, row in headers if _key(name) == "via" for value in row.split(","))
    except ValueError:
        return None
    return Message(start, tuple(header for header in headers if _key(header[0]) != "via"), body, vias)


def _key(name: str) -> str:
    """A header's name in lower case, compact forms written out."""
    return _COMPACT.get(name.lower(), name.lower())


def _headers(lines: list[str]) -> list[tuple[str, str]] | None:
    """Names and values with continuation lines joined; None when a line is no header."""
    headers: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
        elif colon and name.strip():
            headers.append((name.strip(), value.strip()))
        else:
            return None
    return headers
