"""`huifang customers`: files come in, bad rows go out and come back, numbers stay hidden."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.command_line import as_json, complaint, huifang, succeeds

CUSTOMERS = """\
南京路营业部客户清单,,,,,,,
单位：万元,,,,,,,
资金账号,客户姓名,手机,营业部,客户经理,居间人,总资产,开户日期
80001234,张伟,13800000001,南京路,王芳(0017),J007,"1,200",2026-03-02
80001235,李娜,1380000,南京路,王芳(0017),,50,2026-03-02
80001236,刘洋,13800000003,南京路,王芳(0017),,八十,2026-03-02
合计,,,,,,1250,
"""

EVENTS = """\
资金账号,事件,日期,完成期限,部门,说明
80001234,密码重置,2026-03-05,,,
80001234,部门下达,2026/3/6,2026-03-20,合规部,核实资料
80009999,销户,2026-03-06,,,
80001234,生日,2026-03-06,,,
"""


def given(site: Path, text: str = CUSTOMERS, name: str = "客户.csv") -> Path:
    file = site.parent / name
    file.write_text(text, encoding="gb18030")
    return file


def counts(found: dict[str, dict[str, int]]) -> list[int]:
    return [found["result"][key] for key in ("added", "updated", "unchanged")]


def test_a_dry_run_says_what_would_be_and_changes_nothing(site: Path) -> None:
    command = ("customers", "import", given(site), "--data", site)
    found = as_json(*command, "--dry-run", "--save-mapping", "南京路")
    assert (counts(found), found["bad_rows"]) == ([1, 0, 0], 2)
    assert as_json("customers", "list", "--data", site) == []
    assert as_json("customers", "mapping", "list", "--data", site) == []
    assert "1 would be added" in succeeds(*command, "--dry-run")


def test_a_file_of_a_heading_alone_is_hardly_meant(site: Path) -> None:
    done = huifang("customers", "import", given(site, "资金账号,姓名,电话\n"), "--data", site)
    assert done.status == 0
    assert done.stderr.startswith("warning: ")
    assert "has no row below its heading" in done.stderr


def test_bad_rows_come_back_corrected(site: Path) -> None:
    """The workbook has the file's own titles and heading, so that a unit named there still counts."""
    errors = site.parent / "错误.xlsx"
    told = succeeds("customers", "import", given(site), "--errors", errors, "--data", site)
    assert "1 added" in told
    assert "2 bad rows in" in told
    book = openpyxl.load_workbook(errors)
    sheet = book.worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[2][:3] == ["资金账号", "客户姓名", "手机"]
    assert [row[8] for row in rows[2:]] == [
        "错误",
        "手机：138**00 不是能拨打的电话号码：手机写 11 位，座机写区号",
        "总资产：八十 不是金额",
    ]
    sheet["C4"], sheet["G5"] = "13800000002", "80"
    book.save(errors)
    again = as_json("customers", "import", errors, "--data", site)
    assert (counts(again), again["bad"], again["ignored_columns"]) == ([2, 0, 0], [], [])
    shown = as_json("customers", "list", "--data", site)
    assert [(one["account"], one["assets"]) for one in shown] == [
        ("80001234", 12_000_000.0),
        ("80001235", 500_000.0),
        ("80001236", 800_000.0),
    ]


def test_a_formula_goes_back_as_the_text_it_is(site: Path) -> None:
    errors = site.parent / "错误.xlsx"
    file = given(site, "姓名,电话\n=1+1,13800\n")
    succeeds("customers", "import", file, "--errors", errors, "--data", site)
    cell = openpyxl.load_workbook(errors).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_nothing_is_written_where_nothing_is_wrong(site: Path) -> None:
    errors = site.parent / "错误.xlsx"
    succeeds(
        "customers",
        "import",
        given(site, "姓名,电话\n张伟,13800000001\n"),
        "--errors",
        errors,
        "--data",
        site,
    )
    assert not errors.exists()


def test_a_workbook_for_bad_rows_that_could_not_be_written_is_refused_before_anything_is_kept(
    site: Path,
) -> None:
    command = ("customers", "import", given(site), "--data", site, "--errors")
    assert "is the file that is read" in complaint(
        "customers", "import", given(site, name="x.xlsx"), "--errors", site.parent / "x.xlsx", "--data", site
    )
    for place in (site.parent / "no" / "x.xlsx", site.parent / "x.csv", site.parent):
        assert "cannot be written" in complaint(*command, place)
    assert as_json("customers", "list", "--data", site) == []


def test_an_account_is_the_same_customer_under_another_name_and_number(site: Path) -> None:
    succeeds("customers", "import", given(site), "--data", site)
    file = given(site, "资金账号,姓名,手机,备用电话\n80001234,张大伟,13900000009,021-61234567\n")
    assert counts(as_json("customers", "import", file, "--data", site)) == [0, 1, 0]
    assert counts(as_json("customers", "import", file, "--data", site)) == [0, 0, 1]
    shown = as_json("customers", "show", "80001234", "--data", site)
    assert (shown["name"], shown["phone"], shown["branch"]) == ("张大伟", "139****0009", "南京路")
    assert shown["phones"] == [{"phone": "021****4567", "use": "备用电话"}]


