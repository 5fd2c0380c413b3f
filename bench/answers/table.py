"""Which trials the set holds: what is said, by whom, over which line, at which question. Pure and repeatable.

Phrases are parted into two halves by their hash, each half with voices of its own: thresholds are chosen on
`tuned`, never on `held_out`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

VOICES: Mapping[str, tuple[str, ...]] = {
    "tuned": ("jm_kumo@1.0", "jf_alpha@1.1", "jf_nezumi@0.95", "jf_alpha@1.3"),
    "held_out": ("jf_gongitsune@1.0", "jf_tebukuro@1.1", "jf_gongitsune@1.25"),
}
"""Voices by half, with their pace."""
LINES = ("clean", "10 dB")
"""Signal to noise; all of them go through the telephone's band and µ-law."""
NOISY, NOISE = "noisy", "5 dB"
"""A table of its own: answers of the held-out half amid loud noise."""
NOTHING = "-"
"""What is expected where nothing may be accepted."""
_PLACES = 4
"""Questions at which each sentence that is never an answer, and each wish, is tried."""
_ACCENT = str.maketrans("是四知这上说收生商书正常出你那能老里", "四是资则丧缩搜僧桑苏赠藏粗里辣愣恼你")
"""Characters in another accent's sound: zh as z, sh as s, n as l, and the other way round."""


class Table(BaseModel):
    """What phrases.yaml holds; phrases stand between spaces."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    poles: tuple[str, ...]
    ways_at: tuple[str, ...]
    answers: dict[str, dict[str, str]]
    ways: dict[str, str]
    everywhere: str
    strangers: dict[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Trial:
    """One utterance at one question.

    Attributes:
        half: "tuned", "held_out" or `NOISY`.
        said: the words, as they are given to the synthesiser.
        voice: a voice with its pace.
        line: one of `LINES`, or `NOISE`.
        question: `script.node`.
        expected: the answer, or `NOTHING`.
    """

    half: str
    said: str
    voice: str
    line: str
    question: str
    expected: str


def trials(table: Table) -> list[Trial]:
    """Every trial, in an order that stays."""
    return sorted({*_answers(table), *_ways(table), *_strangers(table), *_everywhere(table)})


def _answers(table: Table) -> Iterator[Trial]:
    for question, answers in table.answers.items():
        for expected, phrases in answers.items():
            for said in phrases.split():
                voices = 2 if question in table.poles else 1
                yield from _said(said, question, expected, voices=voices, lines=2)
                accented = said.translate(_ACCENT)
                if accented != said and number(said, "accent") % 3 == 0:
                    yield from _said(accented, question, expected, voices=1, lines=1)


def _ways(table: Table) -> Iterator[Trial]:
    for expected, phrases in table.ways.items():
        for said in phrases.split():
            for question in some(table.ways_at, 2, said):
                yield from _said(said, question, expected, voices=1, lines=1)


def _strangers(table: Table) -> Iterator[Trial]:
    for question, phrases in table.strangers.items():
        for said in phrases.split():
            yield from _said(said, question, NOTHING, voices=1, lines=2)


def _everywhere(table: Table) -> Iterator[Trial]:
    for said in table.everywhere.split():
        for question in some(tuple(table.strangers), _PLACES, said):
            yield from _said(said, question, NOTHING, voices=1, lines=1)


def _said(said: str, question: str, expected: str, *, voices: int, lines: int) -> Iterator[Trial]:
    """The phrase by so many voices of its half, each over so many lines."""
    half = tuple(VOICES)[number(said, "half") % len(VOICES)]
    for voice in some(VOICES[half], voices, said):
        for line in some(LINES, lines, f"{said} {voice} {question}"):
            yield Trial(half, said, voice, line, question, expected)
    if half == "held_out" and expected != NOTHING:
        yield Trial(NOISY, said, some(VOICES[half], 1, said)[0], NOISE, question, expected)


def some(things: Sequence[str], count: int, seed: str) -> list[str]:
    """So many of them, always the same for one seed."""
    return sorted(things, key=lambda thing: number(seed, thing))[:count]


def number(*words: str) -> int:
    """A number that the words decide, evenly spread."""
    return int(hashlib.sha256("|".join(words).encode()).hexdigest()[:8], 16)
