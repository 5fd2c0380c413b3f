"""Time as an argument: the one place that reads the machine's clock.

Business code takes `now` (aware, Asia/Shanghai); the shells take a `Clock`.
"""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Business time. `now()` is aware and in Asia/Shanghai."""

    def now(self) -> datetime:
        """The present business time."""
        ...

    def at(self, epoch_s: float) -> datetime:
        """Business time of a machine time stamp (seconds since 1970, as `time.time()` gives)."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of business time."""
        ...


class ShiftedClock:
    """The machine's clock moved by a fixed offset, as the demo's named Wednesday needs."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    @classmethod
    def starting(cls, business: datetime, machine: datetime) -> ShiftedClock:
        """The clock that showed `business` when the machine's clock showed `machine`."""
        return cls(business - machine)

    def now(self) -> datetime:
        """The present business time."""
        return datetime.now(tz=SHANGHAI) + self.offset

    def at(self, epoch_s: float) -> datetime:
        """Business time of a machine time stamp (seconds since 1970)."""
        return (datetime.fromtimestamp(epoch_s, tz=UTC) + self.offset).astimezone(SHANGHAI)

    async def sleep(self, seconds: float) -> None:
        """Wait; business time runs at the machine's speed."""
        await asyncio.sleep(seconds)


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so many seconds of the machine's time, or until `stop` is set; whether it was."""
    try:
        async with asyncio.timeout(seconds):
            return await stop.wait()
    except TimeoutError:
        return False


def end_of(day: date) -> datetime:
    """When a day is over: its last second in Asia/Shanghai."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def gap_of(per_second: float) -> timedelta:
    """Least time between two of so many a second; rounded up, or three thirds of a second would hold four."""
    return timedelta(microseconds=math.ceil(1e6 / per_second))
