"""SenseVoice and Paraformer by sherpa-onnx, from a local directory only.

Both write each sound down in one go: they cannot be held to phrases, score none, and say nothing of how sure
they are. The library is no part of the plain installation (docs/models.md).
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from base.audio import RATE, Samples, resample, seconds
from base.errors import ModelError
from transcribe import sherpa_models
from transcribe.engine import NOTHING, Capabilities, Recognised
from transcribe.segments import speech
from transcribe.text import plain
from transcribe.voice import VoiceDetector

_RATE = 16000
_QUIET_S = 0.3
"""Silence behind a sound: its last word is finished, and the shortest sound has a feature."""
_CONFIDENCE = 0.5
"""Of every text, as these models tell none: neither certain nor to be thrown away."""
_LANGUAGES = {"sense_voice": ("zh", "yue", "en", "ja", "ko"), "paraformer": ("zh", "en")}
_MARK = re.compile(r"<[^<>]*>")
"""Tokens that are no words: language, mood, unknown."""


class Sherpa:
    """A loaded SenseVoice or Paraformer; satisfies `transcribe.engine.Engine`."""

    name = "sherpa"

    def __init__(self, path: Path, *, threads: int = 2) -> None:
        """Load a model from a directory; nothing is ever fetched.

        Raises:
            ModelError: the library is not installed, or the directory holds no such model.
        """
        require_library()
        family = sherpa_models.family(path)
        self._path = path
        self._recogniser = _recogniser(path, family, threads)
        self._voice = VoiceDetector()
        self.capabilities = Capabilities(char_times=True, languages=_LANGUAGES[family])

    @cached_property
    def model_sha256(self) -> str:
        """Hex SHA-256 of the weights."""
        return sherpa_models.sha256(self._path)

    def warm(self) -> None:
        """Decode a second of noise, so that the first answer is as quick as the others."""
        noise = np.random.default_rng(1).normal(0, 300, RATE).astype(np.int16)
        self._voice.probabilities(noise)
        self.transcribe(noise)

    def answer(self, samples: Samples, expected: tuple[str, ...] = ()) -> Recognised:  # noqa: ARG002
        """Recognise a short answer; what was `expected` makes no difference to these models."""
        voiced = speech(self._voice.probabilities(samples))
        return self.transcribe(samples) if voiced else NOTHING

    def transcribe(self, samples: Samples) -> Recognised:
        """Recognise one stretch of speech; the characters of one token share its time evenly."""
        wide = resample(samples, RATE, _RATE).astype(np.float32) / 32768
        stream = self._recogniser.create_stream()
        stream.accept_waveform(_RATE, np.pad(wide, (0, round(_QUIET_S * _RATE))))
        self._recogniser.decode_stream(stream)
        result = stream.result
        words = tuple(spoken(token) for token in result.tokens)
        text = "".join(words)
        if not text:
            return NOTHING
        return Recognised(text, _CONFIDENCE, char_times(words, result.timestamps, seconds(samples)))


def require_library() -> None:
    """Raise ModelError unless sherpa-onnx is installed."""
    if importlib.util.find_spec("sherpa_onnx") is None:
        remedy = "install it into the environment of huifang: pip install 'huifang[sherpa]'"
        raise ModelError("sherpa-onnx, which this speech model needs, is not installed", remedy=remedy)


def spoken(token: str) -> str:
    """What of a token is said: no marks, no signs that it begins a word (▁) or goes on (@@)."""
    return plain(_MARK.sub("", token))


def char_times(words: Sequence[str], starts: Sequence[float], length_s: float) -> tuple[float, ...]:
    """Start of each character of the joined `words`, one start a word; () when the model told none."""
    if len(starts) != len(words):
        return ()
    times: list[float] = []
    for word, start, end in zip(words, starts, (*starts[1:], length_s), strict=True):
        step = max(0.0, end - start) / max(1, len(word))
        times.extend(min(start + n * step, length_s) for n in range(len(word)))
    return tuple(times)


def _recogniser(path: Path, family: sherpa_models.Family, threads: int) -> Any:
    import sherpa_onnx

    weights, tokens = str(sherpa_models.weights(path)), str(path / sherpa_models.TOKENS)
    make = sherpa_onnx.OfflineRecognizer
    try:
        if family == "sense_voice":
            # Mandarin is spoken (S14), and no sound is to be Japanese; numbers stay as they were said.
            return make.from_sense_voice(weights, tokens, num_threads=threads, language="zh", use_itn=False)
        return make.from_paraformer(weights, tokens, num_threads=threads)
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"sherpa-onnx cannot load this speech model: {error}", where=str(path)) from error
