"""Work that gives way to a wish to stop."""

from __future__ import annotations

import asyncio

import pytest

from huifang.stopping import Stopped, or_stop


async def test_what_the_work_gives() -> None:
    async def work() -> int:
        return 7

    assert await or_stop(work(), asyncio.Event()) == 7


async def test_the_works_own_error() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await or_stop(work(), asyncio.Event())


async def test_a_stop_cancels_the_work_and_waits_for_its_cleaning_up() -> None:
    stop, cleaned = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        try:
            stop.set()
            await asyncio.sleep(3600)
        finally:
            cleaned.set()

    with pytest.raises(Stopped):
        await or_stop(work(), stop)
    assert cleaned.is_set()


async def test_a_stop_before_the_work_is_a_stop() -> None:
    stop = asyncio.Event()
    stop.set()
    with pytest.raises(Stopped):
        await or_stop(asyncio.sleep(0), stop)
