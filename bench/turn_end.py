"""Customers who answer: `python -m bench.turn_end STREAMS`, A-law over RTP, each stream a socket of its own.

Prints the ports as a line of JSON. A line of JSON on stdin, {"stream": 3, "file": "yes.alaw", "in_s": 2.5},
lets a customer say something then. What became of it is told as a line of JSON: machine times (seconds since
1970) of the first and the last of its packets that is louder than -40 dBFS, and of the first such packet that
came in after it (0: none in time), and whether one came in between: we spoke while the customer did.
Arrivals are stamped by the kernel: our own slowness is in no figure. Ends with stdin.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bench.alaw import LINEAR, RTP_TYPE
from bench.rtp_end import HEADER, PACKET_S, PAYLOAD, SILENT_S, STAMP, STAMPED, TURN_MS

QUIET = bytes([0xD5]) * PAYLOAD
LOUD_RMS = 327.68
"""-40 dBFS."""

WAITS_S = 6.0
"""Who hears nothing for so long gives up waiting for a reply."""


@dataclass
class Said:
    """One answer, and what came upon it."""

    stream: int
    began: float = 0.0
    ended: float = 0.0
    replied: float = 0.0
    cut_in: bool = False


def loud(payload: bytes) -> bool:
    """Louder than -40 dBFS."""
    sound = LINEAR[np.frombuffer(payload, np.uint8)].astype(np.float32)
    return float(sound @ sound) > LOUD_RMS**2 * len(sound)


class Customer:
    """One socket: silent until told to answer."""

    def __init__(self, number: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, STAMPED, 1)
        self.socket.setblocking(False)
        self.socket.bind(("127.0.0.1", 0))
        self._number = number
        self._peer: tuple[str, int] | None = None
        self._came = 0.0
        self._sent, self._due = 0, 0.0
        self._orders: deque[tuple[float, Path]] = deque()
        self._words: list[bytes] = []
        self._said: Said | None = None

    def say(self, file: Path, at: float) -> None:
        """Say what the file holds, from machine time `at` on."""
        self._orders.append((at, file))

    def take(self) -> None:
        """Take every packet that waits."""
        while True:
            try:
                packet, extra, _, peer = self.socket.recvmsg(2048, 64)
            except BlockingIOError:
                return
            seconds, nanoseconds = STAMP.unpack(extra[0][2])
            self._came = seconds + nanoseconds / 1e9
            if self._peer != peer:
                self._peer, self._due = peer, time.monotonic()
            if len(packet) > HEADER.size and packet[1] & 0x7F == RTP_TYPE and self._said is not None:
                self._judge(packet[HEADER.size :])

    def _judge(self, payload: bytes) -> None:
        said = self._said
        if said is None or not said.began or not loud(payload):
            return
        if self._words:
            said.cut_in = True
        elif not said.replied:
            said.replied = self._came

    def speak(self, now: float, now_epoch: float) -> None:
        """Send what is due."""
        if self._peer is None or now_epoch - self._came > SILENT_S:
            self._peer = None
            return
        while self._due <= now:
            speaking = bool(self._words)
            payload = self._words.pop(0) if speaking else QUIET
            seq, at = self._sent & 0xFFFF, self._sent * PAYLOAD & 0xFFFFFFFF
            self.socket.sendto(HEADER.pack(0x80, RTP_TYPE, seq, at, self._number) + payload, self._peer)
            self._sent += 1
            self._due += PACKET_S
            if speaking and self._said is not None and loud(payload):
                self._said.began = self._said.began or now_epoch
                self._said.ended = time.time()

    def turn(self, now_epoch: float) -> Said | None:
        """Begin the next answer when it is time; what became of the last one, once."""
        said = self._said
        if said is not None and not self._words and (said.replied or now_epoch - said.ended > WAITS_S):
            self._said = None
            return said
        if said is None and self._orders and self._orders[0][0] <= now_epoch:
            sound = self._orders.popleft()[1].read_bytes()
            self._words = [sound[n : n + PAYLOAD] for n in range(0, len(sound) - PAYLOAD + 1, PAYLOAD)]
            self._said = Said(self._number)
        return None


def main(count: int) -> None:
    """Serve until stdin is closed."""
    customers = [Customer(n) for n in range(count)]
    by_socket = {customer.socket.fileno(): customer for customer in customers}
    arrived = select.epoll()
    for number in (*by_socket, sys.stdin.fileno()):
        arrived.register(number, select.EPOLLIN)
    print(json.dumps([customer.socket.getsockname()[1] for customer in customers]), flush=True)
    rest = b""
    while True:
        for number, _ in arrived.poll(TURN_MS / 1000, maxevents=count + 1):
            if number in by_socket:
                by_socket[number].take()
                continue
            came = os.read(number, 65536)
            if not came:
                return
            *lines, rest = (rest + came).split(b"\n")
            for order in map(json.loads, lines):
                customers[order["stream"]].say(Path(order["file"]), time.time() + order["in_s"])
        now, now_epoch = time.monotonic(), time.time()
        for customer in customers:
            customer.speak(now, now_epoch)
            if (said := customer.turn(now_epoch)) is not None:
                print(json.dumps(asdict(said)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
