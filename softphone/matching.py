"""What was asked? A telephone-quality hearing of a prompt against the questions a persona knows, by sound.

A recogniser gets every third character of a synthetic voice at 8 kHz wrong, mostly into others that
sound alike. So phrases are compared as folded syllables, and a phrase may stand anywhere in what was heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from base.pinyin import difference, sounding, syllables

ACCEPT = 0.4
"""Largest distance (0 the same, 1 nothing in common) at which a phrase counts as heard."""


_KEYS = "零一二三四五六七八九"
_OFFER = re.compile(f"((?:今|明|后|[这下]周).{{0,2}}[上下]午)请按([{_KEYS}])")


@dataclass(frozen=True, slots=True)
class Match:
    """The question that was heard, by which of its phrases, and how far off (0 to 1)."""

    question: str
    phrase: str
    distance: float


def nearest(text: str, questions: Mapping[str, Sequence[str]], accept: float = ACCEPT) -> Match | None:
    """The question one of whose phrases sounds nearest to some part of `text`; the longer phrase wins a tie.

    Returns None when no phrase comes within `accept`.
    """
    if known := next(_to_the_letter(text, questions), None):
        return known
    heard = syllables(text)
    found = (
        Match(question, phrase, part_distance(syllables(phrase), heard))
        for question, phrases in questions.items()
        for phrase in phrases
    )
    near = [match for match in found if match.distance <= accept]
    return min(near, key=lambda match: (match.distance, -len(match.phrase)), default=None)


def _to_the_letter(text: str, questions: Mapping[str, Sequence[str]]) -> Iterator[Match]:
    """What was recalled to the letter needs no comparing of sounds."""
    for question, phrases in questions.items():
        for phrase in phrases:
            if text and sounding(phrase) == text:
                yield Match(question, phrase, 0.0)


def denied(text: str, confirm: str, meant: str) -> bool:
    """Whether another answer is said back than was meant: 后天上午十点我们再打给您对吗 for 明天下午三点半.

    Only what was recalled to the letter is denied; who did not hear it clearly agrees, as people do.

    Args:
        text: what was heard.
        confirm: the words behind the answer.
        meant: the answer as it should be said back; "" for none.
    """
    asked = sounding(confirm)
    said = text.removesuffix(asked) if text.endswith(asked) else ""
    return bool(meant) and not sounding(meant).endswith(said)


def key_offered(text: str, meant: str) -> str:
    """The key of the time that is meant, or of its part of the day, among those offered; "" for none.

    Args:
        text: what was heard: 明天上午请按一明天下午请按二.
        meant: the time as it is said back; "" for none.
    """
    offers = ((offer[1], offer[2]) for offer in _OFFER.finditer(text))
    wanted = sounding(meant)
    return next((str(_KEYS.index(key)) for time, key in offers if wanted.startswith(time)), "")


def part_distance(phrase: Sequence[str], heard: Sequence[str]) -> float:
    """Least edit cost of turning some stretch of `heard` into `phrase`, per syllable of the phrase (0 to 1).

    Sellers' algorithm: an edit distance whose start and end in the longer sequence are free.
    """
    row = [0.0] * (len(heard) + 1)
    for count, syllable in enumerate(phrase, start=1):
        diagonal, row[0] = row[0], float(count)
        for place, other in enumerate(heard, start=1):
            best = min(row[place] + 1, row[place - 1] + 1, diagonal + difference(syllable, other))
            diagonal, row[place] = row[place], best
    return min(row) / len(phrase) if phrase else 1.0
