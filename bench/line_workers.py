"""Measure line workers on this machine: `python -m bench.line_workers [calls]`.

Two pools call each other on the loopback. Printed: how long a command takes to the worker and its event back,
how late the ring limit is at the phone's side, processor time per second of a call, and whether many short
calls leave anything behind.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from base.audio import write_wav
from base.log import configure
from dialer.line.protocol import Hangup, Listen, Play, Refused, SendKeys, StopPlay
from dialer.line.workers import WorkerPool
from tests.linekit import Pair, Watched, hang_up
from tests.speechlike import speech

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pool: WorkerPool) -> float:
    """Processor seconds of a pool's workers."""
    used = 0
    for pid in pool.pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS


def memory_mb(pool: WorkerPool) -> float:
    """Resident megabytes of a pool's workers."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pool.pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def latency(pair: Pair, times: int = 200) -> None:
    """Command to event: a command that is refused at once, on a call that is up."""
    ours, theirs = await pair.talk()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        ours.leg.send(Play(ours.id, "x", ()))
        await ours.until(Refused)
        taken.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.013)
    await hang_up(ours, theirs)
    print(f"command and event: median {median(taken):.2f} ms, p95 {quantiles(taken, n=20)[-1]:.2f} ms")


async def ring_error(pair: Pair, calls: int = 8, limit_s: float = 5.0) -> None:
    """How long after the limit our CANCEL reaches phones that all ring."""

    async def one() -> float:
        ours, theirs, _ = await pair.ring(ring_limit_s=limit_s)
        _, missed = await asyncio.gather(ours.over(), theirs.over())
        assert missed.ringing_at is not None
        return (missed.ended_at - missed.ringing_at - limit_s) * 1000

    late = await asyncio.gather(*(one() for _ in range(calls)))
    print(f"{calls} phones ringing {limit_s} s: CANCEL {min(late):.1f} to {max(late):.1f} ms after the limit")


async def load(pair: Pair, folder: Path, calls: int = 8, seconds: float = 10.0) -> None:
    """Processor time of calls with a prompt, two tracks and a listening."""
    write_wav(folder / "prompt.wav", speech(seconds + 2))
    legs: list[Watched] = []
    for n in range(calls):
        (folder / str(n)).mkdir()
        legs += await pair.talk(folder / str(n))
    for leg in legs:
        leg.leg.send(Play(leg.id, "prompt", (str(folder / "prompt.wav"),)))
    for kind in ("prompt and recording", "listening to speech as well"):
        before = cpu_s(pair.caller)
        await asyncio.sleep(seconds / 2)
        used = (cpu_s(pair.caller) - before) / (seconds / 2) / calls * 1000
        print(f"{kind}: {used:.1f} ms processor time per call and second")
        for leg in legs[::2]:
            leg.leg.send(Listen(leg.id, "listen", patience_s=2, longest_s=60))
    for leg in legs[::2]:
        leg.leg.send(StopPlay(leg.id))
        leg.leg.send(Hangup(leg.id))
    await asyncio.gather(*(leg.over() for leg in legs))


async def short_calls(pair: Pair, folder: Path, calls: int) -> None:
    """Many short calls, each ended in another way."""
    (folder / "tracks").mkdir()
    sound = folder / "prompt.wav"
    before = memory_mb(pair.caller)
    for n in range(calls):
        if n % 4 == 0:
            ours, theirs, _ = await pair.ring()
        else:
            ours, theirs = await pair.talk(folder / "tracks")
            ours.leg.send(Play(ours.id, "p", (str(sound),)))
            theirs.leg.send(Listen(theirs.id, "l"))
        if n % 4 == 1:
            theirs.leg.send(SendKeys(theirs.id, "1"))
        await asyncio.sleep(0.05 * (n % 3))
        ender = theirs if n % 4 == 3 else ours
        ender.leg.send(Hangup(ender.id))
        await asyncio.gather(ours.over(), theirs.over())
    after, free = memory_mb(pair.caller), pair.caller.free
    print(f"{calls} short calls: memory {before:.0f} to {after:.0f} MB, {free} slots free")


async def main(calls: int) -> None:
    """Run every measurement."""
    configure(level="error")
    begun = time.perf_counter()
    caller = await WorkerPool.start(workers=2)
    phone = await WorkerPool.start(workers=2)
    print(f"four workers up after {time.perf_counter() - begun:.1f} s")
    pair = Pair(caller, phone)
    with tempfile.TemporaryDirectory() as name:
        before = cpu_s(caller)
        await asyncio.sleep(2)
        print(f"idle: {(cpu_s(caller) - before) / 2 / 2 * 1000:.1f} ms processor time per worker and second")
        await latency(pair)
        await ring_error(pair)
        await load(pair, Path(name))
        await short_calls(pair, Path(name), calls)
    await asyncio.gather(caller.close(), phone.close())
    print("exit statuses", caller.exit_statuses + phone.exit_statuses)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
