"""A carrier that trusts one source address: all others get 403. Registration and calls need digest.

Its customers are numbers: 1xx answers and waits, 2xx answers and hangs up, 3xx sends a re-INVITE first,
4xx only rings. Within a call it sends to whoever the Record-Route and the Contact name, and wants each CSeq
higher than the one before (RFC 3261, 12.2.2).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from softphone.sip import Address, Message, Via, parse
from tests.sipp import SDP

REALM, USER, PASSWORD = "carrier", "2161234567", 'se:c"ret\\'
_NAMED = re.compile(r"(\w+)=(?:\"([^\"]*)\"|([^\s,]+))")
_URI = re.compile(r"<([^>]+)>")


@dataclass
class Call:
    """One dialog as the carrier sees it."""

    invite: Message
    number: str
    cseq: int = 0
    ours: int = 0
    requests: list[str] = field(default_factory=list)


@dataclass
class Carrier:
    """`seen`: each request's method, source and our status; `calls`: those let in, by Call-ID."""

    trusted: Address | None
    answers_options: bool = True
    address: Address = ("", 0)
    seen: list[tuple[str, Address, int]] = field(default_factory=list)
    calls: dict[str, Call] = field(default_factory=dict)
    registered: str = ""
    transport: str = "UDP"
    challenged: dict[str, int] = field(default_factory=dict)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    send: Callable[[Message, Address], None] = lambda _message, _to: None
    heard: list[str] = field(default_factory=list)

    def take(self, message: Message, source: Address) -> list[Message]:
        """What is sent back for a message."""
        if message.is_response:
            self.heard.append(f"{message.start.split()[1]} {message.header('CSeq').split()[1]}")
            self.told.set()
            return self._after(message)
        status, answers = self._judge(message, source)
        self.seen.append((message.method, source, status))
        self.told.set()
        return answers

    def sources(self, method: str) -> set[Address]:
        """Where requests of a method came from."""
        return {source for name, source, _ in self.seen if name == method}

    async def until(self, method: str, status: int = 200) -> None:
        """Wait until a request of that method got that answer."""
        async with asyncio.timeout(30):
            while not any((name, given) == (method, status) for name, _, given in self.seen):
                self.told.clear()
                await self.told.wait()

    async def until_heard(self, answer: str) -> None:
        """Wait for an answer to one of our requests, as "486 INVITE"."""
        async with asyncio.timeout(30):
            while answer not in self.heard:
                self.told.clear()
                await self.told.wait()

    def call_from(self, number: str, contact: str) -> Message:
        """An INVITE of ours, for a contact that was registered."""
        headers = (
            ("From", f"<sip:{number}@carrier>;tag=in"), ("To", f"<sip:{USER}@carrier>"),
            ("Call-ID", f"in-{number}"), ("CSeq", "1 INVITE"), ("Max-Forwards", "70"),
            ("Contact", self._contact),
        )  # fmt: skip
        return _with_sdp(Message(f"INVITE {contact} SIP/2.0", headers, b"", (self._via("in"),)))

    # --- requests ---

    def _judge(self, message: Message, source: Address) -> tuple[int, list[Message]]:
        if self.trusted is not None and source != self.trusted:
            return 403, [message.response(403, "Not Your Address", "c")] * (message.method != "ACK")
        handle = {
            "REGISTER": self._register, "OPTIONS": self._options, "INVITE": self._invite,
            "ACK": self._ack, "BYE": self._bye, "CANCEL": self._cancel,
        }[message.method]  # fmt: skip
        return handle(message)

    def _register(self, message: Message) -> tuple[int, list[Message]]:
        if not _knows_secret(message, "Authorization"):
            return 401, [_challenge(message, 401, "WWW-Authenticate")]
        self.registered = _uri(message.header("Contact"))
        contact = message.header("Contact") + ";expires=60"
        return 200, [message.response(200, "OK", "c").with_header("Contact", contact)]

    def _options(self, message: Message) -> tuple[int, list[Message]]:
        return (200, [message.response(200, "OK", "c")]) if self.answers_options else (0, [])

    def _invite(self, message: Message) -> tuple[int, list[Message]]:
        call_id = message.header("Call-ID")
        if not _knows_secret(message, "Proxy-Authorization"):
            self.challenged[call_id] = _cseq(message)
            return 407, [_challenge(message, 407, "Proxy-Authenticate")]
        if _cseq(message) <= self.challenged.get(call_id, 0):
            return 500, [message.response(500, "CSeq Out Of Order", "c")]
        call = self.calls[call_id] = Call(message, message.user, _cseq(message))
        ringing = self._answer(call, 180, "Ringing")
        if call.number.startswith("4"):
            return 180, [ringing]
        return 200, [ringing, _with_sdp(self._answer(call, 200, "OK"))]

    def _ack(self, message: Message) -> tuple[int, list[Message]]:
        call = self.calls.get(message.header("Call-ID"))
        if call is None or call.ours or call.number[0] not in "23":
            return 0, []
        return 0, [self._reinvite(call) if call.number.startswith("3") else self._within(call, "BYE")]

    def _bye(self, message: Message) -> tuple[int, list[Message]]:
        call = self.calls.get(message.header("Call-ID"))
        if call is None or _cseq(message) <= call.cseq:
            return 500, [message.response(500, "CSeq Out Of Order", "c")]
        call.requests.append("BYE")
        return 200, [message.response(200, "OK", "c")]

    def _cancel(self, message: Message) -> tuple[int, list[Message]]:
        call = self.calls[message.header("Call-ID")]
        call.requests.append("CANCEL")
        return 200, [message.response(200, "OK", "c"), self._answer(call, 487, "Request Terminated")]

    # --- within a call ---

    def _answer(self, call: Call, status: int, reason: str) -> Message:
        answer = call.invite.response(status, reason, "c").with_header("Contact", self._contact)
        routes = tuple(header for header in call.invite.headers if header[0].lower() == "record-route")
        return Message(answer.start, (*routes, *answer.headers), b"", answer.vias)

    def _within(self, call: Call, method: str) -> Message:
        call.ours += 1
        call.requests.append(method)
        routes = [value for name, value in call.invite.headers if name.lower() == "record-route"]
        headers = (
            *(("Route", value) for value in routes),
            ("From", call.invite.header("To") + ";tag=c"), ("To", call.invite.header("From")),
            ("Call-ID", call.invite.header("Call-ID")), ("CSeq", f"{call.ours} {method}"),
            ("Max-Forwards", "70"), ("Contact", self._contact), ("Content-Length", "0"),
        )  # fmt: skip
        start = f"{method} {_uri(call.invite.header('Contact'))} SIP/2.0"
        branch = f"{call.ours}{abs(hash(call.invite.header('Call-ID')))}"
        return Message(start, headers, b"", (self._via(branch),))

    def _reinvite(self, call: Call) -> Message:
        return _with_sdp(self._within(call, "INVITE"), port=40100)

    def _after(self, message: Message) -> list[Message]:
        """Answers to our requests: a re-INVITE that was taken is acknowledged, and the call ended."""
        cseq, status = message.header("CSeq"), message.start.split()[1]
        call = self.calls.get(message.header("Call-ID"))
        if call is None or status < "200":
            return []
        call.requests.append(f"{status} {cseq.split()[1]}")
        if not cseq.endswith("INVITE"):
            return []
        ack = self._within(call, "ACK")
        call.ours -= 1
        return [ack.with_header("CSeq", cseq.replace("INVITE", "ACK")), self._within(call, "BYE")]

    @property
    def _host(self) -> str:
        return f"{self.address[0]}:{self.address[1]}"

    @property
    def _contact(self) -> str:
        return f"<sip:c@{self._host};transport={self.transport.lower()}>"

    def _via(self, branch: str) -> Via:
        return Via(f"SIP/2.0/{self.transport} {self._host};branch=z9hG4bK{branch}", self.address)


