"""Vosk (Kaldi): small models that decode in little time, and can be held to a question's phrases.

An answer is decoded twice by the same model: freely, and held to what is expected. `transcribe.grammar` says
what becomes of both. Models with a fixed graph (HCLG.fst, the big ones) can only be free.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from statistics import fmean

import numpy as np

from base.audio import RATE, Samples, resample
from transcribe import vosk_models
from transcribe.engine import NOTHING, Capabilities, Recognised
from transcribe.grammar import UNKNOWN, in_words, joined, second_opinions
from transcribe.libvosk import Decoder, Model, Word
from transcribe.segments import speech
from transcribe.text import plain
from transcribe.voice import VoiceDetector

_CHINESE = "的"
"""A word that every Chinese model has: models don't say their language."""
_GRAMMARS = 64
"""Grammars kept: as many as a few scripts have questions."""
_QUIET_S = 0.3
"""Silence behind a sound: a word that ends with it would not be finished."""


class Vosk:
    """A loaded Vosk model; satisfies `transcribe.engine.Engine`."""

    name = "vosk"

    def __init__(self, path: Path) -> None:
        """Load a model from a directory; nothing is ever fetched.

        Raises:
            ModelError: the directory holds no such model.
        """
        self._path = path
        self._rate = vosk_models.rate_of(path)
        self._model = Model(path)
        self._free = Decoder(self._model, self._rate)
        self._voice = VoiceDetector()
        self.capabilities = Capabilities(
            grammar=vosk_models.takes_grammar(path),
            char_times=True,
            languages=("zh",) if self._model.knows(_CHINESE) else (),
        )
        self._held = lru_cache(_GRAMMARS)(self._held_to)

    @cached_property
    def model_sha256(self) -> str:
        """Hex SHA-256 of the model's files."""
        return vosk_models.sha256(self._path)

    def warm(self) -> None:
        """Decode a second of noise: the graph is made as it is walked through."""
        noise = np.random.default_rng(1).normal(0, 300, RATE).astype(np.int16)
        self._voice.probabilities(noise)
        self._free.decode(self._pcm(noise))

    def unknown(self, phrases: Sequence[str]) -> tuple[str, ...]:
        """Those of the phrases that have words which the model does not know: they are heard freely only."""
        return tuple(phrase for phrase in phrases if not in_words(plain(phrase), self._model.knows))

    def answer(self, samples: Samples, expected: tuple[str, ...] = ()) -> Recognised:
        """Recognise a short answer; `expected` phrases that the sound may be stand among its `others`."""
        if not speech(self._voice.probabilities(samples)):
            return NOTHING
        pcm = self._pcm(samples)
        free = self._free.decode(pcm)
        text = _text(free)
        held = self._held(expected) if self.capabilities.grammar else None
        if not text or held is None:
            return Recognised(text, _confidence(free))
        words = [word.text for word in held.decode(pcm)]
        phrase = "" if UNKNOWN in words else plain(joined(words))
        return Recognised(text, _confidence(free), others=second_opinions(text, phrase, expected))

    def transcribe(self, samples: Samples) -> Recognised:
        """Recognise one stretch of speech; a word's characters share its time evenly."""
        words = self._free.decode(self._pcm(samples))
        text = _text(words)
        return Recognised(text, _confidence(words), _char_times(words)) if text else NOTHING

    def _held_to(self, expected: tuple[str, ...]) -> Decoder | None:
        """A decoder that knows these phrases only; None where the model has the words of none."""
        split = [in_words(plain(phrase), self._model.knows) for phrase in expected]
        phrases = dict.fromkeys(" ".join(words) for words in split if words)
        if not phrases:
            return None
        stranger = (UNKNOWN,) if self._model.knows(UNKNOWN) else ()
        return Decoder(self._model, self._rate, (*phrases, *stranger))

    def _pcm(self, samples: Samples) -> bytes:
        wide = resample(samples, RATE, self._rate)
        return np.pad(wide, (0, round(_QUIET_S * self._rate))).astype("<i2").tobytes()


def _text(words: Sequence[Word]) -> str:
    """Character for character what the words are, so that `_char_times` has one time for each."""
    return "".join(plain(joined((word.text,))) for word in words)


def _confidence(words: Sequence[Word]) -> float:
    return fmean(word.confidence for word in words) if words else 0.0


def _char_times(words: Sequence[Word]) -> tuple[float, ...]:
    """Start of each character of `_text(words)`."""
    times: list[float] = []
    for word in words:
        length = len(_text((word,)))
        step = (word.end_s - word.start_s) / max(1, length)
        times.extend(word.start_s + n * step for n in range(length))
    return tuple(times)
