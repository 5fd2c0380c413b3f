"""Group commit: transactions that wait together are kept by one commit, and fail each for itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from records.database import Database
from records.together import MOST, Together, Undone

Work = Callable[[sa.Connection], int]


class Store:
    """A table of numbers, what was committed to it, and the queue before it."""

    def __init__(self, file: Path, thread: ThreadPoolExecutor) -> None:
        self.engine = sa.create_engine(f"sqlite:///{file}")
        self.together = Together(self.engine, thread)
        self.commits = 0
        with self.engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE kept (n INTEGER PRIMARY KEY)"))
        sa.event.listen(self.engine, "commit", self._committed)

    def _committed(self, _connection: sa.Connection) -> None:
        self.commits += 1

    def run(self, work: Work, given_up: threading.Event | None = None) -> asyncio.Future[int | Undone]:
        """Queue a transaction."""
        return self.together.run(work, given_up or threading.Event())

    def kept(self) -> list[int]:
        """What another connection sees."""
        with self.engine.connect() as connection:
            return [row.n for row in connection.execute(sa.text("SELECT n FROM kept ORDER BY n"))]


def adding(n: int) -> Work:
    """A transaction that writes a number."""

    def work(connection: sa.Connection) -> int:
        connection.execute(sa.text("INSERT INTO kept VALUES (:n)"), {"n": n})
        return n

    return work


@asynccontextmanager
async def store(folder: Path) -> AsyncIterator[tuple[Store, threading.Event]]:
    """A store whose thread waits for the event: until then, what is run queues up."""
    go_on = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        made = Store(folder / "kept.db", thread)
        thread.submit(go_on.wait)
        try:
            yield made, go_on
        finally:
            go_on.set()
        thread.shutdown()
    made.engine.dispose()


async def test_those_that_wait_together_share_a_commit(tmp_path: Path) -> None:
    async with store(tmp_path) as (made, go_on):
        waiting = [made.run(adding(n)) for n in range(MOST + 1)]
        go_on.set()
        assert await asyncio.gather(*waiting) == list(range(MOST + 1))
        assert made.kept() == list(range(MOST + 1))
        assert made.commits == 2, "the first so many, then the last one"


async def test_one_that_fails_takes_nothing_with_it_that_was_acknowledged(tmp_path: Path) -> None:
    async with store(tmp_path) as (made, go_on):
        waiting = [made.run(adding(n)) for n in (1, 1, 2)]
        go_on.set()
        assert await asyncio.gather(*waiting) == [Undone.ALONE] * 3
        assert made.kept() == []
        assert await made.run(adding(3)) == 3, "the next group is none the worse"


async def test_one_that_is_given_up_is_not_kept(tmp_path: Path) -> None:
    given_up = threading.Event()
    async with store(tmp_path) as (made, go_on):
        waiting = [made.run(adding(1)), made.run(adding(2), given_up)]
        given_up.set()
        go_on.set()
        assert await asyncio.gather(*waiting) == [Undone.ALONE] * 2
        assert made.kept() == []


async def test_nothing_is_acknowledged_before_its_commit(tmp_path: Path) -> None:
    order: list[str] = []
    async with store(tmp_path) as (made, go_on):
        sa.event.listen(made.engine, "commit", lambda _connection: order.append("commit"))
        waiting = [made.run(adding(n)) for n in (1, 2)]
        for one in waiting:
            one.add_done_callback(lambda _done: order.append("told"))
        go_on.set()
        await asyncio.gather(*waiting)
        assert order == ["commit", "told", "told"]


async def test_writers_of_one_database_fail_each_for_itself(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "huifang.db")
    pace = sa.text("INSERT INTO trunk (name, next_at) VALUES (:name, '2026-11-25 10:00:00')")

    def naming(name: str) -> Callable[[sa.Connection], None]:
        def work(connection: sa.Connection) -> None:
            if name == "bad":
                raise ZeroDivisionError
            connection.execute(pace, {"name": name})

        return work

    names = ["first", "bad", "second"]
    ended = await asyncio.gather(*(db.write(naming(name)) for name in names), return_exceptions=True)
    assert [type(one) for one in ended] == [type(None), ZeroDivisionError, type(None)]
    stored = await db.read(lambda connection: connection.scalars(sa.text("SELECT name FROM trunk")).all())
    assert sorted(stored) == ["first", "second"]
    await db.close()
    with pytest.raises(RuntimeError):
        await db.write(naming("late"))
