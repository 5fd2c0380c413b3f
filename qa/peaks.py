"""The outline of a sound, small enough to send: the loudest of each step, 0 to 100."""

from __future__ import annotations

import wave
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import BinaryIO

import numpy as np

MOST_STEPS = 4000
_LEAST_STEP_S = 0.05
_KEPT = 256


@dataclass(frozen=True, slots=True)
class Outline:
    """Of all tracks of a recording: values of each step of `step_s` seconds."""

    step_s: float
    tracks: Mapping[str, Sequence[int]]


class Outlines:
    """Outlines that were made lately; a recording never changes, its name and length say which it is."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, float], Outline] = OrderedDict()
        self._lock = Lock()

    def of(self, recording: str, length_s: float, tracks: Mapping[str, BinaryIO]) -> Outline:
        """The outline of open tracks; made where it is not kept."""
        key = recording, length_s
        with self._lock:
            found = self._made.get(key)
        if found is None:
            found = outline(tracks, length_s)
        with self._lock:
            self._made[key] = found
            self._made.move_to_end(key)
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return found


def outline(tracks: Mapping[str, BinaryIO], length_s: float) -> Outline:
    """The outline of tracks, WAV with 16 bits; one that is something else is left out."""
    step_s = max(_LEAST_STEP_S, length_s / MOST_STEPS)
    found = {name: _loudest(track, step_s) for name, track in tracks.items()}
    return Outline(step_s, {name: values for name, values in found.items() if values})


def _loudest(track: BinaryIO, step_s: float) -> list[int]:
    try:
        with wave.open(track, "rb") as sound:
            if sound.getsampwidth() != 2:
                return []
            frames = max(1, round(step_s * sound.getframerate()))
            steps = min(MOST_STEPS + 1, -(-sound.getnframes() // frames))
            return [_peak(sound.readframes(frames)) for _ in range(steps)]
    except (wave.Error, EOFError):
        return []


def _peak(frames: bytes) -> int:
    samples = np.frombuffer(frames[: len(frames) // 2 * 2], "<i2").astype(np.int32)
    return int(np.abs(samples).max(initial=0)) * 100 // 32768
