"""How far calls are is kept for other processes to see."""

from __future__ import annotations

import asyncio

from dialer.watching import CallEvent, Stage
from huifang.stages import Stages, stages_kept
from records import live
from records.database import Database
from tests.records_kit import NOW, Where, dialed, opened, person, started


async def _comes_to(db: Database, stage: str) -> bool:
    for _ in range(1000):
        if [one.stage for one in await live.under_way(db, "")] == [stage]:
            return True
        await asyncio.sleep(0.01)
    return False


def _event(attempt: int, stage: Stage) -> CallEvent:
    return CallEvent(NOW, attempt, 1, "三月新开户", 1, "张伟", "+8613800000001", 1, stage)


async def test_the_newest_stage_is_kept(empty_store: Where) -> None:
    async with opened(empty_store) as db:
        claim = await dialed(db, await started(db, [person(1)]))
        async with stages_kept(db, every_s=0.01) as stages:
            for stage in (Stage.DIALING, Stage.RINGING, Stage.TALKING):
                stages.on(_event(claim.attempt_id, stage))
            assert await _comes_to(db, "talking")


def test_an_ended_call_is_not_written() -> None:
    stages = Stages()
    stages.on(_event(1, Stage.RINGING))
    stages.on(_event(2, Stage.TALKING))
    stages.on(_event(1, Stage.ENDED))
    assert stages.taken() == {2: "talking"}
    assert stages.taken() == {}
