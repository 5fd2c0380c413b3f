"""Builders of kept things for tests, with plain defaults."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from base.clock import SHANGHAI
from records import campaigns, customers, ledger
from records.database import Database
from records.model import (
    NO_CAPS,
    AnswerRow,
    Campaign,
    CampaignStatus,
    Caps,
    Claim,
    Closing,
    Kind,
    LineLimits,
    NewCustomer,
    Next,
    NoteRow,
    PastAttempt,
    PhoneKind,
    SpokenRow,
)
from records.post_call import Utterance

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=SHANGHAI)
LEASE_S = 60.0


def after(seconds: float) -> datetime:
    """So many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def person(n: int, *, phone: str = "", name: str = "", manager: str = "李经理") -> NewCustomer:
    """The n-th customer, each with a number of their own unless given."""
    return NewCustomer(
        name or f"客户{n}", phone or f"+8613800{n:06d}", PhoneKind.MOBILE, None, manager, "上海营业部"
    )


_made: list[bytes] = []


async def _empty() -> bytes:
    """An empty database's file."""
    if not _made:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "empty.db"
            await (await Database.open(path)).close()
            _made.append(await asyncio.to_thread(path.read_bytes))
    return _made[0]


Where = Path | str
"""SQLite's file, or PostgreSQL's URL."""


@asynccontextmanager
async def opened(where: Where) -> AsyncIterator[Database]:
    """A new database, copied from an empty one that was migrated once; it is closed afterwards."""
    if isinstance(where, Path):
        await asyncio.to_thread(where.write_bytes, await _empty())
    db = await Database.open(where)
    try:
        yield db
    finally:
        await db.close()


async def scalar(db: Database, query: sa.Select[Any]) -> Any:
    """The first value that the query finds."""
    return await db.read(lambda connection: connection.scalar(query))


async def execute(db: Database, *statements: sa.Executable) -> None:
    """All in one transaction."""

    def work(connection: sa.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    await db.write(work)


def how_many(table: sa.Table) -> sa.Select[Any]:
    """The query that counts its rows."""
    return sa.select(sa.func.count()).select_from(table)


async def started(
    db: Database,
    people: Sequence[NewCustomer],
    *,
    name: str = "三月新开户",
    kind: Kind = Kind.NEW_ACCOUNT,
    deadline: datetime | None = None,
    due_at: datetime = NOW,
) -> Campaign:
    """These people imported, and a running campaign that calls exactly them."""
    await customers.merge(db, people, NOW)
    wanted = {(one.name, one.phone) for one in people}
    ids = [kept.id for kept in await customers.all_customers(db) if (kept.name, kept.phone) in wanted]
    campaign = await campaigns.create(
        db,
        name=name,
        kind=kind,
        script="new_account",
        script_version="1",
        script_sha256="a" * 64,
        profile="demo",
        customer_ids=ids,
        due_at=due_at,
        deadline=deadline,
        now=NOW,
    )
    await campaigns.set_status(db, campaign.id, CampaignStatus.RUNNING, NOW)
    return replace(campaign, status=CampaignStatus.RUNNING)


async def take(
    db: Database,
    campaign: Campaign,
    now: datetime = NOW,
    *,
    trunk: str = "demo",
    channels: int = 100,
    cps: float = math.inf,
    max_rung: int = 3,
    node: str = "node-1",
    lease_s: float = LEASE_S,
    appointments_only: bool = False,
    per_hour: int | None = None,
    per_day: int | None = None,
    caps: Caps = NO_CAPS,
    probe: bool = False,
) -> Claim | None:
    """A claim without a pace that would matter."""
    return await ledger.claim(
        db,
        campaign,
        line=LineLimits(trunk, channels, cps, per_hour, per_day),
        caps=caps,
        max_rung=max_rung,
        node=node,
        now=now,
        lease_s=lease_s,
        appointments_only=appointments_only,
        probe=probe,
    )


async def taken(db: Database, campaign: Campaign, now: datetime = NOW, *, node: str = "node-1") -> Claim:
    """A claim that must succeed."""
    claim = await take(db, campaign, now, node=node)
    assert claim is not None
    return claim


async def dialed(db: Database, campaign: Campaign, now: datetime = NOW, *, node: str = "node-1") -> Claim:
    """A claim whose INVITE was permitted."""
    claim = await taken(db, campaign, now, node=node)
    assert await ledger.permit_invite(db, claim.attempt_id, now)
    return claim


def again(at: datetime, *, appointment: bool = False) -> Next:
    """Due again."""
    return Next(at, appointment, "", "D2: try again")


def over(disposition: str = "completed") -> Next:
    """The follow-up's end."""
    return Next(None, False, disposition, "D2: closed")


def ending(claim: Claim, step: Next, *, at: datetime = NOW, disposition: str = "no_answer") -> Closing:
    """An unanswered call that rang for thirty seconds."""
    return Closing(
        attempt_id=claim.attempt_id,
        disposition=disposition,
        rung=True,
        valid=True,
        call_id="call@127.0.0.1",
        sip_status=487,
        sip_reason="Request Terminated",
        q850=0,
        ended_by="us",
        ringing_at=at,
        answered_at=None,
        ended_at=at,
        rang_s=30.0,
        talked_s=0.0,
        recording="",
        owner_confirmed=False,
        notes=(),
        spoken=(),
        answers=(),
        ladder=(),
        next=step,
        transcribe=False,
    )


def talk(claim: Claim, step: Next | None = None, *, at: datetime = NOW) -> Closing:
    """An answered call with one question, recorded."""
    return replace(
        ending(claim, step or over(), at=at, disposition="completed"),
        sip_status=200,
        sip_reason="OK",
        answered_at=at,
        talked_s=12.5,
        recording="recordings/2026-03-04/20260304-150000_8001",
        owner_confirmed=True,
        notes=(NoteRow("asked_machine"),),
        spoken=(SpokenRow("owner", "owner.ask", "请问是本人吗", False, 0.2, 1.9, True),),
        answers=(AnswerRow("owner", "yes", "是", "speech", "是的", 0.98, 2.1, 2.6),),
        ladder=("→ INVITE", "← 200 OK", "→ ACK"),
        transcribe=True,
    )


def said(text: str, *, party: str = "customer", start_s: float = 2.0) -> Utterance:
    """Speech with a fifth of a second for each character."""
    chars = tuple(start_s + 0.2 * n for n in range(len(text)))
    return Utterance(party, start_s, start_s + 0.2 * len(text), text, 0.9, chars)


def retry_in(seconds: float, *, most: int = 3) -> ledger.Decide:
    """A policy of `most` rings, each so many seconds after the last attempt's end."""

    def decide(_campaign: Campaign, past: tuple[PastAttempt, ...]) -> Next:
        if sum(one.rung for one in past) >= most:
            return over("insufficient")
        assert past[-1].ended_at is not None
        return again(past[-1].ended_at + timedelta(seconds=seconds))

    return decide
