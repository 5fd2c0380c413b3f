"""Any order of claims, calls, deaths and late sleepers, on both engines: see tests.ledger_machine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import postgres
from tests.ledger_machine import LedgerMachine

MEMORY = Path("/dev/shm")
_ANY = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
SQLITE = settings(_ANY, max_examples=25, stateful_step_count=8)
POSTGRESQL = settings(_ANY, max_examples=3, stateful_step_count=8)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where that goes: thousands of commits are a matter of minutes on a busy disk."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY, prefix="huifang-") as place:
        yield Path(place)


def test_no_order_breaks_the_ledger(folder: Path) -> None:
    number = count()

    class OnSqlite(LedgerMachine):
        @staticmethod
        def new() -> Path:
            return folder / f"{next(number)}.db"

    run_state_machine_as_test(OnSqlite, settings=SQLITE)


@pytest.fixture
def databases(postgresql: postgres.Cluster) -> Iterator[Iterator[str]]:
    """As many as are asked for; all of them are dropped at the end."""
    made: list[str] = []

    def new() -> Iterator[str]:
        while True:
            made.append(postgresql.new(postgres.TEMPLATE))
            yield postgresql.url(made[-1])

    yield new()
    for name in made:
        postgresql.drop(name)


def test_no_order_breaks_it_on_postgresql(databases: Iterator[str]) -> None:
    class OnPostgresql(LedgerMachine):
        @staticmethod
        def new() -> str:
            return next(databases)

    run_state_machine_as_test(OnPostgresql, settings=POSTGRESQL)
