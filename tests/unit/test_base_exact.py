"""Exact intervals, against published tables."""

from __future__ import annotations

import pytest

from base.exact import TAIL, events, trials


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0),
        (0, 100, 0.0, 0.0362),
        (10, 100, 0.0490, 0.1762),
        (5, 1000, 0.0016, 0.0116),
        (0, 0, 0.0, 1.0),
    ],
)
def test_a_share_has_the_exact_interval_of_published_tables(
    count: int, of: int, low: float, high: float
) -> None:
    assert trials(count, of) == pytest.approx((low, high), abs=0.0001)


def test_what_never_came_out_has_a_bound_in_closed_form() -> None:
    for of in (1, 7, 3000, 100_000):
        assert trials(0, of) == pytest.approx((0.0, 1 - TAIL ** (1 / of)))
        assert trials(of, of) == pytest.approx((TAIL ** (1 / of), 1.0))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.689),
        (1, 0.0253, 5.572),
        (2, 0.242, 7.225),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
        (100, 81.364, 121.627),
    ],
)
def test_events_have_the_exact_interval_of_published_tables(count: int, low: float, high: float) -> None:
    assert events(count) == pytest.approx((low, high), abs=0.001)
