"""How exactly the ring limit is kept while many phones ring, by the far end's clock (D1)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.far_ends import sipp
from dialer.line.leg import Leg
from dialer.line.protocol import Originate, SlotFree
from dialer.line.workers import WorkerPool

CALLS_PER_SECOND = 20


async def ring_errors_ms(pool: WorkerPool, folder: Path, calls: int, ring_s: float) -> list[float]:
    """Milliseconds from the end of the ring limit to the CANCEL, as SIPp's log tells, one for each call."""
    async with sipp(folder, "ring", trace=True) as phone:
        legs = []
        for n in range(calls):
            uri = f"sip:13900000000@127.0.0.1:{phone.port}"
            legs.append(pool.originate(Originate(f"ring-{n}", uri, ring_limit_s=ring_s)))
            await asyncio.sleep(1 / CALLS_PER_SECOND)
        async with asyncio.timeout(ring_s + 60):
            await asyncio.gather(*map(_freed, legs))
        seen = phone.seen().values()
    return [(one["CANCEL"] - one["180"] - ring_s) * 1000 for one in seen]


async def _freed(leg: Leg) -> None:
    while not isinstance(await leg.next_event(), SlotFree):
        pass
