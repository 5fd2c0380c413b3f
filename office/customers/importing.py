"""A branch's file into the database: chunk by chunk, each kept whole, so that calls go on meanwhile.

What was kept is recognised when the file comes again: an import that was broken off begins again at the top.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from office.customers import people, reading
from office.customers.fields import CUSTOMERS, EVENTS_SHEET, RELATIONS, STAFF, Sheet
from office.customers.people import EventRow, Key, Making, Names
from office.customers.reading import Opened, Read
from office.customers.returning import Returned
from office.customers.rows import Wrong
from records import customer_events, customers
from records import staff as staff_of_firm
from records.chain import SYSTEM
from records.customer_matching import Rejected
from records.customer_rows import CustomerRow
from records.database import Database
from records.model import ImportResult
from records.people import Staff

T = TypeVar("T")

CHUNK = 5_000
"""Rows in one transaction: others wait for it half a second."""

TOLD = 1_000
"""Bad rows that are told one by one."""

REASONS = {
    Rejected.UNKNOWN: "没有这个客户，请先导入客户",
    Rejected.NAMELESS: "没有这个资金账号的客户；新客户要有姓名和电话",
}

Progress = Callable[[int, int], None]


class What(StrEnum):
    """What a file holds."""

    CUSTOMERS = "customers"
    RELATIONS = "relations"
    """Whose the known ones are (A1)."""
    EVENTS = "events"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out: where in the file, the column as its header says it, and why."""

    row: int
    column: str
    reason: str


@dataclass(slots=True)
class Imported:
    """What a file gave.

    Attributes:
        bad: the first of the `bad_rows`.
        ignored_columns: they mean nothing to us.
        strangers: managers and others of the firm whom its people do not know, the first of them (A1).
    """

    result: ImportResult = field(default_factory=lambda: ImportResult(0, 0, 0))
    bad: list[BadRow] = field(default_factory=list)
    bad_rows: int = 0
    ignored_columns: tuple[str, ...] = ()
    strangers: set[str] = field(default_factory=set)

    @property
    def rows(self) -> int:
        """How many rows spoke of anything."""
        return self.result.added + self.result.updated + self.result.unchanged + self.bad_rows


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a chunk; `rejected`: position and reason; `strangers`: as in `Imported`."""

    result: ImportResult
    rejected: Sequence[tuple[int, str]] = ()
    strangers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Intake(Generic[T]):
    """How rows of a kind are read and kept."""

    sheet: Sheet
    make: Making[T]
    key: Callable[[T], Key]
    keep: Callable[[Sequence[T]], Awaitable[Kept]]


async def intake_of_customers(
    db: Database, now: datetime, *, dry: bool, new: bool = True, by: str = SYSTEM
) -> Intake[CustomerRow]:
    """Customers; `new` False: of those that are known, whose they are (A1)."""
    names = await staff_of_firm.numbers_by_name(db)
    firm = frozenset(await staff_of_firm.staff_names(db))

    async def keep(rows: Sequence[CustomerRow]) -> Kept:
        keeping = customers.look(db, rows, new=new) if dry else customers.keep(db, rows, now, new=new, by=by)
        done = await keeping
        rejected = [(at, REASONS[why]) for at, why in done.rejected]
        return Kept(done.result, rejected, people.strangers(rows, firm) if firm else frozenset())

    make = people.customer_of(Names(names), now.date())
    return Intake(CUSTOMERS if new else RELATIONS, make, people.customer_key, keep)


async def intake_of_events(db: Database, now: datetime, *, dry: bool, by: str = SYSTEM) -> Intake[EventRow]:
    """What happened to customers that are known."""

    async def keep(rows: Sequence[EventRow]) -> Kept:
        found = await customers.find(db, [row.who for row in rows])
        unknown = [(at, REASONS[Rejected.UNKNOWN]) for at, id_ in enumerate(found) if id_ is None]
        events = [row.event(id_) for row, id_ in zip(rows, found, strict=True) if id_ is not None]
        done = customer_events.look(db, events) if dry else customer_events.add(db, events, now, by)
        return Kept(await done, unknown)

    return Intake(EVENTS_SHEET, people.event_of(now.date()), people.event_key, keep)


async def intake_of_staff(db: Database, now: datetime, *, dry: bool, by: str = SYSTEM) -> Intake[Staff]:
    """The firm's own people."""

    async def keep(rows: Sequence[Staff]) -> Kept:
        return Kept(await (staff_of_firm.look(db, rows) if dry else staff_of_firm.keep(db, rows, now, by)))

    return Intake(STAFF, people.staff, people.staff_key, keep)


async def intake_of(db: Database, what: What, now: datetime, *, dry: bool, by: str) -> Intake[Any]:
    """How rows of such a file are read and kept; where it is dry, only looked at."""
    match what:
        case What.EVENTS:
            return await intake_of_events(db, now, dry=dry, by=by)
        case What.STAFF:
            return await intake_of_staff(db, now, dry=dry, by=by)
        case _:
            return await intake_of_customers(db, now, dry=dry, new=what is What.CUSTOMERS, by=by)


def _nobody_looks(_done: int, _of: int) -> None:
    """Progress that nobody sees."""


async def take(
    file: Opened, intake: Intake[T], errors: Path | None = None, progress: Progress = _nobody_looks
) -> Imported:
    """Keep all good rows of a file; bad ones go into the workbook `errors`, where there are any.

    Raises:
        StoreError: the database refused; what `progress` told is kept.
        OSError: the workbook cannot be written; all good rows are kept.
    """
    done = Imported(ignored_columns=file.heading.ignored)
    returned = Returned(file) if errors else None
    with _collected_when_asked():
        rows = reading.rows(file, intake.make, intake.key)
        while chunk := await asyncio.to_thread(_next, rows):
            await _take_chunk(chunk, intake, done, returned)
            progress(chunk[-1].number, file.table.count)
            gc.collect()
    if errors and returned and done.bad_rows:
        await asyncio.to_thread(returned.save, errors)
    return done


@contextmanager
def _collected_when_asked() -> Iterator[None]:
    """Cycles are looked for after each chunk, and not among what was there before.

    Rows hold none, but are many: to look through them at each turn takes a seventh of the time.
    """
    was = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was:
            gc.enable()


def _next(rows: Iterator[Read[T]]) -> list[Read[T]]:
    return list(islice(rows, CHUNK))


async def _take_chunk(
    chunk: Sequence[Read[T]], intake: Intake[T], done: Imported, returned: Returned | None
) -> None:
    good = [(row, row.said) for row in chunk if row.said is not None]
    kept = await intake.keep([said for _, said in good])
    late = {good[at][0].number: (Wrong("", reason),) for at, reason in kept.rejected}
    done.result = ImportResult(
        done.result.added + kept.result.added,
        done.result.updated + kept.result.updated,
        done.result.unchanged + kept.result.unchanged,
    )
    if len(done.strangers) < TOLD:
        done.strangers |= kept.strangers
    for row in chunk:
        if wrong := row.wrong or late.get(row.number, ()):
            _return(row, wrong, done, returned)


def _return(row: Read[T], wrong: Sequence[Wrong], done: Imported, returned: Returned | None) -> None:
    done.bad_rows += 1
    if done.bad_rows <= TOLD:
        done.bad += [BadRow(row.number, one.column, one.reason) for one in wrong]
    if returned:
        returned.add(row.cells, wrong)
