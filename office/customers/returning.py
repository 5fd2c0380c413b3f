"""Bad rows as a workbook to be corrected and fed again: the file's own heading, and a column 错误."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from base.files import write_atomically
from office.customers.heading import WRONG
from office.customers.reading import Opened
from office.customers.rows import Wrong
from office.tables import Cell

MOST = 100_000
"""Rows of a workbook: nobody corrects more of them by hand."""


class Returned:
    """Bad rows, in the order they come; the first `MOST` of them."""

    def __init__(self, file: Opened) -> None:
        heads = [cells for _, cells in file.lead]
        last = [str(cell).strip() if cell is not None else "" for cell in heads[-1]]
        self._at = last.index(WRONG) if WRONG in last else max(len(cells) for cells in heads)
        self._rows = [self._row(cells, None) for cells in heads[:-1]]
        self._rows.append(self._row(heads[-1], WRONG))
        self._most = len(self._rows) + MOST

    def add(self, cells: Sequence[Cell], wrong: Sequence[Wrong]) -> None:
        """A row as it stands in the file, and what is wrong with it."""
        if len(self._rows) < self._most:
            told = (f"{one.column}：{one.reason}" if one.column else one.reason for one in wrong)
            self._rows.append(self._row(cells, "；".join(told)))

    def save(self, path: Path) -> None:
        """Write them, whole or not at all.

        Raises:
            OSError: that cannot be written there.
        """
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(WRONG)
        for row in self._rows:
            sheet.append([_cell(sheet, cell) for cell in row])
        content = BytesIO()
        book.save(content)
        write_atomically(path, content.getvalue())

    def _row(self, cells: Sequence[Cell], wrong: str | None) -> list[Cell]:
        return [*cells[: self._at], *[None] * (self._at - len(cells)), wrong, *cells[self._at + 1 :]]


def _cell(sheet: WriteOnlyWorksheet, cell: Cell) -> object:
    """Text stays text: what begins with = is no formula."""
    if not isinstance(cell, str):
        return cell
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell))
    made.data_type = "s"
    return made
