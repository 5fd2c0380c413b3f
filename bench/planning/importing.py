"""How long an import takes: a file as branches make it, into an empty database."""

from __future__ import annotations

import asyncio
import csv
import random
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from base.clock import SHANGHAI
from office.customers import importing
from office.customers.reading import opened
from records.database import Database

SEED = 20260304
BRANCHES = 40
NOW = datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
_TITLE = ["客户清单（2026年11月）"]
_HEADING = [
    "序号",
    "资金账号",
    "客户姓名",
    "手机",
    "固定电话",
    "营业部",
    "客户经理",
    "客户经理工号",
    "居间人工号",
    "开户人工号",
    "客户类型",
    "省份",
    "总资产",
    "交易量",
    "佣金",
    "换手率",
    "开户日期",
    "签约日期",
    "是否核心",
    "是否休眠",
]
_SOURCES = ("普通",) * 17 + ("经纪人",) * 2 + ("居间",)


def measure(customers: int) -> dict[str, float]:
    """Seconds to import so many customers from CSV into SQLite: `import_s`."""
    with TemporaryDirectory(prefix="huifang-bench-") as folder:
        file = Path(folder) / "customers.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(rows(customers))
        return {"import_s": round(asyncio.run(_import(file, customers)), 1)}


async def _import(file: Path, customers: int) -> float:
    db = await Database.open(file.with_suffix(".db"))
    try:
        began = time.perf_counter()
        intake = await importing.intake_of_customers(db, NOW, dry=False)
        done = await importing.take(opened(file, intake.sheet, {}), intake)
        took = time.perf_counter() - began
    finally:
        await db.close()
    if (done.result.added, done.bad_rows) != (customers, 0):
        raise AssertionError(f"not all came in: {done.result}, {done.bad[:3]}")
    return took


def rows(customers: int) -> Iterator[Sequence[object]]:
    """A title, a heading, and a row for each customer, the same for each run."""
    yield _TITLE
    yield _HEADING
    chance = random.Random(SEED)
    for n in range(customers):
        yield _row(n, chance)


def _row(n: int, chance: random.Random) -> list[object]:
    opened_on = date(2010, 1, 4) + timedelta(days=chance.randrange(6100))
    assets = chance.lognormvariate(11, 2)
    landline = f"021-6{n % 10_000_000:07d}" if n % 20 == 0 else ""
    signed = opened_on + timedelta(days=30) if n % 25 == 0 else ""
    return [
        *(n + 1, 80_000_000 + n, f"客户{n}", f"138{n:08d}", landline, f"第{n % BRANCHES}营业部", "王芳"),
        *(f"{n % 997:04d}", f"{n % 61:04d}" if n % 20 == 0 else "", f"{n % 499:04d}"),
        *(chance.choice(_SOURCES), "四川" if n % 15 == 0 else "上海", f"{assets:,.2f}"),
        *(round(assets * chance.random() * 8, 2), round(assets * 0.0005, 2), round(chance.random() * 9, 2)),
        *(opened_on, signed, "是" if n % 50 == 0 else "否", "是" if n % 3 == 0 else ""),
    ]


if __name__ == "__main__":
    print(measure(1_000_000))
