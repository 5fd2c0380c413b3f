"""SIPp as the far end of one call, by a scenario of the folder `scenarios`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from base.clock import SHANGHAI
from dialer.line.ladder import START, headers
from tests.matrix.witness import Seen
from tests.sipp import free_port, listening

SCENARIOS = Path(__file__).parent / "scenarios"
NO_HEADER = "X-Far: 1"
_ENTRY = re.compile(r"^-{20,} (\S+ \S+)\n\w+ message (sent|received)[^\n]*\n\n?", re.MULTILINE)


@dataclass(frozen=True)
class Sipp:
    """A scenario's file name; `status` and `extra` (a header) are put in where it says [status], [extra]."""

    scenario: str
    status: str = "486 Busy Here"
    extra: str = NO_HEADER
    transport: Literal["udp", "tcp"] = "udp"

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[SippEnd]:
        """SIPp for one call; it writes into `folder`."""
        end, scenario = SippEnd(free_port(), folder / "messages.log"), folder / self.scenario
        text = (SCENARIOS / self.scenario).read_text()
        scenario.write_text(text.replace("[status]", self.status).replace("[extra]", self.extra))
        process = await asyncio.create_subprocess_exec(
            "sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(end.port), "-m", "1",
            "-t", "t1" if self.transport == "tcp" else "u1",
            "-trace_msg", "-message_file", str(end.log), "-timeout", "120",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        try:
            await listening(process, end.port, self.transport)
            yield end
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@dataclass
class SippEnd:
    """A running SIPp."""

    port: int
    log: Path

    def seen(self) -> list[Seen]:
        """The messages of its log."""
        return read_messages(self.log.read_text()) if self.log.exists() else []


def read_messages(log: str) -> list[Seen]:
    """The messages in a log of SIPp (`-trace_msg`)."""
    entries = list(_ENTRY.finditer(log))
    ends = [entry.start() for entry in entries[1:]] + [len(log)]
    found: list[Seen] = []
    for entry, end in zip(entries, ends, strict=True):
        text = log[entry.end() : end].lstrip()
        start = START.match(text)
        if start is not None:
            head = headers(text)
            at = datetime.fromisoformat(entry[1]).replace(tzinfo=SHANGHAI).timestamp()
            mark = f"{head.get('cseq', '')} {head.get('via', '').partition('branch=')[2]}"
            found.append(Seen(at, entry[2] == "received", start["method"] or start["status"], mark))
    return found
