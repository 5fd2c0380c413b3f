"""Where a call's two tracks go: named by time and extension (R2)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from base.errors import InputError
from base.log import get_logger
from dialer.line.tracks import finished
from records.sounds import Sounds

_log = get_logger(__name__)

FOLDER = "recordings"
SYSTEM = "system"
CUSTOMER = "customer"
EARLY = "early"
"""What was heard before the answer, where somebody spoke: a track of its own, with seconds of its own."""

LEAST_FREE = 200 * 2**20
"""Bytes: an hour and three quarters of calls. Below it nobody is called: a call must be recorded (R1, D5)."""


def track(data: Path, stem: str, party: str) -> Path:
    """The WAV file of one party's track; `stem` is relative to the data directory."""
    return data / f"{stem}_{party}.wav"


class Recordings:
    """Hands out stems `recordings/YYYY-MM-DD/YYYYmmdd-HHMMSS_EXTENSION`, each once.

    Calls of one extension that begin in the same second get `-2`, `-3`, ... behind it.
    """

    def __init__(self, sounds: Sounds, least_free: int = LEAST_FREE) -> None:
        self.data = sounds.data
        self._sounds = sounds
        self._least_free = least_free
        self._given: set[str] = set()

    def stem(self, at: datetime, extension: str) -> str:
        """A new stem for a call begun at business time `at`; its folder exists afterwards."""
        plain = f"{FOLDER}/{at:%Y-%m-%d}/{at:%Y%m%d-%H%M%S}_{extension}"
        stem = next(name for name in _numbered(plain) if self._is_new(name))
        self._given.add(stem)
        (self.data / stem).parent.mkdir(parents=True, exist_ok=True)
        return stem

    def have_room(self) -> bool:
        """Whether the disk can take further calls; a full one records silence without a word."""
        folder = self.data / FOLDER
        return shutil.disk_usage(folder if folder.exists() else self.data).free >= self._least_free

    async def put_away(self, stem: str) -> None:
        """Encrypt the tracks of a call that is over, where the site has a key.

        What cannot be now stays as it is, and is encrypted at the next start; no call fails over it.
        """
        if self._sounds.keys.file is None:
            return
        files = [track(self.data, stem, party) for party in (SYSTEM, CUSTOMER, EARLY)]
        try:
            await asyncio.to_thread(self._seal, files)
        except (InputError, OSError) as error:
            _log.error("a recording could not be encrypted", stem=stem, error=str(error))

    def _seal(self, files: Sequence[Path]) -> None:
        for file in files:
            if file.exists() and finished(file):
                self._sounds.seal(file)

    def _is_new(self, stem: str) -> bool:
        return stem not in self._given and not any(
            track(self.data, stem, party).exists() for party in (SYSTEM, CUSTOMER, EARLY)
        )


def _numbered(plain: str) -> Iterator[str]:
    return (plain if n == 1 else f"{plain}-{n}" for n in count(1))
