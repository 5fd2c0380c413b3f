"""Keywords made of transcripts: so any transcribed Mandarin measures the search for phrases. Pure.

From each transcript one stretch of characters of each length is a keyword, up to a number; a recording in
which it is said should raise it, any other should not. Two syllables never flag alone, so lengths begin at
three.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huifang.speech.errors import characters
from transcribe.matching import Speech, find
from transcribe.rules import Phrase, Rule, Rules

LENGTHS = (3, 4, 5, 6)
MOST = 60
"""Keywords of one length."""


@dataclass(frozen=True, slots=True)
class Pseudo:
    """Rules of one keyword each; `names`: what to call a rule in the figures, by its length in syllables."""

    rules: Rules
    names: Mapping[str, str]


def of(transcripts: Iterable[str]) -> Pseudo | None:
    """Keywords of the transcripts; None where all are too short."""
    texts = sorted({characters(text) for text in transcripts}, key=_number)
    made: list[Rule] = []
    names: dict[str, str] = {}
    for length in LENGTHS:
        every = dict.fromkeys(_stretch(text, length) for text in texts if len(text) >= length)
        for n, words in enumerate(list(every)[:MOST]):
            rule = f"k{length}_{n}"
            made.append(Rule(id=rule, category=words, severity="low", phrases=(Phrase(say=words),)))
            names[rule] = f"{length} syllables"
    return Pseudo(Rules(version="pseudo", rules=tuple(made)), names) if made else None


def expected(transcript: str, rules: Rules) -> frozenset[str]:
    """The rules whose keyword sounds in the transcript."""
    speech = Speech.of(transcript)
    return frozenset(rule.id for rule in rules.rules if _holds(rule.spoken, speech))


def _holds(phrases: Sequence[Phrase], speech: Speech) -> bool:
    return any(found.distance == 0 for phrase in phrases for found in find(phrase.say, speech, by_sound=True))


def _stretch(text: str, length: int) -> str:
    begin = _number(f"{text} {length}") % (len(text) - length + 1)
    return text[begin : begin + length]


def _number(text: str) -> int:
    return zlib.crc32(text.encode())
