"""Cells that a spreadsheet takes for text, whatever somebody has written there."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """The text; one that would be taken for a formula behind an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text
