"""The one door to the database: opening, migrating, writing and reading transactions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from base.errors import InputError, StoreError

BUSY_TIMEOUT_MS = 30_000

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    # NORMAL can lose the last commits at power loss: a fourth call (D10).
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


class Database:
    """An open database of the present schema. Make one with `Database.open`.

    Writers of one process wait for each other in memory (SQLite has one writer at a time and its busy
    handler polls); writers of other processes wait by SQLite's busy timeout.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(immediate=True)
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, where: str | Path, *, create: bool = True) -> Self:
        """Open and bring the schema up to date.

        Args:
            where: a file of SQLite, or a URL such as `sqlite+aiosqlite:///huifang.db`.
            create: make the file if it isn't there.

        Raises:
            InputError: the file does not exist and `create` is False.
            StoreError: not a database, or written by a newer version of this program.
        """
        url = _url(where)
        if not create:
            _must_exist(url)
        database = cls(_engine(url))
        try:
            async with database.begin() as connection:
                await connection.run_sync(_migrate)
        except BaseException:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A writing transaction: committed at the end of the block, undone when it raises.

        On SQLite it begins as a writer (BEGIN IMMEDIATE), so what it reads cannot change under it.

        Raises:
            StoreError: the database refused; nothing of the block was kept.
        """
        with _wrapped():
            async with self._turn, self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A reading transaction: one unchanging picture, no waiting for writers.

        Raises:
            StoreError: the database refused.
        """
        with _wrapped():
            async with self._engine.connect() as connection:
                yield connection


@contextmanager
def _wrapped() -> Iterator[None]:
    """Foreign errors become StoreError where they enter."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"the database refused: {error}") from error


def _must_exist(url: sa.URL) -> None:
    if url.database and not Path(url.database).exists():
        raise InputError("there is no database", where=url.database, remedy="run `huifang init` first")


def _url(where: str | Path) -> sa.URL:
    if isinstance(where, Path):
        return sa.URL.create("sqlite+aiosqlite", database=str(where))
    return sa.make_url(where)


def _engine(url: sa.URL) -> AsyncEngine:
    # Parameters carry phone numbers and speech: they never stand in an error's text.
    engine = create_async_engine(
        url, hide_parameters=True, json_serializer=partial(json.dumps, ensure_ascii=False)
    )
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine.sync_engine, "connect", _prepare)
        sa.event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Transactions begin where we say so, not where the driver thinks; then the settings of a connection."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _migrate(connection: sa.Connection) -> None:
    """Upgrade to the newest schema within the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", "records:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_heads()
    if not known.issuperset(present):
        raise StoreError("the database was written by a newer version of huifang: use that version")
    command.upgrade(config, "head")
