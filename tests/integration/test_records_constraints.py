"""What must never happen is refused by the database itself, whoever writes (D10)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from base.errors import StoreError
from records import schema
from records.database import Database
from tests.records_kit import NOW, Where, execute, how_many, opened, person, scalar, started

ENDED = {"ended_at": NOW, "released_at": NOW, "disposition": "no_answer"}
RANG = {"invited_at": NOW, "rung": True}


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    """Two follow-ups, ids 1 and 2, and no attempt."""
    async with opened(store) as database:
        await started(database, [person(1), person(2)])
        yield database


def attempt(**different: object) -> dict[str, object]:
    """An open first attempt of follow-up 1."""
    plain: dict[str, object] = {
        "follow_up_id": 1,
        "n": 1,
        "ring": 1,
        "max_rung": 3,
        "phone": "+8613800000001",
        "trunk": "demo",
        "slot": 0,
        "node": "node-1",
        "claimed_at": NOW,
        "lease_until": NOW,
    }
    return plain | different


async def insert(db: Database, *rows: dict[str, object]) -> None:
    await execute(db, *(sa.insert(schema.attempt).values(row) for row in rows))


SECOND = {"n": 2, "ring": 2, "slot": 1, "phone": "+8613800000009"}

ALLOWED = {
    "one open attempt": [attempt()],
    "a second after the first": [attempt(**ENDED), attempt(**SECOND)],
    "another number and another slot": [attempt(), attempt(follow_up_id=2, slot=1, phone="+8613800000002")],
    "the same slot on another trunk": [
        attempt(),
        attempt(follow_up_id=2, trunk="other", phone="+8613800000002"),
    ],
    "three rings": [
        attempt(**ENDED, **RANG),
        attempt(n=2, ring=2, **ENDED, **RANG),
        attempt(n=3, ring=3, **ENDED, **RANG),
    ],
    "silent ones beside the rings": [attempt(n=n, ring=None, **ENDED) for n in (1, 2, 3, 4)],
}

FOREIGN_KEY = "FOREIGN KEY|foreign key"

FORBIDDEN = {
    "attempt_one_open": ([attempt(), attempt(**SECOND)], "follow_up_id|attempt_one_open"),
    "attempt_one_number, live": ([attempt(), attempt(follow_up_id=2, slot=1)], "phone|attempt_one_number"),
    "attempt_one_number, held": (
        [attempt(**ENDED | {"released_at": None}), attempt(follow_up_id=2, slot=1)],
        "phone|attempt_one_number",
    ),
    "attempt_one_slot": (
        [attempt(), attempt(follow_up_id=2, phone="+8613800000002")],
        "attempt.slot|attempt_one_slot",
    ),
    "attempt_numbers": ([attempt(**ENDED), attempt(ring=2)], "attempt.n|attempt_numbers"),
    "attempt_rings": ([attempt(**ENDED, **RANG), attempt(n=2)], "attempt.ring|attempt_rings"),
    "a fourth ring": ([attempt(n=4, ring=4)], "ring_in_range"),
    "a ring before the first": ([attempt(ring=0)], "ring_in_range"),
    "a hundredth attempt": ([attempt(n=100)], "n_in_range"),
    "attempt number nought": ([attempt(n=0)], "n_in_range"),
    "a policy without end": ([attempt(max_rung=100)], "max_rung_in_range"),
    "a slot below the first": ([attempt(slot=-1)], "slot_in_range"),
    "rung, but counted nowhere": ([attempt(ring=None, **ENDED, **RANG)], "rung_takes_a_ring"),
    "rung, but never permitted": ([attempt(rung=True, **ENDED)], "rung_was_invited"),
    "valid without a ring": ([attempt(valid=True, invited_at=NOW, **ENDED)], "valid_has_rung"),
    "ended without a disposition": ([attempt(ended_at=NOW)], "ended_has_disposition"),
    "a disposition before the end": ([attempt(disposition="busy")], "ended_has_disposition"),
    "released before the end": ([attempt(released_at=NOW)], "released_after_end"),
    "an attempt of nothing": ([attempt(follow_up_id=99)], FOREIGN_KEY),
}


@pytest.mark.parametrize("rows", ALLOWED.values(), ids=ALLOWED.keys())
async def test_what_is_allowed(db: Database, rows: list[dict[str, object]]) -> None:
    await insert(db, *rows)
    assert await scalar(db, how_many(schema.attempt)) == len(rows)


@pytest.mark.parametrize(("rows", "refuses"), FORBIDDEN.values(), ids=FORBIDDEN.keys())
async def test_what_is_refused(db: Database, rows: list[dict[str, object]], refuses: str) -> None:
    """All but the last row go in; the last is refused, and by the constraint that is meant."""
    await insert(db, *rows[:-1])
    with pytest.raises(StoreError, match=refuses):
        await insert(db, rows[-1])


@pytest.mark.parametrize(
    ("change", "refuses"),
    [
        ({"state": "closed", "closed_at": NOW}, "closed_has_disposition"),
        ({"state": "closed", "disposition": "completed"}, "closed_has_time"),
        ({"disposition": "completed"}, "closed_has_disposition"),
        ({"state": "lost"}, "follow_up_state"),
        ({"customer_id": 99}, FOREIGN_KEY),
        ({"customer_id": 2}, "UNIQUE|unique"),
    ],
)
async def test_a_follow_up_is_whole(db: Database, change: dict[str, object], refuses: str) -> None:
    change_first = sa.update(schema.follow_up).where(schema.follow_up.c.id == 1).values(change)
    with pytest.raises(StoreError, match=refuses):
        await execute(db, change_first)


async def test_an_id_is_never_used_twice(db: Database) -> None:
    """Who wakes late must not find somebody else's attempt under the id it remembers."""
    await insert(db, attempt())
    await execute(db, sa.delete(schema.attempt))
    await insert(db, attempt())
    assert await scalar(db, sa.select(schema.attempt.c.id)) == 2
