"""Which engine a model directory is for: each knows its own by the files in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from base.errors import ModelError
from transcribe import models, sherpa_models, vosk_models
from transcribe.sherpa import Sherpa
from transcribe.sherpa import require_library as require_sherpa
from transcribe.vosk import Vosk
from transcribe.whisper import Whisper


@dataclass(frozen=True, slots=True)
class Kind:
    """What is done with the models of one engine.

    Attributes:
        name: of the engine, as transcripts and settings have it.
        fits: whether a directory holds one of its models, whole or not.
        verify: raises ModelError where a file is missing, cut short or altered.
        sha256: hex SHA-256 that stands for the model in transcripts; raises ModelError without weights.
        load: loads one with so many threads; raises ModelError.
    """

    name: str
    fits: Callable[[Path], bool]
    verify: Callable[[Path], None]
    sha256: Callable[[Path], str]
    load: Callable[[Path, int], Whisper | Vosk | Sherpa]


_WHISPER = Kind(
    "whisper",
    lambda path: (path / models.WEIGHTS).is_file(),
    models.verify,
    models.model_sha256,
    lambda path, threads: Whisper(path, threads=threads),
)

KINDS = (
    Kind(
        "vosk", vosk_models.is_vosk, vosk_models.verify, vosk_models.sha256, lambda path, _threads: Vosk(path)
    ),
    Kind(
        "sherpa",
        sherpa_models.is_sherpa,
        sherpa_models.verify,
        sherpa_models.sha256,
        lambda path, threads: Sherpa(path, threads=threads),
    ),
    _WHISPER,
)
"""The engines, the one first whose models are told apart most surely."""


def kind_of(path: Path) -> Kind | None:
    """The engine that can use the model; None for what is a model of none."""
    return next((kind for kind in KINDS if kind.fits(path)), None)


def engine_of(path: Path) -> str:
    """The name of the engine that can use the model; Whisper's for what is none: it says what is missing."""
    return _kind(path).name


def load(path: Path, threads: int) -> Whisper | Vosk | Sherpa:
    """Load the model; `threads` are Whisper's and sherpa-onnx's, Vosk decodes in one.

    Raises:
        ModelError: it cannot be loaded.
    """
    return _kind(path).load(path, threads)


def verify(path: Path) -> None:
    """Check that a model is whole, byte for byte where its sums are known.

    Raises:
        ModelError: a file is missing, cut short or altered.
    """
    if not path.is_dir():
        raise ModelError("there is no speech model", where=str(path), remedy="run: huifang models list")
    _kind(path).verify(path)


def sha256_of(path: Path) -> str:
    """Hex SHA-256 that stands for the model in transcripts.

    Raises:
        ModelError: there are no weights.
    """
    return _kind(path).sha256(path)


def require_library(path: Path) -> None:
    """Raise ModelError where the model's engine is not part of this installation."""
    if _kind(path).name == Sherpa.name:
        require_sherpa()


def found_in(directory: Path) -> Iterator[Path]:
    """The models in a directory of models, in order."""
    for path in sorted(directory.glob("[!.]*/")):
        if kind_of(path) is not None:
            yield path


def _kind(path: Path) -> Kind:
    return kind_of(path) or _WHISPER
