"""Lists of calls as files: what somebody may see on the page, no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from base.spreadsheets import plain
from records.call_list import ListedCall

MOST = 10_000
"""Calls in one file."""

Named = Callable[[str, str], str]
"""A value's word: what it is of, and the value."""


def row(one: ListedCall, number: Callable[[str], str], named: Named) -> tuple[str, ...]:
    """A call's cells, in the order of the page. `number`: how this reader sees telephone numbers."""
    leads = " ".join(f"{named('tier', tier)} {count}" for tier, count in sorted(one.flags.items()))
    return (
        str(one.id),
        f"{one.at:%Y-%m-%d %H:%M:%S}",
        one.customer,
        number(one.phone),
        one.branch,
        one.campaign,
        named("kind", one.kind),
        str(one.n),
        named("disposition", one.disposition),
        f"{one.talked_s:.1f}",
        leads,
    )


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """A piece of a file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([plain(cell) for cell in cells] for cells in rows)
    return text.getvalue()


def as_xlsx(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """A file with one sheet; every cell is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for cells in rows:
        found = [WriteOnlyCell(sheet, cell) for cell in cells]
        for cell in found:
            cell.data_type = "s"
        sheet.append(found)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
