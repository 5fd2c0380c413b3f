"""Figures that take long to count, kept for a moment: who looks at once is told what was counted once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

MOST_KEPT = 200


@dataclass(slots=True)
class Figures:
    """What was counted lately. `fresh`: so long a figure is told again."""

    now: Callable[[], datetime]
    fresh: timedelta = timedelta(seconds=30)
    _known: dict[Hashable, tuple[datetime, asyncio.Task[Any]]] = field(default_factory=dict)

    async def of(self, key: Hashable, count: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What is known under a key; counted where it is not, or not any more, or could not be."""
        at, known = self._known.get(key, (None, None))
        if at is None or known is None or not timedelta(0) <= self.now() - at <= self.fresh or _failed(known):
            known = asyncio.create_task(count())
            self._known.pop(key, None)
            self._known[key] = (self.now(), known)
            for old in list(self._known)[:-MOST_KEPT]:
                del self._known[old]
        found: T = await asyncio.shield(known)
        return found


def _failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
