"""The far end's sound: `python -m bench.rtp_end SOUND STREAMS`, SOUND raw A-law at 8 kHz.

Binds STREAMS sockets and prints their ports as a line of JSON. To whoever sends RTP to a port it speaks back,
each stream from another second of the sound. Every line on stdin is answered by a line of JSON: what arrived
since the line before. Arrivals are stamped by the kernel: our own slowness is in no figure. Ends with stdin.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import time
from array import array
from pathlib import Path

from bench.alaw import RTP_TYPE

PACKET_S = 0.02
PAYLOAD = 160
HEADER = struct.Struct("!BBHII")
STAMP = struct.Struct("@qq")
STAMPED = 35
"""SO_TIMESTAMPNS of Linux; Python has no name for it."""

TURN_MS = 5
SILENT_S = 1.0
"""Nothing came for so long: the call is over, and we fall silent as well."""


class Stream:
    """One socket: what came, and what goes back."""

    def __init__(self, number: int, sound: bytes) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, STAMPED, 1)
        self.socket.setblocking(False)
        self.socket.bind(("127.0.0.1", 0))
        self.gaps_ms = array("d")
        self.received = self.lost = 0
        self._number = number
        self._sound, self._at = sound, PAYLOAD * 53 * number % (len(sound) - PAYLOAD)
        self._source = self._next_seq = -1
        self._came_s = 0.0
        self._peer: tuple[str, int] | None = None
        self._sent, self._due = 0, 0.0

    def take(self) -> None:
        """Take every packet that waits."""
        while True:
            try:
                packet, extra, _, peer = self.socket.recvmsg(2048, 64)
            except BlockingIOError:
                return
            if len(packet) >= HEADER.size and packet[1] & 0x7F == RTP_TYPE:
                seconds, nanoseconds = STAMP.unpack(extra[0][2])
                self._count(packet, seconds + nanoseconds / 1e9)
                self._peer = peer

    def _count(self, packet: bytes, at_s: float) -> None:
        _, _, seq, _, source = HEADER.unpack_from(packet)
        if source == self._source:
            self.gaps_ms.append((at_s - self._came_s - PACKET_S) * 1000)
            missing = (seq - self._next_seq) & 0xFFFF
            # What comes late was counted as lost when its successor came.
            self.lost += missing if missing < 0x8000 else -1
        else:
            self._source, self._due = source, time.monotonic()
        self.received += 1
        self._came_s = at_s
        self._next_seq = (seq + 1) & 0xFFFF

    def speak(self, now: float, now_epoch: float) -> None:
        """Send what is due."""
        if self._peer is None:
            return
        if now_epoch - self._came_s > SILENT_S:
            self._peer = None
            return
        while self._due <= now:
            seq, at = self._sent & 0xFFFF, self._sent * PAYLOAD & 0xFFFFFFFF
            head = HEADER.pack(0x80, RTP_TYPE, seq, at, self._number)
            self.socket.sendto(head + self._sound[self._at : self._at + PAYLOAD], self._peer)
            self._at = (self._at + PAYLOAD) % (len(self._sound) - PAYLOAD)
            self._sent += 1
            self._due += PACKET_S

    def told(self) -> tuple[list[float], int, int]:
        """Gaps, packets received and lost since the last time."""
        found = list(self.gaps_ms), self.received, self.lost
        self.gaps_ms, self.received, self.lost = array("d"), 0, 0
        return found


def summary(streams: list[Stream]) -> dict[str, float]:
    """All streams together: packets received and lost, quantiles of the gaps (inter-arrival less 20 ms)."""
    told = [stream.told() for stream in streams]
    gaps = sorted(gap for gaps, _, _ in told for gap in gaps)
    found: dict[str, float] = {"received": sum(one[1] for one in told), "lost": sum(one[2] for one in told)}
    for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999), ("max", 1.0)):
        found[f"gap_{name}_ms"] = gaps[min(len(gaps) - 1, int(share * len(gaps)))] if gaps else 0.0
    return found


def main(sound: bytes, count: int) -> None:
    """Serve until stdin is closed."""
    streams = [Stream(n, sound) for n in range(count)]
    by_socket = {stream.socket.fileno(): stream for stream in streams}
    arrived = select.epoll()
    for number in (*by_socket, sys.stdin.fileno()):
        arrived.register(number, select.EPOLLIN)
    print(json.dumps([stream.socket.getsockname()[1] for stream in streams]), flush=True)
    while True:
        for number, _ in arrived.poll(TURN_MS / 1000, maxevents=count + 1):
            if number in by_socket:
                by_socket[number].take()
            elif not sys.stdin.readline():
                return
            else:
                print(json.dumps(summary(streams)), flush=True)
        now, now_epoch = time.monotonic(), time.time()
        for stream in streams:
            stream.speak(now, now_epoch)


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_bytes(), int(sys.argv[2]))
