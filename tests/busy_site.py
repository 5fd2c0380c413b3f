"""A site at work in the afternoon: two campaigns half done, calls on the line, flags, a trunk paused."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml

from base.clock import SHANGHAI
from huifang.settings import FILE
from huifang.site import init, open_site
from records import campaigns, customers, ledger, line_health, lines, live, obligations, transcripts
from records.database import Database
from records.model import Campaign, CampaignStatus, Kind, LineHealth
from records.planned import Executor, Obligation
from records.post_call import Flag, Transcript
from tests.records_kit import NOW, again, dialed, ending, over, person, said, started, taken, talk

NEW, PERIODIC = "三月新开户", "一季度定期回访"
BRANCH = "上海营业部"
_FLAGS = (("收益分成", "high"), ("承诺收益", "high"), ("代客操作", "medium"), ("私下推荐", "low"))
_UNANSWERED = ("no_answer", "busy", "rejected", "powered_off", "no_answer", "unreachable")


def make(data: Path) -> None:
    """Its clock shows NOW as this returns."""
    asyncio.run(_make(data))
    file = data / "config" / FILE
    settings = yaml.safe_load(file.read_text("utf-8")) or {}
    clock = {"business_start": NOW.isoformat(), "machine_start": datetime.now(tz=SHANGHAI).isoformat()}
    file.write_text(yaml.safe_dump({**settings, "clock": clock}, allow_unicode=True), "utf-8")


async def _make(data: Path) -> None:
    await init(data)
    async with open_site(data) as site:
        await fill(site.database)


async def fill(db: Database) -> None:
    """The same in any database."""
    new = await _campaign(db, NEW, Kind.NEW_ACCOUNT, range(1, 61))
    periodic = await _campaign(db, PERIODIC, Kind.PERIODIC, range(61, 101))
    await _calls(db, new, 42)
    await _calls(db, periodic, 12)
    under_way = [(await dialed(db, new, NOW - timedelta(seconds=40 - 9 * n))).attempt_id for n in range(4)]
    await taken(db, new)
    await live.keep_stages(db, dict(zip(under_way, ("talking", "talking", "ringing"), strict=False)))
    await campaigns.set_status(db, periodic.id, CampaignStatus.PAUSED, NOW, "话术修订，待合规确认")
    await _lines(db)
    await _owed(db)


async def _campaign(db: Database, name: str, kind: Kind, numbers: range) -> Campaign:
    people = [person(n, name=f"客户{n:03d}") for n in numbers]
    long_ago, deadline = NOW - timedelta(days=10), NOW + timedelta(days=5, hours=3)
    return await started(db, people, name=name, kind=kind, deadline=deadline, due_at=long_ago)


def _times(chosen: random.Random, count: int) -> Iterator[datetime]:
    """On the days before and on this one, while windows are open."""
    nine = NOW.replace(hour=9)
    minutes = (timedelta(minutes=chosen.triangular(5, 355, 80)) for _ in range(count))
    days = (timedelta(days=0 if n % 3 else chosen.randint(1, 6)) for n in range(count))
    return iter(sorted(nine - day + minute for day, minute in zip(days, minutes, strict=True)))


async def _calls(db: Database, campaign: Campaign, count: int) -> None:
    chosen = random.Random(campaign.id)
    for at in _times(chosen, count):
        claim = await dialed(db, campaign, at)
        if chosen.random() < 0.6:
            await ledger.close(db, talk(claim, at=at + timedelta(seconds=60)), at + timedelta(seconds=60))
            await _heard(db, claim.attempt_id, chosen)
        else:
            step = over("exhausted") if chosen.random() < 0.5 else again(NOW + timedelta(days=1))
            ended = ending(claim, step, at=at, disposition=chosen.choice(_UNANSWERED))
            await ledger.close(db, ended, at)


async def _heard(db: Database, attempt_id: int, chosen: random.Random) -> None:
    """Every third call has a flag."""
    category, severity = chosen.choice(_FLAGS)
    flag = Flag(
        *(category, "1", category, severity, "customer", 2.0, 3.6, "三七分成", 0.9, "certain", "affirmed"),
        "原文命中",
    )
    flags = (flag,) if chosen.random() < 0.34 else ()
    await transcripts.save(
        db, Transcript(attempt_id, "test", "a" * 64, (said("他说亏了三七分成"),), flags), NOW
    )


async def _lines(db: Database) -> None:
    await lines.pause_trunk(db, "reserve", NOW + timedelta(minutes=8), "13 of the last 20 numbers never rang")
    for trunk, up, status in (("demo", "up", 200), ("reserve", "down", 503)):
        await line_health.keep(db, LineHealth("node-1", trunk, up, status, 0.02, None, NOW))


async def _owed(db: Database) -> None:
    everybody = await customers.all_customers(db)
    owed = [
        Obligation(
            *(one.id, kind.value, kind, "2026", date(2026, 1, 1), until, None, f"{BRANCH} {kind.value}"),
            *(1.0, Executor.OPERATIONS, "P1"),
        )
        for one in everybody
        for kind, until in ((Kind.NEW_ACCOUNT, date(2026, 3, 31)), (Kind.PERIODIC, date(2026, 3, 2)))
        if (one.id <= 60) == (kind is Kind.NEW_ACCOUNT)
    ]
    await obligations.keep(db, BRANCH, owed, ())
    done = [one.id for one in await obligations.due(db, on=NOW.date()) if one.owed.customer_id % 3]
    await obligations.complete_otherwise(db, done, "", NOW.date(), sheet="SH-2026-001", by="1001", now=NOW)
