"""The far ends: SIPp for the signalling, `bench.rtp_end` for the sound; SIPp against SIPp as reference."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from base.clock import SHANGHAI
from bench.measuring import Meter

ROOT = Path(__file__).parents[1]
SCENARIOS = Path(__file__).parent / "scenarios"
HOST = "127.0.0.1"
START_S = 10.0


def free_port(kind: int = socket.SOCK_DGRAM) -> int:
    """A port that is free now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Sipp:
    """A running SIPp."""

    port: int
    pid: int
    log: Path

    def seen(self) -> dict[str, dict[str, float]]:
        """When which message was sent or received first, seconds since 1970, by Call-ID (needs `trace`)."""
        found: dict[str, dict[str, float]] = {}
        for entry in _ENTRY.finditer(self.log.read_text()):
            at = datetime.fromisoformat(entry["at"]).replace(tzinfo=SHANGHAI).timestamp()
            found.setdefault(entry["call"].strip(), {}).setdefault(entry["what"], at)
        return found


_ENTRY = re.compile(
    r"^-{20,} (?P<at>\S+ \S+)\n\w+ message (?:sent|received)[^\n]*\n\n?"
    r"(?:SIP/2\.0 )?(?P<what>\w+)[^\n]*\n(?:[^\n]+\n)*?Call-ID:(?P<call>[^\r\n]*)",
    re.MULTILINE,
)


@asynccontextmanager
async def sipp(
    folder: Path, scenario: str, *options: str, port_of_sound: str = "", trace: bool = False
) -> AsyncIterator[Sipp]:
    """SIPp with one of our scenarios, until the block ends; `port_of_sound` in SIPp's own words."""
    port, log = free_port(), folder / f"{scenario}.log"
    tracing = ("-trace_msg", "-message_file", str(log)) if trace else ()
    file = folder / f"{scenario}.xml"
    text = (SCENARIOS / file.name).read_text().replace("PORT", port_of_sound)
    file.write_text(text.replace("SOUND", str(folder / "speech.alaw")))
    process = await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(file), "-i", HOST, "-p", str(port), "-buff_size", "4000000", *tracing, *options,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        await _listening(process, port)
        yield Sipp(port, process.pid, log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listening(process: asyncio.subprocess.Process, port: int) -> None:
    """Wait until the port is taken (its line stands in /proc/net/udp)."""
    async with asyncio.timeout(START_S):
        while f":{port:04X} " not in Path("/proc/net/udp").read_text():  # noqa: ASYNC240
            if process.returncode is not None:
                raise SystemExit("SIPp did not start")
            await asyncio.sleep(0.02)


@asynccontextmanager
async def answering(folder: Path, streams: Sequence[int]) -> AsyncIterator[Sipp]:
    """SIPp that answers every call at once; the calls' sound goes to these ports in turn."""
    ports = folder / "ports.csv"
    ports.write_text("SEQUENTIAL\n" + "".join(f"{port};\n" for port in streams))
    async with sipp(folder, "answer", "-inf", str(ports), port_of_sound="[field0]") as end:
        yield end


@asynccontextmanager
async def answering_by_number(folder: Path) -> AsyncIterator[Sipp]:
    """SIPp that answers every call at once; a call's sound goes to the port whose number was called."""
    async with sipp(folder, "answer", port_of_sound="[$number]") as end:
        yield end


async def reference(folder: Path, calls: int, seconds: float) -> float:
    """Processor ms per call and second of SIPp that calls SIPp: one plays the sound, one echoes it."""
    media = ("-mp", str(free_port()), "-mi", HOST)
    async with sipp(folder, "reference_callee", "-rtp_echo", *media) as callee:
        peer = f"{HOST}:{callee.port}"
        rate = ("-m", str(calls), "-r", "50", "-l", str(calls))
        async with sipp(folder, "reference_caller", peer, *rate) as caller:
            await asyncio.sleep(calls / 50 + 1)
            meter = Meter.on(caller.pid, callee.pid)
            await asyncio.sleep(seconds)
            return meter.share() / calls * 1000


class Sound:
    """The process with the far ends' sound."""

    def __init__(self, process: asyncio.subprocess.Process, ports: tuple[int, ...]) -> None:
        self.ports = ports
        self.pid = process.pid
        self._process = process

    @classmethod
    @asynccontextmanager
    async def open(cls, file: Path, streams: int) -> AsyncIterator[Sound]:
        """Start it; it speaks the raw A-law of the file."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.rtp_end", str(file), str(streams),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        try:
            assert process.stdout is not None
            yield cls(process, tuple(json.loads(await process.stdout.readline())))
        finally:
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()

    async def arrived(self) -> dict[str, float]:
        """What came since the last time it was asked (see `bench.rtp_end.summary`)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        found: dict[str, float] = json.loads(await self._process.stdout.readline())
        return found
