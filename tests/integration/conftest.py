"""Databases of both engines (`db` is one that virtual time waits for); a site of two customers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from records.database import Database
from tests import postgres
from tests.command_line import succeeds
from tests.fakes.database import CountedDatabase
from tests.records_kit import Where
from tests.site_kit import CONTACTS


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Cluster]:
    """A server with a template of our schema."""
    programs = postgres.binaries()
    if programs is None:
        pytest.fail(postgres.MISSING, pytrace=False)
    with postgres.running(programs) as cluster:
        name = cluster.new()
        asyncio.run(_migrated(cluster.url(name)))
        cluster.rename(name, postgres.TEMPLATE)
        yield cluster


async def _migrated(url: str) -> None:
    await (await Database.open(url)).close()


@pytest.fixture
def bare_postgresql(postgresql: postgres.Cluster) -> Iterator[str]:
    """The URL of a database without any tables."""
    name = postgresql.new()
    yield postgresql.url(name)
    postgresql.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Where]:
    """Where `records_kit.opened` finds or makes an empty database, on each engine in turn."""
    if request.param == "sqlite":
        yield tmp_path / "huifang.db"
        return
    cluster: postgres.Cluster = request.getfixturevalue("postgresql")
    name = cluster.new(postgres.TEMPLATE)
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Where]:
    """The same without any tables."""
    if request.param == "sqlite":
        yield tmp_path / "huifang.db"
    else:
        yield request.getfixturevalue("bare_postgresql")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[CountedDatabase]:
    """An SQLite database that says whether it is at work (`tests.fakes.clock`)."""
    database = await CountedDatabase.open(tmp_path / "huifang.db")
    yield database
    await database.close()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A data directory as `huifang init` makes it."""
    data = tmp_path / "a b"
    succeeds("init", "--data", data)
    return data


@pytest.fixture
def stocked(site: Path) -> Path:
    """A site with two customers."""
    file = site.parent / "contacts.csv"
    file.write_text(CONTACTS, encoding="gb18030")
    succeeds("contacts", "import", file, "--data", site)
    return site
