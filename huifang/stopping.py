"""Stop by signal: the first SIGINT or SIGTERM ends what is under way in good order, the second at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

INTERRUPTED = 130


def run_until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> int:
    """Run `work(stop)`; gives 0, or 130 when a signal ended it.

    The first signal sets `stop`: calls are hung up and closed. The second cancels the work.
    """
    return asyncio.run(_guarded(work))


async def _guarded(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> int:
    stop = asyncio.Event()
    task = asyncio.create_task(work(stop))

    def on_signal() -> None:
        if stop.is_set():
            task.cancel()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    try:
        await task
    except asyncio.CancelledError:
        return INTERRUPTED
    return INTERRUPTED if stop.is_set() else 0
