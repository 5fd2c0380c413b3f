"""What a recogniser is to the rest of the house: 8 kHz sound in, simplified Chinese out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from base.audio import Samples


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do beyond turning a sound into words.

    Attributes:
        streaming: gives words while the sound still comes in; none does here: answers end with a pause, and
            are recognised from the pause on.
        grammar: can be held to a list of phrases.
        char_times: tells where in the sound each character begins.
        scores: can say how likely given texts are for a sound (`Scorer`).
        once: can decode without trying anything again (`Quick`): turns are decoded together.
        languages: ISO 639-1 codes, `yue` for Cantonese; () when it knows no Chinese, and does not say what.
    """

    streaming: bool = False
    grammar: bool = False
    char_times: bool = False
    scores: bool = False
    once: bool = False
    languages: tuple[str, ...] = ("zh",)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an engine made of one stretch of sound.

    Attributes:
        text: simplified Chinese without punctuation; "" when no speech was found, or none to believe.
        confidence: 0 to 1, the mean probability of a token; 0.5 where an engine tells none.
        chars: start of each character of `text`, in seconds from the beginning of the sound; () when unknown.
        looped: the text repeats itself in a way that people do not; it was kept for want of a better one.
        others: other texts held possible, best first, for short answers; one may stand there twice.
        likely: expected phrases with their scores, best first (`ivr.hearing.Likely`).
        held: other texts held possible for a turn, each with the mean log-probability of a token, best first.
    """

    text: str
    confidence: float = 0.0
    chars: tuple[float, ...] = ()
    looped: bool = False
    others: tuple[str, ...] = ()
    likely: tuple[tuple[str, float], ...] = ()
    held: tuple[tuple[str, float], ...] = ()


NOTHING = Recognised("")
"""No speech."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Natural logarithms of a text's probability: for a sound, and for a line on which nobody speaks."""

    sound: float
    silence: float


@runtime_checkable
class Scorer(Protocol):
    """What an engine whose `Capabilities.scores` is true can do besides: judge texts that are given to it."""

    def score(self, samples: Samples, texts: Sequence[str]) -> tuple[Fit, ...]:
        """How likely each text is for one stretch of speech of at most 25 s, 8 kHz; nothing is decoded."""
        ...


@runtime_checkable
class Quick(Protocol):
    """What an engine whose `Capabilities.once` is true can do besides; it tells characters' times, too."""

    def transcribe_once(self, samples: Samples) -> Recognised:
        """As `Engine.transcribe`, but what goes in circles stays what it is."""
        ...


class Engine(Protocol):
    """A loaded recogniser. Its methods block; one thread at a time may use it."""

    @property
    def name(self) -> str:
        """The engine's name as transcripts keep it."""
        ...

    @property
    def model_sha256(self) -> str:
        """Hex SHA-256 of its weights."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def answer(self, samples: Samples, expected: tuple[str, ...] = ()) -> Recognised:
        """Recognise a short answer, 8 kHz, quickly: one decoding, nothing tried again.

        An engine that scores tells how well phrases of `expected` fit the sound; one with a grammar gives the
        one that the sound may be among its `others`.
        """
        ...

    def transcribe(self, samples: Samples) -> Recognised:
        """Recognise one stretch of speech of at most 25 s, 8 kHz, carefully."""
        ...
