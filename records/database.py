"""The one door to the database: opening, migrating, writing and reading transactions.

A transaction is a plain function of a connection. A writing one runs as a whole in a thread of the database's
own, so that it costs one change of threads, however many statements it has; a reading one goes through
SQLAlchemy's asyncio extension, and ends at once when its task is cancelled (docs/adr/0006).
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from base.errors import StoreError
from records import engines, migrating
from records.together import GivenUp, Together, Undone

T = TypeVar("T")
Work = Callable[[sa.Connection], T]
"""What a transaction does. It may run more than once, so it changes nothing but the database."""

TRIES = 8
"""How often a transaction is tried that others get in the way of."""

_BACK_OFF_S = 0.02


class Database:
    """An open database of the present schema. Make one with `Database.open`.

    Writers of one process on SQLite queue in memory (SQLite has one writer at a time and its busy handler
    polls), and those that wait together share a commit; those of other processes wait by its busy timeout.
    PostgreSQL has as many as it has threads here.
    """

    def __init__(self, writer: sa.Engine, reader: AsyncEngine) -> None:
        self._writer, self._reader = writer, reader
        self._name = writer.url.database
        self._threads = ThreadPoolExecutor(engines.writers(writer), "huifang-write")
        self._together = None if self.is_server else Together(writer, self._threads)

    @property
    def url(self) -> sa.URL:
        """Where it is."""
        return self._writer.url

    @property
    def is_server(self) -> bool:
        """Whether machines may share it: PostgreSQL."""
        return self._writer.dialect.name == "postgresql"

    @classmethod
    async def open(cls, where: str | Path, *, create: bool = True) -> Self:
        """Open and bring the schema up to date.

        Args:
            where: a file of SQLite, or a URL: `sqlite:///huifang.db`, `postgresql://user@host/huifang`.
            create: make SQLite's file or PostgreSQL's tables if they aren't there.

        Raises:
            InputError: no such URL, nothing there and `create` is False, or of another program.
            StoreError: not a database, not to be reached, or written by a newer version of this program.
        """
        url = engines.url_of(where)
        engines.look_at(url, create)
        database = cls(engines.writer(url), engines.reader(url))
        try:
            await database.write(lambda connection: migrating.upgrade(connection, create))
        except BaseException:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        """Close every connection, after what still runs."""
        await asyncio.to_thread(self._threads.shutdown)
        self._writer.dispose()
        await self._reader.dispose()

    async def write(self, work: Work[T], *, contended: bool = False) -> T:
        """A writing transaction: kept when `work` returns, undone when it raises or the task is cancelled.

        On SQLite it begins as a writer (BEGIN IMMEDIATE), so what it reads cannot change under it. On
        PostgreSQL each statement sees what is committed (READ COMMITTED): `work` locks what it relies on.
        Tried again, a few times, after a deadlock.

        Args:
            work: the transaction, run in another thread.
            contended: others may take the same thing between our look and our insert: then look again.

        Raises:
            StoreError: the database refused; nothing was kept.
        """
        given_up = threading.Event()
        with wrapped(self._name):
            if self._together is not None:
                kept = await _unless_cancelled(self._together.run(work, given_up), given_up)
                if not isinstance(kept, Undone):
                    return kept
            loop = asyncio.get_running_loop()
            alone = loop.run_in_executor(self._threads, self._write, work, contended, given_up)
            return await _unless_cancelled(alone, given_up)

    async def read(self, work: Work[T]) -> T:
        """A reading transaction: one unchanging picture, no waiting for writers.

        Raises:
            StoreError: the database refused.
        """
        with wrapped(self._name):
            async with self._reader.connect() as connection:
                return await connection.run_sync(work)

    def _write(self, work: Work[T], contended: bool, given_up: threading.Event) -> T:
        for n in range(1, TRIES + 1):
            if given_up.is_set():
                raise GivenUp
            try:
                with self._writer.begin() as connection:
                    done = work(connection)
                    if given_up.is_set():
                        raise GivenUp
                return done
            except DBAPIError as error:
                if n == TRIES or not engines.is_passing(error, contended):
                    raise
            time.sleep(random.uniform(0, n * _BACK_OFF_S))
        raise AssertionError("the last try returns or raises")


async def is_bare(where: str | Path) -> bool:
    """Whether nobody has made a table there yet.

    Raises:
        InputError: no such URL.
        StoreError: not a database, or not to be reached.
    """
    engine = engines.writer(engines.url_of(where))

    def look() -> bool:
        with engine.connect() as connection:
            return not sa.inspect(connection).get_table_names()

    try:
        with wrapped(engine.url.database):
            return await asyncio.to_thread(look)
    finally:
        engine.dispose()


async def _unless_cancelled(future: asyncio.Future[T], given_up: threading.Event) -> T:
    """Wait for a transaction's outcome. When the task is cancelled meanwhile, wait until it is undone."""
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        given_up.set()
        future.add_done_callback(_looked_at)
        await asyncio.wait([future])
        raise


def _looked_at(future: asyncio.Future[T]) -> None:
    """Nobody waits for how it ended any more: without a look the loop would complain on stderr."""
    if not future.cancelled():
        future.exception()


@contextmanager
def wrapped(name: str | None) -> Iterator[None]:
    """Foreign errors become StoreError at once; their own text may show the row that was refused."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"{name or 'the database'}: the database refused: {_reason(error)}") from None


def _reason(error: SQLAlchemyError) -> str:
    """One line without parameters: they carry phone numbers and speech."""
    if isinstance(error, StatementError) and error.orig is not None:
        said = engines.message(error.orig)
        return said + engines.remedy(said)
    return type(error).__name__
