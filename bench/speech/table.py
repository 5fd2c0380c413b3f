"""Which recordings the corpus holds: what is said, by whom, over which line. Pure and repeatable.

Sentences about violations, and those that only resemble them, are recordings of their own. Ordinary talk is
several sentences by one voice; each of its takes has another order, pace, level and noise, so that hours come
of what was synthesised once. `Take.sentences` tells what is distinct.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.answers.table import LINES, VOICES, number, some
from bench.speech.texts import ORDINARY, Sentence

TALK = 6
"""Sentences in a row of ordinary talk."""
AS_SPOKEN, FASTER, SLOWER = 8000, 7500, 8500
"""Rates (Hz) that a recording is brought to and then played as 8000: faster and higher, slower and deeper."""
TAKES: tuple[tuple[str, int], ...] = (
    *((line, rate) for line in LINES for rate in (AS_SPOKEN, FASTER, SLOWER)),
    (LINES[1], 8200),
)
"""Line and rate of each take of ordinary talk."""
SPEAKERS = 2
"""Voices that say each other sentence, of its half."""
NOISES = {
    "tuned": ("street 11", "street 12", "babble 13"),
    "held_out": ("street 21", "street 22", "babble 23"),
}
"""Noise recordings by half: what they are, and their seed."""


@dataclass(frozen=True, slots=True)
class Take:
    """One recording.

    Attributes:
        sentences: what is said, in order; all of one half, kind and rule.
        voice: a voice with its pace.
        line: one of `LINES`.
        rate: see `AS_SPOKEN`.
        noise: a recording of `NOISES`; "" on a clean line.
    """

    sentences: tuple[Sentence, ...]
    voice: str
    line: str
    rate: int
    noise: str

    @property
    def half(self) -> str:
        """Of its sentences."""
        return self.sentences[0].half

    @property
    def transcript(self) -> str:
        """All that is said."""
        return "，".join(one.said for one in self.sentences)

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the parts of the corpus that it belongs to, its kind first."""
        kind, line = self.sentences[0].kind, self.line.replace(" ", "")
        noise = self.noise.partition(" ")[0]
        return tuple(filter(None, (kind, line, f"{kind}-{line}", noise, self.voice)))


def takes(sentences: Sequence[Sentence]) -> list[Take]:
    """Every recording: the tuned half first, in it what is not ordinary first, all kinds mixed."""
    made = []
    for half in VOICES:
        mine = [one for one in sentences if one.half == half]
        others = sorted((one for one in mine if one.kind != ORDINARY), key=lambda one: number(one.said))
        made += [take for one in others for take in _alone(one)]
        made += _talks([one for one in mine if one.kind == ORDINARY])
    return made


def _alone(sentence: Sentence) -> Iterator[Take]:
    for voice in some(VOICES[sentence.half], SPEAKERS, sentence.said):
        for line in LINES:
            yield Take(
                (sentence,), voice, line, AS_SPOKEN, noise_of(sentence.half, line, sentence.said, voice)
            )


def _talks(sentences: Iterable[Sentence]) -> Iterator[Take]:
    by_voice: dict[str, list[Sentence]] = {}
    for one in sentences:
        by_voice.setdefault(speaker(one), []).append(one)
    for voice, spoken in sorted(by_voice.items()):
        for line, rate in TAKES:
            order = sorted(spoken, key=lambda one: number(one.said, line, str(rate)))
            for begin in range(0, len(order), TALK):
                talk = tuple(order[begin : begin + TALK])
                yield Take(talk, voice, line, rate, noise_of(talk[0].half, line, talk[0].said, str(rate)))


def speaker(sentence: Sentence) -> str:
    """Who says a sentence of ordinary talk."""
    return some(VOICES[sentence.half], 1, sentence.said)[0]


def noise_of(half: str, line: str, *seed: str) -> str:
    """The noise recording of a take; "" on a clean line."""
    return some(NOISES[half], 1, " ".join(seed))[0] if line != LINES[0] else ""
