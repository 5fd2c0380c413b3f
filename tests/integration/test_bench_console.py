"""The console's benchmark at a small size: it asks for each page, hears a sound; never how long it took."""

from __future__ import annotations

from pathlib import Path

from bench import console_routes
from bench.console import measure
from qa import access


def test_every_page_that_needs_nothing_is_walked() -> None:
    """New pages come in by themselves; the table says what the others need."""
    plain = {path for method, path in {*access.ACCESS, *access.PUBLIC} if method == "GET" and "{" not in path}
    assert set(console_routes.walked()) >= plain - console_routes.STREAMS
    assert set(console_routes.PATHS) <= {path for _, path in access.ACCESS}
    assert not set(console_routes.not_walked()) & set(console_routes.walked())


def test_all_that_is_promised_is_measured(tmp_path: Path) -> None:
    found = measure(tmp_path, calls=100, utterances=1000, rounds=2, sounds=1)
    assert set(found["page_p95_ms"]) == set(console_routes.walked())
    assert set(found["empty_page_p95_ms"]) == set(found["page_cpu_ms"]) == set(found["page_p95_ms"])
    assert min(found["page_p95_ms"].values()) > 0
    assert 0 < found["first_sound_ms"]["p50"] <= found["first_sound_ms"]["p95"]
