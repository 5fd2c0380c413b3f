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
    _known: dict[Hashable, tuple[datetime, asyncio.Task[Any]]] = field(default_factory=dict)

    async def of(self, key: Hashable, count: Callable[[], Awaitable[T]]) -> T:
        """What is known under a key; counted where it is not, or not any more, or could not be."""
        begun, known = self._known.get(key, (None, None))
        if begun is None or known is None or not self._is_fresh(begun, known):
            known = asyncio.create_task(self._counted(count))
            self._known.pop(key, None)
            self._known[key] = (self.now(), known)
            for old in list(self._known)[:-MOST_KEPT]:
                del self._known[old]
        found: tuple[T, datetime] = await asyncio.shield(known)
        return found[0]

    def forget(self) -> None:
        """Things have changed: count anew when somebody asks."""
        self._known.clear()

    def _is_fresh(self, begun: datetime, task: asyncio.Task[tuple[Any, datetime]]) -> bool:
        if not task.done():
            return True
        if task.cancelled() or task.exception() is not None:
            return False
        return begun <= self.now() <= task.result()[1]

    async def _counted(self, count: Callable[[], Awaitable[T]]) -> tuple[T, datetime]:
        """The value, and until when it is told."""
        begun = self.now()
        value = await count()
        took = self.now() - begun
        return value, begun + took + max(self.fresh, SHARE * took)
