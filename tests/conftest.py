"""What holds for every test: how processes share them (`pytest -n`), what a test leaves behind.

Properties are not timed: a busy machine is no failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

ONE_BY_ONE = (
    "tests/acceptance/test_dialer_matrix.py",
    "tests/acceptance/test_huifang_demo.py",
    "tests/acceptance/test_huifang_talk.py",
    "tests/acceptance/test_huifang_drill.py",
)
"""Each keeps processors busy in real time: beside each other replies and tones would come late."""


@pytest.fixture(autouse=True)
def _each_test_logs_as_new() -> Iterator[None]:
    """A command or benchmark run within a test sets logging up for its process: it ends with the test."""
    yield
    structlog.reset_defaults()


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file's tests share fixtures, so one process takes them all; so it does with ONE_BY_ONE."""

    def _split_scope(self, nodeid: str) -> str:
        file = file_of(nodeid)
        return "one by one" if file in ONE_BY_ONE else file


def file_of(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first."""
    items.sort(key=lambda item: file_of(item.nodeid) not in ONE_BY_ONE)
