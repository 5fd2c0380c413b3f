"""How far a transcript is from what was said: character errors. Pure."""

from __future__ import annotations

from transcribe.matching import Speech
from transcribe.text import plain


def characters(text: str) -> str:
    """What counts of a text: simplified characters that sound, digits as hanzi, letters small."""
    return Speech.of(plain(text)).chars


def character_errors(said: str, heard: str) -> int:
    """Least number of characters replaced, left out and added (Levenshtein), of `characters`."""
    return _table(characters(said), characters(heard))[-1][-1]


def errors_at(said: str, heard: str) -> list[int]:
    """The same errors, each at the character of `characters(said)` where it happened.

    What was added counts at the character before it, or at the first one; nothing said holds none.
    """
    said, heard = characters(said), characters(heard)
    table = _table(said, heard)
    errors = [0] * len(said)
    n, at = len(said), len(heard)
    while n:
        if at and table[n][at] == table[n][at - 1] + 1:
            errors[n - 1] += 1
            at -= 1
        else:
            through = at > 0 and table[n][at] == table[n - 1][at - 1] + (said[n - 1] != heard[at - 1])
            errors[n - 1] += table[n][at] - table[n - 1][at - through]
            n, at = n - 1, at - through
    if errors:
        errors[0] += at
    return errors


def _table(said: str, heard: str) -> list[list[int]]:
    """Errors of each beginning of what was said against each of what was heard."""
    table = [list(range(len(heard) + 1))]
    for n, char in enumerate(said, start=1):
        above, row = table[-1], [n]
        for at, other in enumerate(heard, start=1):
            row.append(min(above[at] + 1, row[-1] + 1, above[at - 1] + (char != other)))
        table.append(row)
    return table
