"""RTP of a far end that has no stack."""

from __future__ import annotations

import asyncio
import struct
import time
from dataclasses import dataclass

from base.audio import Samples
from bench.alaw import encode


@dataclass
class Sound:
    """RTP out: silence (PCMA) and keys."""

    socket: asyncio.DatagramTransport
    to: tuple[str, int]
    sequence: int = 1
    stamp: int = 160

    async def silence(self, lasting: float) -> None:
        """A packet each 20 ms."""
        until = time.monotonic() + lasting
        while time.monotonic() < until:
            self._send(8, b"\xd5" * 160)
            self.stamp += 160
            await asyncio.sleep(0.02)

    async def play(self, sound: Samples) -> None:
        """The sound, a packet each 20 ms."""
        coded = encode(sound)
        begin = time.monotonic()
        for n, start in enumerate(range(0, len(coded) - 159, 160)):
            self._send(8, coded[start : start + 160])
            self.stamp += 160
            await asyncio.sleep(max(0.0, begin + 0.02 * (n + 1) - time.monotonic()))

    async def key(self, digit: int) -> None:
        """One key of 100 ms, its end said three times."""
        for n in range(8):
            last = n >= 5
            self._send(101, struct.pack("!BBH", digit, 0x8A if last else 0x0A, 160 * min(n + 1, 6)), n == 0)
            await asyncio.sleep(0.0 if last else 0.02)
        self.stamp += 960

    def _send(self, kind: int, payload: bytes, marked: bool = False) -> None:
        head = struct.pack("!BBHII", 0x80, kind | (0x80 if marked else 0), self.sequence, self.stamp, 7)
        self.socket.sendto(head + payload, self.to)
        self.sequence += 1
