"""Two trunks with real SIP, one of them dead: calls go by the other, and no customer loses a ring (D2)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from base.clock import ShiftedClock
from dialer.campaign import CampaignRunner
from dialer.desk import Desk, Plan
from dialer.line.workers import WorkerPool
from dialer.profile import load
from dialer.recordings import Recordings
from dialer.trunk import Trunk
from dialer.watching import Unobserved
from records import ledger, report
from records.sounds import Sounds
from tests.fakes.talk import FakeEar, FakePrompts, FakeSession
from tests.records_kit import NOW, opened, person, started
from tests.sipp import answer, free_port, invited, receive, sipp

CUSTOMERS = 6
DEMO = load(Path(__file__).parents[2] / "config" / "profiles" / "demo.yaml")


def trunk(name: str, port: int, transport: str) -> Trunk:
    uri = f"sip:{{number}}@127.0.0.1:{port}"
    breaker = {"pause_s": 600}
    told = {"name": name, "uri": uri, "transport": transport, "cps": 20, "breaker": breaker}
    return Trunk.model_validate(told)


async def test_calls_go_by_the_trunk_that_lives(tmp_path: Path) -> None:
    rings = (invited(), answer("180 Ringing"), answer("404 Not Found"), receive("ACK"))
    async with (
        opened(tmp_path / "huifang.db") as db,
        sipp(tmp_path, *rings, calls=CUSTOMERS) as port,
    ):
        trunks = (trunk("dead", free_port(), "tcp"), trunk("live", port, "udp"))
        accounts = [one.account() for one in trunks]
        async with await WorkerPool.start(workers=2, trunks=accounts) as pool:
            campaign = await started(db, [person(n) for n in range(CUSTOMERS)])
            clock = ShiftedClock()
            clock.offset = NOW - clock.now() + timedelta(seconds=1)
            desk = Desk(
                db=db, lines=pool, trunks=trunks, ear=FakeEar(), prompts=FakePrompts(), clock=clock,
                recordings=Recordings(Sounds(tmp_path)), observer=Unobserved(), extension="8001",
                node="node-1",
            )  # fmt: skip
            plan = Plan(DEMO, lambda _claim, _now: (FakeSession(()), ()))
            async with asyncio.timeout(60):
                await CampaignRunner(desk, lambda _: plan).run(True, asyncio.Event())
        customers = (await report.campaign_report(db, campaign.id)).customers
        state = (await ledger.trunk_states(db))["dead"]
    assert {one.disposition for one in customers} == {"unallocated_number"}
    assert [sum(attempt.rung for attempt in one.attempts) for one in customers] == [1] * CUSTOMERS
    failed = [attempt for one in customers for attempt in one.attempts if not attempt.rung]
    assert {attempt.disposition for attempt in failed} == {"line_failure"}
    assert len(failed) >= 3
    assert "transport failed" in state.paused_why
