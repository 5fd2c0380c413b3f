"""Where a call's two tracks go: named by time and extension (R2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

FOLDER = "recordings"
SYSTEM = "system"
CUSTOMER = "customer"
EARLY = "early"
"""What was heard before the answer, where somebody spoke: a track of its own, with seconds of its own."""


def track(data: Path, stem: str, party: str) -> Path:
    """The WAV file of one party's track; `stem` is relative to the data directory."""
    return data / f"{stem}_{party}.wav"


class Recordings:
    """Hands out stems `recordings/YYYY-MM-DD/YYYYmmdd-HHMMSS_EXTENSION`, each once.

    Calls of one extension that begin in the same second get `-2`, `-3`, ... behind it.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self._given: set[str] = set()

    def stem(self, at: datetime, extension: str) -> str:
        """A new stem for a call begun at business time `at`; its folder exists afterwards."""
        plain = f"{FOLDER}/{at:%Y-%m-%d}/{at:%Y%m%d-%H%M%S}_{extension}"
        stem = next(name for name in _numbered(plain) if self._is_new(name))
        self._given.add(stem)
        (self.data / stem).parent.mkdir(parents=True, exist_ok=True)
        return stem

    def _is_new(self, stem: str) -> bool:
        return stem not in self._given and not any(
            track(self.data, stem, party).exists() for party in (SYSTEM, CUSTOMER, EARLY)
        )


def _numbered(plain: str) -> Iterator[str]:
    return (plain if n == 1 else f"{plain}-{n}" for n in count(1))
