"""How often somebody may try something. Pure: time is an argument."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

_MOST_KNOWN = 10_000


class Limiter:
    """So many tries of each within a time; one that is refused does not count."""

    def __init__(self, most: int, within: timedelta) -> None:
        self._most, self._within = most, within
        self._tries: dict[str, deque[datetime]] = {}

    def admits(self, who: str, now: datetime) -> bool:
        """Whether `who` may try once more; if so it is counted."""
        tries = self._tries.setdefault(who, deque())
        while tries and tries[0] <= now - self._within:
            tries.popleft()
        if len(tries) >= self._most:
            return False
        tries.append(now)
        if len(self._tries) > _MOST_KNOWN:
            self._forget(now)
        return True

    def _forget(self, now: datetime) -> None:
        """Those who have not tried for long."""
        old = [who for who, tries in self._tries.items() if not tries or tries[-1] <= now - self._within]
        for who in old:
            del self._tries[who]
