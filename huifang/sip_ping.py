"""Is there a SIP peer? One OPTIONS over UDP (RFC 3261 section 11), sent again until something answers."""

from __future__ import annotations

import secrets
import socket
import time

RESEND_S = (0.5, 1.0, 1.5)
"""Waits for an answer; after each the request is sent again (T1 is 0.5 s)."""


def ping(host: str, port: int) -> str:
    """The status of the first answer, "200 OK"; any answer proves a peer.

    Raises:
        OSError: the name has no address, the port is closed, or nothing answered (TimeoutError).
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as line:
        line.connect(address)
        request = _options(host, port, line.getsockname())
        for wait in RESEND_S:
            line.send(request)
            answer = _answer(line, wait)
            if answer:
                return answer
    raise TimeoutError(f"no answer to OPTIONS in {sum(RESEND_S):.0f} s: it is down, or it ignores OPTIONS")


def _answer(line: socket.socket, wait_s: float) -> str:
    """The status line's end of what arrives in time; "" when nothing of SIP does."""
    until = time.monotonic() + wait_s
    while (left := until - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            first = line.recv(65535).partition(b"\r\n")[0].decode("utf-8", "replace")
        except TimeoutError:
            break
        if first.startswith("SIP/2.0 "):
            return first.removeprefix("SIP/2.0 ")
    return ""


def _options(host: str, port: int, local: tuple[str, int]) -> bytes:
    ours = f"[{local[0]}]:{local[1]}" if ":" in local[0] else f"{local[0]}:{local[1]}"
    token = secrets.token_hex(8)
    lines = (
        f"OPTIONS sip:{host}:{port} SIP/2.0",
        f"Via: SIP/2.0/UDP {ours};branch=z9hG4bK{token};rport",
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
