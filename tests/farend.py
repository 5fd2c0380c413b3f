"""A far end without a SIP stack: it sends exactly what a test tells it to, also what no stack would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from dialer.line.ladder import START, headers
from tests.sipp import SDP

Script = Mapping[str, Sequence[str]]
"""For a received method the responses to send: "180 Ringing" to it, "INVITE 200 OK" to an earlier request.

A trailing " +sdp" adds a session description."""


class FarEnd(asyncio.DatagramProtocol):
    """Answers each request's first arrival by the script; `received` keeps the methods."""

    def __init__(self, script: Script, pause_s: float) -> None:
        self.received: list[str] = []
        self._script = script
        self._pause_s = pause_s
        self._requests: dict[str, dict[str, str]] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        start = START.match(text)
        if start is None or not start["method"]:
            return
        method = start["method"]
        first = method not in self._requests
        self.received.append(method)
        self._requests[method] = headers(text)
        loop = asyncio.get_running_loop()
        for n, response in enumerate(self._script.get(method, ()) if first else ()):
            loop.call_later(n * self._pause_s, self._respond, method, response, addr)

    def _respond(self, method: str, response: str, addr: tuple[str, int]) -> None:
        to, _, rest = response.partition(" ")
        if to in self._requests:
            method, response = to, rest
        status, with_sdp, _ = response.partition(" +sdp")
        request = self._requests[method]
        body = SDP.format(port=40000).replace("\n", "\r\n") if with_sdp else ""
        lines = [
            f"SIP/2.0 {status}",
            f"Via: {request['via']}",
            f"From: {request['from']}",
            f"To: {request['to'].partition(';tag')[0]};tag=far",
            f"Call-ID: {request['call-id']}",
            f"CSeq: {request['cseq']}",
            "Contact: <sip:far@{}:{}>".format(*self._address()),
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        assert self._transport is not None
        self._transport.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), addr)

    def _address(self) -> tuple[str, int]:
        assert self._transport is not None
        host, port = self._transport.get_extra_info("sockname")
        return str(host), int(port)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return self._address()[1]


@asynccontextmanager
async def far_end(script: Script, *, pause_s: float = 0.01) -> AsyncIterator[FarEnd]:
    """A far end for one call; `pause_s` lies between its responses."""
    loop = asyncio.get_running_loop()
    transport, end = await loop.create_datagram_endpoint(lambda: FarEnd(script, pause_s), ("127.0.0.1", 0))
    try:
        yield end
    finally:
        transport.close()
