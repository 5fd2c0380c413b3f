"""Stop by signal: the first SIGINT, SIGTERM or SIGHUP ends the work in good order, the second at once.

Work that can be drained is drained by a first SIGTERM: a service manager can wait, a person at the keyboard
wants it to end.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from base.errors import InputError

T = TypeVar("T")

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""Work that ends when its event is set."""

INTERRUPTED = 130


class Stopped(Exception):
    """Work that was under way has been given up, since somebody asked to stop."""


async def or_stop(work: Coroutine[Any, Any, T], stop: asyncio.Event) -> T:
    """What `work` gives, unless `stop` is set first: then it is cancelled.

    Raises:
        Stopped: it was cancelled.
    """
    task, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            raise Stopped
        return task.result()
    finally:
        for one in (task, stopping):
            one.cancel()
        await asyncio.gather(task, stopping, return_exceptions=True)


def run_until_stopped(work: Work, drain: asyncio.Event | None = None, *, with_stdin: bool = False) -> int:
    """Run `work(stop)`; gives 0, or 130 when a signal ended it.

    The first signal sets `stop`: calls are hung up and closed. The second cancels the work. With `drain`, a
    SIGTERM that comes first sets that instead: the work goes on until what is under way is over.
    `with_stdin`: whoever holds the other end of stdin stops the work by closing it, or by dying.

    Raises:
        InputError: stdin is nothing that can be closed at its other end.
    """
    return asyncio.run(_guarded(work, drain, with_stdin))


async def _guarded(work: Work, drain: asyncio.Event | None, with_stdin: bool) -> int:
    stop = asyncio.Event()
    if with_stdin:
        _stop_with_stdin(stop)
    task = asyncio.create_task(work(stop))

    def on_signal(number: int) -> None:
        if number == signal.SIGTERM and drain is not None and not drain.is_set() and not stop.is_set():
            drain.set()
            return
        if stop.is_set():
            task.cancel()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal, number)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it stays ignored
        loop.add_signal_handler(signal.SIGHUP, on_signal, signal.SIGHUP)
    try:
        await task
    except asyncio.CancelledError:
        return INTERRUPTED
    return INTERRUPTED if stop.is_set() else 0


def _stop_with_stdin(stop: asyncio.Event) -> None:
    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()

    def look() -> None:
        if not os.read(stdin, 4096):
            loop.remove_reader(stdin)
            stop.set()

    try:
        loop.add_reader(stdin, look)
    except PermissionError as error:
        raise InputError(
            "stdin is no pipe", where="--until-stdin-closes", remedy="leave the option out"
        ) from error
