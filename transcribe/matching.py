"""Finding a phrase in what was said: as written, or as it sounds.

Pure. Positions count the characters that sound.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from base.pinyin import cost, distance, fold, sounding, syllables

SOUND_LIMIT = 0.2
"""Normalised distance up to which a phrase of three or more syllables is taken for heard."""

_KEPT = frozenset("我不没未")
"""Who did it, and whether: words so short that another in their place is near in sound and far in sense."""

_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Speech:
    """A text ready to be searched: its characters and, one for one, their syllables, also folded."""

    chars: str
    syllables: tuple[str, ...]
    folded: tuple[str, ...]

    @staticmethod
    @lru_cache(maxsize=8192)
    def of(text: str) -> Speech:
        """The sounding characters of a text; digits become hanzi."""
        chars = sounding(text).translate(_DIGITS)
        heard = syllables(chars)
        return Speech(chars, heard, tuple(map(fold, heard)))

    def cut(self, start: int, end: int) -> Speech:
        """A piece, cut to what is there."""
        start, end = max(0, start), max(0, end)
        return Speech(self.chars[start:end], self.syllables[start:end], self.folded[start:end])

    def __len__(self) -> int:
        return len(self.chars)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a phrase stands: characters `start` to `end`; distance 0 with `exact` is the very wording."""

    start: int
    end: int
    distance: float
    exact: bool


def find(phrase: str, speech: Speech, *, by_sound: bool) -> Iterator[Found]:
    """Every place where a phrase is said; by sound also those within `SOUND_LIMIT`.

    Phrases of one or two syllables must agree in every folded syllable.
    """
    wanted = Speech.of(phrase)
    if wanted.chars not in speech.chars and not (by_sound and _may_hold(speech, wanted)):
        return
    for start in range(len(speech) - len(wanted) + 1):
        end = start + len(wanted)
        if speech.chars.startswith(wanted.chars, start):
            yield Found(start, end, 0.0, exact=True)
        elif by_sound and not turned(wanted, speech.cut(start, end)):
            apart = _apart(wanted.folded, speech.folded[start:end])
            if apart <= (SOUND_LIMIT if len(wanted) > 2 else 0.0):
                yield Found(start, end, apart, exact=False)


def _may_hold(speech: Speech, wanted: Speech) -> bool:
    """Whether half the syllables are there at all, as `_apart` wants: most phrases are refused at once."""
    return sum(syllable in speech.folded for syllable in wanted.folded) * 2 >= len(wanted)


def turned(wanted: Speech, heard: Speech) -> bool:
    """Whether a word that turns the sense stands where the phrase has another: 密码没给他 for 密码都给他."""
    pairs = zip(heard.chars, heard.folded, wanted.folded, strict=True)
    return any(char in _KEPT and sound != meant for char, sound, meant in pairs)


def says(phrase: str, speech: Speech) -> bool:
    """Whether a phrase is there: as written, or for two and more syllables as it sounds exactly."""
    wanted = Speech.of(phrase)
    if wanted.chars in speech.chars:
        return True
    return len(wanted) > 1 and any(found.distance == 0 for found in find(phrase, speech, by_sound=True))


def echoes(speech: Speech, wording: Speech) -> bool:
    """Whether `speech` sounds like a piece of `wording`: our own prompt coming back over the line (F4)."""
    if not 0 < len(speech) <= len(wording) + 2:
        return False
    size = len(speech)
    starts = range(max(1, len(wording) - size + 1))
    nearest = min(distance(speech.syllables, wording.syllables[start : start + size]) for start in starts)
    return nearest <= 0.35


def _apart(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Distance of two folded stretches of the same length; most windows are refused at the first glance."""
    same = sum(map(operator.eq, a, b))
    if same * 2 < len(a):
        return 1.0
    return cost(a, b) / len(a) if same < len(a) else 0.0
