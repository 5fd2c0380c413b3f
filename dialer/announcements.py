"""What a carrier or an answering machine says, as a disposition. Pure but for reading its table.

A recogniser gets a third of the characters of telephone sound wrong, so phrases are sought by how they sound
(folded pinyin, `base.pinyin`), each wherever it comes nearest in what was heard. Three rules keep a person's
words from being taken for an announcement's:

* a short phrase must sound exactly so, a long one may differ in more (`_least`);
* a phrase counts beside words about the dialed number (您拨打的电话), or when it is long and near enough to
  stand alone: before the answer, where people cannot be heard, more easily than after it;
* the best disposition must stand out from the next; a phrase within a longer one of another disposition does
  not count against it. Whoever asks to hold the line (call waiting) announces nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from base import yamlfile
from base.errors import RulesError
from base.pinyin import difference, fold, sounding, syllables
from dialer.disposition import OF_ATTEMPT, Announced, Disposition

STANDS_ALONE = 0.85
"""So near must a phrase come where nothing is said about a number,"""
LONG_EARLY, LONG = 4, 6
"""and be so many syllables long, before and after the answer."""
CLEAR = 0.7
"""Nearness from which words about the dialed number, or to hold the line, were heard."""
MARGIN = 0.06
"""By so much must the best disposition be ahead of the next."""
_OF_MACHINES = frozenset({Disposition.VOICEMAIL, Disposition.ASSISTANT})
"""Said after the answer, of no number: their phrases are such that people don't say them."""
SHARED = 0.4
"""Share of a phrase's syllables that must be heard exactly, wherever they stand."""
_LETTERS_A_SYLLABLE = 3
_LEAST = ((2.5, 1.0), (3.5, 0.83), (4.5, 0.8), (6.5, 0.75), (float("inf"), 0.7))
"""Nearness that phrases of fewer syllables than the first number need."""


class Wordings(BaseModel):
    """The file `announcements.yaml`; every phrase is a few words as they sound, Chinese or English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about_the_number: tuple[str, ...] = Field((), description="Words about the dialed number.")
    wait: tuple[str, ...] = Field((), description="Words that ask to hold the line: nothing is announced.")
    says: Mapping[Disposition, tuple[str, ...]] = Field({}, description="What is said, by disposition.")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase as it sounds; `weight` counts its syllables, three letters being one."""

    sounds: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a phrase came nearest: syllables `start` to `end`, nearness 0 to 1."""

    disposition: Disposition
    weight: float
    near: float
    start: int
    end: int

    @property
    def score(self) -> float:
        """Nearness, a little more for more words."""
        return self.near + 0.01 * min(self.weight, 10)

    def within(self, other: _Place) -> bool:
        """Whether it is a part of a longer one that is about as near."""
        inside = other.start <= self.start and self.end <= other.end
        return inside and other.weight > self.weight and other.near >= self.near - 0.15


class Announcements:
    """All phrases, ready to be sought."""

    def __init__(self, *wordings: Wordings) -> None:
        """Join several files' phrases."""
        self._frames = [_phrase(text) for one in wordings for text in one.about_the_number]
        self._waits = [_phrase(text) for one in wordings for text in one.wait]
        self._says = [
            (disposition, _phrase(text))
            for one in wordings
            for disposition, texts in one.says.items()
            for text in texts
        ]

    @property
    def count(self) -> int:
        """How many phrases there are."""
        return len(self._frames) + len(self._waits) + len(self._says)

    def recognise(self, text: str, *, early: bool) -> Announced | None:
        """What was announced; None where the words are a person's, unclear, or ask to wait.

        `early`: heard before the answer.
        """
        heard = _sounds(text)
        if not heard or self._hears(self._waits, heard):
            return None
        places = list(self._places(heard, framed=self._hears(self._frames, heard), early=early))
        places = [one for one in places if not any(one.within(other) for other in places)]
        return _clear_best(places, text)

    def about_the_number(self, text: str) -> bool:
        """Whether a machine speaks about the number, whatever it says of it."""
        return self._hears(self._frames, _sounds(text))

    def _hears(self, phrases: list[_Phrase], heard: tuple[str, ...]) -> bool:
        return any(_nearest(one.sounds, heard)[0] >= max(CLEAR, _least(one.weight)) for one in phrases)

    def _places(self, heard: tuple[str, ...], *, framed: bool, early: bool) -> Iterator[_Place]:
        for disposition, phrase in self._says:
            near, start, end = _nearest(phrase.sounds, heard)
            long = LONG_EARLY if early or disposition in _OF_MACHINES else LONG
            alone = phrase.weight >= long and near >= STANDS_ALONE
            if near >= _least(phrase.weight) and (framed or alone):
                yield _Place(disposition, phrase.weight, near, start, end)


