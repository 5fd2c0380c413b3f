"""Confidence intervals of 95 %. Pure.

Shares are of things that come in clusters (one sentence by several voices errs together), so whole clusters
are drawn again; rare events in an hour have an exact interval (`base.exact`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np

from base.exact import TAIL, Interval, trials

DRAWS = 2000

Counted = tuple[Hashable, float, float]
"""(cluster, how much of it counts, of how much)."""


def share(counted: Iterable[Counted]) -> tuple[float, Interval] | None:
    """What counts of all, and its interval by drawing clusters again; None where there is nothing.

    Where all or nothing counts, drawing again cannot tell how sure that is: the bound is then the exact one
    for as many independent trials as there are clusters.
    """
    clusters: dict[Hashable, tuple[float, float]] = {}
    for cluster, part, whole in counted:
        before = clusters.get(cluster, (0.0, 0.0))
        clusters[cluster] = before[0] + part, before[1] + whole
    parts = np.array([one for one in clusters.values() if one[1] > 0], np.float64).reshape(-1, 2)
    if len(parts) == 0:
        return None
    part, whole = parts.sum(axis=0)
    if part in (0, whole):
        return float(part / whole), trials(len(parts) if part else 0, len(parts))
    drawn = np.random.default_rng(7).integers(len(parts), size=(DRAWS, len(parts)))
    sums = parts[drawn].sum(axis=1)
    low, high = np.quantile(sums[:, 0] / sums[:, 1], (TAIL, 1 - TAIL))
    return float(part / whole), (float(low), float(high))
