"""Turns decoded together, with a breath between, and told apart again by their characters' times. Pure.

A recogniser's window is eight seconds at least, most answers are one or two: alone they cost more and are
understood less, as is a longer turn without those around it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from transcribe.engine import Recognised
from transcribe.segments import Span

TOGETHER_S = 28.0
"""What a recogniser takes at once. With 25 there are a tenth more errors."""
BREATH_S = 0.3
"""Silence put between two turns."""


def packs(spans: Iterable[Span]) -> list[tuple[Span, ...]]:
    """Turns in their order, those that are decoded together in one tuple."""
    made: list[tuple[Span, ...]] = []
    for span in spans:
        last = made[-1] if made else ()
        if last and _length_s((*last, span)) <= TOGETHER_S:
            made[-1] = (*last, span)
        else:
            made.append((span,))
    return made


def starts(pack: Sequence[Span]) -> list[float]:
    """Where each turn begins in their joined sound, in seconds."""
    return [_length_s(pack[:n]) + BREATH_S * (n > 0) for n in range(len(pack))]


def told_apart(heard: Recognised, pack: Sequence[Span]) -> list[Recognised]:
    """What was heard in each turn; nothing in any if it cannot be told, or went in circles."""
    if heard.looped or len(heard.chars) != len(heard.text):
        return [Recognised("") for _ in pack]
    begun = starts(pack)
    cuts = [0, *(_cut(heard.chars, at - BREATH_S / 2) for at in begun[1:]), len(heard.text)]
    held = [(_carried(heard.text, text, cuts), text, sure) for text, sure in heard.held]
    return [
        replace(
            heard,
            text=heard.text[first:end],
            chars=tuple(min(max(0.0, at - begun[n]), pack[n].length_s) for at in heard.chars[first:end]),
            held=tuple((part, sure) for into, text, sure in held if (part := text[into[n] : into[n + 1]])),
        )
        for n, (first, end) in enumerate(pairwise(cuts))
    ]


def _cut(chars: Sequence[float], until_s: float) -> int:
    """The first character that ends behind a pause.

    Attention leaves a character for the next one at once: a character's time is the end of the one before it,
    so the first one behind a pause seems to begin before it.
    """
    behind = bisect_left(chars, until_s)
    return bisect_left(chars, chars[behind - 1]) if behind else 0


def _length_s(pack: Sequence[Span]) -> float:
    return sum(span.length_s for span in pack) + BREATH_S * max(0, len(pack) - 1)


def _carried(text: str, other: str, places: Iterable[int]) -> list[int]:
    """Places of a text in another wording of it."""
    pieces = SequenceMatcher(None, text, other, autojunk=False).get_opcodes()
    return [_place(pieces, place, len(other)) for place in places]


def _place(pieces: Sequence[tuple[str, int, int, int, int]], place: int, end: int) -> int:
    for _, first, last, into, until in pieces:
        if first <= place < last:
            return min(into + place - first, until)
    return end
