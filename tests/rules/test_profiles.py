"""Rules that are a firm's own figures: what the shipped profiles demand, as `huifang profile` tells it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from dialer.profile import Profile
from huifang.profiles.locating import locate
from plans.classes import class_of
from plans.paperwork import Form, Grade, Role, chain
from records.model import Kind
from records.people import EventKind
from tests.command_line import as_json, huifang
from tests.planning_kit import TODAY, Known, due, owe, planned_site, stock

FIRMS = ("boci", "haitong", "tianfeng")
NOWHERE = ("--data", "nowhere")
OPERATIONS, MARKETING = "营业部运营总监", "营业部市场总监"


@cache
def told(firm: str) -> dict[str, dict[str, dict[str, str]]]:
    """What a firm demands: by table, then by key."""
    tables = as_json("profile", "explain", firm, *NOWHERE)["tables"]
    return {title: {row["key"]: row for row in rows} for title, rows in tables.items()}


@cache
def shipped(firm: str) -> Profile:
    return locate(Path("nowhere"), firm).profile


def duties(firm: str, kind: str) -> dict[str, tuple[str, str, str, str, str]]:
    """A firm's duties of a kind: occasion, whom, by when, share, executor."""
    rows = {key: row for key, row in told(firm)["回访义务"].items() if row["项目"].startswith(f"{kind} ")}
    columns = ("缘由", "对象", "期限", "比例", "执行人")
    return {key: tuple(row[column] for column in columns) for key, row in rows.items()}  # type: ignore[misc]


def problems(tmp_path: Path, text: str) -> list[str]:
    """What `profile check` says of a firm's own file, line by line."""
    path = tmp_path / "own.yaml"
    path.write_text(f"extends: boci\nname: own\n{text}", "utf-8")
    done = huifang("profile", "check", path, *NOWHERE)
    assert done.status == (2 if done.stdout.count("\n") > 1 else 0)
    return done.stdout.splitlines()[:-1]


def test_p1_boci_and_haitong_differ_in_days_and_share() -> None:
    assert duties("boci", "新开户") == {
        "new_account": ("开户后", "全部客户", "3个工作日内", "100%", OPERATIONS),
    }
    haitong = duties("haitong", "新开户")
    assert {when for _, _, when, _, _ in haitong.values()} == {"5个工作日内"}
    assert haitong["new_account_broker"][1:4:2] == ("经纪人客户", "100%")
    assert haitong["new_account"][1:4:2] == ("普通客户，资产1000万元以下", "30%")


def test_p2_boci_calls_key_customers_yearly_and_the_rest_in_two_years() -> None:
    assert {row[:4] for row in duties("boci", "定期").values()} == {
        ("每年", "重点活跃客户", "当期内", "100%"),
        ("每两年", "非重点活跃客户", "当期内", "100%"),
    }


def test_p2_haitong_goes_by_size_broker_core_and_dormant() -> None:
    found = {(each, share) for each, _, _, share, _ in duties("haitong", "定期").values()}
    assert found == {("每年", "100%"), ("每月", "100%"), ("每半年", "20%")}
    rows = duties("haitong", "定期")
    assert rows["periodic_large"][1] == "非核心客户，资产1000万元及以上"
    assert all("核心客户" in rows[name][1] for name in rows if rows[name][0] == "每月")
    assert {name for name, row in rows.items() if row[3] == "20%"} == {"periodic_dormant", "periodic_small"}


@pytest.mark.parametrize("firm", FIRMS)
def test_p3_the_share_of_key_customers_is_a_setting(firm: str, tmp_path: Path) -> None:
    rows = told(firm)["客户划分"]
    assert all(
        word in rows["key_active"]["要求"] for word in ("资产", "交易量", "佣金", "周转率", "人工增列")
    )
    assert rows["key_active.introduced"]["要求"] == "任一项居营业部前10%的必须列入"
    own = tmp_path / "own.yaml"
    own.write_text(f"extends: {firm}\nname: own\nkey_active: {{share: 0.35, of_last: quarter}}\n", "utf-8")
    found = as_json("profile", "compare", firm, own, *NOWHERE)["differences"]
    assert [one["second"] for one in found] == [
        "上季度资产、交易量、佣金、周转率任一项居营业部前35%，及人工增列"
    ]


