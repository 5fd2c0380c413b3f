"""A tap on the conference bridge that hands 20 ms frames to Python.

Its callback runs in PJSIP's media thread, so it only stores the frame. Copying a SWIG vector byte by byte
costs 131 µs a frame; reading its begin pointer costs 1 µs, and is checked against the slow way once.
"""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterator

import pjsua2 as pj

from base.audio import RATE
from dialer.line.endpointing import FRAME_S

FRAME_BYTES = 320
QUIET = bytes(FRAME_BYTES)
LONGEST_BACKLOG = 500
"""Frames kept when nobody drains them (10 s)."""


def _fast(frame: pj.MediaFrame) -> bytes:
    begin = ctypes.c_void_p.from_address(int(frame.buf.this)).value
    return ctypes.string_at(begin, frame.size) if begin else b""


def _slow(frame: pj.MediaFrame) -> bytes:
    return bytes(frame.buf)[: frame.size]


class _Kept(threading.local):
    alive = False


_kept = _Kept()


def _keep_thread_state() -> None:
    """Keep Python's state of the media thread, which it would else make and drop for every frame.

    That costs more than all else a frame asks for (memory is mapped and unmapped). The state goes with the
    process.
    """
    ctypes.pythonapi.PyGILState_Ensure()
    _kept.alive = True


class Tap(pj.AudioMediaPort):  # type: ignore[misc]
    """One reusable tap. `open` is set while somebody listens; frames carry the time they came (seconds)."""

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        super().__init__()
        self.open = False
        self._clock = clock
        self._frames: deque[tuple[float, bytes]] = deque(maxlen=LONGEST_BACKLOG)
        self._read: Callable[[pj.MediaFrame], bytes] | None = None
        shape = pj.MediaFormatAudio()
        shape.init(pj.PJMEDIA_FORMAT_L16, RATE, 1, int(FRAME_S * 1_000_000), 16)
        self.createPort(name, shape)

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        """Store one frame (PJSIP calls this)."""
        if not _kept.alive:
            _keep_thread_state()
        if self.open:
            self._frames.append((self._clock(), self._bytes(frame)))

    def _bytes(self, frame: pj.MediaFrame) -> bytes:
        if frame.size != FRAME_BYTES:
            return QUIET
        if self._read is None:
            self._read = _fast if _fast(frame) == _slow(frame) else _slow
        return self._read(frame)

    def drain(self) -> Iterator[tuple[float, bytes]]:
        """Take the frames that have come."""
        while self._frames:
            yield self._frames.popleft()

    def clear(self) -> None:
        """Forget frames of an earlier listening."""
        self._frames.clear()

    def close(self) -> None:
        """Take the port off the bridge while this object is still whole.

        The bridge calls every port every 20 ms, connected or not. Were the port only dropped, its last calls
        would reach an object that is being freed.
        """
        self.open = False
        pj.AudioMediaPort.__swig_destroy__(self)
