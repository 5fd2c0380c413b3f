"""A site whose March 2026 can be reported on: three customers owed a call, one worksheet, calls, notes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from base.clock import SHANGHAI
from huifang.site import init, open_site
from records import campaigns, customers, ledger, notices, obligations, schema, worksheets
from records.database import Database
from records.model import (
    AnswerRow,
    Campaign,
    CampaignStatus,
    Closing,
    Kind,
    KindRow,
    NewCustomer,
    NoteRow,
    PhoneKind,
)
from records.notices import Notice, Told
from records.planned import Executor, Obligation, SheetState, Worksheet
from tests.records_kit import NOW, dialed, ending, over, talk

SHEET = "SH-2026-001"
BRANCH = "上海营业部"
CAMPAIGN = "三月新开户"
_PEOPLE = (("张伟", "+8613800000001"), ("王芳", "+8613800000002"), ("李娜", "+8613800000003"))


def make(data: Path) -> None:
    """张伟 is called and completes, 王芳 does not answer, 李娜 is informed by SMS."""
    asyncio.run(_make(data))


async def _make(data: Path) -> None:
    await init(data)
    async with open_site(data) as site:
        await fill(site.database)


async def fill(db: Database) -> None:
    """The same in any database."""
    ids = await _customers(db)
    await obligations.keep(db, BRANCH, [_owed(one) for one in ids], ())
    listed = [one.id for one in await obligations.due(db, on=date(2026, 3, 4))]
    await worksheets.create(db, _sheet(), listed[:2], "1001", NOW)
    await worksheets.decide(db, SHEET, SheetState.SUBMITTED, "1001", NOW)
    await worksheets.decide(db, SHEET, SheetState.APPROVED, "1002", NOW + timedelta(hours=1))
    campaign = await _campaign(db, ids[:2])
    await worksheets.start(db, SHEET, campaign.id, "1001", NOW)
    await _call(db, campaign)
    await _notify(db, ids[2], listed[2])


async def _customers(db: Database) -> list[int]:
    rows = [
        NewCustomer(name, phone, PhoneKind.MOBILE, date(2026, 3, 2), "李经理", BRANCH)
        for name, phone in _PEOPLE
    ]
    await customers.merge(db, rows, NOW)
    kept = await customers.all_customers(db)
    staff = [{"number": "1001", "name": "刘洋"}, {"number": "1002", "name": "陈静"}]

    def work(connection: sa.Connection) -> None:
        for one in kept:
            change = sa.update(schema.customer).where(schema.customer.c.id == one.id)
            connection.execute(change.values(account=f"6001{one.id:04d}", details={"gender": "男"}))
        connection.execute(sa.insert(schema.staff), staff)

    await db.write(work)
    return [one.id for one in kept]


def _owed(customer_id: int) -> Obligation:
    return Obligation(
        *(customer_id, "new_account", Kind.NEW_ACCOUNT, "event 1", date(2026, 3, 2), date(2026, 3, 5)),
        *(None, "上海营业部 new_account", 1.0, Executor.OPERATIONS, "P1"),
    )


def _sheet() -> Worksheet:
    return Worksheet(
        number=SHEET,
        branch=BRANCH,
        check=False,
        kind=Kind.NEW_ACCOUNT,
        type_="新开户",
        count=2,
        share=1.0,
        purpose="核实开户为本人意愿",
        content="身份、流程、风险揭示",
        method="电话",
        starts_on=date(2026, 3, 4),
        ends_on=date(2026, 3, 5),
        responsible="1003",
        state=SheetState.DRAFT,
        script="new_account",
        profile="default",
    )


async def _campaign(db: Database, ids: list[int]) -> Campaign:
    made = await campaigns.create(
        db,
        name=CAMPAIGN,
        kind=Kind.NEW_ACCOUNT,
        script="new_account",
        script_version="1",
        script_sha256="a" * 64,
        profile="default",
        customer_ids=ids,
        due_at=NOW,
        deadline=datetime(2026, 3, 5, 18, 0, tzinfo=SHANGHAI),
        now=NOW,
    )
    await campaigns.set_status(db, made.id, CampaignStatus.RUNNING, NOW)
    return replace(made, status=CampaignStatus.RUNNING)


async def _call(db: Database, campaign: Campaign) -> None:
    answered = await dialed(db, campaign)
    await ledger.close(db, _answered(talk(answered)), NOW)
    unanswered = await dialed(db, campaign)
    await ledger.close(db, ending(unanswered, over("exhausted")), NOW)


def _answered(closing: Closing) -> Closing:
    answers = (
        *closing.answers,
        AnswerRow("satisfied", "satisfied", "满意", "speech", "满意", 0.9, 3.0, 3.5),
    )
    kinds = (KindRow("new_account", completed=True),)
    return replace(closing, answers=answers, kinds=kinds, notes=(NoteRow("wants_person"),))


async def _notify(db: Database, customer_id: int, obligation_id: int) -> None:
    words = "【示例证券】投资有风险，请妥善保管密码。"
    notice = Notice(customer_id, obligation_id, "sms", "new_account", _PEOPLE[2][1], words, "D-1")
    await notices.keep(db, [notice], NOW)
    await notices.told(db, "D-1", [Told(_PEOPLE[2][1], delivered=True, reply="收到")], NOW)
