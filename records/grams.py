"""What a search compares (pure): folded text, its sounds, and the tokens of an index over both.

Sounds are written one character a syllable, so that "sounds alike" is "contains" as well. Word indexes miss
two-character words such as 分成; bigrams made here do not. Tokens are hexadecimal, so no tokenizer can split
them. A term of one or two characters (syllables) is one token, and the index decides; of a longer one its
bigrams narrow the search down, and the text decides. One character is found as the prefix of a bigram;
the last one of a text is a token of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from base import pinyin

SURE = 2
"""Up to so many characters the tokens alone decide."""

_SOUND = "s"
"""No hexadecimal digit: begins the tokens of sounds."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST = 4
"""Letters of the longest folded syllable."""
_SYLLABLES = 0x20000
"""Code points from here on stand for syllables."""
_UNKNOWN = "\ufffd"


def fold(text: str) -> str:
    """As compared: full width is half width, capitals are small letters, white space counts for nothing."""
    return "".join(folded for folded, _ in _folded(text))


def sounds(text: str) -> str:
    """Its folded syllables (zh is z, n is l, ng is n), a character each; punctuation makes no sound."""
    return "".join(map(_sound, pinyin.folded(text)))


def tokens(words: str, heard: str) -> tuple[str, ...]:
    """What to index of a text, each once: `words` is its `fold`, `heard` its `sounds`."""
    return tuple(dict.fromkeys((*_bigrams(words, ""), *_bigrams(heard, _SOUND))))


def asked(needle: str, alike: bool) -> tuple[str, ...]:
    """Tokens that every text has that contains `needle`; one that ends in * is a prefix of a token."""
    mark = _SOUND if alike else ""
    if len(needle) == 1:
        return (f"{mark}{_code(needle)}*",)
    return tuple(dict.fromkeys(_pairs(needle, mark)))


def spans(text: str, query: str, alike: bool) -> tuple[tuple[int, int], ...]:
    """Where `text` holds `query`: index of the first character and behind the last one, left to right."""
    if alike:
        sounding = [index for index, character in enumerate(text) if character.isalnum()]
        return _spans(sounds(text), sounds(query), sounding)
    folded = _folded(text)
    return _spans("".join(one for one, _ in folded), fold(query), [index for _, index in folded])


def _spans(within: str, needle: str, came_from: list[int]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    at = within.find(needle) if needle else -1
    while at >= 0:
        end = at + len(needle)
        found.append((came_from[at], came_from[end - 1] + 1))
        at = within.find(needle, end)
    return tuple(found)


def _folded(text: str) -> list[tuple[str, int]]:
    """Folded characters, each with the index of the one it came from. No database keeps U+0000."""
    return [
        (folded, index)
        for index, character in enumerate(text.replace("\0", _UNKNOWN))
        for folded in unicodedata.normalize("NFKC", character).casefold()
        if not folded.isspace()
    ]


@lru_cache(maxsize=4096)
def _sound(syllable: str) -> str:
    """A character for each syllable, the same for ever: indexes keep it."""
    if len(syllable) <= _LONGEST and all(letter in _LETTERS for letter in syllable):
        number = 0
        for letter in syllable:
            number = number * (len(_LETTERS) + 1) + _LETTERS.index(letter) + 1
        return chr(_SYLLABLES + number)
    return syllable[0] if ord(syllable[0]) < _SYLLABLES else _UNKNOWN


def _code(character: str) -> str:
    """Fixed width, so that a prefix is a whole character: six digits reach the last code point."""
    return f"{ord(character):06x}"


def _pairs(text: str, mark: str) -> Iterator[str]:
    return (f"{mark}{a}{b}" for a, b in pairwise(map(_code, text)))


def _bigrams(text: str, mark: str) -> Iterator[str]:
    yield from _pairs(text, mark)
    if text:
        yield f"{mark}{_code(text[-1])}"
