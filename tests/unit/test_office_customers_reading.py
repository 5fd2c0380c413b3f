"""Customers as branches write them: encodings, headings, dates, and what is told about bad rows and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from base.errors import ContactsError
from office.customers import people, reading
from office.customers.fields import CUSTOMERS
from office.customers.people import Names
from records.customer_rows import Contact, CustomerRow, FurtherPhone

TODAY = date(2026, 3, 18)
HEADER = "姓名,电话,类型,开户日期,客户经理,营业部"
ZHANG = {
    "name": "张伟",
    "phone": "+8613800000001",
    "phone_kind": "mobile",
    "extension": "",
    "opened_on": date(2026, 3, 8),
    "manager": "王芳",
    "manager_no": "",
    "branch": "上海营业部",
}
ZHANG_LINE = "张伟,13800000001,手机,2026-03-08,王芳,上海营业部"


@dataclass(frozen=True)
class Found:
    good: list[CustomerRow]
    bad: list[tuple[int, str, str]]
    ignored: tuple[str, ...]


def _csv(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "contacts.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def _xlsx(tmp_path: Path, *rows: Sequence[object], merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    path = tmp_path / "contacts.xlsx"
    book.save(path)
    return path


def _read(
    path: Path, chosen: Mapping[str, str] | None = None, names: Mapping[str, str] | None = None
) -> Found:
    file = reading.opened(path, CUSTOMERS, chosen or {})
    found = list(reading.rows(file, people.customer_of(Names(names or {}), TODAY), people.customer_key))
    good = [row.said for row in found if row.said is not None]
    bad = [(row.number, one.column, one.reason) for row in found for one in row.wrong]
    return Found(good, bad, file.heading.ignored)


def _values(path: Path, chosen: Mapping[str, str] | None = None) -> list[Mapping[str, Any]]:
    found = _read(path, chosen)
    assert found.bad == []
    return [row.values for row in found.good]


def test_an_extension_is_kept_beside_its_number(tmp_path: Path) -> None:
    (row,) = _values(_csv(tmp_path, HEADER, "张伟,021-61234567转8012,,,,"))
    assert (row["phone"], row["extension"], row["phone_kind"]) == ("+862161234567", "8012", "landline")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_csv_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert _values(_csv(tmp_path, HEADER, ZHANG_LINE, encoding=encoding)) == [ZHANG]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_every_delimiter_below_a_title_without_one(tmp_path: Path, delimiter: str) -> None:
    lines = [line.replace(",", delimiter) for line in ("客户清单", HEADER, ZHANG_LINE)]
    assert _values(_csv(tmp_path, *lines)) == [ZHANG]


@pytest.mark.parametrize("phone", [13800000204.5, "13800000204.5", True])
def test_a_number_that_is_no_phone_is_a_bad_row(tmp_path: Path, phone: object) -> None:
    found = _read(_xlsx(tmp_path, HEADER.split(","), ["张伟", phone]))
    assert found.good == []
    assert [(row, column) for row, column, _ in found.bad] == [(2, "电话")]


def test_xlsx_with_numbers_and_dates_as_spreadsheets_keep_them(tmp_path: Path) -> None:
    path = _xlsx(
        tmp_path,
        HEADER.split(","),
        ["张伟", 13800000001, "手机", date(2026, 3, 8), "王芳", "上海营业部"],
        ["李娜", 2161234567.0, None, 46089, None, None],
    )
    zhang, li_na = _values(path)
    assert zhang == ZHANG
    assert (li_na["phone"], li_na["phone_kind"]) == ("+862161234567", "landline")
    assert (li_na["opened_on"], li_na["manager"]) == (date(2026, 3, 8), "")


def test_english_headers_in_another_order_and_columns_without_meaning(tmp_path: Path) -> None:
    path = _csv(
        tmp_path, "Branch,blood,Account Opened,PHONE,name", "上海营业部,x,2026/3/8,138 0000 0001,张伟"
    )
    found = _read(path)
    assert found.good[0].values == {key: ZHANG[key] for key in ZHANG if key not in {"manager", "manager_no"}}
    assert found.ignored == ("blood",)


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
        "２０２６－３－８",
        "46089",
    ],
)
def test_every_form_of_a_date(tmp_path: Path, written: str) -> None:
    path = _csv(tmp_path, "姓名,电话,开户日期", f"张伟,13800000001,{written}")
    assert _values(path)[0]["opened_on"] == date(2026, 3, 8)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",13800000001,,,,", "姓名", "姓名为空"),
        ("张伟,,,,,", "电话", "电话为空"),
        ("张伟,1380000,,,,", "电话", "不是能拨打的电话号码"),
        ("张伟,13800000001,传真,,,", "类型", "不是已知的类型"),
        ("张伟,13800000001,座机,,,", "类型", "写的是座机，号码却是手机"),
        ("张伟,13800000001,,08.03.26,,", "开户日期", "不是日期"),
        ("张伟,13800000001,,2026-02-30,,", "开户日期", "不是日期"),
        ("张伟,13800000001,,2026-03-19,,", "开户日期", "在今天之后"),
        (f"张伟,13800000001,,,{'王' * 81},", "客户经理", "超过 80"),
        ("张\x07伟,13800000001,,,,", "姓名", "无法显示"),
    ],
)
def test_a_bad_row_is_told_with_its_number_and_the_good_ones_go_in(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    found = _read(_csv(tmp_path, HEADER, row, ZHANG_LINE))
    assert [one.values for one in found.good] == [ZHANG]
    [bad] = found.bad
    assert bad[:2] == (2, column)
    assert reason in bad[2]


def test_the_same_customer_twice_is_told(tmp_path: Path) -> None:
    found = _read(_csv(tmp_path, HEADER, ZHANG_LINE, "", ZHANG_LINE, "李娜,13800000001,,,,"))
    assert [one.values["name"] for one in found.good] == ["张伟", "李娜"]
    assert found.bad == [(4, "电话", "与第 2 行重复")]


def test_short_rows_and_blank_lines_are_no_trouble(tmp_path: Path) -> None:
    found = _read(_csv(tmp_path, "", HEADER, "", "张伟,13800000001", ",,,,,"))
    assert [(one.values["name"], one.values["opened_on"]) for one in found.good] == [("张伟", None)]
    assert found.bad == []


def test_quoted_cells_may_hold_the_delimiter(tmp_path: Path) -> None:
    (row,) = _values(_csv(tmp_path, HEADER, '张伟,13800000001,,,"王芳, 李强",'))
    assert row["manager"] == "王芳, 李强"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "the file is empty"),
        (b"\r\n\r\n", "the file is empty"),
        (b"\x00\x01\x02\xff\xfe" * 50, "neither text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither text"),
        (b"PK\x03\x04 and no more", "is no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is no workbook"),
        ("张伟,13800000001".encode(), "no column 姓名 or 资金账号 and no column 电话 or 资金账号"),
        ("姓名,地址".encode(), "no column 电话 or 资金账号"),
        ("姓名,姓名,手机".encode(), "two columns for the 姓名"),
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


def test_words_for_slots_are_columns_of_their_own(tmp_path: Path) -> None:
    path = _csv(
        tmp_path, f"{HEADER},{{commission}},{{term}}", f"{ZHANG_LINE},万分之三,", f"李娜,13900000002{',' * 6}"
    )
    found = _read(path)
    assert [row.values["words"] for row in found.good] == [[["commission", "万分之三"]], []]
    assert (found.bad, found.ignored) == ([], ())


@pytest.mark.parametrize("header", ["{term},{term}", "{name}", "{firm}"])
def test_a_slot_that_stands_twice_or_is_filled_otherwise(tmp_path: Path, header: str) -> None:
    with pytest.raises(ContactsError, match="the column"):
        _read(_csv(tmp_path, f"{HEADER},{header}", f"{ZHANG_LINE},一年"))


def test_words_for_a_slot_hold_no_slot(tmp_path: Path) -> None:
    found = _read(_csv(tmp_path, f"{HEADER},{{term}}", f"{ZHANG_LINE},{{firm}}年"))
    assert found.bad == [(2, "{term}", "不能含有花括号")]


def test_a_group_that_alone_would_be_a_heading_has_a_row_beneath(tmp_path: Path) -> None:
    path = _xlsx(
        tmp_path,
        ["资金账号", "姓名", "联系方式", None],
        [None, None, "手机", "家庭电话"],
        [80001234, "张伟", 13800000001, "021-61234567"],
        merged=("C1:D1",),
    )
    found = _read(path)
    assert found.bad == []
    assert found.good[0].phones == (FurtherPhone("+862161234567", "landline", "", "联系方式/家庭电话"),)


def test_a_workbook_as_a_branch_makes_it(tmp_path: Path) -> None:
    """A merged title, a unit, groups over two rows, a stray column, the heading again, a sum, a remark."""
    path = _xlsx(
        tmp_path,
        ["南京路营业部客户清单"],
        [None, None, "单位：万元"],
        [
            "序号",
            "资金账号",
            "客户姓名",
            None,
            "联系方式",
            None,
            "资产情况",
            None,
            "客户经理（工号）",
            "居间人",
        ],
        [None, None, None, None, "手机", "家庭电话", "总资产", "换手率(%)", None, None],
        [1, 80001234, "张伟", None, 13800000001, "021-61234567", "1,234.5", 350, "王芳（0017）", "无"],
        [
            "序号",
            "资金账号",
            "客户姓名",
            None,
            "联系方式",
            None,
            "资产情况",
            None,
            "客户经理（工号）",
            "居间人",
        ],
        [None, None, None, None, "手机", "家庭电话", "总资产", "换手率(%)", None, None],
        [2, 80001235, "李娜", None, "13900000002", "—", "50万元", 12.5, "0018", "赵强(J007)"],
        [3, None, None, None, None, None, None, None, None, None],
        ["合计", None, None, None, None, None, 1284.5, None, None, None],
        ["制表人：王芳", None, None, "审核人：李强"],
        merged=("A1:J1", "E3:F3", "G3:H3", "A3:A4", "B3:B4", "C3:C4", "I3:I4", "J3:J4"),
    )
    found = _read(path)
    assert found.bad == []
    zhang, li_na = found.good
    assert zhang.values == {
        "account": "80001234", "name": "张伟", "phone": "+8613800000001", "phone_kind": "mobile",
        "extension": "", "assets": 12_345_000.0, "turnover": 3.5, "manager_no": "0017", "introducer": "",
    }  # fmt: skip
    assert zhang.phones == (FurtherPhone("+862161234567", "landline", "", "联系方式/家庭电话"),)
    assert li_na.values["assets"] == 500_000.0
    assert (li_na.values["turnover"], li_na.values["introducer"]) == (0.125, "J007")
    assert li_na.phones == ()
    assert found.ignored == ("序号",)


def test_a_customer_by_account_needs_neither_name_nor_phone(tmp_path: Path) -> None:
    (row,) = _values(_csv(tmp_path, "客户号,总资产（万元）,交易量", "80001234,12.5,1.2亿"))
    assert row == {"account": "80001234", "assets": 125_000.0, "volume": 120_000_000.0}


def test_of_two_columns_for_one_thing_the_better_known_counts(tmp_path: Path) -> None:
    found = _read(_csv(tmp_path, "客户号,资金账号,姓名,手机", "7,80001234,张伟,13800000001"))
    assert found.good[0].values["account"] == "80001234"
    assert found.ignored == ("客户号",)


def test_columns_mean_what_was_chosen(tmp_path: Path) -> None:
    path = _csv(tmp_path, "客户号,标识,姓名,手机,备用", "7,80001234,张伟,13800000001,x")
    (row,) = _values(path, {"标识": "account", "客户号": ""})
    assert row["account"] == "80001234"


def test_kinds_of_customer_in_one_column_or_several(tmp_path: Path) -> None:
    path = _csv(
        tmp_path,
        "资金账号,客户类型,客户来源,核心客户",
        "1,个人,居间,是",
        "2,机构/经纪人,,N",
        "3,,,",
    )
    one, two, three = _values(path)
    assert (one["client"], one["source"], one["core"]) == ("person", "introduced", True)
    assert (two["client"], two["source"], two["core"]) == ("institution", "broker", False)
    assert three == {"account": "3", "core": False}


def test_contacts_of_an_institution_are_called_in_its_place(tmp_path: Path) -> None:
    path = _csv(
        tmp_path,
        "资金账号,客户名称,客户类型,联系人1,联系人1电话,联系人1职务,联系人2,联系人2电话",
        "9,某某有限公司,机构,张伟,13800000001,财务,李娜,021-61234567",
        "8,某某投资公司,机构,,13800000003,,,",
    )
    found = _read(path)
    (row,) = found.good
    assert row.contacts == (
        Contact("张伟", "+8613800000001", "mobile", "", "财务"),
        Contact("李娜", "+862161234567", "landline"),
    )
    assert (row.values["phone"], row.values["phone_kind"]) == ("+8613800000001", "mobile")
    assert found.bad == [(3, "联系人1", "有电话的联系人没有姓名")]


def test_of_an_identity_number_the_last_four_are_kept(tmp_path: Path) -> None:
    """A5: what nobody needs is not there to be lost."""
    path = _csv(tmp_path, "资金账号,身份证号,性别", "1,31010119900307123x,女")
    assert _values(path)[0]["details"] == {"id_tail": "123X", "gender": "女"}


def test_an_identity_number_that_a_spreadsheet_rounded_is_a_bad_row(tmp_path: Path) -> None:
    found = _read(_xlsx(tmp_path, ["资金账号", "身份证号"], ["1", 310101199003071234]))
    assert [(row, column) for row, column, _ in found.bad] == [(2, "身份证号")]


def test_an_adviser_contract_from_and_until(tmp_path: Path) -> None:
    path = _csv(tmp_path, "资金账号,合同期限", "1,2025-01-01至2025-12-31", "2,2025年3月1日-长期", "3,")
    terms = [(row["adviser_since"], row["adviser_until"]) for row in _values(path)]
    assert terms == [(date(2025, 1, 1), date(2025, 12, 31)), (date(2025, 3, 1), None), (None, None)]
    backwards = _csv(tmp_path, "资金账号,合同期限", "1,2025-12-31至2025-01-01")
    assert _read(backwards).bad == [(2, "合同期限", "合同到期早于签约")]


def test_people_of_the_firm_are_known_by_number_where_one_alone_has_the_name(tmp_path: Path) -> None:
    path = _csv(tmp_path, "资金账号,居间人,开户人,客户经理", "1,赵强,李强,王芳")
    (row,) = _read(path, names={"赵强": "J007", "王芳": "0017"}).good
    assert (row.values["introducer"], row.values["opened_by"]) == ("J007", "李强")
    assert (row.values["manager"], row.values["manager_no"]) == ("王芳", "0017")


def test_the_second_sheet_where_the_first_only_explains(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["填表说明：一行一个客户"])
    book.create_sheet("客户").append(["姓名", "手机"])
    book.worksheets[1].append(["张伟", "13800000001"])
    path = tmp_path / "two.xlsx"
    book.save(path)
    assert [row["name"] for row in _values(path)] == ["张伟"]
