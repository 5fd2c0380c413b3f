"""One process of a name at one database: what is open under a name belongs to a dead process at its start.

The name is held by something that ends with the process, also by kill -9: a lock on a file beside SQLite's, a
session of PostgreSQL. Recordings lie in the data directory of the node that made them.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from base.errors import InputError
from records.database import Database, wrapped

WAIT_S = 3
"""PostgreSQL needs a moment to see that a killed process is gone."""

MOST_APART_S = 5.0
"""Leases, pace and windows are times: a node whose clock is ahead would take others' calls for dead ones."""

_NOT_GRANTED = "55P03"
_HOLD = sa.select(sa.func.pg_advisory_lock(sa.func.hashtextextended(sa.bindparam("name"), 0)))
_SESSION = (
    f"SET lock_timeout = {WAIT_S * 1000}",
    # A machine that lost its power says no goodbye: it is found out within some 15 s.
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 3",
    "SET tcp_keepalives_count = 3",
    # The server may end sessions that stand still; this one always does.
    "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'",
)


@asynccontextmanager
async def alone(db: Database, node: str) -> AsyncIterator[None]:
    """Be the only process of this name that works on the database, on any machine.

    Raises:
        InputError: there is another one.
        StoreError: the database refused.
    """
    holding = _session(db.url, node) if db.is_server else _file(db.url, node)
    await asyncio.to_thread(holding.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(holding.__exit__, None, None, None)


async def in_step(db: Database, now: datetime) -> None:
    """Look whether this machine's clock goes with the database server's; `now` is what it shows.

    Raises:
        InputError: it does not.
        StoreError: the database refused.
    """
    if not db.is_server:
        return
    query = sa.select(sa.func.clock_timestamp())
    server: datetime = await db.read(lambda connection: connection.execute(query).scalar_one())
    apart_s = (now - server).total_seconds()
    if abs(apart_s) > MOST_APART_S:
        raise InputError(
            f"this machine's clock is {abs(apart_s):.0f} s {'ahead of' if apart_s > 0 else 'behind'} its own",
            where=f"database {db.url.database}",
            remedy="have both set their clocks by NTP",
        )


@contextmanager
def _file(url: sa.URL, node: str) -> Iterator[None]:
    place = Path(f"{url.database}.{quote(node, safe='')}.lock")
    with place.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(node) from error
        yield


@contextmanager
def _session(url: sa.URL, node: str) -> Iterator[None]:
    engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with wrapped(url.database), engine.connect() as connection:
        for statement in _SESSION:
            connection.exec_driver_sql(statement)
        try:
            connection.execute(_HOLD, {"name": f"huifang node {node}"})
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) == _NOT_GRANTED:
                raise _taken(node) from error
            raise
        yield


def _taken(node: str) -> InputError:
    return InputError(
        "another dialer of this name works on the same database",
        where=f"node {node}",
        remedy="stop it, or set `node` in config/settings.yaml to another name",
    )
