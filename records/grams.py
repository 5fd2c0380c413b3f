"""Search tokens of Chinese text (pure): bigrams of characters and of folded syllables.

Word indexes miss two-character words such as 分成; bigrams made here do not. A query's bigrams only narrow
the search down: `find` and `find_sound` decide, so results are exact. Tokens are hexadecimal, so no tokenizer
can split them. One character or syllable is found as the prefix of a bigram; the last one of a text is
a token of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from base import pinyin

_SYLLABLE_END = "z"
"""No hexadecimal digit: the prefix of a bigram is a whole syllable."""


def fold(text: str) -> str:
    """As compared: full width is half width, capitals are small letters, white space counts for nothing."""
    return "".join(folded for folded, _ in _folded(text))


def word_tokens(text: str) -> tuple[str, ...]:
    """Tokens to index: every bigram once, and the last character alone."""
    codes = [_code(character) for character in fold(text)]
    return _bigrams(codes)


def sound_tokens(text: str) -> tuple[str, ...]:
    """Tokens to index: every bigram of folded syllables once, and the last syllable alone."""
    return _bigrams([_sound_code(syllable) for syllable in pinyin.folded(text)])


def word_query(text: str) -> tuple[str, ...]:
    """Prefixes that tokens of a text containing `text` must have; empty for a query without characters."""
    return _query([_code(character) for character in fold(text)])


def sound_query(text: str) -> tuple[str, ...]:
    """The same for sounds."""
    return _query([_sound_code(syllable) for syllable in pinyin.folded(text)])


def find(text: str, query: str) -> int | None:
    """Index in `text` where `query` first occurs, both folded; None if it does not."""
    characters = _folded(text)
    at = "".join(folded for folded, _ in characters).find(fold(query))
    return characters[at][1] if 0 <= at < len(characters) else None


def find_sound(text: str, query: str) -> int | None:
    """Index in `text` where it first sounds like `query`; None if it nowhere does."""
    syllables, wanted = pinyin.folded(text), pinyin.folded(query)
    sounding = [index for index, character in enumerate(text) if character.isalnum()]
    for start in range(len(syllables) - len(wanted) + 1):
        if wanted and syllables[start : start + len(wanted)] == wanted:
            return sounding[start]
    return None


def _folded(text: str) -> list[tuple[str, int]]:
    """Folded characters, each with the index of the one it came from."""
    return [
        (folded, index)
        for index, character in enumerate(text)
        for folded in unicodedata.normalize("NFKC", character).casefold()
        if not folded.isspace()
    ]


def _code(character: str) -> str:
    """Fixed width, so that a prefix is a whole character: six digits reach the last code point."""
    return f"{ord(character):06x}"


def _sound_code(syllable: str) -> str:
    return syllable.encode().hex() + _SYLLABLE_END


def _bigrams(codes: Sequence[str]) -> tuple[str, ...]:
    pairs = (a + b for a, b in pairwise(codes))
    return tuple(dict.fromkeys((*pairs, *codes[-1:])))


def _query(codes: Sequence[str]) -> tuple[str, ...]:
    if len(codes) == 1:
        return (codes[0],)
    return tuple(dict.fromkeys(a + b for a, b in pairwise(codes)))
