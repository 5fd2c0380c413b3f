"""Waiting for several things, and letting go of those that did not come."""

from __future__ import annotations

import asyncio

import pytest

from dialer.inbox import drop


async def test_dropped_tasks_are_gone_and_done_ones_left_alone() -> None:
    async def nothing() -> None:
        return None

    done, forever = asyncio.create_task(nothing()), asyncio.create_task(asyncio.Event().wait())
    await done
    await drop(done, None, forever)
    assert forever.cancelled()
    assert not done.cancelled()


async def test_what_a_task_raises_as_it_goes_is_not_lost() -> None:
    async def fails() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("broken")

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    with pytest.raises(ValueError, match="broken"):
        await drop(task)


async def test_our_own_cancellation_is_not_taken_for_the_tasks() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await gone.wait()

    gone, task = asyncio.Event(), asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    dropping = asyncio.create_task(drop(task))
    await asyncio.sleep(0)
    dropping.cancel()
    await asyncio.wait({dropping})
    assert dropping.cancelled()
    gone.set()
    await asyncio.wait({task})
    assert task.cancelled()
