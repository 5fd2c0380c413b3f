"""A UDP port that keeps what comes in with its DSCP mark, and can answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Watcher:
    """A port of 127.0.0.1; `packets` are (bytes, DSCP, source), as they came."""

    socket: socket.socket
    port: int
    packets: list[tuple[bytes, int, tuple[str, int]]] = field(default_factory=list)

    def read(self) -> None:
        """Keep what has come."""
        data, notes, _, source = self.socket.recvmsg(65535, socket.CMSG_SPACE(4))
        marks = [
            note[0] for level, kind, note in notes if (level, kind) == (socket.IPPROTO_IP, socket.IP_TOS)
        ]
        self.packets.append((data, marks[0] >> 2, source))

    async def until(self, begin: bytes) -> tuple[str, int, tuple[str, int]]:
        """Wait for a packet that begins so: its text, its mark, its source."""
        async with asyncio.timeout(10):
            while True:
                for data, mark, source in self.packets:
                    if data.startswith(begin):
                        return data.decode("latin-1"), mark, source
                await asyncio.sleep(0.01)


@contextmanager
def watching() -> Iterator[Watcher]:
    """Open such a port on 127.0.0.1."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.bind(("127.0.0.1", 0))
        end.setblocking(False)
        end.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
        watcher = Watcher(end, end.getsockname()[1])
        loop.add_reader(end, watcher.read)
        try:
            yield watcher
        finally:
            loop.remove_reader(end)
