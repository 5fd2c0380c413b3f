"""Is a trunk there? Its answers to OPTIONS, and its registration, in one word each. Pure.

Any answer proves a peer, be it 404 or 405; only silence and what stands for it do not. A trunk that never
answered an OPTIONS may ignore them: it stays `unknown` and is used, for the breaker judges it by its calls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

SILENCE = frozenset({0, 408, 502, 503, 504})
"""No answer, or one that says that nobody is behind it (RFC 3261 section 21; PJSIP's own for a dead
transport)."""


class Up(StrEnum):
    """What is known."""

    UNKNOWN = "unknown"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class HealthRules:
    """Hysteresis: so many silences in a row take a trunk down, so many answers bring it up again."""

    down_after: int = 3
    up_after: int = 2


@dataclass(frozen=True, slots=True)
class Health:
    """A trunk's health.

    Attributes:
        up: what is known.
        in_a_row: answers (or silences) in a row that speak against `up`.
        status, took_s, at: of the last OPTIONS; status 0 is no answer.
    """

    up: Up = Up.UNKNOWN
    in_a_row: int = 0
    status: int = 0
    took_s: float = 0.0
    at: datetime | None = None


def probed(health: Health, status: int, took_s: float, at: datetime, rules: HealthRules) -> Health:
    """The health after an OPTIONS."""
    answered = status not in SILENCE
    health = replace(health, status=status, took_s=took_s, at=at)
    match health.up:
        case Up.UNKNOWN:
            return replace(health, up=Up.UP if answered else Up.UNKNOWN)
        case Up.UP:
            return _turned(health, Up.DOWN, not answered, rules.down_after)
        case Up.DOWN:
            return _turned(health, Up.UP, answered, rules.up_after)


def _turned(health: Health, other: Up, speaks_for_it: bool, needed: int) -> Health:
    count = health.in_a_row + 1 if speaks_for_it else 0
    return replace(health, up=other, in_a_row=0) if count >= needed else replace(health, in_a_row=count)


def is_registered(registrar: str, status: int | None) -> bool:
    """Whether a trunk may be used as far as registration goes; `status` is None before the first answer."""
    return not registrar or (status is not None and 200 <= status < 300)
