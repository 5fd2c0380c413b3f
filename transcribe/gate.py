"""The generous gate: every place where a phrase may have been said, near or far in sound.

Pure. All phrases of one length are aligned with a text at once: a thousand wordings take milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from base.pinyin import cost, difference
from transcribe.matching import Found, Speech, find, turned
from transcribe.rules import LONG, Phrase, Rule

GATE = 0.4
"""Normalised distance up to which a phrase is worth being weighed on the sound."""
_PLACES = 2
"""Places of one phrase in one text, the nearest."""

Costs = NDArray[np.float64]


@dataclass(frozen=True)
class Lexicon:
    """What is looked for by sound: (rule, phrase) with folded syllables, those of one length together."""

    by_length: dict[int, tuple[tuple[Rule, Phrase, Speech], ...]]
    short: tuple[tuple[Rule, Phrase], ...]
    """Two syllables must agree, and phrases that are not looked for by sound must be there as written."""

    def near(self, speech: Speech) -> Iterator[tuple[Rule, Phrase, Found]]:
        """Every phrase and place at or below `GATE`."""
        for rule, phrase in self.short:
            for found in find(phrase.say, speech, by_sound=rule.by_sound(phrase, weighed=True)):
                yield rule, phrase, found
        for length, entries in self.by_length.items():
            costs = _aligned([wanted for _, _, wanted in entries], speech)
            for row in np.flatnonzero(costs.min(axis=1) <= GATE * length):
                rule, phrase, wanted = entries[row]
                for found in _places(wanted, speech, costs[row]):
                    yield rule, phrase, found


@lru_cache(maxsize=8)
def lexicon(rules: tuple[Rule, ...]) -> Lexicon:
    """The phrases of some rules, made ready once."""
    by_length: dict[int, list[tuple[Rule, Phrase, Speech]]] = {}
    short = []
    for rule in rules:
        for phrase in rule.spoken:
            wanted = Speech.of(phrase.say)
            if len(wanted) < LONG or not rule.by_sound(phrase, weighed=True):
                short.append((rule, phrase))
            else:
                by_length.setdefault(len(wanted), []).append((rule, phrase, wanted))
    return Lexicon({length: tuple(entries) for length, entries in by_length.items()}, tuple(short))


def _aligned(wanted: Sequence[Speech], speech: Speech) -> Costs:
    """Least edit cost of each phrase by the place where it ends: shape (phrases, characters + 1)."""
    steps = np.arange(len(speech) + 1, dtype=np.float64)
    row = np.zeros((len(wanted), len(speech) + 1))
    for n in range(len(wanted[0])):
        apart = np.array([_differences(one.folded[n], speech.folded) for one in wanted])
        reached = row + 1.0
        if len(speech):
            reached[:, 1:] = np.minimum(reached[:, 1:], row[:, :-1] + apart)
        row = np.minimum.accumulate(reached - steps, axis=1) + steps
    return row


@lru_cache(maxsize=4096)
def _differences(syllable: str, others: tuple[str, ...]) -> tuple[float, ...]:
    return tuple(difference(syllable, other) for other in others)


def _places(wanted: Speech, speech: Speech, costs: Costs) -> Iterator[Found]:
    """The nearest places that do not overlap."""
    taken: list[Found] = []
    for end in np.argsort(costs, kind="stable"):
        if costs[end] > GATE * len(wanted) or len(taken) == _PLACES:
            return
        found = _spanned(wanted, speech, int(end))
        if all(found.end <= one.start or one.end <= found.start for one in taken):
            taken.append(found)
            if not _denied(wanted, speech, found):
                yield found


def _denied(wanted: Speech, speech: Speech, found: Found) -> bool:
    """Whether a word stands there that turns the phrase's sense."""
    heard = speech.cut(found.start, found.end)
    return len(heard) == len(wanted) and turned(wanted, heard)


def _spanned(wanted: Speech, speech: Speech, end: int) -> Found:
    """The stretch that ends there and is nearest to the phrase: as long, or a syllable more or less."""
    size = len(wanted)
    starts = {max(0, end - length) for length in (size, size - 1, size + 1)}
    start = min(starts, key=lambda at: (cost(wanted.folded, speech.folded[at:end]), abs(end - at - size)))
    apart = cost(wanted.folded, speech.folded[start:end]) / size
    return Found(start, end, apart, exact=speech.chars[start:end] == wanted.chars)
