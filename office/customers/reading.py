"""A branch's file, row by row: what each says, or what is wrong with it. Never the whole file at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from base.errors import ContactsError
from office.customers import heading
from office.customers.fields import Sheet
from office.customers.heading import Heading
from office.customers.people import Key, Making
from office.customers.rows import RowReader, Wrong
from office.tables import Cell, Row, Table, tables_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A row: its number in the file, its cells, and what it says, or what is wrong with it."""

    number: int
    cells: Sequence[Cell]
    said: T | None
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose heading was found. `lead`: its rows down to the heading's last."""

    table: Table
    heading: Heading
    lead: tuple[Row, ...]


def opened(path: Path, sheet: Sheet, chosen: Mapping[str, str]) -> Opened:
    """The file's first sheet with such a heading.

    Args:
        chosen: heading → key of a field, "" for none: goes before the known names.

    Raises:
        ContactsError: it cannot be read, or no sheet has such a heading.
    """
    refused: list[ContactsError] = []
    for table in tables_of(path):
        lead = list(islice(table.rows(), heading.DEEPEST + 1))
        try:
            found = heading.find(lead, sheet, chosen, str(path))
        except ContactsError as error:
            refused.append(error)
            continue
        return Opened(table, found, tuple(lead[: found.rows]))
    raise refused[0]


def meanings(file: Opened) -> dict[str, str]:
    """What each column was taken for: heading → key of a field, "" for nothing."""
    columns = sorted(file.heading.columns, key=lambda column: column.at)
    known = {column.title: column.field.key for column in columns if column.field}
    return known | dict.fromkeys(file.heading.ignored, "")


def rows(file: Opened, make: Making[T], key: Callable[[T], Key]) -> Iterator[Read[T]]:
    """Each row below the heading but empty ones, sums, remarks; of two for one key the second is wrong."""
    reader = RowReader(file.heading.columns)
    first: dict[int, int] = {}
    for number, cells in islice(file.table.rows(), len(file.lead), None):
        if reader.is_end(cells) or reader.is_heading(cells):
            continue
        said = reader.said(cells)
        value = None if said.wrong else make(reader, said)
        if value is not None and not said.wrong:
            earlier = first.setdefault(hash(key(value)), number)
            if earlier != number:
                said.wrong.append(reader.wrong(f"与第 {earlier} 行重复", "account", "number", "phone"))
        yield Read(number, cells, None if said.wrong else value, tuple(said.wrong))
