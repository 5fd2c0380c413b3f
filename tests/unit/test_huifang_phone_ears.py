"""The recogniser that all phones share: started once, whoever waits for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from base.errors import LineError
from huifang.cli.phone import Ears


class Model:
    """A speech model that takes its time to be there, and then cannot be used."""

    def __init__(self) -> None:
        self.asked = 0
        self.there = asyncio.Event()

    async def find(self) -> Path:
        self.asked += 1
        await self.there.wait()
        raise LineError("no process")


async def test_who_waits_no_longer_does_not_end_its_start() -> None:
    """A caller who speaks on ends the thinking, not the ear: it would start anew with each sentence."""
    model = Model()
    ears = Ears(model.find)
    first = asyncio.create_task(ears.one())
    await asyncio.sleep(0.01)
    first.cancel()
    second = asyncio.create_task(ears.one())
    await asyncio.sleep(0.01)
    model.there.set()
    with pytest.raises(LineError):
        await second
    assert model.asked == 1
    await ears.close()


async def test_a_start_that_failed_is_tried_again() -> None:
    model = Model()
    model.there.set()
    ears = Ears(model.find)
    for _ in range(2):
        with pytest.raises(LineError):
            await ears.one()
    assert model.asked == 2


async def test_phones_that_end_meanwhile_wait_for_no_recogniser() -> None:
    model = Model()
    ears = Ears(model.find)
    waiting = asyncio.create_task(ears.one())
    await asyncio.sleep(0.01)
    await ears.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
