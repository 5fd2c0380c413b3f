"""May another INVITE leave now? Channels and calls per second of a trunk. Pure.

INVITEs are spaced evenly: none is saved up for later, so that a quiet second is not followed by a burst, and
no stretch of one second, wherever it begins, sees more than the trunk allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from base.clock import gap_of


@dataclass(frozen=True, slots=True)
class Pace:
    """A trunk's limits: calls at once, and INVITEs per second."""

    channels: int
    cps: float

    @property
    def gap(self) -> timedelta:
        """Least time between two INVITEs."""
        return gap_of(self.cps)


NO_PACE = Pace(channels=10_000, cps=10_000.0)
"""As good as no limit."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Go."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet. `until` is None when a channel must become free first."""

    until: datetime | None


def admit(pace: Pace, now: datetime, *, active: int, last_invite: datetime | None) -> Permit | Wait:
    """Permit one INVITE, or say until when to wait.

    Args:
        pace: the trunk's limits.
        now: business time.
        active: calls that hold a channel.
        last_invite: when the last INVITE was permitted.
    """
    if active >= pace.channels:
        return Wait(None)
    if last_invite is None or last_invite > now:  # the clock was set back: nobody waits for it to catch up
        return Permit()
    ready = last_invite + pace.gap
    return Permit() if ready <= now else Wait(ready)
