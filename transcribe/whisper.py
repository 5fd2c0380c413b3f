"""Whisper by faster-whisper (CTranslate2, int8), from a local directory only.

Three measured facts shape this adapter. The encoder takes windows shorter than Whisper's 30 s, and most of
the time goes there: a window is as long as the sound plus a second. Words given as a prompt come back as
words heard, keywords above all: there is no prompt. Silence, noise and tones become sentences: what has no
voice is not decoded, what is improbable or an old acquaintance from film subtitles is dropped.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples, resample, seconds
from base.errors import ModelError
from transcribe.engine import NOTHING, Capabilities, Fit, Recognised
from transcribe.likelihood import Likelihood, quiet
from transcribe.models import REMEDY, model_sha256
from transcribe.segments import speech
from transcribe.text import invented, looped, simplified, spoken, unstuttered
from transcribe.voice import VoiceDetector

_RATE = 16000
_START = ("<|startoftranscript|>", "<|zh|>", "<|transcribe|>")
_FRAMES_PER_S = 100
_TOKENS_PER_S = 7
_SHORTEST_WINDOW_S = 8.0
"""Shorter windows are filled with repetitions. CER of short answers at 3, 5, 8 s: 0.47, 0.37, 0.28."""
_WHOLE_WINDOW_S = 30.0
_LIKELY = -1.0
"""Mean log-probability of a token below which a text is not believed."""
_POSSIBLE = -1.5
"""The same for a live answer: understanding knows what phrases to expect, and refuses what is far off."""
_NO_SPEECH = 0.6
_BEAM = 5
_NO_CIRCLES: Mapping[str, Any] = {"repetition_penalty": 1.2, "no_repeat_ngram_size": 4}
"""Only where a decoding went in circles: people do say a thing twice."""


@dataclass(frozen=True, slots=True)
class _Decoding:
    """One decoding: text tokens, their mean log-probability, and what Whisper says of silence."""

    tokens: tuple[int, ...]
    text: str
    logprob: float
    no_speech: float

    @property
    def looped(self) -> bool:
        """The text goes round in circles."""
        return looped(self.text)

    @property
    def speech(self) -> bool:
        """False for what is made of silence."""
        silent = self.no_speech > _NO_SPEECH and self.logprob < _LIKELY
        return bool(self.text) and not silent and not invented(self.text)


class Whisper:
    """A loaded Whisper model; satisfies `transcribe.engine.Engine`."""

    name = "whisper"
    capabilities = Capabilities(char_times=True, scores=True, once=True)

    def __init__(self, path: Path, *, threads: int = 2) -> None:
        """Load a CTranslate2 Whisper from a directory; nothing is ever fetched.

        Raises:
            ModelError: the directory holds no such model.
        """
        os.environ["HF_HUB_OFFLINE"] = "1"
        from faster_whisper import WhisperModel

        self._path = path
        try:
            whisper = WhisperModel(
                str(path), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            what = f"the speech model cannot be loaded: {error}"
            raise ModelError(what, where=str(path), remedy=REMEDY) from error
        self._model: Any = whisper.model
        self._features: Any = whisper.feature_extractor
        self._tokenizer: Any = whisper.hf_tokenizer
        self._start = [self._tokenizer.token_to_id(token) for token in _START]
        _require_chinese(self._model, self._features, self._start, path)
        self._no_times = self._tokenizer.token_to_id("<|notimestamps|>")
        self._voice = VoiceDetector()
        start = [*self._start, self._no_times]
        silence = self._encode(quiet(), _SHORTEST_WINDOW_S)
        self._likelihood = Likelihood(self._model, self._tokenizer, start, silence)

    @cached_property
    def model_sha256(self) -> str:
        """Hex SHA-256 of the weights."""
        return model_sha256(self._path)

    def warm(self) -> None:
        """Decode a second of noise, so that the first answer is as quick as the others."""
        noise = np.random.default_rng(1).normal(0, 300, RATE).astype(np.int16)
        self._voice.probabilities(noise)
        self._decode(self._encode(noise, _SHORTEST_WINDOW_S), 4)

    def answer(self, samples: Samples, expected: tuple[str, ...] = ()) -> Recognised:
        """Recognise a short answer: one decoding of several hypotheses, no times."""
        voiced, length_s = speech(self._voice.probabilities(samples)), seconds(samples)
        if not voiced:
            return NOTHING
        encoded = self._encode(samples, _window_s(length_s))
        first, *rest = self._hypotheses(encoded, _token_cap(length_s), beam=_BEAM, count=_BEAM)
        if not first.speech or first.looped or first.logprob < _POSSIBLE:
            return NOTHING
        voiced_s = sum(span.length_s for span in voiced)
        heard = [first, *(one for one in rest if one.speech and not one.looped)]
        texts = tuple(unstuttered(one.text, voiced_s) for one in heard)
        likely = self._likelihood.tried(encoded, length_s, texts, expected)
        return Recognised(texts[0], math.exp(first.logprob), others=texts[1:], likely=likely)

    def transcribe(self, samples: Samples) -> Recognised:
        """Recognise one stretch of speech by beam search.

        What goes in circles is decoded again with repetition forbidden, then with the whole window, then with
        more and more chance; of all tries the most probable one that does not is kept. A mere guess stays:
        trying it again has cost a quarter of the time and mended nothing.
        """
        return self._recognised(samples, again=True)

    def transcribe_once(self, samples: Samples) -> Recognised:
        """As `transcribe`, but what goes in circles still is not tried with another window."""
        return self._recognised(samples, again=False)

    def _recognised(self, samples: Samples, *, again: bool) -> Recognised:
        length = seconds(samples)
        encoded = self._encode(samples, _window_s(length))
        first, *others = self._straight(encoded, _token_cap(length))
        found = [first]
        if again and first.looped:
            encoded = self._encode(samples, _WHOLE_WINDOW_S)
            for temperature in (0.0, 0.4, 0.8):
                found.append(self._decode(encoded, _token_cap(length), beam=_BEAM, temperature=temperature))
                if not found[-1].looped:
                    break
        best = max(found, key=lambda one: (not one.looped, one.logprob))
        if not best.speech:
            return NOTHING
        text = unstuttered(best.text, length)
        chars = self._char_times(encoded, best.tokens, length)[: len(text)]
        held = tuple((unstuttered(one.text, length), one.logprob) for one in others if _held(one, best))
        return Recognised(text, math.exp(best.logprob), chars, best.looped, held=held)

    def _straight(self, encoded: Any, cap: int) -> list[_Decoding]:
        """The usual decodings; if the best one goes in circles, those that may not, unless it does again."""
        usual = self._hypotheses(encoded, cap, beam=_BEAM, count=_BEAM)
        if not usual[0].looped:
            return usual
        forbidden = self._hypotheses(encoded, cap, beam=_BEAM, count=_BEAM, **_NO_CIRCLES)
        return usual if forbidden[0].looped else forbidden

    def score(self, samples: Samples, texts: Sequence[str]) -> tuple[Fit, ...]:
        """How likely each text is for a stretch of speech; nothing is decoded."""
        length_s = seconds(samples)
        return self._likelihood.fits(self._encode(samples, _window_s(length_s)), length_s, texts)

    def _encode(self, samples: Samples, window_s: float) -> Any:
        import ctranslate2

        wide = resample(samples, RATE, _RATE).astype(np.float32) / 32768
        frames = round(window_s * _FRAMES_PER_S)
        wide = np.pad(wide, (0, max(0, round(window_s * _RATE) - len(wide))))
        mel: NDArray[np.float32] = self._features(wide)[:, :frames]
        storage = ctranslate2.StorageView.from_array(np.ascontiguousarray(mel[np.newaxis], dtype=np.float32))
        return self._model.encode(storage)

    def _decode(self, encoded: Any, cap: int, *, beam: int = 1, temperature: float = 0.0) -> _Decoding:
        return self._hypotheses(encoded, cap, beam=beam, temperature=temperature)[0]

    def _hypotheses(
        self,
        encoded: Any,
        cap: int,
        *,
        beam: int,
        count: int = 1,
        temperature: float = 0.0,
        repetition_penalty: float = 1.1,
        no_repeat_ngram_size: int = 0,
    ) -> list[_Decoding]:
        """What one decoding holds possible, best first."""
        how: dict[str, Any] = {"beam_size": beam, "num_hypotheses": count}
        if temperature > 0:
            how = {"beam_size": 1, "num_hypotheses": 5, "sampling_topk": 0}
            how["sampling_temperature"] = temperature
        prompt = [*self._start, self._no_times]
        result = self._model.generate(
            encoded,
            [prompt],
            repetition_penalty=repetition_penalty if beam > 1 else 1.0,
            no_repeat_ngram_size=no_repeat_ngram_size,
            max_length=len(prompt) + cap,
            return_scores=True,
            return_no_speech_prob=True,
            **how,
        )[0]
        return [
            self._decoding(tuple(tokens), score, result.no_speech_prob)
            for tokens, score in zip(result.sequences_ids[:count], result.scores, strict=False)
        ]

    def _decoding(self, tokens: tuple[int, ...], score: float, no_speech: float) -> _Decoding:
        logprob = score * len(tokens) / (len(tokens) + 1)
        return _Decoding(tokens, _plain(self._text(tokens)), logprob, no_speech)

    def _text(self, tokens: Iterable[int]) -> str:
        return str(self._tokenizer.decode(list(tokens)))

    def _char_times(self, encoded: Any, tokens: tuple[int, ...], length_s: float) -> tuple[float, ...]:
        """Start of each character, from the decoder's attention (one 20 ms step for two frames)."""
        steps = round(length_s * _FRAMES_PER_S)
        aligned = self._model.align(encoded, self._start, [list(tokens)], steps)[0]
        starts: dict[int, float] = {}
        for token, step in aligned.alignments:
            starts.setdefault(token, step * 0.02)
        times: list[float] = []
        last = 0.0
        for n in range(len(tokens)):
            last = starts.get(n, last)
            new = len(_plain(self._text(tokens[: n + 1]))) - len(times)
            times.extend([last] * new)
        return tuple(min(time, length_s) for time in times)


