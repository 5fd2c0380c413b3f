"""What a mistyped name was perhaps meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

ALIKE = 0.75
"""From here on (0 to 1, `difflib`'s ratio) two names are alike enough to ask for."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A question for the message: "did you mean renewed?"; "" when no known name is near."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=ALIKE)
    return f"did you mean {near[0]}?" if near else ""