@pytest.mark.parametrize("firm", FIRMS)
def test_p4_abnormal_accounts_are_called_at_once(firm: str) -> None:
    assert set(duties(firm, "异常").values()) == {
        ("发现异常后", "全部客户", "1个工作日内", "100%", OPERATIONS)
    }


def test_p5_headquarters_checks_come_on_top() -> None:
    assert set(duties("boci", "检查").values()) == {
        ("每年", "居间客户", "当期内", "10%（另计）", "总部"),
        ("每年", "重点活跃客户", "当期内", "20%（另计）", "总部"),
    }


def test_p5_a_branch_may_not_call_introduced_customers_less(tmp_path: Path) -> None:
    assert problems(tmp_path, "attempts: 4\n") == []
    less = problems(
        tmp_path,
        "duties:\n  new_account: {kind: new_account, upon: opened, within: {worked_days: 3}, share: 0.5,"
        " executor: operations, rule: P1}\n",
    )
    assert [one.partition(" ")[0] for one in less] == [f"{tmp_path}/own.yaml:4:"]
    assert "50% are called when they open an account, not all (P1, P5)" in less[0]


@pytest.mark.parametrize("firm", FIRMS)
def test_p6_adviser_contracts_are_begun_in_five_worked_days_and_finished_in_a_month(firm: str) -> None:
    assert set(duties(firm, "投顾新签约").values()) == {
        ("签约投顾后", "全部客户", "5个工作日内启动，1个月内完成", "100%", OPERATIONS)
    }


@pytest.mark.parametrize("firm", FIRMS)
def test_p6_contracts_that_go_on_are_asked_after_yearly_in_sichuan_quarterly(firm: str) -> None:
    assert {row[:2] for row in duties(firm, "投顾持续").values()} == {
        ("每年（自签约投顾之日起）", "四川除外，投顾签约客户"),
        ("每季度（自签约投顾之日起）", "仅四川，投顾签约客户"),
    }


@pytest.mark.parametrize("firm", FIRMS)
def test_p7_special_follow_ups_upon_ten_events(firm: str) -> None:
    occasions = {row[0]: row[2] for row in duties(firm, "专项").values() if row[0].endswith("后")}
    assert set(occasions) == {
        *("资产大额变动后", "销户后", "密码重置后", "开通新业务后", "指定代理人后", "签订协议后"),
        *("投诉办结后", "投顾合同变更后", "投顾合同终止后", "部门下达后"),
    }
    assert occasions["部门下达后"].startswith("部门指定的日期")


def test_p11_a_yearly_plan_and_a_programme_of_checks() -> None:
    rows = told("boci")["报表"]
    found = {
        key: (row["编制"], row["周期"], row["范围"]) for key, row in rows.items() if row["依据"] == "P11"
    }
    assert found == {"plan": ("营业部", "每年", "定期"), "checks": ("总部", "每年", "检查")}


@pytest.mark.parametrize("firm", FIRMS)
def test_p12_checks_are_headquarters_and_compliance_kinds_never_marketings(firm: str) -> None:
    assert {row[4] for row in duties(firm, "检查").values()} == {"总部"}
    for row in told(firm)["回访义务"].values():
        assert row["执行人"] != MARKETING or row["项目"].startswith("定期 ")


def test_p12_haitong_leaves_brokers_and_large_customers_to_headquarters() -> None:
    for row in (*duties("haitong", "定期").values(), *duties("haitong", "新开户").values()):
        reserved = row[1].startswith("经纪人客户") or row[1].endswith("1000万元及以上")
        assert (row[4] == "总部") is reserved
    assert duties("haitong", "定期")["periodic_core"][4] == MARKETING


def test_p12_haitongs_headquarters_answers_for_them_whatever_they_are_owed(tmp_path: Path) -> None:
    data = planned_site(tmp_path / "data")
    closing = ((EventKind.CLOSING, TODAY.date()),)
    sources = (Known("张伟", {"source": "broker"}, closing), Known("王芳", {}, closing))
    ids = stock(data, [*sources, Known("李娜", {"assets": 2e7}, closing)])
    owe(data, "haitong")
    found = {one["customer_id"]: one["executor"] for one in due(data, "--duty", "closing")}
    assert [found[one] for one in ids] == ["headquarters", "operations", "headquarters"]


