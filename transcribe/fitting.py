"""Weights from verdicts: a regularised logistic regression, by Newton's method. Pure.

Few positives cannot carry six weights: below `ENOUGH` only the bias moves, and with it every threshold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from transcribe.weighing import FEATURES, Weights

ENOUGH = 50
"""Leads that people confirmed from which all weights are fitted."""
_RIDGE = 1.0
"""Penalty on a weight over a standardised feature."""
_STEPS = 50
_PRIOR = 0.5
"""Leads of each verdict that are added where only the bias moves: one lead turns no site upside down."""

Numbers = NDArray[np.float64]
Judged = tuple[Mapping[str, float], bool]
"""A lead's features and whether people found the words said."""


def fitted(judged: Sequence[Judged], before: Weights, version: str, fitted_on: str) -> Weights:
    """The weights after those verdicts."""
    positives = sum(true for _, true in judged)
    told = {"version": version, "fitted_on": fitted_on, "positives": positives}
    if positives < ENOUGH or positives == len(judged):
        return before.model_copy(update={"bias": before.bias + _shift(judged, before), **told})
    rows = np.array([[features[name] for name in FEATURES] for features, _ in judged])
    verdicts = np.array([float(true) for _, true in judged])
    bias, weights = regression(rows, verdicts)
    named = dict(zip(FEATURES, map(float, weights), strict=True))
    return before.model_copy(update={"bias": bias, "weights": named, **told})


def loss(judged: Sequence[Judged], weights: Weights) -> float:
    """Mean surprise (nats) of the verdicts: 0 is certain of each, log 2 a coin."""
    likely = [
        weights.probability(features) if true else 1 - weights.probability(features)
        for features, true in judged
    ]
    return -sum(math.log(max(one, 1e-12)) for one in likely) / max(1, len(likely))


def precision(judged: Sequence[Judged], weights: Weights) -> dict[str, tuple[int, int]]:
    """Of the leads of each tier, how many were true and how many there are."""
    found = dict.fromkeys(("certain", "probable", "faint", ""), (0, 0))
    for features, true in judged:
        tier = weights.tier(weights.probability(features))
        right, of = found[tier]
        found[tier] = right + true, of + 1
    return found


def regression(rows: Numbers, verdicts: Numbers) -> tuple[float, Numbers]:
    """Bias and weights. `rows`: shape (leads, features); `verdicts`: 1.0 true, 0.0 not."""
    middle, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    known = np.hstack([np.ones((len(rows), 1)), (rows - middle) / spread])
    penalty = np.diag([0.0, *[_RIDGE] * rows.shape[1]])
    found = np.zeros(known.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(known @ found, -30, 30)))
        slope = known.T @ (likely - verdicts) + penalty @ found
        curve = (known * (likely * (1 - likely))[:, None]).T @ known + penalty + 1e-9 * np.eye(len(found))
        step = np.linalg.solve(curve, slope)
        found -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    weights = found[1:] / spread
    return float(found[0] - weights @ middle), weights


def _shift(judged: Sequence[Judged], before: Weights) -> float:
    """How far the bias moves so that as many leads are expected true as were."""
    nats = np.array([_nats(before.probability(features)) for features, _ in judged] or [0.0])
    wanted = sum(true for _, true in judged) + _PRIOR
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        expected = float((1 / (1 + np.exp(-(nats + middle)))).sum()) if judged else 0.0
        known = expected + 2 * _PRIOR / (1 + math.exp(-middle))
        low, high = (low, middle) if known > wanted else (middle, high)
    return (low + high) / 2


def _nats(probability: float) -> float:
    inside = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log(inside / (1 - inside))
