"""Files that go to the platform for messages and come back from it (C1)."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from base.errors import ContactsError, InputError
from office.planning.lists import COLUMNS, results_of, write_list
from records.notices import Told

ROW = ("SMS-1", "80000001", "张伟", "13800000001", "定期回访告知", "您好")


def test_a_list_is_csv_that_excel_reads(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    write_list(file, [ROW])
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.read_text("utf-8-sig").splitlines() == [",".join(COLUMNS), ",".join(ROW)]


def test_a_list_is_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    write_list(file, [ROW])
    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows == [COLUMNS, ROW]


@pytest.mark.parametrize(
    ("name", "told"), [("out.txt", r"out\.txt"), ("file/out.csv", "file: there is no such folder")]
)
def test_what_cannot_be_written_is_named(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(InputError, match=told):
        write_list(tmp_path / name, [ROW])


def test_results_come_as_a_workbook_with_numbers_as_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["手机号", "发送状态", "上行"], [13800000001, "DELIVRD", "好"], [13800000002, "失败", None]):
        sheet.append(row)
    book.save(tmp_path / "back.xlsx")
    told, bad = results_of(tmp_path / "back.xlsx")
    assert told == [Told("+8613800000001", True, "好"), Told("+8613800000002", False)]
    assert bad == []


def test_rows_that_say_nothing_are_told(tmp_path: Path) -> None:
    file = tmp_path / "back.csv"
    file.write_text("phone,status\n13800000001,ok\n13800000002,maybe\n12,ok\n13800000003\n", "utf-8")
    told, bad = results_of(file)
    assert [one.phone for one in told] == ["+8613800000001"]
    assert [row for row, _ in bad] == [3, 4, 5]
    assert bad[0][1] == "'maybe' is no state: write 成功 or 失败"


@pytest.mark.parametrize("header", ["号码,备注", "备注,状态"])
def test_a_column_that_is_missing_is_named(tmp_path: Path, header: str) -> None:
    file = tmp_path / "back.csv"
    file.write_text(f"{header}\n1,2\n", "utf-8")
    with pytest.raises(ContactsError, match="a column is missing"):
        results_of(file)


def test_a_list_is_not_written_over(tmp_path: Path) -> None:
    """A message goes out once (C1): what a list says stands in no other."""
    file = tmp_path / "messages.csv"
    write_list(file, [ROW])
    before = file.read_bytes()
    with pytest.raises(InputError, match="there already"):
        write_list(file, [])
    assert file.read_bytes() == before
