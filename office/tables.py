"""Tables that people hand in: CSV (UTF-8, with BOM or without, GB18030) and workbooks (XLSX, XLS, ODS), told
apart by content. A file is looked through before its first row is given out: half of one is never taken.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TypeAlias

import python_calamine

from base.errors import ContactsError

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None
Row: TypeAlias = tuple[int, Sequence[Cell]]

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS = ",;\t"
_FIRST = 20
"""Lines that tell the delimiter: titles above the heading have none."""
_BLOCK = 1 << 20
MOST_CELLS = 140_000_000
"""Bytes of a workbook's cells, unpacked: in memory they take twice that, and all are there at once."""
_UNPACKED = {".xml": 1, ".bin": 4}
"""Parts of a packed workbook that hold cells; binary ones (XLSB) say them in a quarter of the space."""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file, or one sheet of a workbook. `count`: its rows, empty ones included."""

    title: str
    count: int
    rows: Callable[[], Iterator[Row]]
    """Rows with their numbers from 1, without the empty ones before the first that is not."""


def tables_of(path: Path) -> tuple[Table, ...]:
    """What the file holds: at least one table.

    Raises:
        ContactsError: the file is missing, a folder, unreadable, empty, too large a workbook, or neither CSV
            nor a workbook.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(_BLOCK)
    except OSError as error:
        raise ContactsError(f"cannot be read: {error.strerror}", where=str(path)) from error
    found = _sheets(path) if start.startswith(_WORKBOOKS) else (_csv(path),)
    tables = tuple(table for table in found if table.count)
    if not tables:
        raise ContactsError("the file is empty", where=str(path), remedy="its first row names the columns")
    return tables


def _begun(rows: Iterator[Sequence[Cell]]) -> Iterator[Row]:
    begun = False
    for number, cells in enumerate(rows, start=1):
        begun = begun or any(cell not in (None, "") for cell in cells)
        if begun:
            yield number, cells


def _csv(path: Path) -> Table:
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)

    def lines() -> Iterator[list[str]]:
        with path.open(encoding=encoding, newline="") as stream:
            yield from csv.reader(stream, delimiter=delimiter, strict=True)

    try:
        count = sum(1 for _ in _begun(lines()))
    except csv.Error as error:
        raise ContactsError(f"is no CSV: {error}", where=str(path)) from error
    return Table(path.name, count, lambda: _begun(lines()))


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as stream:
        first = "".join(line for line, _ in zip(stream, range(_FIRST), strict=False))
    return max(_DELIMITERS, key=first.count)


def _encoding(path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as stream:
                if not any("\0" in block for block in iter(partial(stream.read, _BLOCK), "")):
                    return encoding
        except UnicodeDecodeError:
            continue
    raise ContactsError(
        "is neither text in UTF-8 or GB18030 nor a workbook",
        where=str(path),
        remedy="save it as CSV or .xlsx",
    )


def _require_small(path: Path) -> None:
    """Raises ContactsError for a workbook that would take more memory than an import may."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        return  # XLS, of 65,536 rows at most; or no workbook, as its reader will say
    size = sum(part.file_size * _UNPACKED.get(Path(part.filename).suffix, 0) for part in parts)
    if size > MOST_CELLS:
        what = f"holds {size / 1e6:,.0f} MB of cells; {MOST_CELLS / 1e6:,.0f} MB at most fit into memory"
        remedy = "save the sheet as CSV, which is read row by row, or in parts"
        raise ContactsError(what, where=str(path), remedy=remedy)


def _sheets(path: Path) -> Iterator[Table]:
    _require_small(path)
    try:
        book = python_calamine.load_workbook(path)
        for title in book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            yield Table(title, sheet.total_height if sheet.start else 0, partial(_rows, sheet))
    except python_calamine.PasswordError as error:
        raise ContactsError("is under a password", where=str(path), remedy="save it without one") from error
    except python_calamine.CalamineError as error:
        raise ContactsError(
            "is no workbook, or a damaged one", where=str(path), remedy="save it again as .xlsx or CSV"
        ) from error


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[Row]:
    return _begun(iter(sheet.iter_rows()))
