"""What files say of customers is kept, on both engines: who is who, what changes, what becomes an event."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from base.errors import InputError
from office.customers import importing, reading
from office.customers.importing import CHUNK
from records import customer_events, customer_files, customers, mappings, schema, staff
from records.customer_keeping import NEWS
from records.customer_matching import Rejected
from records.customer_rows import Contact, CustomerRow, FurtherPhone
from records.database import Database
from records.model import ImportResult
from records.people import EventKind, Staff
from tests.records_kit import NOW, Where, how_many, opened, person, scalar

TODAY = NOW.date()


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


def row(n: int, **values: Any) -> CustomerRow:
    """The n-th customer by account, with name and phone unless those are None."""
    own = {"account": f"8000{n}", "name": f"客户{n}", "phone": f"+8613800{n:06d}", "phone_kind": "mobile"}
    return CustomerRow({key: value for key, value in (own | values).items() if value is not None})


async def kept(db: Database, *rows: CustomerRow, new: bool = True) -> ImportResult:
    """What became of rows of which none is rejected, looked at before they were kept."""
    foreseen = await customers.look(db, rows, new=new)
    done = await customers.keep(db, rows, NOW, new=new)
    assert (done.rejected, done) == ((), foreseen)
    return done.result


async def test_an_account_says_who_it_is_whatever_else_changes(db: Database) -> None:
    assert await kept(db, row(1, assets=5.0), row(2)) == ImportResult(2, 0, 0)
    assert await kept(db, row(1, assets=5.0), row(2, phone="+8613900000009")) == ImportResult(0, 1, 1)
    assert await kept(db, CustomerRow({"account": "80001", "name": "新名", "assets": 7.0})) == ImportResult(
        0, 1, 0
    )
    first, second = await customer_files.listed(db)
    assert (first.name, first.phone, first.assets) == ("新名", "+8613800000001", 7.0)
    assert second.phone == "+8613900000009"


async def test_a_person_with_two_accounts_is_two_customers_who_may_change_numbers(db: Database) -> None:
    twin = {"name": "张伟", "phone": "+8613800000001"}
    assert await kept(db, row(1, **twin), row(2, **twin)) == ImportResult(2, 0, 0)
    assert await kept(db, row(1, **twin), row(2, **twin)) == ImportResult(0, 0, 2)
    swapped = row(1, name="张伟", phone="+8613900000002"), row(2, name="李娜", phone="+8613800000001")
    assert await kept(db, *swapped) == ImportResult(0, 2, 0)


async def test_who_has_no_account_yet_is_given_it(db: Database) -> None:
    await customers.merge(db, [person(1), person(2)], NOW)
    assert await kept(db, row(1)) == ImportResult(0, 1, 0)
    assert await customers.merge(db, [person(1), person(2)], NOW) == ImportResult(0, 0, 2)
    assert [(one.id, one.account) for one in await customer_files.listed(db)] == [(1, "80001"), (2, "")]
    found = await customers.find(db, [row(1), row(2), row(3)])
    assert found == [1, 2, None]


async def test_rows_that_cannot_be_kept_hold_no_other_up(db: Database) -> None:
    rows = [CustomerRow({"account": "9", "assets": 1.0}), row(1)]
    done = await customers.keep(db, rows, NOW)
    assert (done.result, done.rejected) == (ImportResult(1, 0, 0), ((0, Rejected.NAMELESS),))
    done = await customers.keep(db, [row(2), row(1, opened_by="0017")], NOW, new=False)
    assert (done.result, done.rejected) == (ImportResult(0, 1, 0), ((0, Rejected.UNKNOWN),))
    assert await scalar(db, how_many(schema.customer)) == 1


async def test_numbers_and_contacts_are_those_of_the_file_where_it_has_any(db: Database) -> None:
    home = FurtherPhone("+862161234567", "landline", "", "家庭电话")
    other = FurtherPhone("+862161234568", "landline", "12", "单位电话")
    contact = Contact("李娜", "+8613900000001", "mobile", "", "财务")
    values = row(1).values
    assert await kept(db, CustomerRow(values, (home, other), (contact,))) == ImportResult(1, 0, 0)
    assert await kept(db, CustomerRow(values, (other, home), (contact,))) == ImportResult(0, 0, 1)
    assert await kept(db, CustomerRow(values)) == ImportResult(0, 0, 1)
    assert await kept(db, CustomerRow(values, (other,))) == ImportResult(0, 1, 0)
    found = await customer_files.of(db, "80001")
    assert (found.phones, found.contacts) == ((other,), (contact,))
    assert await kept(db, CustomerRow(values, (), ())) == ImportResult(0, 1, 0)
    found = await customer_files.of(db, "80001")
    assert (found.phones, found.contacts) == ((), ())


async def test_details_of_a_file_are_put_beside_those_kept(db: Database) -> None:
    await kept(db, row(1, details={"gender": "女", "hobby": "棋"}))
    assert await kept(db, row(1, details={"hobby": "", "id_tail": "123X"})) == ImportResult(0, 1, 0)
    assert (await customer_files.of(db, "80001")).details == {"gender": "女", "id_tail": "123X"}
    assert await kept(db, row(1, details={"hobby": ""})) == ImportResult(0, 0, 1)


async def test_accounts_opened_and_contracts_signed_lately_become_events_once(db: Database) -> None:
    old = TODAY - NEWS - timedelta(days=1)
    await kept(db, row(1, opened_on=TODAY, adviser_since=None), row(2, opened_on=old, adviser_since=TODAY))
    await kept(db, row(1, opened_on=TODAY, adviser_since=TODAY, branch="外滩"), row(2, opened_on=old))
    found = [
        (one.kind, one.on) for id_ in (1, 2) for one in await customer_events.events_of_customer(db, id_)
    ]
    assert sorted(found) == [(EventKind.OPENED, TODAY), (EventKind.SIGNED, TODAY), (EventKind.SIGNED, TODAY)]


async def test_a_day_of_opening_that_is_corrected_is_no_second_event(db: Database) -> None:
    yesterday = TODAY - timedelta(days=1)
    await kept(db, row(1, opened_on=TODAY))
    (before,) = await customer_events.events_of_customer(db, 1)
    await kept(db, row(1, opened_on=yesterday))
    assert await customer_events.events_of_customer(db, 1) == [replace(before, on=yesterday)]


async def test_a_look_changes_nothing(db: Database) -> None:
    done = await customers.look(db, [row(1, opened_on=TODAY)])
    assert done.result == ImportResult(1, 0, 0)
    assert await scalar(db, how_many(schema.customer)) == 0
    assert await scalar(db, how_many(schema.customer_event)) == 0


class _Stop(Exception):
    """The process ends here."""


async def test_an_import_that_is_broken_off_goes_on_where_it_was(db: Database, tmp_path: Path) -> None:
    """Nothing that was told to be kept is lost, nothing comes in twice."""
    count = CHUNK + 7
    file = tmp_path / "customers.csv"
    lines = (f"8{n:06d},客户{n},138{n:08d}" for n in range(count))
    file.write_text("\n".join(["资金账号,姓名,手机", *lines]), encoding="utf-8")
    intake = await importing.intake_of_customers(db, NOW, dry=False)
    found = reading.opened(file, intake.sheet, {})

    def stop(row: int, of: int) -> None:
        assert (row, of) == (CHUNK + 1, count + 1)
        raise _Stop

    with pytest.raises(_Stop):
        await importing.take(found, intake, progress=stop)
    assert await customer_files.count(db) == CHUNK
    done = await importing.take(found, intake)
    assert (done.result, done.bad_rows) == (ImportResult(7, 0, CHUNK), 0)


async def test_people_of_the_firm_are_known_by_their_number(db: Database) -> None:
    people = [
        Staff("0017", "王芳", "外滩", "运营部", "运营总监"),
        Staff("0018", "李强"),
        Staff("0019", "李强"),
    ]
    assert await staff.keep(db, people, NOW) == ImportResult(3, 0, 0)
    moved = Staff("0017", "王芳", "南京路", "运营部", "运营总监")
    assert await staff.look(db, [moved, people[1]]) == ImportResult(0, 1, 1)
    assert await staff.keep(db, [moved], NOW) == ImportResult(0, 1, 0)
    assert await staff.everybody(db) == [moved, *people[1:]]
    assert await staff.numbers_by_name(db) == {"王芳": "0017"}


async def test_a_mapping_is_kept_under_its_name(db: Database) -> None:
    await mappings.save(db, "外滩", {"客户标识": "account"}, NOW)
    await mappings.save(db, "外滩", {"客户标识": "account", "备注": ""}, NOW)
    assert (await mappings.get(db, "外滩")).columns == {"客户标识": "account", "备注": ""}
    assert [one.name for one in await mappings.listed(db)] == ["外滩"]
    with pytest.raises(InputError, match="known: 外滩"):
        await mappings.get(db, "浦东")


async def test_lists_go_on_behind_an_id_and_count_by_branch(db: Database) -> None:
    await kept(db, *(row(n, branch="外滩" if n % 2 else "") for n in range(1, 6)))
    first = await customer_files.listed(db, limit=2)
    second = await customer_files.listed(db, after=first[-1].id, limit=9)
    assert [one.account for one in first + second] == [f"8000{n}" for n in range(1, 6)]
    assert [one.account for one in await customer_files.listed(db, name="客户4")] == ["80004"]
    assert (await customer_files.count(db), await customer_files.count(db, "外滩")) == (5, 3)
    assert [one.account for one in await customer_files.listed(db, branch="")] == ["80002", "80004"]
    by_id = await customer_files.of(db, str(first[0].id))
    assert by_id.line.account == "80001"
    with pytest.raises(InputError, match="no customer"):
        await customer_files.of(db, "x")


async def test_a_day_that_was_opened_is_kept_as_a_day(db: Database) -> None:
    await kept(db, row(1, opened_on=date(1999, 12, 31)))
    assert (await customer_files.of(db, "80001")).facts.opened_on == date(1999, 12, 31)
