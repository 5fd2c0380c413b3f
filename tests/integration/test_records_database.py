"""Opening and migrating a database, and what it refuses."""

from __future__ import annotations

import asyncio
import gc
import re
import sqlite3
import subprocess
import sys
import threading
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.util import await_only

from base.errors import InputError, StoreError
from records import customers, schema, schema_search
from records.database import Database, Work
from records.engines import READERS
from tests.postgres import Cluster
from tests.records_kit import NOW, Where, execute, how_many, opened, person, scalar

METADATA = schema_search.searchable.metadata
"""All tables: `schema`'s, and the one that a search looks through."""


async def test_any_path_will_do(tmp_path: Path) -> None:
    path = tmp_path / "回访 data #1 100%?x.db"
    async with opened(path) as db:
        await customers.merge(db, [person(1)], NOW)
    db = await Database.open(path, create=False)
    assert len(await customers.all_customers(db)) == 1
    await db.close()


async def test_a_url_will_do(tmp_path: Path) -> None:
    db = await Database.open(f"sqlite:///{tmp_path}/huifang.db")
    assert await customers.all_customers(db) == []
    await db.close()


async def test_what_must_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="huifang init"):
        await Database.open(tmp_path / "huifang.db", create=False)
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huifang.db"
    path.write_text("姓名,电话\n" * 200, encoding="utf-8")
    with pytest.raises(InputError, match="is not a database of huifang"):
        await Database.open(path)
    assert path.read_text(encoding="utf-8").startswith("姓名")


@pytest.mark.parametrize("create", [True, False])
async def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"other\.db: is a database of another program"):
        await Database.open(path, create=create)
    assert path.read_bytes() == before
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == [path]


async def test_an_empty_file_is_no_database_unless_one_may_be_made(tmp_path: Path) -> None:
    path = tmp_path / "huifang.db"
    path.touch()
    with pytest.raises(InputError, match="huifang init"):
        await Database.open(path, create=False)
    assert path.stat().st_size == 0
    await (await Database.open(path)).close()
    await (await Database.open(path, create=False)).close()


@pytest.mark.parametrize("url", ["no url", "nosuch://u:secret@h/d"])
async def test_a_url_that_cannot_be_used_is_bad_input(url: str) -> None:
    with pytest.raises(InputError, match="no URL") as refused:
        await Database.open(url)
    assert "secret" not in str(refused.value)


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no file"):
        await Database.open(tmp_path)


