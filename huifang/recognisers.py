"""Recognisers for what is transcribed after the calls: warm, each in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from transcribe import engines
from transcribe.apart import Apart


@asynccontextmanager
async def recognisers(model: Path, count: int, *, nice: int = 0) -> AsyncIterator[tuple[Apart, ...]]:
    """So many engines with this model, each with one thread; they end with the block.

    `nice`: how far they give way to live calls.

    Raises:
        ModelError: the model cannot be loaded.
        EngineError: a process does not come up.
    """
    load = partial(engines.load, model, threads=1)
    starting = (asyncio.to_thread(Apart, load, nice=nice) for _ in range(count))
    started = await asyncio.gather(*starting, return_exceptions=True)
    up = tuple(one for one in started if isinstance(one, Apart))
    try:
        for failed in started:
            if isinstance(failed, BaseException):
                raise failed
        yield up
    finally:
        for one in up:
            one.close()


async def together(works: Iterable[Coroutine[None, None, None]]) -> None:
    """Wait until all are done; when one fails the others are cancelled, and its error is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
