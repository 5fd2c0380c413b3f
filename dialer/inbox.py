"""A leg's events, waited for together with a wish to stop and one other thing."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

from dialer.line.leg import Leg
from dialer.line.protocol import Event


class Signal(Enum):
    """What came instead of an event of the leg."""

    STOP = "stop"
    OTHER = "other"


class Inbox:
    """Waits on a leg without losing an event, whatever else comes first.

    `stop` is reported once; afterwards only the leg counts.
    """

    def __init__(self, leg: Leg, stop: asyncio.Event) -> None:
        self._leg = leg
        self._event: asyncio.Task[Event] | None = None
        self._stop: asyncio.Task[bool] | None = asyncio.create_task(stop.wait())

    async def next(self, other: asyncio.Task[Any] | None = None) -> Event | Signal:
        """The leg's next event, or `Signal.STOP`, or `Signal.OTHER` when that task is done first."""
        if self._event is None:
            self._event = asyncio.create_task(self._leg.next_event())
        waited = {task for task in (self._event, self._stop, other) if task is not None}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if self._event.done():
            event, self._event = self._event.result(), None
            return event
        if self._stop is not None and self._stop.done():
            self._stop = None
            return Signal.STOP
        return Signal.OTHER

    async def close(self) -> None:
        """Wait for nothing any more."""
        await drop(self._event, self._stop)


async def drop(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel tasks and wait until they are gone; raises what one of them raised meanwhile.

    Our own cancellation passes through: awaiting the tasks themselves would take it for theirs.
    """
    for task in tasks:
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled():
                task.result()
