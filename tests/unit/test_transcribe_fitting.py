"""Weights from verdicts: what parts true leads from others is found; few verdicts move the threshold only."""

from __future__ import annotations

import numpy as np
import pytest

from transcribe.fitting import ENOUGH, Judged, fitted, loss, precision
from transcribe.weighing import FEATURES, Weights

BEFORE = Weights(
    version="0", model_sha256="ab" * 32, bias=1.0, weights={"distance": -5.0, "sound": 0.1, "silence": 0.0}
)


def judged(count: int, *, true_sound: float = -3.0, false_sound: float = -20.0) -> list[Judged]:
    random = np.random.default_rng(4)
    rows: list[Judged] = []
    for n in range(count):
        true = n % 2 == 0
        features = {name: float(random.normal()) for name in FEATURES}
        features["sound"] = float(random.normal(true_sound if true else false_sound, 2.0))
        rows.append((features, true))
    return rows


def test_enough_verdicts_find_what_parts_them() -> None:
    rows = judged(4 * ENOUGH)
    after = fitted(rows, BEFORE, "1", "a test")
    assert after.weights["sound"] > 0
    assert abs(after.weights["sound"]) == max(map(abs, after.weights.values()))
    assert loss(rows, after) < 0.1 < loss(rows, BEFORE)
    assert precision(rows, after)["certain"][0] >= 0.9 * ENOUGH
    assert (after.version, after.positives, after.fitted_on) == ("1", 2 * ENOUGH, "a test")


def test_what_tells_nothing_weighs_little() -> None:
    after = fitted(judged(4 * ENOUGH, true_sound=-9.0, false_sound=-9.0), BEFORE, "1", "")
    assert all(abs(weight) < 0.5 for weight in after.weights.values())


@pytest.mark.parametrize("true", [True, False])
def test_few_verdicts_move_the_bias_only(true: bool) -> None:
    row = dict.fromkeys(FEATURES, 0.0) | {"distance": 0.1}
    after = fitted([(row, true)] * (ENOUGH // 2), BEFORE, "1", "")
    assert after.weights == BEFORE.weights
    assert (after.bias > BEFORE.bias) is true


def test_no_verdicts_move_nothing_far() -> None:
    assert abs(fitted([], BEFORE, "1", "").bias - BEFORE.bias) < 0.01


def test_only_true_leads_cannot_carry_all_weights() -> None:
    rows = [(features, True) for features, _ in judged(2 * ENOUGH)]
    assert fitted(rows, BEFORE, "1", "").weights == BEFORE.weights


@pytest.mark.parametrize(
    ("probability", "tier"),
    [(0.95, "certain"), (0.9, "certain"), (0.6, "probable"), (0.1, "faint"), (0.05, "")],
)
def test_tiers_begin_where_the_weights_say(probability: float, tier: str) -> None:
    assert BEFORE.tier(probability) == tier
