"""The trail is anchored while a worker works, once a day; where that fails the work goes on (A6)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from base.errors import InputError
from huifang.custody import anchors
from huifang.custody.anchors import FILE, anchored
from huifang.site import Site, open_site
from records import audit
from records.chain import Act


async def act(site: Site) -> None:
    await audit.keep(site.database, Act(site.now(), "1001", "exported", "call", "17", {}))


async def test_work_begins_with_an_anchor_and_the_same_head_is_written_once(site: Path) -> None:
    async with open_site(site) as opened:
        await act(opened)
        for _ in range(2):
            async with anchored(opened, asyncio.Event()):
                assert [one.n for one in anchors.read(site / FILE)] == [1]
        await act(opened)
        async with anchored(opened, asyncio.Event()):
            assert [one.n for one in anchors.read(site / FILE)] == [1, 2]


async def test_an_empty_trail_has_no_anchor(site: Path) -> None:
    async with open_site(site) as opened, anchored(opened, asyncio.Event()):
        assert not (site / FILE).exists()


@pytest.mark.parametrize("line", ["{}", "no JSON", '{"on": "2026", "n": 1, "sha256": ""}', "[]"])
async def test_a_file_of_something_else_is_left_alone_and_the_work_goes_on(site: Path, line: str) -> None:
    (site / FILE).write_text(line)
    async with open_site(site) as opened:
        await act(opened)
        async with anchored(opened, asyncio.Event()):
            assert (site / FILE).read_text() == line
        with pytest.raises(InputError, match="line 1"):
            anchors.read(site / FILE)
