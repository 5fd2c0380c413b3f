"""What planning reads of customers, on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from base.errors import StoreError
from records import customer_events, customers, schema
from records.database import Database
from records.facts import branches, facts_of_branch
from records.model import ImportResult
from records.people import ClientKind, Event, EventKind, Facts, Source
from tests.records_kit import NOW, Where, execute, how_many, opened, person, scalar


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def known(db: Database, n: int, **columns: Any) -> None:
    """The n-th customer, with these columns."""
    await customers.merge(db, [person(n)], NOW)
    await execute(
        db, sa.update(schema.customer).where(schema.customer.c.name == f"客户{n}").values(**columns)
    )


async def test_facts_are_those_of_the_branch(db: Database) -> None:
    day = date(2026, 3, 2)
    await known(
        db, 1, account="80001", branch="南京路", opened_on=day, client="institution", source="broker",
        manager_no="0017", introducer="0018", opened_by="0019", signed_by="0020", province="四川",
        assets=1.5e7, volume=3e6, commission=250.5, turnover=2.5, core=True, chosen=True, adviser_since=day,
        adviser_until=date(2027, 3, 1),
    )  # fmt: skip
    await known(db, 2, branch="外滩", dormant=True, closed_on=day)
    assert await branches(db) == ("南京路", "外滩")
    assert await facts_of_branch(db, "南京路") == [
        Facts(
            1, "80001", "南京路", opened_on=day, province="四川", client=ClientKind.INSTITUTION,
            source=Source.BROKER, manager="0017", introducer="0018", opened_by="0019", signed_by="0020",
            assets=1.5e7, volume=3e6, commission=250.5, turnover=2.5, core=True, chosen=True,
            adviser_since=day, adviser_until=date(2027, 3, 1),
        )
    ]  # fmt: skip
    assert await facts_of_branch(db, "外滩") == [
        Facts(2, "", "外滩", closed_on=day, dormant=True, manager="李经理")
    ]
    assert await facts_of_branch(db, "无") == []


async def test_an_account_is_one_customer_and_a_person_may_have_several(db: Database) -> None:
    await known(db, 1, account="80001")
    await customers.merge(db, [person(2)], NOW)
    twin = sa.update(schema.customer).where(schema.customer.c.id == 2)
    await execute(db, twin.values(account="80002", name="客户1", phone=person(1).phone))
    with pytest.raises(StoreError):
        await execute(db, twin.values(account="80001"))


async def test_an_event_that_is_added_again_is_the_same(db: Database) -> None:
    await customers.merge(db, [person(1), person(2)], NOW)
    day, last = date(2026, 3, 2), date(2026, 3, 9)
    ordered = Event(0, 1, EventKind.ORDERED, day, last, "合规部", "核实资料")
    reset = Event(0, 2, EventKind.PASSWORD_RESET, date(2026, 3, 1))
    assert await customer_events.add(db, [ordered, reset], NOW) == ImportResult(2, 0, 0)
    assert await customer_events.add(db, [ordered, reset, reset], NOW) == ImportResult(0, 0, 3)
    later = Event(0, 1, EventKind.ORDERED, day, date(2026, 3, 16), "合规部", "核实资料")
    assert await customer_events.add(db, [later], NOW) == ImportResult(0, 1, 0)
    branch = person(1).branch
    found = await customer_events.events_of_branch(db, branch, date(2026, 3, 1))
    assert [(one.customer_id, one.kind, one.by_on, one.by) for one in found] == [
        (2, EventKind.PASSWORD_RESET, None, ""),
        (1, EventKind.ORDERED, date(2026, 3, 16), "合规部"),
    ]
    assert await customer_events.events_of_branch(db, branch, day) == found[1:]
    assert await customer_events.events_of_branch(db, "无", day) == []
    assert await customer_events.events_of_customer(db, 1) == found[1:]


async def test_events_of_somebody_unknown_are_not_kept(db: Database) -> None:
    await customers.merge(db, [person(1)], NOW)
    day = date(2026, 3, 2)
    with pytest.raises(StoreError):
        await customer_events.add(db, [Event(0, n, EventKind.MOVED, day) for n in (1, 77)], NOW)
    assert await scalar(db, how_many(schema.customer_event)) == 0
