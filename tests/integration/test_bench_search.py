"""The benchmark of searches at a small size: whether its counts agree with LIKE; never how long it took."""

from __future__ import annotations

from bench.search import measure
from tests.records_kit import Where

CASES = {"two", "four", "sound_alike", "filtered", "and", "not", "known", "common", "one"}


async def test_counts_are_those_of_like(empty_store: Where) -> None:
    found = await measure(empty_store, 2000, 8)
    assert set(found["cases"]) == CASES
    for name, case in found["cases"].items():
        assert case["mismatches"] == 0, name
        assert {"p50_ms", "p95_ms", "like_p95_ms"} <= set(case)
    assert found["cases"]["common"]["hits_p50"] > 0
    assert found["cases"]["one"]["hits_p50"] > 0


async def test_texts_that_are_there_are_searched_again(empty_store: Where) -> None:
    first = await measure(empty_store, 200, 2)
    again = await measure(empty_store, 200, 2)
    assert again["filled_s"] == 0
    assert [case["hits_p50"] for case in again["cases"].values()] == [
        case["hits_p50"] for case in first["cases"].values()
    ]
