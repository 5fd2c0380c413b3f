"""Fifty kill -9 over running campaigns on each database: no rule is broken at the far end (D10, R1)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from records.database import Database
from tests import postgres
from tests.command_line import complaint

ROOT = Path(__file__).parents[2]
KILLS = 50
"""Of each database."""

pytestmark = [pytest.mark.slow, pytest.mark.sip, pytest.mark.timeout(2400)]


def test_fifty_kills_break_no_rule(tmp_path: Path) -> None:
    programs = postgres.binaries()
    assert programs is not None, postgres.MISSING
    with postgres.running(programs) as cluster:
        url = cluster.url(cluster.new())
        on_sqlite, on_postgresql = asyncio.run(both(tmp_path, url))
        again = complaint("drill", "crash", "--database", url)
    assert "--database: is not empty" in again
    assert (on_sqlite["engine"], on_postgresql["engine"]) == ("sqlite", "postgresql")
    for report in (on_sqlite, on_postgresql):
        blows = report["blows"]
        assert blows["parent"] + blows["worker"] + blows["group"] == KILLS
        assert min(blows.values()) > 0
        assert report["violations"] == []
        assert report["calls"] > KILLS
        assert report["invites"] >= report["calls"]
        assert report["attempts"] >= report["calls"]
        assert report["answered"] > 0
        assert report["recordings"] > 0


async def both(place: Path, url: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A drill of each database, side by side; both end before either is judged."""
    first, second = await asyncio.gather(
        drill(place / "sqlite", "--seed", "1", "--channels", "4"),
        drill(place / "postgresql", "--seed", "2", "--database", url, "--nodes", "2"),
    )
    return report_of(*first), report_of(*second)


def report_of(status: int | None, out: bytes, err: bytes) -> dict[str, Any]:
    """What it reports."""
    assert err.decode() == ""
    report: dict[str, Any] = json.loads(out)
    assert status == (1 if report["violations"] else 0)
    return report


async def drill(place: Path, *arguments: str) -> tuple[int | None, bytes, bytes]:
    """Run the command; its exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "huifang", "drill", "crash", "--kills", str(KILLS), "--carry-s", "15"),
        *("--data", str(place), "--json", *arguments),
        cwd=place.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out, err


def test_a_drill_wants_a_database_and_a_directory_that_nobody_needs(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    asyncio.run(made(kept))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "file").touch()
    empty = complaint("drill", "crash", "--data", tmp_path / "data")
    assert "data: is not empty" in empty
    used = complaint("drill", "crash", "--database", f"sqlite:///{kept}")
    assert "--database: is not empty" in used
    assert "--nodes: needs PostgreSQL" in complaint("drill", "crash", "--nodes", "2")


async def made(database: Path) -> None:
    """An empty database of ours is not an empty database."""
    await (await Database.open(database)).close()
