"""Stretches of a recording: which were heard, which are left to hear. Pure; seconds from its start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Span = tuple[float, float]
"""From second to second."""

GAP_S = 0.5
"""So little between two stretches is none: a player tells where it was a few times a second."""


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same without overlaps, in order; those that all but touch are one."""
    found: list[Span] = []
    for start, end in sorted(one for one in spans if one[1] > one[0]):
        if found and start - found[-1][1] <= GAP_S:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def unheard(stretches: Iterable[Span], heard: Iterable[Span]) -> Iterator[Span]:
    """Of these stretches, each that was not heard from its first to its last second; `GAP_S` is granted."""
    known = merged(heard)
    for start, end in stretches:
        if not any(from_s <= start + GAP_S and to_s >= end - GAP_S for from_s, to_s in known):
            yield start, end