def test_p12_marketing_cannot_be_given_a_compliance_kind(tmp_path: Path) -> None:
    """A1 as well."""
    found = problems(
        tmp_path,
        "duties:\n"
        "  closing: {kind: special, upon: closing, within: {days: 5}, executor: marketing, rule: P7}\n",
    )
    assert len(found) == 1
    assert "never for `marketing` (A1, P12)" in found[0]


def test_p13_former_customers_are_called_where_the_firm_wants_it() -> None:
    assert duties("tianfeng", "专项")["former"][0] == "每年（自转至当地同业之日起）"
    assert "former" not in {**duties("boci", "专项"), **duties("haitong", "专项")}


def test_a4_who_will_not_be_called_may_be_informed_in_writing() -> None:
    ways = {key for key, row in told("boci")["其他回访方式"].items() if "A4" in row["要求"]}
    assert ways == {"email", "letter", "sms"}


def test_c1_what_each_other_way_leaves() -> None:
    rows = told("boci")["其他回访方式"]
    assert "专用邮箱及保管人" in rows["email"]["要求"]
    assert "每年导出或刻录" in rows["email"]["要求"]
    assert "存根" in rows["letter"]["要求"]
    assert all(word in rows["sms"]["要求"] for word in ("内容", "回复", "号码", "成功率"))
    assert "重要事项2名" in rows["visit"]["要求"]


@pytest.mark.parametrize(
    ("assets", "below", "above"),
    [
        (5_000_000, "A+", "B+"),
        (4_999_999, "A", "B"),
        (1_000_000, "A", "B"),
        (500_000, "D", "C"),
        (100_000, "D-", "C-"),
        (10_000, "E", "F"),
        (9_999, "G", "G"),
    ],
)
def test_c2_classes_by_assets_and_turnover(assets: float, below: str, above: str) -> None:
    classes = shipped("boci").classes
    assert (class_of(assets, 2.9, classes), class_of(assets, 3, classes)) == (below, above)


def test_c5_two_messages_to_new_customers() -> None:
    rows = told("boci")["其他回访方式"]
    assert [rows[f"sms.{number}"]["要求"] for number in (1, 2)] == ["开户后14天内", "开户后3个月内"]


def test_c6_e_mail_is_answered_the_same_day_or_in_two_worked_days() -> None:
    clock = told("boci")["时钟"]["email"]
    assert (clock["目标"], clock["期限"], clock["依据"]) == ("当日", "2个工作日内", "C6")


def test_c7_a_follow_up_may_be_made_to_fit_the_customers_class(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "extends: default\nname: own\nduties:\n"
        "  large: {kind: special, each: quarter, who: {classes: [A+, B+]}, executor: operations, rule: C7}\n",
        "utf-8",
    )
    assert huifang("profile", "check", own, *NOWHERE).status == 0
    assert duties(str(own), "专项")["large"][:2] == ("每季度", "A+、B+类客户")
    own.write_text(own.read_text("utf-8").replace("B+]", "Z]"), "utf-8")
    assert "there is no class Z" in huifang("profile", "check", own, *NOWHERE).stdout


@pytest.mark.parametrize("firm", FIRMS)
def test_d7_periodic_and_adviser_may_share_a_call(firm: str) -> None:
    rows = told(firm)["合并回访"].values()
    assert [(row["项目"], "periodic_and_adviser" in row["要求"]) for row in rows] == [
        ("定期、投顾持续", True)
    ]


@pytest.mark.parametrize("firm", FIRMS)
def test_q4_clocks(firm: str) -> None:
    rows = {key: row["期限"] for key, row in told(firm)["时钟"].items() if row["依据"] == "Q4"}
    assert rows == {
        "opinion": "5个工作日内",
        "answer": "2个工作日内",
        "loop": "15个工作日内",
        "records": "5个工作日内",
    }
    assert told(firm)["报表"]["ordered"]["期限"] == "工作结束后5个工作日内"


@pytest.mark.parametrize("firm", FIRMS)
def test_q9_a_yearly_inspection_with_its_result_in_ten_worked_days(firm: str) -> None:
    row = told(firm)["报表"]["inspection"]
    assert (row["周期"], row["期限"], row["依据"]) == ("每年", "工作结束后10个工作日内", "Q9")


