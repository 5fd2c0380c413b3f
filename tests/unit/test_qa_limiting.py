"""How often somebody may try."""

from __future__ import annotations

from datetime import timedelta

from qa.limiting import Limiter
from tests.records_kit import after


def test_tries_are_counted_by_who_and_forgotten_with_time() -> None:
    limiter = Limiter(2, timedelta(seconds=60))
    assert [limiter.admits("a", after(n)) for n in (0, 1, 2)] == [True, True, False]
    assert limiter.admits("b", after(2))
    assert not limiter.admits("a", after(59))
    assert limiter.admits("a", after(60))
    assert not limiter.admits("a", after(60.5))
    assert limiter.admits("a", after(61))


def test_those_who_left_are_forgotten() -> None:
    limiter = Limiter(1, timedelta(seconds=60))
    assert all(limiter.admits(str(n), after(n)) for n in range(10_100))
    assert len(limiter._tries) <= 10_001
