"""What a drill reads of the ledger, on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from records import evidence, ledger
from records.database import Database, is_bare
from records.evidence import Load
from tests.records_kit import Where, after, again, dialed, ending, opened, over, person, started, taken


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def test_every_attempt_is_told_with_its_jobs(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(3)])
    recorded, open_, undialed = [await taken(db, campaign, after(n)) for n in range(3)]
    for claim, stem in ((recorded, "day/one"), (open_, "day/two")):
        assert await ledger.permit_invite(db, claim.attempt_id, after(3), recording=stem)
    closing = replace(ending(recorded, over(), at=after(9)), recording="day/one", transcribe=True)
    await ledger.close(db, closing, after(9))
    first, second, third = await evidence.attempts(db)
    assert (first.id, first.phone, first.rung) == (recorded.attempt_id, recorded.customer.phone, True)
    assert (first.invited_at, first.ended_at, first.recording, first.jobs) == (
        after(3), after(9), "day/one", 1,
    )  # fmt: skip
    assert (second.ended_at, second.recording, second.jobs) == (None, "day/two", 0)
    assert (third.id, third.invited_at) == (undialed.attempt_id, None)


async def test_only_customers_whose_number_is_free_can_be_called(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(4)])
    held = await dialed(db, campaign)
    await dialed(db, campaign, after(1))
    await ledger.close(db, replace(ending(held, again(after(2))), hold_until=after(60)), after(2))
    assert await evidence.load(db, after(2)) == Load(total=4, closed=0, calling=1, free=2)
    assert (await evidence.load(db, after(61))).free == 3


async def test_a_bare_database_is_one_without_a_table(
    store: Where, bare_postgresql: str, tmp_path: Path
) -> None:
    async with opened(store) as database:
        await started(database, [person(1)])
    assert not await is_bare(store)
    assert await is_bare(bare_postgresql)
    assert await is_bare(tmp_path / "new.db")
