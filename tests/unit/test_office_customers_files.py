"""Files that are no list of customers: each is refused in one line."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from base.errors import ContactsError
from office.customers import reading
from office.customers.fields import CUSTOMERS


def test_a_zip_of_something_else_and_a_damaged_workbook(tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello")
    book, whole = openpyxl.Workbook(), tmp_path / "whole.xlsx"
    book.worksheets[0].append(["姓名", "电话"])
    book.save(whole)
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    for path in (other, cut):
        with pytest.raises(ContactsError, match="is no workbook"):
            reading.opened(path, CUSTOMERS, {})


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ContactsError, match="No such file"):
        reading.opened(tmp_path / "none.csv", CUSTOMERS, {})
    with pytest.raises(ContactsError, match="Is a directory"):
        reading.opened(tmp_path, CUSTOMERS, {})


def test_a_workbook_that_would_take_too_much_memory_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "客户.xlsx"
    packed = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed, packed.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(141):
            part.write(bytes(1_000_000))
    with pytest.raises(ContactsError, match=r"holds 141 MB of cells; 140 MB at most.*save the sheet as CSV"):
        reading.opened(file, CUSTOMERS, {})