def test_who_was_known_without_an_account_is_given_one(stocked: Path) -> None:
    file = given(stocked, "资金账号,姓名,手机\n80001234,张伟,13800000001\n")
    assert counts(as_json("customers", "import", file, "--data", stocked)) == [0, 1, 0]
    assert [one["id"] for one in as_json("customers", "list", "--data", stocked)] == [1, 2]


def test_a_file_of_figures_alone_changes_nothing_else(site: Path) -> None:
    succeeds("customers", "import", given(site), "--data", site)
    file = given(site, "资金账号,交易量\n80001234,3万\n80009999,4万\n")
    found = as_json("customers", "import", file, "--data", site)
    assert (counts(found), found["bad"]) == (
        [0, 1, 0],
        [{"row": 3, "column": "", "reason": "没有这个资金账号的客户；新客户要有姓名和电话"}],
    )
    shown = as_json("customers", "show", "80001234", "--data", site)
    assert (shown["volume"], shown["assets"], shown["name"]) == (30_000.0, 12_000_000.0, "张伟")


def test_a_mapping_is_kept_by_name_and_used_again(site: Path) -> None:
    file = given(site, "客户标识,尊称,联系,备注一\n80001234,张伟,13800000001,x\n")
    command = ("customers", "import", file, "--data", site)
    assert "no column" in complaint(*command)
    chosen = ("--column", "客户标识=资金账号", "--column", "尊称=name", "--column", "联系=电话")
    assert counts(as_json(*command, *chosen, "--save-mapping", "外滩")) == [1, 0, 0]
    assert counts(as_json(*command, "--mapping", "外滩")) == [0, 0, 1]
    kept = as_json("customers", "mapping", "show", "外滩", "--data", site)["columns"]
    assert kept == {"客户标识": "account", "尊称": "name", "联系": "phone", "备注一": ""}
    assert "外滩" in succeeds("customers", "mapping", "list", "--data", site)
    assert "资金账号" in succeeds("customers", "mapping", "show", "外滩", "--data", site)
    assert "no mapping has this name" in complaint(*command, "--mapping", "浦东")
    assert "names no field" in complaint(*command, "--column", "尊称=nobody")
    assert "no such column" in complaint(*command, "--mapping", "外滩", "--column", "昵称=name")


def test_events_relations_and_staff_by_import(site: Path) -> None:
    succeeds("customers", "import", given(site), "--data", site)
    staff = given(site, "工号,姓名,营业部,部门,岗位\n0021,陈静,南京路,运营部,运营总监\n", "员工.csv")
    assert counts(as_json("customers", "staff", staff, "--data", site)) == [1, 0, 0]
    assert counts(as_json("customers", "staff", staff, "--data", site)) == [0, 0, 1]
    relations = given(site, "资金账号,开户人,签约人\n80001234,陈静,0031\n80009999,陈静,\n", "关系.csv")
    found = as_json("customers", "relations", relations, "--data", site)
    assert (counts(found), found["bad_rows"]) == ([0, 1, 0], 1)
    events = given(site, EVENTS, "事件.csv")
    command = ("customers", "events", events, "--data", site)
    assert counts(as_json(*command, "--dry-run")) == [2, 0, 0]
    found = as_json(*command)
    assert (counts(found), [one["reason"] for one in found["bad"]]) == (
        [2, 0, 0],
        ["没有这个客户，请先导入客户", "生日 不是已知的事件"],
    )
    assert counts(as_json(*command)) == [0, 0, 2]
    shown = as_json("customers", "show", "80001234", "--data", site)
    assert (shown["opened_by"], shown["signed_by"], shown["introducer"]) == ("0021", "0031", "J007")
    assert [(one["kind"], one["by_on"], one["by"]) for one in shown["events"]][:2] == [
        ("ordered", "2026-03-20", "合规部"),
        ("password_reset", None, ""),
    ]
    told = succeeds("customers", "show", "80001234", "--data", site)
    assert "138****0001" in told
    assert "13800000001" not in told


def test_lists_are_by_branch_and_name_and_hide_numbers(site: Path) -> None:
    succeeds("customers", "import", given(site), "--data", site)
    told = succeeds("customers", "list", "--branch", "南京路", "--data", site)
    assert "138****0001" in told
    assert "13800000001" not in told
    assert as_json("customers", "list", "--branch", "外滩", "--data", site) == []
    assert [one["name"] for one in as_json("customers", "list", "--name", "80001234", "--data", site)] == [
        "张伟"
    ]
    assert "no customer has this account" in complaint("customers", "show", "7", "--data", site)
