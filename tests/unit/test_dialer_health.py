"""Up or down by OPTIONS, with hysteresis, and registered or not."""

from __future__ import annotations

import pytest

from dialer.health import Health, HealthRules, Up, is_registered, probed
from tests.records_kit import NOW

RULES = HealthRules(down_after=3, up_after=2)


def after(*statuses: int) -> list[Up]:
    """What is known after each OPTIONS."""
    health, known = Health(), []
    for status in statuses:
        health = probed(health, status, 0.01, NOW, RULES)
        known.append(health.up)
    return known


def test_three_silences_take_it_down_and_two_answers_bring_it_up() -> None:
    assert after(200, 0, 0, 200, 0, 0, 0) == [Up.UP] * 6 + [Up.DOWN]
    assert after(200, 0, 0, 0, 200, 0, 200, 200)[3:] == [Up.DOWN] * 4 + [Up.UP]


def test_any_answer_proves_a_peer() -> None:
    assert after(404) == after(405) == after(501) == [Up.UP]
    assert after(503) == after(408) == [Up.UNKNOWN]


def test_a_trunk_that_ignores_options_is_never_taken_down() -> None:
    assert set(after(*[0] * 20)) == {Up.UNKNOWN}


@pytest.mark.parametrize(
    ("registrar", "status", "usable"),
    [("", None, True), ("", 403, True), ("sip:r", None, False), ("sip:r", 200, True), ("sip:r", 403, False)],
)
def test_a_trunk_that_registers_is_used_once_it_is(registrar: str, status: int | None, usable: bool) -> None:
    assert is_registered(registrar, status) is usable
