"""How far a transcript is from what was said: character errors. Pure."""

from __future__ import annotations

from transcribe.matching import Speech
from transcribe.text import plain


def characters(text: str) -> str:
    """What counts of a text: simplified characters that sound, digits as hanzi, letters small."""
    return Speech.of(plain(text)).chars


def character_errors(said: str, heard: str) -> int:
    """Least number of characters replaced, left out and added (Levenshtein), of `characters`."""
    said, heard = characters(said), characters(heard)
    row = list(range(len(heard) + 1))
    for n, char in enumerate(said, start=1):
        diagonal, row[0] = row[0], n
        for at, other in enumerate(heard, start=1):
            best = min(row[at] + 1, row[at - 1] + 1, diagonal + (char != other))
            diagonal, row[at] = row[at], best
    return row[-1]
