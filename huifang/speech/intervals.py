"""Confidence intervals of 95 %. Pure.

Shares are of things that come in clusters (one sentence by several voices errs together), so whole clusters
are drawn again; rare events in an hour have the exact interval of Garwood (Biometrika 28, 1936).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable

import numpy as np

TAIL = 0.025
"""Probability left out on either side."""
DRAWS = 2000
_STEPS = 200

Interval = tuple[float, float]
Counted = tuple[Hashable, float, float]
"""(cluster, how much of it counts, of how much)."""


def share(counted: Iterable[Counted]) -> tuple[float, Interval] | None:
    """What counts of all, and its interval by drawing clusters again; None where there is nothing.

    Where all or nothing counts, drawing again cannot tell how sure that is: the bound is then the exact one
    for as many independent trials as there are clusters (Clopper and Pearson, Biometrika 26, 1934).
    """
    clusters: dict[Hashable, tuple[float, float]] = {}
    for cluster, part, whole in counted:
        before = clusters.get(cluster, (0.0, 0.0))
        clusters[cluster] = before[0] + part, before[1] + whole
    parts = np.array([one for one in clusters.values() if one[1] > 0], np.float64).reshape(-1, 2)
    if len(parts) == 0:
        return None
    part, whole = parts.sum(axis=0)
    if part == 0:
        return 0.0, (0.0, 1 - TAIL ** (1 / len(parts)))
    if part == whole:
        return 1.0, (TAIL ** (1 / len(parts)), 1.0)
    drawn = np.random.default_rng(7).integers(len(parts), size=(DRAWS, len(parts)))
    sums = parts[drawn].sum(axis=1)
    low, high = np.quantile(sums[:, 0] / sums[:, 1], (TAIL, 1 - TAIL))
    return float(part / whole), (float(low), float(high))


def events(count: int) -> Interval:
    """How many such events are to be expected where `count` happened: exact, by Poisson's law."""
    high = _root(lambda mean: _at_most(count, mean) - TAIL, count)
    low = _root(lambda mean: TAIL - (1 - _at_most(count - 1, mean)), count) if count else 0.0
    return low, high


def _at_most(count: int, mean: float) -> float:
    """Probability of at most so many events."""
    if mean <= 0:
        return 1.0
    terms = (math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(count + 1))
    return math.fsum(terms)


def _root(falling: Callable[[float], float], count: int) -> float:
    """Where a function that falls with the mean crosses zero, by halving."""
    low, high = 0.0, count + 10 * math.sqrt(count + 1) + 10
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
