"""Group commit for SQLite: transactions that wait for its one writer are kept by one commit.

A commit waits for the disk, longer than most transactions work. Those that queue up meanwhile run one after
the other in one transaction, each seeing what the ones before it did, and none is acknowledged before the
commit that keeps them all. Where one of them fails, or is not wanted any more, the whole is undone and each
is told to run alone: a failure is nobody else's.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

T = TypeVar("T")

MOST = 16
"""Transactions in one commit: the first of them waits for the last."""


class GivenUp(Exception):
    """Who asked for the transaction was cancelled: it is undone."""


class Undone(Enum):
    """What a transaction gets in place of its value: nothing of it was kept."""

    ALONE = "run it alone"


@dataclass(frozen=True)
class _Waiting(Generic[T]):
    """A transaction in the queue, and where its outcome is awaited."""

    work: Callable[[sa.Connection], T]
    given_up: threading.Event
    done: Future[T | Undone] = field(default_factory=Future)

    def value(self, connection: sa.Connection) -> T:
        """What the transaction gives.

        Raises:
            GivenUp: nobody waits for it any more: what it wrote must not be kept.
        """
        if not self.given_up.is_set():
            value = self.work(connection)
            if not self.given_up.is_set():
                return value
        raise GivenUp


class Together:
    """The queue before a database's one writing thread."""

    def __init__(self, writer: sa.Engine, thread: ThreadPoolExecutor) -> None:
        """`thread` must be one thread: SQLite has one writer at a time."""
        self._writer, self._thread = writer, thread
        self._queue: deque[_Waiting[Any]] = deque()

    def run(
        self, work: Callable[[sa.Connection], T], given_up: threading.Event
    ) -> asyncio.Future[T | Undone]:
        """Queue a transaction; its value once it is kept, or `Undone.ALONE`, then nothing of it was kept."""
        waiting: _Waiting[T] = _Waiting(work, given_up)
        self._queue.append(waiting)
        self._thread.submit(self._commit)
        return asyncio.wrap_future(waiting.done)

    def _commit(self) -> None:
        """Run all that wait; each `run` submits this once, so that a later one may find nothing left.

        What a transaction raises ends here, and is raised again where it runs alone.
        """
        group = [self._queue.popleft() for _ in range(min(MOST, len(self._queue)))]
        outcomes: list[Any] = [Undone.ALONE] * len(group)
        try:
            if group:
                outcomes = self._transaction(group)
        finally:
            for waiting, outcome in zip(group, outcomes, strict=True):
                waiting.done.set_result(outcome)

    def _transaction(self, group: list[_Waiting[Any]]) -> list[Any]:
        with self._writer.begin() as connection:
            return [waiting.value(connection) for waiting in group]
