"""Is there a SIP peer? One OPTIONS (RFC 3261 section 11); over UDP sent again until something answers."""

from __future__ import annotations

import secrets
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Literal

RESEND_S = (0.5, 1.0, 1.5)
"""Waits for an answer; after each the request is sent again (T1 is 0.5 s)."""


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files of a peer over TLS, and whether it must prove itself."""

    ca: str = ""
    certificate: str = ""
    key: str = ""
    verify: bool = True


Transport = Literal["udp", "tcp", "tls"]


def ping(host: str, port: int, transport: Transport = "udp", tls: Tls | None = None) -> str:
    """The status of the first answer, "200 OK"; any answer proves a peer.

    Raises:
        OSError: the name has no address, the port is closed, TLS came to nothing (ssl.SSLError), or nothing
            answered (TimeoutError).
    """
    if transport == "udp":
        return _by_datagrams(host, port)
    with socket.create_connection((host, port), timeout=sum(RESEND_S)) as line:
        if transport == "tcp":
            return _by_stream(line, host, port, transport)
        with _context(tls or Tls()).wrap_socket(line, server_hostname=host) as secured:
            return _by_stream(secured, host, port, transport)


def _by_datagrams(host: str, port: int) -> str:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as line:
        line.connect(address)
        request = _options(host, port, line.getsockname(), "udp")
        for wait in RESEND_S:
            line.send(request)
            answer = _answer(line, wait)
            if answer:
                return answer
    raise _nothing()


def _by_stream(line: socket.socket, host: str, port: int, transport: Transport) -> str:
    line.sendall(_options(host, port, line.getsockname(), transport))
    answer = _answer(line, sum(RESEND_S))
    if not answer:
        raise _nothing()
    return answer


def _nothing() -> TimeoutError:
    return TimeoutError(f"no answer to OPTIONS in {sum(RESEND_S):.0f} s: it is down, or it ignores OPTIONS")


def _context(tls: Tls) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=tls.ca or None)
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.certificate:
        context.load_cert_chain(tls.certificate, tls.key)
    return context


def _answer(line: socket.socket, wait_s: float) -> str:
    """The status line's end of what arrives in time; "" when nothing of SIP does."""
    until = time.monotonic() + wait_s
    while (left := until - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            got = line.recv(65535)
        except TimeoutError:
            break
        if not got:
            break
        first = got.partition(b"\r\n")[0].decode("utf-8", "replace")
        if first.startswith("SIP/2.0 "):
            return first.removeprefix("SIP/2.0 ")
    return ""


def _options(host: str, port: int, local: tuple[str, int], transport: Transport) -> bytes:
    ours = f"[{local[0]}]:{local[1]}" if ":" in local[0] else f"{local[0]}:{local[1]}"
    token = secrets.token_hex(8)
    lines = (
        f"OPTIONS sip:{host}:{port} SIP/2.0",
        f"Via: SIP/2.0/{transport.upper()} {ours};branch=z9hG4bK{token};rport",
        "Max-Forwards: 70",
        f"From: <sip:check@{ours}>;tag={token[:8]}",
        f"To: <sip:{host}:{port}>",
        f"Call-ID: {token}@{ours}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:check@{ours}>",
        "Accept: application/sdp",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