def _challenge(message: Message, status: int, name: str) -> Message:
    value = f'Digest realm="{REALM}", nonce="n1", algorithm=MD5, qop="auth"'
    return message.response(status, "Who Are You", "c").with_header(name, value)


def _knows_secret(message: Message, name: str) -> bool:
    """Whether the digest fits (RFC 2617, 3.2.2, with qop auth)."""
    given = {key: quoted or plain for key, quoted, plain in _NAMED.findall(message.header(name))}
    if given.get("username") != USER:
        return False
    secret = _md5(f"{USER}:{REALM}:{PASSWORD}")
    asked = _md5(f"{message.method}:{given['uri']}")
    fits = f"{secret}:{given['nonce']}:{given['nc']}:{given['cnonce']}:auth:{asked}"
    return bool(given["response"] == _md5(fits))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _cseq(message: Message) -> int:
    return int(message.header("CSeq").split()[0])


def _uri(header: str) -> str:
    found = _URI.search(header)
    assert found is not None
    return found[1]


def _with_sdp(message: Message, port: int = 40000) -> Message:
    body = SDP.format(port=port).replace("\n", "\r\n").encode()
    headers = tuple(header for header in message.headers if header[0] != "Content-Length")
    more = (("Content-Type", "application/sdp"), ("Content-Length", str(len(body))))
    return Message(message.start, (*headers, *more), body, message.vias)


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        message = parse(data)
        for answer in self._carrier.take(message, addr) if message else ():
            self._transport.sendto(answer.data(), addr)


@asynccontextmanager
async def carrier(trusted: Address | None) -> AsyncIterator[Carrier]:
    """A carrier on UDP at 127.0.0.1."""
    far = Carrier(trusted)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(far), ("127.0.0.1", 0))
    far.address = transport.get_extra_info("sockname")
    far.send = lambda message, to: transport.sendto(message.data(), to)
    try:
        yield far
    finally:
        transport.close()


@asynccontextmanager
async def stream_carrier(
    trusted: Address | None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Carrier]:
    """The same over TCP or TLS; what it sends goes back over the connection that the call came by."""
    far = Carrier(trusted, transport="TLS" if tls else "TCP")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        source = writer.get_extra_info("peername")
        async for message in _framed(reader):
            for answer in far.take(message, source):
                writer.write(answer.data())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    far.address = server.sockets[0].getsockname()
    try:
        yield far
    finally:
        server.close()


async def _framed(reader: asyncio.StreamReader) -> AsyncIterator[Message]:
    """Messages of a stream, by their Content-Length (RFC 3261, 18.3)."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"\r\n(?:Content-Length|l)\s*:\s*(\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1]) if length else 0)
            message = parse(head.lstrip(b"\r\n") + body)
            if message is not None:
                yield message
    except (asyncio.IncompleteReadError, ConnectionError):
        return