def load(*paths: Path) -> Announcements:
    """Read tables; later ones add to the first.

    Raises:
        RulesError: unreadable, unknown key or disposition, with file:line; a phrase without sound.
    """
    wordings = [yamlfile.load(path, Wordings, RulesError) for path in paths]
    for path, one in zip(paths, wordings, strict=True):
        _must_be_sound(one, str(path))
    return Announcements(*wordings)


def _must_be_sound(wordings: Wordings, where: str) -> None:
    for disposition, texts in wordings.says.items():
        if disposition not in OF_ATTEMPT:
            raise RulesError(f"no call ends as {disposition.value}", where=where)
        short = next((text for text in texts if len(sounding(text)) < 2), None)
        if short is not None:
            raise RulesError(f"{short!r} is too short to be known by its sound", where=where)


def _clear_best(places: list[_Place], text: str) -> Announced | None:
    best = max(places, key=lambda one: one.score, default=None)
    if best is None:
        return None
    others = [one.score for one in places if one.disposition is not best.disposition]
    if others and best.score - max(others) < MARGIN:
        return None
    return Announced(best.disposition, text, round(min(1.0, best.near), 3))


def _least(weight: float) -> float:
    """Nearness that a phrase of so many syllables needs."""
    return next(least for most, least in _LEAST if weight < most)


@lru_cache(maxsize=256)
def _sounds(text: str) -> tuple[str, ...]:
    return syllables(sounding(text.lower()))


@lru_cache(maxsize=256)
def _folded(heard: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, heard))


def _phrase(text: str) -> _Phrase:
    sounds = _sounds(text)
    letters = sum(character.isascii() and character.isalpha() for character in text)
    return _Phrase(sounds, len(sounds) - letters + letters / _LETTERS_A_SYLLABLE)


def _apart(a: str, b: str) -> float:
    """As far as two syllables sound; letters of English words are the same or not."""
    letters = len(a) == 1 or len(b) == 1
    return float(a != b) if letters else difference(a, b)


def _nearest(phrase: tuple[str, ...], heard: tuple[str, ...]) -> tuple[float, int, int]:
    """Nearness and place of the stretch that sounds most like the phrase (approximate substring search).

    Most phrases are refused at once: where two of five syllables are not there at all, none comes near.
    """
    there = _folded(heard)
    if sum(fold(syllable) in there for syllable in phrase) < SHARED * len(phrase):
        return 0.0, 0, 0
    costs = [0.0] * (len(heard) + 1)
    starts = list(range(len(heard) + 1))
    for syllable in phrase:
        before, before_start = costs[0], starts[0]
        costs[0] += 1
        for j, other in enumerate(heard, start=1):
            options = (
                (before + _apart(syllable, other), before_start),
                (costs[j] + 1, starts[j]),
                (costs[j - 1] + 1, starts[j - 1]),
            )
            before, before_start = costs[j], starts[j]
            costs[j], starts[j] = min(options)
    end = min(range(len(costs)), key=costs.__getitem__)
    return 1 - costs[end] / len(phrase), starts[end], end
