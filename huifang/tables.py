"""Tables that people hand in: CSV (UTF-8, with BOM or without, GB18030) and XLSX, told apart by content."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias, cast
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from base.errors import ContactsError

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None
Row: TypeAlias = tuple[int, Sequence[Cell]]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t"
_BROKEN_WORKBOOK = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    ParseError,
    NotImplementedError,
)


def read_table(path: Path) -> Iterator[Row]:
    """Rows with their numbers from 1, without the empty ones before the header.

    Raises:
        ContactsError: the file is missing, a folder, unreadable, or neither CSV nor XLSX.
    """
    rows = _workbook(path) if _content(path).startswith(_ZIP) else _csv(path)
    begun = False
    for number, cells in enumerate(rows, start=1):
        begun = begun or any(cell not in (None, "") for cell in cells)
        if begun:
            yield number, cells


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContactsError(f"cannot be read: {error.strerror}", where=str(path)) from error
    if content.startswith(_OLE):
        raise ContactsError(
            "is an old .xls or a workbook under a password", where=str(path), remedy="save it as .xlsx or CSV"
        )
    return content


def _csv(path: Path) -> Iterator[list[str]]:
    text = _decoded(path)
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ContactsError(f"is no CSV: {error}", where=str(path)) from error


def _decoded(path: Path) -> str:
    content = _content(path)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ContactsError(
        "is neither text in UTF-8 or GB18030 nor an XLSX workbook",
        where=str(path),
        remedy="save it as CSV or .xlsx",
    )


def _workbook(path: Path) -> list[tuple[Cell, ...]]:
    """Rows of the first sheet; openpyxl raises what it likes on broken files."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                sheet = book.worksheets[0]
                sheet.reset_dimensions()
                return cast(list[tuple[Cell, ...]], list(sheet.iter_rows(values_only=True)))
            finally:
                book.close()
    except _BROKEN_WORKBOOK as error:
        raise ContactsError(
            "is no XLSX workbook, or a damaged one", where=str(path), remedy="save it again as .xlsx or CSV"
        ) from error
