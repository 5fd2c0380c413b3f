"""What takes longer than a page may: it goes on beside the pages, and one of them shows how far it is.

Works are kept by the process that does them: they end with it, and begun again they take up what was kept.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from base.errors import HuifangError, InputError

MOST_AT_ONCE = 2
MOST_KEPT = 100

Progress: TypeAlias = Callable[[int, int], None]
"""Told how much of how much is done."""


@dataclass(slots=True)
class Work:
    """Something that goes on.

    Attributes:
        title: a key of the dictionaries; of: what it is about.
        to: the page that shows what came of it.
        result: None until it is done.
        why: it failed.
    """

    id: str
    owner: str
    title: str
    of: str
    to: str
    done: int = 0
    total: int = 0
    result: object = None
    why: str = ""
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether it is done or has failed."""
        return self.task is None or self.task.done()

    @property
    def has_failed(self) -> bool:
        """Whether it ended otherwise than by its result."""
        return bool(self.why) or (
            self.task is not None
            and self.task.done()
            and (self.task.cancelled() or self.task.exception() is not None)
        )

    def reached(self, done: int, total: int) -> None:
        """So far it is; called from any thread."""
        self.done, self.total = done, total


@dataclass(slots=True)
class Works:
    """All works of a process."""

    _known: dict[str, Work] = field(default_factory=dict)

    def begin(
        self, owner: str, title: str, of: str, to: str, do: Callable[[Progress], Awaitable[object]]
    ) -> Work:
        """Let it go on; `to` may name the work as {id}.

        Raises:
            InputError: enough goes on already, or the same.
        """
        running = [one for one in self._known.values() if not one.is_over]
        if len(running) >= MOST_AT_ONCE or any((one.title, one.of) == (title, of) for one in running):
            raise InputError("other work goes on", where=of, remedy="wait until it is done")
        id_ = secrets.token_urlsafe(12)
        work = Work(id_, owner, title, of, to.format(id=id_))
        self._known[id_] = work
        for old in [one.id for one in self._known.values() if one.is_over and one is not work][:-MOST_KEPT]:
            del self._known[old]
        work.task = asyncio.create_task(_do(work, do))
        return work

    def all(self) -> tuple[Work, ...]:
        """Those that go on, and those that were over last."""
        return tuple(self._known.values())

    def of(self, id_: str, owner: str) -> Work:
        """Somebody's work.

        Raises:
            InputError: they have none of that name here.
        """
        found = self._known.get(id_)
        if found is None or found.owner != owner:
            raise InputError("is no work of yours", where=id_)
        return found


async def _do(work: Work, do: Callable[[Progress], Awaitable[object]]) -> None:
    try:
        work.result = await do(work.reached)
    except HuifangError as error:
        work.why = str(error)
