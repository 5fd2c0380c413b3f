"""Contacts as people keep them: encodings, headers, dates, and what is told about bad rows and files."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from base.errors import ContactsError
from huifang.contacts_file import BadRow, ContactsFile, read
from records.model import NewCustomer, PhoneKind

TODAY = date(2026, 3, 18)
HEADER = "姓名,电话,类型,开户日期,客户经理,营业部"
ZHANG = NewCustomer(
    name="张伟",
    phone="+8613800000001",
    phone_kind=PhoneKind.MOBILE,
    opened_on=date(2026, 3, 8),
    manager="王芳",
    branch="上海营业部",
)
ZHANG_LINE = "张伟,13800000001,手机,2026-03-08,王芳,上海营业部"


def _csv(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "contacts.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def _xlsx(tmp_path: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    path = tmp_path / "contacts.xlsx"
    book.save(path)
    return path


def _read(path: Path) -> ContactsFile:
    return read(path, today=TODAY)


def test_an_extension_is_kept_beside_its_number(tmp_path: Path) -> None:
    (row,) = _read(_csv(tmp_path, HEADER, "张伟,021-61234567转8012,,,,")).good
    assert (row.phone, row.extension, row.phone_kind) == ("+862161234567", "8012", PhoneKind.LANDLINE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_csv_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert _read(_csv(tmp_path, HEADER, ZHANG_LINE, encoding=encoding)) == ContactsFile((ZHANG,), (), ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_every_delimiter(tmp_path: Path, delimiter: str) -> None:
    lines = [line.replace(",", delimiter) for line in (HEADER, ZHANG_LINE)]
    assert _read(_csv(tmp_path, *lines)).good == (ZHANG,)


@pytest.mark.parametrize("phone", [13800000204.5, "13800000204.5", True])
def test_a_number_that_is_no_phone_is_a_bad_row(tmp_path: Path, phone: object) -> None:
    found = read(_xlsx(tmp_path, HEADER.split(","), ["张伟", phone]), today=TODAY)
    assert found.good == ()
    assert [(bad.row, bad.column) for bad in found.bad] == [(2, "电话")]


def test_xlsx_with_numbers_and_dates_as_spreadsheets_keep_them(tmp_path: Path) -> None:
    path = _xlsx(
        tmp_path,
        HEADER.split(","),
        ["张伟", 13800000001, "手机", date(2026, 3, 8), "王芳", "上海营业部"],
        ["李娜", 2161234567.0, None, 46089, None, None],
    )
    li_na = NewCustomer("李娜", "+862161234567", PhoneKind.LANDLINE, date(2026, 3, 8), "", "")
    assert _read(path).good == (ZHANG, li_na)


def test_english_headers_in_another_order_and_columns_without_meaning(tmp_path: Path) -> None:
    path = _csv(
        tmp_path, "Branch,remark,Account Opened,PHONE,name", "上海营业部,x,2026/3/8,138 0000 0001,张伟"
    )
    found = _read(path)
    assert found.good == (
        NewCustomer("张伟", ZHANG.phone, PhoneKind.MOBILE, date(2026, 3, 8), "", "上海营业部"),
    )
    assert found.ignored == ("remark",)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-08",
        "2026/3/8",
        "2026.3.8",
        "2026年3月8日",
        "20260308",
        "2026-03-08 00:00:00",
        "2026/3/8 9:30",
    ],
)
def test_every_form_of_a_date(tmp_path: Path, written: str) -> None:
    path = _csv(tmp_path, "姓名,电话,开户日期", f"张伟,13800000001,{written}")
    assert _read(path).good[0].opened_on == date(2026, 3, 8)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",13800000001,,,,", "姓名", "the name is empty"),
        ("张伟,,,,,", "电话", "the phone number is empty"),
        ("张伟,1380000,,,,", "电话", "no such numbering range"),
        ("张伟,13800000001,传真,,,", "类型", "neither 手机"),
        ("张伟,13800000001,座机,,,", "类型", "says landline, but the number is a mobile's"),
        ("张伟,13800000001,,08.03.26,,", "开户日期", "is no date"),
        ("张伟,13800000001,,2026-02-30,,", "开户日期", "is no date"),
        ("张伟,13800000001,,2026-03-19,,", "开户日期", "lies in the future"),
        (f"张伟,13800000001,,,{'王' * 81},", "客户经理", "longer than 80"),
        ("张\x07伟,13800000001,,,,", "姓名", "cannot be printed"),
    ],
)
def test_a_bad_row_is_told_with_its_number_and_the_good_ones_go_in(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    found = _read(_csv(tmp_path, HEADER, row, ZHANG_LINE))
    assert found.good == (ZHANG,)
    [bad] = found.bad
    assert (bad.row, bad.column) == (2, column)
    assert reason in bad.reason


def test_the_same_customer_twice_is_told(tmp_path: Path) -> None:
    found = _read(_csv(tmp_path, HEADER, ZHANG_LINE, "", ZHANG_LINE, "李娜,13800000001,,,,"))
    assert [one.name for one in found.good] == ["张伟", "李娜"]
    assert found.bad == (BadRow(4, "电话", "the same customer as in row 2"),)


def test_short_rows_and_blank_lines_are_no_trouble(tmp_path: Path) -> None:
    found = _read(_csv(tmp_path, "", HEADER, "", "张伟,13800000001", ",,,,,"))
    assert [(one.name, one.opened_on) for one in found.good] == [("张伟", None)]
    assert found.bad == ()


def test_quoted_cells_may_hold_the_delimiter(tmp_path: Path) -> None:
    found = _read(_csv(tmp_path, HEADER, '张伟,13800000001,,,"王芳, 李强",'))
    assert found.good[0].manager == "王芳, 李强"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "the file is empty"),
        (b"\r\n\r\n", "the file is empty"),
        (b"\x00\x01\x02\xff\xfe" * 50, "neither text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither text"),
        (b"PK\x03\x04 and no more", "no XLSX workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls"),
        ("张伟,13800000001".encode(), "no column 姓名 and no column 电话"),
        ("姓名,地址".encode(), "no column 电话"),
        ("姓名,电话,手机".encode(), "two columns for the phone: 电话 and 手机"),
        ('姓名,电话\n"张伟,138'.encode(), "is no CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    with pytest.raises(ContactsError) as raised:
        _read(path)
    assert complaint in str(raised.value)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_zip_of_something_else_and_a_damaged_workbook(tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello")
    whole = _xlsx(tmp_path, HEADER.split(","), ["张伟", "13800000001"]).read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole[: len(whole) // 2])
    for path in (other, cut):
        with pytest.raises(ContactsError, match="no XLSX workbook"):
            _read(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ContactsError, match="No such file"):
        _read(tmp_path / "none.csv")
    with pytest.raises(ContactsError, match="Is a directory"):
        _read(tmp_path)


def test_words_for_slots_are_columns_of_their_own(tmp_path: Path) -> None:
    path = _csv(
        tmp_path, f"{HEADER},{{commission}},{{term}}", f"{ZHANG_LINE},万分之三,", f"李娜,13900000002{',' * 6}"
    )
    content = _read(path)
    assert [row.words for row in content.good] == [(("commission", "万分之三"),), ()]
    assert (content.bad, content.ignored) == ((), ())


@pytest.mark.parametrize("header", ["{term},{term}", "{name}", "{firm}"])
def test_a_slot_that_stands_twice_or_is_filled_otherwise(tmp_path: Path, header: str) -> None:
    with pytest.raises(ContactsError, match="the column"):
        _read(_csv(tmp_path, f"{HEADER},{header}", f"{ZHANG_LINE},一年"))


def test_words_for_a_slot_hold_no_slot(tmp_path: Path) -> None:
    content = _read(_csv(tmp_path, f"{HEADER},{{term}}", f"{ZHANG_LINE},{{firm}}年"))
    assert content.bad == (BadRow(2, "{term}", "holds braces"),)
