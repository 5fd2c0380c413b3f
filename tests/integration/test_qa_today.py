"""Today in the console: what is live, by branch; followed by events; a campaign paused and resumed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.requests import Request

from qa.guarding import COOKIE
from qa.live import MOST
from qa.pages import today
from qa.pages.charts import Chart, left_open
from records import audit, campaigns, day, ledger, lines, live, obligations, schema, sessions, transcripts
from records.audit import Asked
from records.model import Campaign, CampaignStatus, Kind
from records.planned import Executor, Obligation
from records.post_call import Flag, Transcript
from records.users import Role
from tests.console_kit import BRANCH, Desk, desk
from tests.records_kit import (
    NOW,
    after,
    again,
    dialed,
    ending,
    execute,
    person,
    said,
    started,
    taken,
    talk,
)

ELSEWHERE = "杭州营业部"
FLAG = Flag(
    *("sharing", "1", "收益分成", "high", "customer", 2.0, 3.6, "三七分成", 0.9, "certain", "affirmed"),
    "原文命中",
)


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[tuple[Desk, Campaign]]:
    """Of four follow-ups one is completed and flagged, one on the line, one due, one rings again later."""
    async with desk(tmp_path) as console:
        db = console.database
        people = [person(1, name="张伟"), person(2, name="李娜"), person(3), person(4)]
        campaign = await started(db, people, deadline=NOW + timedelta(days=2))
        done = await dialed(db, campaign)
        await ledger.close(db, talk(done, at=after(12)), NOW)
        heard = Transcript(done.attempt_id, "test", "a" * 64, (said("他说亏了三七分成"),), (FLAG,))
        await transcripts.save(db, heard, NOW)
        later = await dialed(db, campaign)
        await ledger.close(db, ending(later, again(NOW + timedelta(hours=2))), NOW)
        await dialed(db, campaign)
        yield console, campaign


async def test_a_campaign_is_counted(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    one = await live.campaign(console.database, campaign.id, "", NOW)
    assert one is not None
    assert (one.total, one.due, one.calling, one.closed) == (4, 1, 1, 1)
    assert (one.reached, one.completed, one.overdue, one.whole) == (1, 1, 0, True)
    late = await live.campaign(console.database, campaign.id, "", NOW + timedelta(days=3))
    assert late is not None
    assert late.overdue == 3


async def test_only_running_and_paused_campaigns_are_live(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    db = console.database
    await campaigns.set_status(db, campaign.id, CampaignStatus.PAUSED, NOW)
    assert [one.campaign.name for one in await live.campaigns(db, "", NOW)] == [campaign.name]
    await campaigns.set_status(db, campaign.id, CampaignStatus.CANCELLED, NOW)
    assert await live.campaigns(db, "", NOW) == []


async def test_a_call_is_as_far_as_its_dialer_said(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    db = console.database
    claimed = await taken(db, campaign)
    assert [one.stage for one in await live.under_way(db, "")] == ["dialing", "claimed"]
    first = (await live.under_way(db, ""))[0]
    await live.keep_stages(db, {first.id: "talking", 1: "ringing"})
    assert {one.id: one.stage for one in await live.under_way(db, "")} == {
        first.id: "talking",
        claimed.attempt_id: "claimed",
    }
    ended = sa.select(schema.attempt.c.stage).where(schema.attempt.c.id == 1)
    assert await db.read(lambda connection: connection.scalar(ended)) == ""


async def test_the_page_shows_what_is_live(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    await lines.pause_trunk(console.database, "demo", None, "主叫受限")
    browser = await console.signed_in(Role.REVIEWER)
    assert (await browser.get("/")).headers["location"] == "/today"
    page = (await browser.get("/today")).text
    for words in (campaign.name, "1 / 4", "收益分成 1", "须人工恢复 主叫受限", "138****0003", "呼叫"):
        assert words in page
    assert "13800000003" not in page


async def test_c4_a_branch_sees_its_own(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    own = await console.signed_in(Role.HEAD, branch=BRANCH, number="own")
    assert campaign.name in (await own.get("/today")).text
    other = await console.signed_in(Role.HEAD, branch=ELSEWHERE, number="other")
    page = (await other.get("/today")).text
    for words in (campaign.name, "收益分成", "主叫受限", "客户3"):
        assert words not in page
    path = f"/today/campaigns/{campaign.id}"
    assert [(await one.get(path)).status_code for one in (own, other)] == [200, 404]
    assert (await other.post(f"{path}/pause", {"reason": "x"})).status_code == 404
    for chart in Chart:
        figures = (await other.get(f"/today/charts/{chart}")).json()
        assert not any(value for one in figures["series"] for value in one["values"])


async def test_a_branch_does_not_pause_what_others_share(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    table = schema.customer
    await execute(console.database, sa.update(table).where(table.c.id == 4).values(branch=ELSEWHERE))
    head = await console.signed_in(Role.HEAD, branch=BRANCH, number="own")
    path = f"/today/campaigns/{campaign.id}"
    assert f'action="{path}/pause"' not in (await head.get(path)).text
    refused = await head.post(f"{path}/pause", {"reason": "线路检修"})
    assert (refused.status_code, "other branches" in refused.text) == (400, True)
    assert (await campaigns.get(console.database, campaign.name)).status is CampaignStatus.RUNNING


async def test_a_campaign_is_paused_and_resumed_with_a_reason(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    head = await console.signed_in(Role.HEAD, number="3001")
    path = f"/today/campaigns/{campaign.id}"
    assert "今日" in (await head.get("/today")).text
    assert (await head.post(f"{path}/pause", {"reason": " "})).status_code == 400
    assert (await head.post(f"{path}/resume", {"reason": "x"})).status_code == 400
    done = await head.post(f"{path}/pause", {"reason": "线路检修"})
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?said=said.paused")
    paused = await campaigns.get(console.database, campaign.name)
    assert (paused.status, paused.status_why) == (CampaignStatus.PAUSED, "线路检修")
    assert "线路检修" in (await head.get("/today")).text
    await head.post(f"{path}/resume", {"reason": "修好了"})
    rows = await audit.listed(console.database, Asked(of=f"campaign {campaign.id}"), 10)
    assert [(row.act.who, row.act.what, row.act.detail["why"]) for row in rows] == [
        ("3001", "running", "修好了"),
        ("3001", "paused", "线路检修"),
    ]


async def test_who_does_not_steer_has_no_button(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    path = f"/today/campaigns/{campaign.id}"
    reviewer = await console.signed_in(Role.REVIEWER)
    assert "完成" in (await reviewer.get(path)).text
    assert "/pause" not in (await reviewer.get(path)).text
    assert (await reviewer.post(f"{path}/pause", {"reason": "x"})).status_code == 403


async def test_charts_have_small_figures(busy: tuple[Desk, Campaign]) -> None:
    console, _ = busy
    browser = await console.signed_in(Role.REVIEWER)
    found = {chart: (await browser.get(f"/today/charts/{chart}")).json() for chart in Chart}
    hours = {one["name"]: one["values"][15] for one in found[Chart.ATTEMPTS]["series"]}
    assert hours == {"接通": 1, "未接通": 2}
    assert found[Chart.RATE]["series"][0]["values"][14:16] == [None, 33.3]
    results = dict(
        zip(found[Chart.RESULTS]["labels"], found[Chart.RESULTS]["series"][0]["values"], strict=True)
    )
    assert results == {"完成": 1, "未接": 1}
    left, allowed = (one["values"] for one in found[Chart.DEADLINES]["series"])
    assert left[12:15] == [4, 3, None]
    assert allowed[12:17] == [None, 3, 3, 0, 0]
    assert (await browser.get("/today/charts/others")).status_code == 400


def test_what_was_closed_later_was_open_before() -> None:
    assert left_open([5, 3, 2], 10) == [15, 12, 10]


async def test_flags_are_those_of_the_days_calls(busy: tuple[Desk, Campaign]) -> None:
    console, _ = busy
    assert [one.count for one in await day.flags(console.database, BRANCH, NOW.date())] == [1]
    assert await day.flags(console.database, "", NOW.date() + timedelta(days=1)) == []


async def test_p9_coverage_stands_against_what_is_required(busy: tuple[Desk, Campaign]) -> None:
    console, _ = busy
    owed = Obligation(
        *(1, "new_account", Kind.NEW_ACCOUNT, "event 1", date(2026, 3, 2), date(2026, 3, 3)),
        *(None, f"{BRANCH} new_account", 1.0, Executor.OPERATIONS, "P1"),
    )
    await obligations.keep(console.database, BRANCH, [owed], ())
    for branch, there in ((BRANCH, True), (ELSEWHERE, False), ("", True)):
        browser = await console.signed_in(Role.REVIEWER, branch=branch, number=f"of-{there}-{len(branch)}")
        assert ("还没有回访任务" in (await browser.get("/today")).text) is not there


# --- events


def _request(console: Desk, token: str) -> Request:
    headers = [(b"cookie", f"{COOKIE}={token}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/today/live", "query_string": b"", "headers": headers}
    return Request({**scope, "app": console.app})


async def _follow(console: Desk, number: str) -> AsyncIterator[str]:
    request = _request(console, f"token {number}")
    request.state.session = await sessions.of_token(console.database, f"token {number}", console.at)
    async for event in today.events(request, every_s=0.0):
        yield event


async def test_who_follows_is_told_what_changes(busy: tuple[Desk, Campaign]) -> None:
    console, campaign = busy
    await console.signed_in(Role.REVIEWER, number="2001")
    events = _follow(console, "2001")
    assert await anext(events) == "retry: 3000\n\n"
    first = json.loads((await anext(events)).removeprefix("data: "))
    assert set(first) == set(today.PARTS)
    await campaigns.set_status(console.database, campaign.id, CampaignStatus.PAUSED, NOW, "线路检修")
    console.app.state.live.changed()
    changed = json.loads((await _next_data(events)).removeprefix("data: "))
    assert set(changed) == {"campaigns"}
    assert "线路检修" in changed["campaigns"]


async def _next_data(events: AsyncIterator[str]) -> str:
    async for event in events:
        if event.startswith("data: "):
            return event
    pytest.fail("the events ended")


async def test_events_end_with_the_session(busy: tuple[Desk, Campaign]) -> None:
    console, _ = busy
    browser = await console.signed_in(Role.REVIEWER, number="2001")
    events = _follow(console, "2001")
    await _next_data(events)
    await browser.post("/sign-out")
    assert [event async for event in events][-1].startswith("event: over")


async def test_to_look_on_is_no_click(busy: tuple[Desk, Campaign]) -> None:
    console, _ = busy
    browser = await console.signed_in(Role.REVIEWER, number="2001")
    events = _follow(console, "2001")
    await _next_data(events)
    console.at = NOW + sessions.IDLE - timedelta(minutes=1)
    assert (await browser.get("/today/charts/results")).status_code == 200
    await anext(events)
    console.at = NOW + sessions.IDLE
    assert [event async for event in events][-1].startswith("event: over")
    assert (await browser.get("/today/charts/results")).headers["location"].startswith("/sign-in")


async def test_a_console_that_closes_sends_them_home(busy: tuple[Desk, Campaign]) -> None:
    console, _ = busy
    browser = await console.signed_in(Role.REVIEWER)
    console.app.state.live.close()
    answer = await browser.get("/today/live")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.count("data: ") == 1


async def test_no_more_than_so_many_follow(busy: tuple[Desk, Campaign]) -> None:
    console, _ = busy
    browser = await console.signed_in(Role.REVIEWER)
    async with AsyncExitStack() as stack:
        for _ in range(MOST):
            await stack.enter_async_context(console.app.state.live.following())
        assert (await browser.get("/today/live")).status_code == 429
    console.app.state.live.close()
    assert (await browser.get("/today/live")).status_code == 200
