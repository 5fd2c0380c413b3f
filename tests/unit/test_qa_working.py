"""What goes on beside the pages."""

from __future__ import annotations

import asyncio

import pytest

from base.errors import InputError
from qa.working import MOST_AT_ONCE, MOST_KEPT, Progress, Work, Works


async def _over(work: Work) -> None:
    assert work.task is not None
    await asyncio.wait([work.task])


async def test_work_tells_how_far_it_is_and_ends_with_a_result() -> None:
    works, go = Works(), asyncio.Event()

    async def do(progress: Progress) -> str:
        progress(1, 3)
        await go.wait()
        return "done"

    work = works.begin("1001", "work.start", "A", "/plans/{id}", do)
    await asyncio.sleep(0)
    assert (work.done, work.total, work.is_over, work.to) == (1, 3, False, f"/plans/{work.id}")
    with pytest.raises(InputError):
        works.begin("1002", "work.start", "A", "", do)
    go.set()
    await _over(work)
    assert (works.of(work.id, "1001").result, work.has_failed) == ("done", False)
    with pytest.raises(InputError):
        works.of(work.id, "1002")


@pytest.mark.parametrize(("error", "why"), [(InputError("is no sheet"), "is no sheet"), (KeyError("x"), "")])
async def test_work_that_fails_says_so(error: Exception, why: str) -> None:
    async def do(_: Progress) -> None:
        raise error

    work = Works().begin("1001", "work.start", "A", "", do)
    await _over(work)
    assert (work.has_failed, work.why) == (True, why)


async def test_only_so_much_goes_on_at_once_and_is_kept() -> None:
    works, go = Works(), asyncio.Event()

    async def do(_: Progress) -> None:
        await go.wait()

    running = [works.begin("1001", "work.start", str(n), "", do) for n in range(MOST_AT_ONCE)]
    with pytest.raises(InputError):
        works.begin("1001", "work.start", "more", "", do)
    go.set()
    for work in running:
        await _over(work)
    for n in range(MOST_KEPT + 1):
        await _over(works.begin("1001", "work.start", str(n), "", do))
    works.begin("1001", "work.start", "last", "", do)
    with pytest.raises(InputError):
        works.of(running[0].id, "1001")
