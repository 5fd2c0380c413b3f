"""Opening and migrating a database, and what it refuses."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from base.errors import InputError, StoreError
from records import customers, schema
from records.database import Database
from tests.records_kit import NOW, opened, person


async def test_any_path_will_do(tmp_path: Path) -> None:
    path = tmp_path / "回访 data #1 100%?x.db"
    async with opened(path) as db:
        await customers.merge(db, [person(1)], NOW)
    db = await Database.open(path, create=False)
    assert len(await customers.all_customers(db)) == 1
    await db.close()


async def test_a_url_will_do(tmp_path: Path) -> None:
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/huifang.db")
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


@pytest.mark.parametrize(
    "url", ["no url", "nosuch://u:secret@h/d", "sqlite:///x.db", "sqlite+nosuch:///x.db"]
)
async def test_a_url_that_cannot_be_used_is_bad_input(url: str) -> None:
    with pytest.raises(InputError, match="no URL") as refused:
        await Database.open(url)
    assert "secret" not in str(refused.value)


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no file"):
        await Database.open(tmp_path)


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huifang.db"
    async with opened(path) as db, db.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version"):
        await Database.open(path)


async def test_nothing_can_be_lost_at_power_loss(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db, db.read() as connection:
        pragmas = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def _ddl(connection: sa.Connection) -> dict[str, str]:
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: _normal(sql) for name, sql in found if not name.startswith(("utterance_", "alembic_"))}


def _normal(sql: str) -> str:
    """Without layout, and with a table's lines sorted: constraints stand in no particular order."""
    lines = [line.strip().rstrip(",").rstrip() for line in sql.splitlines()]
    return "\n".join(sorted(" ".join(line.split()) for line in lines if line))


async def test_migrations_build_the_schema_that_the_code_knows(tmp_path: Path) -> None:
    memory = sa.create_engine("sqlite://")
    with memory.begin() as connection:
        schema.metadata.create_all(connection)
        wanted = _ddl(connection)
    memory.dispose()
    db = await Database.open(tmp_path / "huifang.db")
    async with db.read() as connection:
        assert await connection.run_sync(_ddl) == wanted
        assert await connection.run_sync(_differences) == []
    await db.close()


def _differences(connection: sa.Connection) -> list[object]:
    found = compare_metadata(MigrationContext.configure(connection), schema.metadata)
    return [one for one in found if "utterance_" not in str(one)]


OPEN = """
import asyncio, sys
from pathlib import Path
from records.database import Database
async def main():
    await (await Database.open(Path(sys.argv[1]))).close()
asyncio.run(main())
"""


def test_two_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(tmp_path / "huifang.db")]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors


async def write_trunk(db: Database, then: Exception) -> None:
    async with db.begin() as connection:
        await connection.execute(sa.insert(schema.trunk).values(name="demo", next_at=NOW))
        raise then


async def test_a_block_that_raises_keeps_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        with pytest.raises(ZeroDivisionError):
            await write_trunk(db, then=ZeroDivisionError())
        async with db.read() as connection:
            assert (await connection.execute(sa.select(schema.trunk))).all() == []


async def test_a_cancelled_block_keeps_nothing_and_frees_the_turn(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        inside = asyncio.Event()

        async def write() -> None:
            async with db.begin() as connection:
                await connection.execute(sa.insert(schema.trunk).values(name="demo", next_at=NOW))
                inside.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(write())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await customers.merge(db, [person(1)], NOW)).added == 1
        async with db.read() as connection:
            assert (await connection.execute(sa.select(schema.trunk))).all() == []


async def bar(db: Database, phone: str) -> None:
    async with db.begin() as connection:
        await connection.execute(sa.insert(schema.do_not_call).values(phone=phone, at=NOW))


async def test_errors_say_no_number(tmp_path: Path) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        await bar(db, "+8613800000001")
        with pytest.raises(StoreError) as refused:
            await bar(db, "+8613800000001")
    said = str(refused.value)
    assert (
        said
        == f"{tmp_path / 'huifang.db'}: the database refused: UNIQUE constraint failed: do_not_call.phone"
    )


async def test_a_database_that_is_held_says_who_to_end(tmp_path: Path) -> None:
    path = tmp_path / "huifang.db"
    async with opened(path) as db:
        async with db.begin() as connection:
            await connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match=r"database is locked \(another program writes to it"):
                await bar(db, "+8613800000001")
