"""How Chinese sounds: toneless syllables, folded as telephones and accents confuse them, and their distance.

Folding makes equal what many speakers and every 8 kHz line confuse: zh/z, ch/c, sh/s, l/n, final ng/n.
分成 (fen cheng) and 分层 (fen ceng) fold to the same sounds. Readings are pypinyin's, words before single
characters, so 银行 is yin hang and 不行 is bu xing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

from pypinyin import Style, lazy_pinyin

_DIGITS = str.maketrans("0123456789０１２３４５６７８９", "零一二三四五六七八九" * 2)
_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
_FOLDED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "l": "n"}
_NEAR_INITIALS = frozenset(
    frozenset(pair)
    for pair in (
        "bp",
        "dt",
        "gk",
        "jq",
        "zc",
        "zj",
        "cq",
        "sx",
        "fh",
        "nr",
        "cs",
        "zs",
        "jx",
        "qx",
        "gh",
        "kh",
        "mn",
        "wh",
    )
)
_NEAR_FINALS = frozenset(
    frozenset(pair)
    for pair in (
        ("an", "ian"), ("an", "uan"), ("an", "en"), ("en", "in"), ("en", "un"), ("in", "un"), ("ian", "in"),
        ("ian", "uan"), ("e", "o"), ("e", "uo"), ("o", "uo"), ("ou", "uo"), ("ao", "ou"), ("ao", "iao"),
        ("ou", "iu"), ("a", "ia"), ("a", "ua"), ("ai", "ei"), ("ei", "ui"), ("ai", "uai"), ("i", "ei"),
        ("i", "u"), ("u", "v"), ("i", "v"), ("ie", "e"), ("ie", "ue"), ("i", "e"), ("on", "en"), ("on", "un"),
    )
)  # fmt: skip
_HALF, _NEAR = 0.5, 0.25


def _without_sound(text: str) -> list[str]:
    """What pypinyin has no reading for: letters stay, one token each; everything else makes no sound."""
    return [character.lower() for character in text if character.isalnum()]


# pypinyin's annotation knows `str` only; its documentation and code take a list as several tokens.
_WITHOUT_SOUND = cast(Callable[[str], str], _without_sound)


@lru_cache(maxsize=16384)
def syllables(text: str) -> tuple[str, ...]:
    """Toneless syllables, one for each character of `sounding(text)`; ü is written v."""
    spoken = text.translate(_DIGITS)
    return tuple(lazy_pinyin(spoken, style=Style.NORMAL, errors=_WITHOUT_SOUND, v_to_u=False))


def sounding(text: str) -> str:
    """The characters that sound: hanzi, digits, letters; `syllables` has one entry for each."""
    return "".join(character for character in text if character.isalnum())


@lru_cache(maxsize=4096)
def parts(syllable: str) -> tuple[str, str]:
    """Initial and final of a syllable ("" for a missing one): zhong -> zh, ong."""
    for initial in _INITIALS:
        if syllable.startswith(initial) and len(syllable) > len(initial):
            return initial, syllable[len(initial) :]
    return "", syllable


@lru_cache(maxsize=4096)
def fold(syllable: str) -> str:
    """The syllable with zh/z, ch/c, sh/s, l/n and a final ng/n made equal: cheng -> cen, liang -> nian."""
    initial, final = parts(syllable)
    folded_final = final[:-1] if final.endswith("ng") else final
    return _FOLDED_INITIALS.get(initial, initial) + folded_final


@lru_cache(maxsize=16384)
def folded(text: str) -> tuple[str, ...]:
    """Folded syllables of a text."""
    return tuple(fold(syllable) for syllable in syllables(text))


@lru_cache(maxsize=65536)
def difference(a: str, b: str) -> float:
    """How different two syllables sound: 0 the same after folding, 1 nothing in common."""
    a, b = fold(a), fold(b)
    if a == b:
        return 0.0
    (initial_a, final_a), (initial_b, final_b) = parts(a), parts(b)
    return _part(initial_a, initial_b, _NEAR_INITIALS) + _part(final_a, final_b, _NEAR_FINALS)


def _part(a: str, b: str, near: frozenset[frozenset[str]]) -> float:
    if a == b:
        return 0.0
    return _NEAR if frozenset((a, b)) in near else _HALF


def cost(a: Sequence[str], b: Sequence[str]) -> float:
    """Least edit cost of turning `a` into `b`: 1 for each syllable missing or added, less for a near one."""
    row = [float(n) for n in range(len(b) + 1)]
    for syllable in a:
        diagonal, row[0] = row[0], row[0] + 1
        for j, other in enumerate(b, start=1):
            best = min(row[j] + 1, row[j - 1] + 1, diagonal + difference(syllable, other))
            diagonal, row[j] = row[j], best
    return row[-1]


def distance(a: Sequence[str], b: Sequence[str]) -> float:
    """Normalised weighted edit distance: 0 sounds the same, 1 shares nothing."""
    longest = max(len(a), len(b))
    return cost(a, b) / longest if longest else 0.0
