"""The one door to the database: opening, migrating, writing and reading transactions."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError, StatementError
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

_REMEDIES = {
    "locked": "another program writes to it: end that one, then try again",
    "full": "make room on its disk",
    "readonly": "let this user write to it and to its directory",
    "unable to open": "look whether its directory exists and may be written to",
    "malformed": "put a backup in its place",
    "disk i/o": "look after its disk",
}
"""What to do, by the driver's own words."""


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
            InputError: the file is not there and `create` is False, or is of another program, or no database.
            StoreError: the database refused, or was written by a newer version of this program.
        """
        url, engine = _engine(where)
        if url.get_backend_name() == "sqlite" and url.database:
            _look_at(Path(url.database), create)
        database = cls(engine)
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
        with _wrapped(self._engine.url.database):
            async with self._turn, self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A reading transaction: one unchanging picture, no waiting for writers.

        Raises:
            StoreError: the database refused.
        """
        with _wrapped(self._engine.url.database):
            async with self._engine.connect() as connection:
                yield connection


@contextmanager
def _wrapped(name: str | None) -> Iterator[None]:
    """Foreign errors become StoreError where they enter, in the driver's own words: no SQL, no values."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, StatementError) else None
        said = (str(cause or "").splitlines() or [type(error).__name__])[0]
        remedy = next((do for word, do in _REMEDIES.items() if word in said.lower()), "")
        tail = f" ({remedy})" if remedy else ""
        raise StoreError(f"{name or 'the database'}: the database refused: {said}{tail}") from error


def _look_at(file: Path, create: bool) -> None:
    """Refuse what is no database of ours before anything is written to it."""
    if not file.exists() or file.stat().st_size == 0:
        if not create:
            raise InputError("there is no database", where=str(file), remedy="run `huifang init` first")
        return
    if not file.is_file():
        raise InputError("is no file", where=str(file), remedy=_NAME_ANOTHER)
    tables = _tables(file)
    if "alembic_version" not in tables and (tables or not create):
        what = "is a database of another program" if tables else "is an empty database"
        raise InputError(f"{what}, not of huifang", where=str(file), remedy=_NAME_ANOTHER)


_NAME_ANOTHER = "name another data directory, or set `database` to another file"


def _tables(file: Path) -> set[str]:
    """The tables of a file of SQLite, read without a trace."""
    place = f"{file.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.OperationalError as error:
        raise StoreError(f"{file}: the database refused: {error}") from error
    except sqlite3.DatabaseError as error:
        raise InputError("is not a database of huifang", where=str(file), remedy=_NAME_ANOTHER) from error


def _url(where: str | Path) -> sa.URL:
    if isinstance(where, Path):
        return sa.URL.create("sqlite+aiosqlite", database=str(where))
    return sa.make_url(where)


def _engine(where: str | Path) -> tuple[sa.URL, AsyncEngine]:
    """Raises InputError for a URL that cannot be used; it is not repeated, it may hold a password."""
    try:
        url = _url(where)
        # Parameters carry phone numbers and speech: they never stand in an error's text.
        engine = create_async_engine(
            url, hide_parameters=True, json_serializer=partial(json.dumps, ensure_ascii=False)
        )
    except (SQLAlchemyError, ModuleNotFoundError, ValueError) as error:
        remedy = "write sqlite+aiosqlite:///FILE, or leave `database` empty"
        raise InputError(
            "is no URL of a database that can be used", where="database", remedy=remedy
        ) from error
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine.sync_engine, "connect", _prepare)
        sa.event.listen(engine.sync_engine, "begin", _begin)
    return url, engine


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
