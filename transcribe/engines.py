"""Which engine a model directory is for: Vosk where it looks like one of its models, else Whisper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from transcribe import models, vosk_models
from transcribe.vosk import Vosk
from transcribe.whisper import Whisper


def engine_of(path: Path) -> Literal["vosk", "whisper"]:
    """The name of the engine that can use the model."""
    return "vosk" if vosk_models.is_vosk(path) else "whisper"


def load(path: Path, threads: int) -> Whisper | Vosk:
    """Load the model; `threads` are Whisper's, Vosk decodes in one.

    Raises:
        ModelError: it cannot be loaded.
    """
    return Vosk(path) if vosk_models.is_vosk(path) else Whisper(path, threads=threads)


def verify(path: Path) -> None:
    """Check that a model is whole, byte for byte where its sums are known.

    Raises:
        ModelError: a file is missing, cut short or altered.
    """
    vosk_models.verify(path) if vosk_models.is_vosk(path) else models.verify(path)


def sha256_of(path: Path) -> str:
    """Hex SHA-256 that stands for the model in transcripts.

    Raises:
        ModelError: there are no weights.
    """
    return vosk_models.sha256(path) if vosk_models.is_vosk(path) else models.model_sha256(path)


def found_in(directory: Path) -> Iterator[Path]:
    """The models in a directory of models, in order."""
    for path in sorted(directory.glob("[!.]*/")):
        if vosk_models.is_vosk(path) or (path / models.WEIGHTS).is_file():
            yield path
