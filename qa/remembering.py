"""Figures that take long to count, kept for a moment: who looks at once is told what was counted once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

MOST_KEPT = 200
SHARE = 10
"""What took long to count is counted again after so many times its length: looks never fill the machine."""


@dataclass(slots=True)
class Figures:
    """What was counted lately. `fresh`: so long a figure is told again, one that took long for longer."""

    now: Callable[[], datetime]
    fresh: timedelta = timedelta(seconds=30)
    _known: dict[Hashable, tuple[datetime, datetime, Any]] = field(default_factory=dict)
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, key: Hashable, count: Callable[[], Awaitable[T]]) -> T:
        """What is known under a key, counted where it is not, or not any more."""
        async with self._counting:
            known = self._known.get(key)
            if known is None or not known[0] <= self.now() <= known[1]:
                begun, value = self.now(), await count()
                took = self.now() - begun
                known = (begun, begun + took + max(self.fresh, SHARE * took), value)
                self._known.pop(key, None)
                self._known[key] = known
            for old in list(self._known)[:-MOST_KEPT]:
                del self._known[old]
            found: T = known[2]
            return found

    def forget(self) -> None:
        """Things have changed: count anew when somebody asks."""
        self._known.clear()
