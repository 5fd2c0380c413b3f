"""A purge reaches every table that hangs on what it deletes: a new one is told of by this test (R3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from records import retention, schema, schema_search
from records.columns import metadata
from records.holds import Object
from records.kept import Filed, Kept
from tests.records_kit import NOW, opened

INDEX = {schema_search.searchable.name}
"""Taken out by the index itself, row by row where there are any: test_huifang_retention.py looks for it."""


def hanging(name: str) -> set[str]:
    """Tables whose rows refer to one of this table's, or to a row that does."""
    found = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == name and table.name != name
    }
    return found | {further for one in found for further in hanging(one)}


@contextmanager
def deletions() -> Iterator[set[str]]:
    """The tables that rows are deleted from meanwhile."""
    seen: set[str] = set()

    def look(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if found := re.match(r'DELETE FROM "?(\w+)', statement):
            seen.add(found[1])

    sa.event.listen(sa.Engine, "before_cursor_execute", look)
    yield seen
    sa.event.remove(sa.Engine, "before_cursor_execute", look)


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (Object.CALL, schema.attempt),
        (Object.INBOUND, schema.inbound_call),
        (Object.RECORDING, schema.recording),
        (Filed.MESSAGE, schema.notice),
        (Filed.WORKSHEET, schema.worksheet),
        (Filed.PAPER, schema.paper),
    ],
    ids=lambda one: getattr(one, "value", None),
)
async def test_nothing_that_hangs_on_it_is_left(
    tmp_path: Path, kind: Object | Filed, table: sa.Table
) -> None:
    async with opened(tmp_path / "huifang.db") as db:
        with deletions() as seen:
            await retention.delete(db, Kept(kind, 1, NOW, "", None, frozenset()), [], "1001", NOW)
    assert hanging(table.name) - INDEX | {table.name} <= seen
