"""How long it takes to compute what a firm owes its customers, and to keep it in SQLite."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from base.clock import SHANGHAI
from dialer.profile import Profile
from huifang.site import profile_of
from office.planning.owing import keep_owed
from records import obligations, schema
from records.database import Database

SEED = 20260304
PROFILE = "boci"
A_BRANCH = 20_000
NOW = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
WEEKS = 52
_CHUNK = 10_000
_NOWHERE = Path("no-site")
_SOURCES = ("ordinary",) * 17 + ("broker",) * 2 + ("introduced",)


def measure(customers: int) -> dict[str, float]:
    """Seconds for a firm in branches of 20,000 (`obligations_s`), and for a year of one, week by week."""
    whole = asyncio.run(_measured(customers, weeks=1))
    return {"obligations_s": whole, "branch_year_s": asyncio.run(_measured(A_BRANCH, weeks=WEEKS))}


async def _measured(customers: int, weeks: int) -> float:
    profile = profile_of(_NOWHERE, PROFILE)
    with TemporaryDirectory(prefix="huifang-bench-") as folder:
        db = await Database.open(Path(folder) / "huifang.db")
        try:
            await _fill(db, customers)
            began = time.perf_counter()
            for week in range(weeks):
                await _owe(db, profile, NOW.date() + timedelta(weeks=week))
            took = time.perf_counter() - began
            await _require_all(db, customers)
        finally:
            await db.close()
    return round(took, 1)


async def _owe(db: Database, profile: Profile, today: date) -> None:
    await keep_owed(db, profile, today, today, SEED, lambda _done, _of: None)


async def _require_all(db: Database, customers: int) -> None:
    """Whoever was a customer before the year is owed a periodic follow-up: else nothing was measured."""
    kept = sum(one.due for one in await obligations.tallies(db, NOW.date()) if one.kind == "periodic")
    if kept < customers * 0.9:
        raise AssertionError(f"{kept} periodic follow-ups of {customers} customers")


async def _fill(db: Database, customers: int) -> None:
    chance = random.Random(SEED)
    for start in range(0, customers, _CHUNK):
        ids = range(start + 1, min(start + _CHUNK, customers) + 1)
        await db.write(partial(_insert, rows=[_row(n, chance) for n in ids], events=list(_events(ids))))


def _insert(connection: sa.Connection, *, rows: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
    connection.execute(sa.insert(schema.customer), rows)
    connection.execute(sa.insert(schema.customer_event), events)


def _row(n: int, chance: random.Random) -> dict[str, Any]:
    assets = chance.lognormvariate(11, 2)
    return {
        "id": n,
        "name": f"客户{n}",
        "phone": f"+86138{n:08d}",
        "phone_kind": "mobile",
        "account": str(80_000_000 + n),
        "branch": f"第{(n - 1) // A_BRANCH}营业部",
        "opened_on": date(2010, 1, 4) + timedelta(days=chance.randrange(5800)),
        "source": chance.choice(_SOURCES),
        "manager_no": f"{n % 997:04d}",
        "province": "四川" if n % 15 == 0 else "上海",
        "assets": assets,
        "volume": assets * chance.random() * 8,
        "commission": assets * 0.0005,
        "turnover": chance.random() * 9,
        "adviser_since": date(2024, 1, 8) + timedelta(days=n % 700) if n % 25 == 0 else None,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _events(ids: range) -> Iterator[dict[str, Any]]:
    """One customer in twenty has just opened their account, spread over the year."""
    for n in ids:
        if n % 20 == 0:
            on = date(2026, 1, 1) + timedelta(days=n // 20 % 360)
            yield {"customer_id": n, "kind": "opened", "happened_on": on, "made_at": NOW}


if __name__ == "__main__":
    print(measure(1_000_000))
