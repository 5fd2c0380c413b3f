"""Nodes that share a database: a name belongs to one living process (D10)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from base.errors import InputError
from records.database import Database
from records.nodes import alone
from tests.records_kit import Where, opened

NODE = "node one/上海"

HOLD = """
import asyncio, sys
from pathlib import Path
from records.database import Database
from records.nodes import alone
async def main(where, node):
    db = await Database.open(where if "://" in where else Path(where))
    async with alone(db, node):
        print("alone", flush=True)
        await asyncio.Event().wait()
asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_name_is_taken_once_and_other_names_are_free(store: Where) -> None:
    async with opened(store) as db:
        other = await Database.open(store)
        async with alone(db, NODE), alone(other, "node two"):
            with pytest.raises(InputError, match="another dialer of this name") as refused:
                async with alone(other, NODE):
                    pass
            assert NODE in str(refused.value)
        async with alone(other, NODE):
            pass
        await other.close()


def holding(where: Where) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(where), NODE]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def test_a_killed_process_leaves_its_name_free(store: Where) -> None:
    async with opened(store) as db:
        victim = holding(store)
        assert victim.stdout is not None
        assert await asyncio.to_thread(victim.stdout.readline) == "alone\n"
        victim.kill()
        victim.communicate()
        async with alone(db, NODE):
            pass


async def test_the_same_name_at_another_database_is_another_node(tmp_path: Path) -> None:
    opening = opened(tmp_path / "a.db"), opened(tmp_path / "b.db")
    async with opening[0] as one, opening[1] as other, alone(one, NODE), alone(other, NODE):
        pass
