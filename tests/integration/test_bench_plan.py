"""The benchmark of planning at a small size: that it measures what it says; never how long it took."""

from __future__ import annotations

import asyncio

import pytest

from bench.plan import measured
from bench.planning import obligations


def test_a_small_firm_is_computed_week_by_week() -> None:
    assert asyncio.run(obligations._measured(2000, weeks=2)) >= 0


def test_each_part_tells_its_memory_too() -> None:
    found = measured(lambda count: {"some_s": float(count)}, 7)
    assert found["some_s"] == 7.0
    assert found["rss_mb"] > 10


async def test_a_run_in_which_nothing_is_owed_is_no_measurement() -> None:
    with pytest.raises(AssertionError, match="0 periodic"):
        await obligations._measured(1000, weeks=0)
