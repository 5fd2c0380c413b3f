"""SIPp as an independent far end: scenarios put together from short steps."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

SDP = (
    "v=0\no=far 1 {port} IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=audio {port} RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\n"
)

USED = '<Reference variables="caller"/>'
"""SIPp refuses a scenario with a variable that only one step names."""


def invited() -> str:
    """Wait for the INVITE; its From is kept for a BYE."""
    kept = '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="caller"/>'
    return f'<recv request="INVITE" crlf="true"><action>{kept}</action></recv>'


def receive(method: str) -> str:
    """Wait for another request."""
    return f'<recv request="{method}" crlf="true"/>'


def answer(status: str, *, rtp_port: int = 0, extra: str = "") -> str:
    """Respond to the last request; with `rtp_port`, carrying a session description."""
    body = SDP.format(port=rtp_port) if rtp_port else ""
    kind = "Content-Type: application/sdp\n" if rtp_port else ""
    return (
        f"<send><![CDATA[\nSIP/2.0 {status}\n[last_Via:]\n[last_From:]\n[last_To:];tag=far[call_number]\n"
        "[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:far@[local_ip]:[local_port]>\n"
        f"{extra}{kind}Content-Length: [len]\n\n{body}\n]]></send>"
    )


def wait(seconds: float) -> str:
    """Do nothing for a while."""
    return f'<pause milliseconds="{round(seconds * 1000)}"/>'


def bye(extra: str = "") -> str:
    """Hang up."""
    return (
        '<send retrans="500"><![CDATA[\nBYE sip:huifang@127.0.0.1 SIP/2.0\n'
        "Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]\n"
        "From: <sip:far@[local_ip]:[local_port]>;tag=far[call_number]\nTo:[$caller]\n"
        f"Call-ID: [call_id]\nCSeq: 1 BYE\nMax-Forwards: 70\n{extra}Content-Length: 0\n\n]]></send>\n"
        '<recv response="200"/>'
    )


def free_port() -> int:
    """A UDP port that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def sipp(folder: Path, *steps: str, calls: int = 1) -> AsyncIterator[int]:
    """SIPp that takes so many calls by these steps; gives its port, and fails when the scenario did."""
    scenario, port = folder / "scenario.xml", free_port()
    scenario.write_text(
        '<?xml version="1.0"?>\n<scenario name="far">\n' + "\n".join([*steps, USED]) + "\n</scenario>\n"
    )
    process = await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-m", str(calls), "-timeout", "30",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        await listening(process, port)
        yield port
        assert await asyncio.wait_for(process.wait(), 10) == 0, "the far end's scenario failed"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def listening(process: asyncio.subprocess.Process, port: int, transport: str = "udp") -> None:
    """Wait until the port is taken (its line stands in /proc/net/udp or tcp)."""
    while f":{port:04X} " not in Path(f"/proc/net/{transport}").read_text():  # noqa: ASYNC240
        assert process.returncode is None, "SIPp did not take the scenario"
        await asyncio.sleep(0.02)
