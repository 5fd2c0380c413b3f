"""Backgrounds as files to play: made when first needed, alone and with a sentence mixed in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from base.audio import Samples, read_wav, write_wav
from softphone.noise import Background, bed, mixed

BED_S = 40.0
"""Length of a background; it is played again and again."""


class Backgrounds:
    """The backgrounds of all personas.

    Args:
        folder: where their files go.
        voices: recorded sentences to make a babble of.
    """

    def __init__(self, folder: Path, voices: Sequence[Path] = ()) -> None:
        self._folder = folder
        self._voices = voices
        self._beds: dict[str, Samples] = {}

    def alone(self, background: Background) -> Path:
        """The background without a voice."""
        path = self._folder / f"{background.name}.wav"
        if not path.is_file():
            write_wav(path, self._bed(background))
        return path

    def around(self, background: Background, sentence: Path) -> Path:
        """A sentence amid the background; the same one sounds the same each time."""
        named = hashlib.sha256(f"{background.name}/{sentence}".encode()).hexdigest()
        path = self._folder / f"{named[:16]}.wav"
        if not path.is_file():
            write_wav(path, mixed(read_wav(sentence), self._bed(background), int(named[16:24], 16)))
        return path

    def _bed(self, background: Background) -> Samples:
        if background.name not in self._beds:
            seed = int(hashlib.sha256(background.name.encode()).hexdigest()[:8], 16)
            voices = [read_wav(path) for path in self._voices] if background.kind == "babble" else []
            self._beds[background.name] = bed(background, BED_S, seed, voices)
        return self._beds[background.name]
