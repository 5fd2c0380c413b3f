"""What is counted of a day and of live campaigns, on both engines."""

from __future__ import annotations

from datetime import timedelta

from records import day, live
from tests import busy_site
from tests.records_kit import NOW, Where, opened

ELSEWHERE = "杭州营业部"


async def test_a_busy_afternoon_is_counted(empty_store: Where) -> None:
    async with opened(empty_store) as db:
        await busy_site.fill(db)
        for branch in ("", busy_site.BRANCH):
            found = {one.campaign.name: one for one in await live.campaigns(db, branch, NOW)}
            assert [(one.total, one.calling) for one in found.values()] == [(60, 5), (40, 0)]
            stages = [one.stage for one in await live.under_way(db, branch)]
            assert stages == ["talking", "talking", "ringing", "dialing", "claimed"]
            hours = await day.by_hour(db, branch, NOW.date())
            ended = sum(count for _, count in await day.dispositions(db, branch, NOW.date()))
            assert sum(one.calls for one in hours) == ended + 4
            assert sum(one.count for one in await day.flags(db, branch, NOW.date())) > 0
            days = [NOW.date() - timedelta(days=back) for back in reversed(range(8))]
            closed = sum(one.closed for one in found.values())
            assert sum(await day.closed_by_day(db, branch, days)) == closed
            still = sum(count for _, count in await day.open_by_deadline(db, branch))
            assert still == sum(one.total for one in found.values()) - closed
        assert await live.campaigns(db, ELSEWHERE, NOW) == []
        assert not any(one.calls for one in await day.by_hour(db, ELSEWHERE, NOW.date()))
