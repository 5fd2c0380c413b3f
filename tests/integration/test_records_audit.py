"""The audit trail on both engines: in the act's transaction, one chain however many write it (A6)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from base.errors import InputError
from records import audit, customers, filed_papers, ledger, schema
from records.audit import Asked
from records.chain import SYSTEM, Act
from records.database import Database
from records.filed_papers import Filed
from records.model import ImportResult
from tests.records_kit import NOW, Where, after, dialed, execute, opened, over, person, started, talk

PAPER = Filed("YB-1", "月报", "a" * 64, ("经办人",), "", "", "", NOW)
ACT = Act(NOW, "1001", "exported", "call", "17", {"paper": "record", "form": "docx"})


def nobody_looks(_done: int, _of: int) -> None:
    """Progress that nobody sees."""


EVERYTHING = Asked()


async def acts(db: Database, asked: Asked = EVERYTHING) -> list[Act]:
    """What is on the trail, oldest first."""
    return [row.act for row in reversed(await audit.listed(db, asked, 1000))]


async def broken_at(db: Database) -> int | None:
    found = (await audit.check(db, (), nobody_looks)).broken
    return found.n if found else None


async def test_what_is_noted_is_read_again_and_fits(store: Where) -> None:
    odd = replace(
        ACT, at=after(0.123456), who="张\0伟\ud800", detail={"名": [1, None, True, "\0\ud800"], "a": {}}
    )
    async with opened(store) as db:
        await audit.keep(db, ACT, odd)
        assert await acts(db) == [
            ACT,
            replace(odd, who="张\ufffd伟?", detail={"名": [1, None, True, "\0?"], "a": {}}),
        ]
        assert (await audit.check(db, (), nobody_looks)).rows == 2


async def test_many_writers_make_one_chain(store: Where) -> None:
    async with opened(store) as db:
        other = await Database.open(store)
        writers = (audit.keep(db if n % 2 else other, replace(ACT, of=str(n))) for n in range(20))
        await asyncio.gather(*writers)
        await other.close()
        found = await audit.check(db, (), nobody_looks)
        assert (found.rows, found.broken) == (20, None)
        assert {act.of for act in await acts(db)} == {str(n) for n in range(20)}


@pytest.mark.parametrize(
    ("harm", "row"),
    [
        (sa.update(schema.audit).where(schema.audit.c.n == 2).values(who="1002"), 2),
        (sa.update(schema.audit).where(schema.audit.c.n == 3).values(detail={"form": "txt"}), 3),
        (sa.update(schema.audit).where(schema.audit.c.n == 1).values(at=NOW + timedelta(hours=1)), 1),
        (sa.delete(schema.audit).where(schema.audit.c.n == 2), 2),
    ],
)
async def test_what_was_changed_behind_our_back_is_found(store: Where, harm: sa.Executable, row: int) -> None:
    async with opened(store) as db:
        await audit.keep(db, ACT, ACT, ACT)
        assert await broken_at(db) is None
        await execute(db, harm)
        assert await broken_at(db) == row


async def test_it_is_undone_with_what_it_speaks_of(store: Where) -> None:
    async with opened(store) as db:
        with pytest.raises(InputError):
            await filed_papers.sign(db, [replace(PAPER, number="none")], "经办人", "1001", "", NOW)
        assert await acts(db) == []


async def test_it_is_listed_by_who_what_object_and_time(store: Where) -> None:
    other = replace(ACT, at=after(60), who="1002", what="signed", kind="paper", of="YB-1")
    async with opened(store) as db:
        await audit.keep(db, ACT, other)
        assert await acts(db, Asked(who="1002")) == [other]
        assert await acts(db, Asked(what="exported")) == [ACT]
        assert await acts(db, Asked(of="paper YB-1")) == [other]
        assert await acts(db, Asked(of="call")) == [ACT]
        assert await acts(db, Asked(since=after(1))) == [other]
        assert await acts(db, Asked(until=after(60))) == [ACT]


async def test_imports_bars_and_signatures_are_on_it(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(1)])
        assert await customers.merge(db, [person(1)], NOW) == ImportResult(0, 0, 1)
        claim = await dialed(db, campaign)
        closing = replace(talk(claim, over("refused")), do_not_call="asked for it")
        await ledger.close(db, closing, NOW)
        await ledger.do_not_call(db, "+8613800000001", "again", NOW)
        await filed_papers.file(db, PAPER, frozenset())
        await filed_papers.sign(db, [PAPER], "经办人", "1001", "password", NOW)
        await filed_papers.hand_in(db, "YB-1", "1001", NOW)
        found = await acts(db)
        assert [(act.who, act.what, act.kind, act.of) for act in found] == [
            (SYSTEM, "imported", "customers", ""),
            (SYSTEM, "do_not_call", "phone", "138****0001"),
            ("1001", "signed", "paper", "YB-1"),
            ("1001", "handed_in", "paper", "YB-1"),
        ]
        assert found[1].detail == {"reason": "asked for it", "customers": [claim.customer.id]}
        assert await broken_at(db) is None
