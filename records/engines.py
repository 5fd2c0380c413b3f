"""What differs between SQLite and PostgreSQL: addresses, settings of a connection, locks, errors.

Both speak SQLAlchemy Core. Everything else in this room knows no engine by name.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from base.errors import InputError, StoreError

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another one."""

READERS = 4
"""Reading transactions at once."""

_WRITERS = 4
_READER = {"sqlite": "sqlite+aiosqlite"}
"""The driver of reading transactions where it is another one; psycopg is both."""
_MIGRATION_LOCK = 0x68756966616E67

_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}

_REMEDIES = {
    "locked": "another program writes to it: end that one, then try again",
    "full": "make room on its disk",
    "readonly": "let this user write to it and to its directory",
    "unable to open": "look whether its directory exists and may be written to",
    "malformed": "put a backup in its place",
    "disk i/o": "look after its disk",
}
"""What to do, by the driver's own words."""

_NAME_ANOTHER = "name another data directory, or set `database` to another file"

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    # NORMAL can lose the last commits at power loss: a fourth call (D10).
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)

_SESSION = (
    f"SET lock_timeout = {BUSY_TIMEOUT_MS}",
    # A stopped process must not keep its locks from the others: our transactions take milliseconds.
    f"SET idle_in_transaction_session_timeout = {BUSY_TIMEOUT_MS // 3}",
    # Compiling costs more than a search or a claim takes.
    "SET jit = off",
    # A server that was told to be quick would lose the last commits in a crash: a fourth call (D10).
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'",
)

_PASSING = {"40001", "40P01"}
"""SQLSTATE: serialization failure, deadlock."""

_UNIQUE = "23505"


# Parameters carry phone numbers and speech: they never stand in an error's text.
_PLAIN: dict[str, Any] = {
    "hide_parameters": True,
    "json_serializer": partial(json.dumps, ensure_ascii=False),
}


def _session(connections: int) -> dict[str, Any]:
    return {
        **_PLAIN,
        "pool_size": connections,
        "max_overflow": 0,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 10, "application_name": "huifang"},
    }


def url_of(where: str | Path) -> sa.URL:
    """The full URL, with the driver that we use.

    Raises:
        InputError: not a URL, or of another kind of database.
    """
    if isinstance(where, Path):
        return sa.URL.create(_DRIVERS["sqlite"], database=str(where))
    try:
        url = sa.make_url(where)
    except (ArgumentError, ValueError):
        url = sa.URL.create("")
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise InputError(
            "is no URL of a database that can be used",
            where="database",
            remedy="write postgresql://USER@HOST/NAME or sqlite:///FILE, or leave it empty",
        )
    return url.set(drivername=driver)


def look_at(url: sa.URL, create: bool) -> None:
    """Refuse a file of SQLite that is no database of ours before anything is written to it.

    Raises:
        InputError: it is not there and `create` is False, is of another program, or no database.
    """
    if url.get_backend_name() == "sqlite" and url.database:
        _look_at(Path(url.database), create)


def _look_at(file: Path, create: bool) -> None:
    """Refuse what is no database of ours before anything is written to it."""
    if not file.exists() or file.stat().st_size == 0:
        if not create:
            raise no_database(str(file))
        return
    if not file.is_file():
        raise InputError("is no file", where=str(file), remedy=_NAME_ANOTHER)
    tables = _tables(file)
    if "alembic_version" not in tables and (tables or not create):
        what = "is a database of another program" if tables else "is an empty database"
        raise InputError(f"{what}, not of huifang", where=str(file), remedy=_NAME_ANOTHER)


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


def no_database(where: str | None) -> InputError:
    """The complaint when there is nothing to open."""
    return InputError("there is no database", where=where or "", remedy="run `huifang init` first")


def writer(url: sa.URL) -> sa.Engine:
    """An engine for writing transactions, each run as a whole in a thread; it connects when first needed."""
    if url.get_backend_name() == "postgresql":
        made = sa.create_engine(url, isolation_level="READ COMMITTED", **_session(_WRITERS))
        sa.event.listen(made, "connect", _prepare_session)
        return made
    made = sa.create_engine(url, **_PLAIN)
    sa.event.listen(made, "connect", _prepare_sqlite)
    sa.event.listen(made, "begin", _begin_immediate)
    return made


def reader(url: sa.URL) -> AsyncEngine:
    """An engine for reading transactions, each one unchanging picture; it connects when first needed."""
    name = url.get_backend_name()
    there = url.set(drivername=_READER.get(name, url.drivername))
    if name == "postgresql":
        made = create_async_engine(there, isolation_level="REPEATABLE READ", **_session(READERS))
        sa.event.listen(made.sync_engine, "connect", _prepare_session)
        return made.execution_options(postgresql_readonly=True)
    made = create_async_engine(there, pool_size=READERS, max_overflow=0, **_PLAIN)
    sa.event.listen(made.sync_engine, "connect", _prepare_sqlite)
    sa.event.listen(made.sync_engine, "begin", _begin)
    return made


def writers(of: sa.Engine) -> int:
    """How many may write at once."""
    return 1 if of.dialect.name == "sqlite" else _WRITERS


def lock_migrations(connection: sa.Connection) -> None:
    """One process migrates at a time, until the end of the transaction; SQLite has one writer anyway.

    It reads its steps between two statements: on a busy machine longer than a transaction may stand idle.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))


def lock_name(connection: sa.Connection, name: str) -> None:
    """One transaction at a time holds a name, until its end; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))


def insert_new(connection: sa.Connection, table: sa.Table, **values: Any) -> bool:
    """Insert a row unless it is there already: then it stays as it is. Gives whether it is new."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    insert = make(table).values(values).on_conflict_do_nothing().returning(sa.literal(1))
    return connection.execute(insert).first() is not None


def insert_all_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those that are there already stay as they are."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    if rows:
        connection.execute(make(table).on_conflict_do_nothing(), rows)


def replace_all(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each in place of the one with its primary key."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    if not rows:
        return
    insert = make(table)
    others = {column.name: insert.excluded[column.name] for column in table.c if not column.primary_key}
    key = [column.name for column in table.primary_key]
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=others), rows)


def is_passing(error: DBAPIError, contended: bool) -> bool:
    """Whether the same transaction may succeed when it is tried again."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _PASSING or (contended and state == _UNIQUE)


def remedy(said: str) -> str:
    """What to do about it, in brackets; empty if nobody knows."""
    known = next((do for word, do in _REMEDIES.items() if word in said.lower()), "")
    return f" ({known})" if known else ""


def message(error: BaseException) -> str:
    """What a driver's error says, without the row that was refused (PostgreSQL prints it as detail)."""
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    return said or str(error).partition("\n")[0]


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Transactions begin where we say so, not where the driver thinks; then the settings of a connection."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _prepare_session(connection: Any, _entry: ConnectionPoolEntry) -> None:
    with closing(connection.cursor()) as cursor:
        for statement in _SESSION:
            cursor.execute(statement)
    connection.commit()
