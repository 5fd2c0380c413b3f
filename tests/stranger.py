"""An INVITE by hand, from any address of the loopback network."""

from __future__ import annotations

import asyncio
import socket

from softphone.sip import Message, parse

PATIENCE_S = 20.0


async def final_answer(port: int, *, source: str = "127.0.0.9", user: str = "100") -> Message:
    """The final response to an INVITE sent to 127.0.0.1, acknowledged (RFC 3261, 17.1.1.3)."""
    return await asyncio.to_thread(_ask, port, source, user)


def _ask(port: int, source: str, user: str) -> Message:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.settimeout(PATIENCE_S)
        ours.bind((source, 0))
        here = f"{source}:{ours.getsockname()[1]}"
        uri = f"sip:{user}@127.0.0.1:{port}"
        ours.sendto(_request("INVITE", uri, here, f"<sip:{user}@127.0.0.1>"), ("127.0.0.1", port))
        while True:
            answer = parse(ours.recv(65_536))
            if answer is not None and answer.start.split()[1] >= "200":
                ours.sendto(_request("ACK", uri, here, answer.header("To")), ("127.0.0.1", port))
                return answer


def _request(method: str, uri: str, here: str, to: str) -> bytes:
    lines = (
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bK-{here}",
        f"From: <sip:13900000000@{here}>;tag=s",
        f"To: {to}",
        f"Call-ID: {here}",
        f"CSeq: 1 {method}",
        f"Contact: <sip:13900000000@{here}>",
        "Max-Forwards: 70",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