async def test_a_newer_schema_is_refused(store: Where) -> None:
    async with opened(store) as db:
        await execute(db, sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        await Database.open(store)


PRAGMAS = ("journal_mode", "synchronous", "foreign_keys")


async def setting(db: Database, query: str) -> object:
    return await db.read(lambda connection: connection.exec_driver_sql(query).scalar())


async def test_nothing_can_be_lost_at_power_loss(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        pragmas = {name: await setting(db, f"PRAGMA {name}") for name in PRAGMAS}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_a_quick_server_is_told_to_be_safe(bare_postgresql: str, postgresql: Cluster) -> None:
    """D10: a server set to forget the last commits in a crash could forget a ring."""
    name = sa.make_url(bare_postgresql).database
    postgresql.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    db = await Database.open(bare_postgresql)
    kept = await setting(db, "SHOW synchronous_commit")
    await db.close()
    assert kept == "on"


def _ddl(connection: sa.Connection) -> dict[str, str]:
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {
        name: _normal(sql) for name, sql in found if not name.startswith(("searchable_tokens", "alembic_"))
    }


def _normal(sql: str) -> str:
    """Without layout, and with a table's lines sorted: constraints stand in no particular order.

    SQLite writes a column that was added later behind the one before it, on the same line.
    """
    one_a_line = re.sub(r", (?=[a-z_]+ [A-Z])", ",\n", sql)
    lines = [line.strip().rstrip(",").rstrip() for line in one_a_line.splitlines()]
    return "\n".join(sorted(" ".join(line.split()) for line in lines if line))


async def test_migrations_build_the_schema_that_the_code_knows(tmp_path: Path) -> None:
    memory = sa.create_engine("sqlite://")
    with memory.begin() as connection:
        METADATA.create_all(connection)
        wanted = _ddl(connection)
    memory.dispose()
    db = await Database.open(tmp_path / "huifang.db")
    assert await db.read(_ddl) == wanted
    assert await db.read(_differences) == []
    await db.close()


async def test_migrations_build_the_same_on_postgresql(bare_postgresql: str) -> None:
    """What Alembic sees: tables, columns, types, indexes; checks are tried by test_records_constraints."""
    db = await Database.open(bare_postgresql)
    assert await db.read(_differences) == []
    await db.close()


def _differences(connection: sa.Connection) -> list[object]:
    found = compare_metadata(MigrationContext.configure(connection), METADATA)
    return [one for one in found if "searchable_tokens" not in str(one) and "'tokens'" not in str(one)]


OPEN = """
import asyncio, sys
from records.database import Database
async def main():
    await (await Database.open(sys.argv[1])).close()
asyncio.run(main())
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_two_processes_may_open_a_new_database_at_once(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    file = f"sqlite:///{tmp_path}/huifang.db"
    url = file if engine == "sqlite" else request.getfixturevalue("bare_postgresql")
    command = [sys.executable, "-c", OPEN, url]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors


TRUNK = sa.insert(schema.trunk).values(name="demo", next_at=NOW)


async def test_a_transaction_that_raises_keeps_nothing(store: Where) -> None:
    def work(connection: sa.Connection) -> None:
        connection.execute(TRUNK)
        raise ZeroDivisionError

    async with opened(store) as db:
        with pytest.raises(ZeroDivisionError):
            await db.write(work)
        assert await scalar(db, how_many(schema.trunk)) == 0


async def given_up(task: asyncio.Task[None], inside: threading.Event, go_on: threading.Event) -> None:
    await asyncio.to_thread(inside.wait)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancelled_transaction_keeps_nothing_and_frees_the_turn(store: Where) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def work(connection: sa.Connection) -> None:
        connection.execute(TRUNK)
        inside.set()
        go_on.wait()

    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    async with opened(store) as db:
        await given_up(asyncio.create_task(db.write(work)), inside, go_on)
        assert (await customers.merge(db, [person(1)], NOW)).added == 1
        assert await scalar(db, how_many(schema.trunk)) == 0
    gc.collect()
    assert complaints == [], "how it ended interests nobody"


async def test_a_transaction_in_the_queue_is_never_begun_when_cancelled(tmp_path: Path) -> None:
    go_on = threading.Event()
    async with opened(tmp_path / "huifang.db") as db:
        first = asyncio.create_task(db.write(lambda _connection: go_on.wait()))
        second = asyncio.create_task(execute(db, TRUNK))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await first
        with pytest.raises(asyncio.CancelledError):
            await second
        assert await scalar(db, how_many(schema.trunk)) == 0


ENDLESS = """
WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < 3000000)
SELECT max(n) FROM steps
"""


async def test_a_cancelled_reader_leaves_at_once_and_harms_nobody(store: Where) -> None:
    """More of them than there are connections: those that come after find one that works."""
    async with opened(store) as db:
        for _ in range(READERS + 1):
            slow = asyncio.create_task(setting(db, ENDLESS))
            await asyncio.sleep(0.01)
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
        assert await scalar(db, how_many(schema.trunk)) == 0
        await execute(db, TRUNK)
        assert await scalar(db, how_many(schema.trunk)) == 1


async def test_a_reader_sees_one_picture_and_waits_for_no_writer(store: Where) -> None:
    """What is committed between its two looks it does not see."""
    looked, written = threading.Event(), asyncio.Event()

    async def write(db: Database) -> None:
        await asyncio.to_thread(looked.wait)
        await execute(db, TRUNK)
        written.set()

    def twice(connection: sa.Connection) -> list[int]:
        first = connection.scalar(how_many(schema.trunk))
        looked.set()
        await_only(written.wait())
        return [first, connection.scalar(how_many(schema.trunk))]

    async with opened(store) as db:
        picture, _ = await asyncio.gather(db.read(twice), write(db))
        assert picture == [0, 0]
        assert await scalar(db, how_many(schema.trunk)) == 1


async def test_errors_say_no_number(store: Where) -> None:
    """Neither in the text nor in a traceback: PostgreSQL's own errors print the row that was refused."""
    bar = sa.insert(schema.do_not_call).values(phone="+8613800000001", at=NOW)
    async with opened(store) as db:
        await execute(db, bar)
        with pytest.raises(StoreError) as refused:
            await execute(db, bar)
    assert "13800000001" not in "".join(traceback.format_exception(refused.value))
    assert "\n" not in str(refused.value)


async def test_of_two_in_each_others_way_both_come_through(store: Where) -> None:
    """PostgreSQL ends one of them (deadlock): it is tried again. On SQLite they go one by one."""
    locked = threading.Barrier(2)

    def add(first: str, then: str) -> Work[None]:
        waited: list[str] = []

        def work(connection: sa.Connection) -> None:
            connection.execute(_change(first))
            if connection.dialect.name == "postgresql" and not waited:
                waited.append(first)
                locked.wait()
            connection.execute(_change(then))

        return work

    async with opened(store) as db:
        await execute(db, *(sa.insert(schema.do_not_call).values(phone=one, at=NOW) for one in "ab"))
        await asyncio.gather(db.write(add("a", "b")), db.write(add("b", "a")))
        table = schema.do_not_call
        assert await scalar(db, sa.select(sa.func.max(table.c.reason))) == "++"
        assert await scalar(db, sa.select(sa.func.min(table.c.reason))) == "++"


def _change(phone: str) -> sa.Update:
    table = schema.do_not_call
    return sa.update(table).where(table.c.phone == phone).values(reason=table.c.reason + "+")


async def test_what_somebody_else_took_meanwhile_is_looked_at_again(store: Where) -> None:
    """Contended: two look, both find the name free, one insert is refused; then it looks again."""
    looked = threading.Barrier(2)

    def work(connection: sa.Connection) -> bool:
        taken = bool(connection.scalar(how_many(schema.trunk)))
        if not taken:
            if connection.dialect.name == "postgresql":
                looked.wait()
            connection.execute(TRUNK)
        return taken

    async with opened(store) as db:
        both = await asyncio.gather(*(db.write(work, contended=True) for _ in range(2)))
    assert sorted(both) == [False, True]


async def test_tables_that_must_exist_are_not_made(bare_postgresql: str) -> None:
    with pytest.raises(InputError, match="huifang init"):
        await Database.open(bare_postgresql, create=False)
    await (await Database.open(bare_postgresql)).close()
    await (await Database.open(bare_postgresql, create=False)).close()


@pytest.mark.parametrize("url", ["huifang.db", "mysql://localhost/huifang", "://", ""])
async def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(InputError, match="URL"):
        await Database.open(url)


async def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="refused") as refused:
        await Database.open(f"postgresql://huifang:secret@/huifang?host={tmp_path}")
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)