def test_r3_boci_keeps_as_long_as_account_files_and_tianfeng_five_and_fifteen_years() -> None:
    assert told("tianfeng")["保存期限"]["written"]["期限"] == "至少5年"
    assert told("tianfeng")["保存期限"]["sound"]["期限"] == "至少15年"
    files = told("boci")["保存期限"]["account_files"]
    assert (files["期限"], files["起算"]) == ("至少20年", "自销户之日起")


def test_r3_nothing_may_be_kept_for_less(tmp_path: Path) -> None:
    found = problems(tmp_path, "retention:\n  account_files: null\n  sound: null\n")
    assert len(found) == 1
    assert "recordings are kept for 0 years, not for 15 at least (R3)" in found[0]


def test_r5_boci_keeps_records_apart_and_haitong_in_the_customers_file_too() -> None:
    filed = {firm: told(firm)["保存期限"]["filing"]["期限"] for firm in FIRMS}
    assert filed == {
        "boci": "与账户资料分开保管",
        "haitong": "同时归入客户档案",
        "tianfeng": "与账户资料分开保管",
    }


def test_r6_who_signs_a_record() -> None:
    haitong, tianfeng = (shipped(firm).signatures.values() for firm in ("haitong", "tianfeng"))
    assert chain(haitong, Form.RECORD, Kind.NEW_ACCOUNT) == (Role.CALLER, Role.OPERATIONS)
    assert chain(haitong, Form.RECORD, Kind.PERIODIC) == (Role.CALLER, Role.MARKETING)
    signers = (Role.CALLER, Role.SERVICE_DIRECTOR, Role.COMPLIANCE)
    assert chain(tianfeng, Form.RECORD, Kind.ADVISER_SIGNUP) == signers


def test_r6_done_by_and_checked_by_are_never_one_role(tmp_path: Path) -> None:
    found = problems(tmp_path, "signatures:\n  record: {form: record, chain: [caller, caller], rule: R6}\n")
    assert len(found) == 1
    assert "nobody signs one form twice (R6)" in found[0]


@pytest.mark.parametrize(
    ("grade", "roles"),
    [
        (Grade.NONE, (Role.MARKETING_DESK, Role.OPERATIONS)),
        (Grade.GENERAL, (Role.HANDLER, Role.OPERATIONS, Role.GENERAL_MANAGER)),
        (Grade.VIOLATION, (Role.HANDLER, Role.OPERATIONS, Role.GENERAL_MANAGER, Role.RETAIL)),
    ],
)
def test_w3_who_signs_a_result_goes_by_what_was_found(grade: Grade, roles: tuple[Role, ...]) -> None:
    assert chain(shipped("boci").signatures.values(), Form.RESULT, Kind.PERIODIC, grade) == roles


def test_w4_monthly_in_five_worked_days_headquarters_in_ten() -> None:
    rows = told("boci")["报表"]
    assert (rows["monthly"]["编制"], rows["monthly"]["期限"]) == ("营业部", "期末后5个工作日内")
    assert (rows["summary"]["编制"], rows["summary"]["期限"]) == ("总部", "期末后10个工作日内")
    assert told("tianfeng")["报表"]["quarterly"]["周期"] == "每季度"
    assert told("haitong")["报表"]["upload_compliance"]["期限"] == "期末后10个工作日内"
    assert rows["yearly"]["周期"] == "每年"


def test_w6_tianfeng_reports_to_compliance_and_the_service_director_monthly() -> None:
    rows = {key: row for key, row in told("tianfeng")["报表"].items() if row["依据"] == "W6"}
    assert {row["周期"] for row in rows.values()} == {"每月"}
    assert rows["compliance"]["报送"] == "合规部、客服总监"
    assert rows["violations"]["项目"].startswith("违规情况月度汇总")


def test_w7_haitong_uploads_by_kind() -> None:
    rows = told("haitong")["报表"]
    assert rows["upload_compliance"]["报送"] == "营运中心、风险控制部"
    assert {"新开户", "专项"} <= set(rows["upload_compliance"]["范围"].split("、"))
    assert (rows["upload_service"]["报送"], rows["upload_service"]["范围"]) == ("销售总部", "定期、售后")