def _require_chinese(model: Any, features: Any, start: list[int | None], path: Path) -> None:
    """Raise ModelError for a model of another language, or one that comes without its kind of features."""
    if not model.is_multilingual or None in start:
        what, remedy = "this Whisper knows no Chinese", "take a multilingual one, whose name has no .en"
        raise ModelError(what, where=str(path), remedy=remedy)
    told, needed = features.mel_filters.shape[0], model.n_mels
    if told != needed:
        what = f"this Whisper hears {needed} bands, and nothing says so"
        remedy = "put the preprocessor_config.json of its publisher beside its weights"
        raise ModelError(what, where=str(path), remedy=remedy)


def _held(other: _Decoding, best: _Decoding) -> bool:
    """Whether another decoding is worth keeping beside the best one."""
    return other.speech and not other.looped and other.text != best.text


def _plain(text: str) -> str:
    """Spoken characters, one for one with what the tokens hold, simplified."""
    return simplified("".join(char for char in text.lower() if spoken(char)))


def _window_s(length_s: float) -> float:
    return min(_WHOLE_WINDOW_S, max(_SHORTEST_WINDOW_S, length_s + 1.0))


def _token_cap(length_s: float) -> int:
    """People don't say more than seven tokens a second."""
    return 8 + math.ceil(_TOKENS_PER_S * length_s)
