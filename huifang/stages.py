"""How far calls on the line are, kept where other processes look: the console's page of today."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from base.errors import StoreError
from base.log import get_logger
from dialer.inbox import drop
from dialer.watching import CallEvent, Stage
from records import live
from records.database import Database

TOGETHER_S = 0.5
"""Stages of so many seconds are written in one transaction: calls come first."""

_log = get_logger(__name__)
_TOLD = (Stage.RINGING, Stage.TALKING)
"""What the ledger does not know while a call is open."""


class Stages:
    """Serves `dialer.watching.Observer`: remembers what is not written yet."""

    def __init__(self) -> None:
        self._new: dict[int, str] = {}

    def on(self, event: CallEvent) -> None:
        """Keep a call's newest stage; an ended one's is not wanted any more."""
        if event.stage in _TOLD:
            self._new[event.attempt_id] = event.stage.value
        elif event.stage is Stage.ENDED:
            self._new.pop(event.attempt_id, None)

    def taken(self) -> dict[int, str]:
        """What is new, by attempt; it is new no more."""
        new, self._new = self._new, {}
        return new


@asynccontextmanager
async def stages_kept(db: Database, every_s: float = TOGETHER_S) -> AsyncIterator[Stages]:
    """An observer whose stages are written as long as it lasts."""
    stages = Stages()
    writing = asyncio.create_task(_write(db, stages, every_s))
    try:
        yield stages
    finally:
        await drop(writing)


async def _write(db: Database, stages: Stages, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        new = stages.taken()
        if not new:
            continue
        try:
            await live.keep_stages(db, new)
        except StoreError as error:
            _log.warning("stages of calls are not kept", why=str(error))
