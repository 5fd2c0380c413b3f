"""Exact confidence intervals of 95 %, without a library of statistics. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

TAIL = 0.025
"""Probability left out on either side."""
_STEPS = 80

Interval: TypeAlias = tuple[float, float]


def trials(count: int, of: int) -> Interval:
    """The share of trials where `count` of so many came out (Clopper and Pearson, Biometrika 26, 1934).

    Of a sample without replacement it is wider than it need be. Of no trials: 0 to 1.
    """
    high = _root(lambda share: _share_at_most(count, of, share) - TAIL, 0.0, 1.0) if count < of else 1.0
    low = _root(lambda share: TAIL - (1 - _share_at_most(count - 1, of, share)), 0.0, 1.0) if count else 0.0
    return low, high


def events(count: int) -> Interval:
    """How many such events are to be expected where `count` happened (Garwood, Biometrika 28, 1936)."""
    most = count + 10 * math.sqrt(count + 1) + 10
    high = _root(lambda mean: _events_at_most(count, mean) - TAIL, 0.0, most)
    low = _root(lambda mean: TAIL - (1 - _events_at_most(count - 1, mean)), 0.0, most) if count else 0.0
    return low, high


def _share_at_most(count: int, of: int, share: float) -> float:
    """Probability that at most so many of the trials come out; 0 < share < 1."""
    come, stay = math.log(share), math.log1p(-share)
    ways = math.lgamma(of + 1)
    terms = (
        math.exp(ways - math.lgamma(n + 1) - math.lgamma(of - n + 1) + n * come + (of - n) * stay)
        for n in range(count + 1)
    )
    return math.fsum(terms)


def _events_at_most(count: int, mean: float) -> float:
    """Probability of at most so many events."""
    if mean <= 0:
        return 1.0
    terms = (math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(count + 1))
    return math.fsum(terms)


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that falls crosses zero, by halving."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
