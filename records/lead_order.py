"""In which order leads are listened to: expected violations for a minute of listening. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

AROUND_S = 3.0
"""Seconds that are played on both sides of a lead."""
SPEED = 0.75

PRIOR = {"certain": 0.9, "probable": 0.5, "faint": 0.1}
"""How likely a lead is right before anybody has judged one: where its tier begins (docs/flags.md)."""
_WEIGHT = 10.0
"""So many verdicts is what was known before worth."""
_POINTS = 60


@dataclass(frozen=True, slots=True)
class Precision:
    """Of `judged` leads that people told right from wrong, `right` were right."""

    right: int
    judged: int


Precisions = Mapping[tuple[str, str], Precision]
"""By rule and tier."""


@dataclass(frozen=True, slots=True)
class Group:
    """Leads that are worth the same: how likely each is right, seconds of listening for each, how many."""

    chance: float
    listening_s: float
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """After so many minutes of listening, this share of what is expected is found."""

    minutes: float
    share: float


def listening_s(length_s: float) -> float:
    """What it takes to hear a lead of that length once."""
    return (length_s + 2 * AROUND_S) / SPEED


def of_tier(found: Precisions, tier: str) -> Precision:
    """The same of all rules together."""
    theirs = [one for (_, of), one in found.items() if of == tier]
    return Precision(sum(one.right for one in theirs), sum(one.judged for one in theirs))


def chance(precisions: Precisions, rule: str, tier: str) -> float:
    """How likely a lead is right: by verdicts on its rule and tier; where those are few, on its tier."""
    whole = of_tier(precisions, tier)
    expected = (whole.right + _WEIGHT * PRIOR.get(tier, 0.0)) / (whole.judged + _WEIGHT)
    own = precisions.get((rule, tier))
    if own is None:
        return expected
    return (own.right + _WEIGHT * expected) / (own.judged + _WEIGHT)


def curve(groups: Iterable[Group]) -> tuple[Point, ...]:
    """Recall against effort, in the order of the worklist, from nothing to all; at most some sixty points."""
    ordered = sorted(groups, key=lambda one: one.chance / one.listening_s, reverse=True)
    expected = sum(one.chance * one.count for one in ordered)
    if not expected:
        return ()
    points, found, seconds = [Point(0.0, 0.0)], 0.0, 0.0
    for one in ordered:
        found += one.chance * one.count
        seconds += one.listening_s * one.count
        points.append(Point(seconds / 60, found / expected))
    step = max(1, len(points) // _POINTS)
    return (*points[:-1:step], points[-1])


def share_after(points: tuple[Point, ...], minutes: float) -> float:
    """What share is found after so many minutes: between two points, by a straight line."""
    for one, other in pairwise(points):
        if other.minutes >= minutes:
            part = (minutes - one.minutes) / (other.minutes - one.minutes)
            return one.share + part * (other.share - one.share)
    return points[-1].share if points else 0.0
