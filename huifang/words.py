"""Counts and estimates as people read them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """1 campaign, 2 campaigns."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def about(seconds: float) -> str:
    """A length of time as an estimate: about 20 s, about 3 min, about 2 h."""
    if seconds < 90:
        return f"about {max(5, round(seconds / 5) * 5)} s"
    return f"about {round(seconds / 60)} min" if seconds < 5400 else f"about {seconds / 3600:.0f} h"
