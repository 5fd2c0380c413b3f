"""Nodes that share a database: a name belongs to one living process (D10)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from base.errors import InputError
from records.database import Database
from records.nodes import alone, in_step
from tests.records_kit import Where, execute, opened

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


@pytest.mark.parametrize(("apart_s", "says"), [(90, "90 s ahead"), (-90, "90 s behind")])
async def test_a_clock_that_is_far_from_the_servers_is_refused(
    store: Where, apart_s: float, says: str
) -> None:
    """D10: it would take the calls of others for dead ones. A file's clock is the machine's own."""
    async with opened(store) as db:
        now = datetime.now(tz=UTC)
        await in_step(db, now)
        if not db.is_server:
            await in_step(db, now + timedelta(seconds=apart_s))
            return
        with pytest.raises(InputError, match=says):
            await in_step(db, now + timedelta(seconds=apart_s))


async def test_the_session_that_holds_a_name_may_stand_still(store: Where) -> None:
    """Where the server ends idle sessions, the name would be free while its process lives."""
    async with opened(store) as db:
        if not db.is_server:
            return
        name = db.url.database
        await execute(db, sa.text(f'ALTER DATABASE "{name}" SET idle_session_timeout = 200'))
        other = await Database.open(store)
        async with alone(db, NODE):
            await asyncio.sleep(0.5)
            with pytest.raises(InputError, match="another dialer of this name"):
                async with alone(other, NODE):
                    pass
        await other.close()
