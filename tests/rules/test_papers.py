"""Rules about papers, as `huifang report` shows them: worksheets, results, reports, logs, signatures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from base.clock import SHANGHAI
from papers.forms import text as written
from papers.worksheet import worksheet
from tests import papers_site
from tests.command_line import as_json, complaint, huifang, succeeds
from tests.paper_samples import FIRM, outcomes, sheet
from tests.papers_site import BRANCH, CAMPAIGN, SHEET

MARCH = ("--period", "2026-03")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("papers") / "data"
    papers_site.make(data)
    return data


def report(site: Path, *arguments: str) -> str:
    return succeeds("report", *arguments, "--data", site)


def in_order(text: str, *words: str) -> None:
    """Each of them stands in the text, after the one before."""
    at = 0
    for word in words:
        found = text.find(word, at)
        assert found >= 0, f"{word} is missing, or out of order, in:\n{text}"
        at = found + len(word)


def test_w1_a_worksheet_has_all_fields_of_its_form_and_the_results(site: Path) -> None:
    text = report(site, "worksheet", SHEET)
    in_order(
        text,
        "附件1",
        "客户回访工作表",
        "编号：",
        SHEET,
        "营业部：",
        BRANCH,
        "回访类型：☑新开户　□定期-重点活跃",
    )
    in_order(
        text, "数量：2 户", "比例：100.0%", "目的：", "内容：", "方式：☑电话", "开始时间：", "计划完成时间："
    )
    in_order(text, "张伟", "138****0001", "完成", "王芳", "次数用尽")
    in_order(
        text, "提交人：刘洋（1001） 2026-03-04 15:00", "批准人：陈静（1002） 2026-03-04 16:00", "责任人：1003"
    )


def test_w2_a_check_sheet_names_its_branch_and_the_share_of_all() -> None:
    text = written(worksheet(sheet(check=True), outcomes(3), FIRM, {}))
    in_order(text, "附件2", "编号：", "检查对象（营业部）：上海营业部", "类型：☑居间关系　□重点活跃　□其他")
    in_order(
        text, "数量：", "占全辖比例：10.0%", "目的：", "内容：", "方式：", "开始时间：", "计划完成时间："
    )
    in_order(text, "客户名单", "提交人：", "批准人：", "责任人：")


@pytest.mark.parametrize(
    ("grade", "words"),
    [
        ("none", ("SHA-256", "营销管理岗：__", "运营总监：__")),
        (
            "general",
            (
                *("运营总监意见", "市场总监意见", "总经理意见", "处理结果"),
                *("经办人：__", "运营总监（确认）：__", "总经理（确认）：__"),
            ),
        ),
        (
            "violation",
            (
                *("零售经纪部意见", "营业部处理结果", "经办人：__", "运营总监：__", "总经理：__"),
                "零售经纪部（确认）：__",
            ),
        ),
    ],
)
def test_w3_a_result_asks_for_the_opinions_of_its_grade(
    site: Path, grade: str, words: tuple[str, ...]
) -> None:
    text = report(site, "result", SHEET, "--grade", grade)
    in_order(text, "附件3", "营业部：", f"回访工作表编号：{SHEET}", "目的：", "数量：2 户", "比例：50.0%")
    in_order(
        text,
        "开始时间：2026年3月4日",
        "完成时间：",
        "【问题及处理建议】",
        "经办人：",
        "复核人：",
        "营销管理岗：",
        *words,
    )


def test_w3_where_nothing_was_found_the_form_says_so(site: Path) -> None:
    assert "本次回访未发现问题。" in report(site, "result", SHEET, "--grade", "none")


def test_w4_the_monthly_report_says_number_ratio_kinds_ways_problems_by_its_day(site: Path) -> None:
    text = report(site, "monthly", *MARCH, "--words", "已再次安排")
    in_order(text, "回访月报", BRANCH, "应报日期：2026年4月8日", "新开户 | 3 | 2 | 1 | 1 | 1 | 1 | 33.3%")
    in_order(text, "回访方式", "电话 | 2", "短信 | 1", "发现的问题", "要求人工 | 1", "已再次安排")
    due = {one["kind"]: one for one in as_json("report", "calendar", "--year", "2026", "--data", site)}
    assert {"monthly", "summary", "yearly"} <= due.keys()


def test_w4_quarterly_yearly_and_headquarters_reports_are_made(site: Path) -> None:
    assert BRANCH in report(site, "summary", *MARCH)
    quarter = report(site, "quarterly", "--period", "2026Q1", "--profile", "tianfeng")
    in_order(quarter, "执行情况", "按月情况", "2026-03", "满意 | 1", "分析", "反馈")
    assert "2026年1月1日至12月31日" in report(site, "yearly", "--period", "2026")


def test_w4_of_a_period_that_has_not_come_nothing_is_told_and_one_under_way_says_so(site: Path) -> None:
    for command in (("monthly",), ("table",), ("appraisal",), ("log", "sms")):
        refused = complaint("report", *command, "--period", "2099-01", "--data", site)
        assert "--period 2099-01: begins on 2099-01-01: it has not come yet" in refused
    today = datetime.now(SHANGHAI).date()
    for command in (("monthly",), ("table",), ("appraisal",), ("log", "sms")):
        assert "（未结束，截至" in report(site, *command, "--period", str(today.year))
    assert "未结束" not in report(site, "monthly", *MARCH)
    assert "2099" in report(site, "plan", "--period", "2099")


def test_w4_a_form_goes_by_the_files_ending_and_against_it_nothing_is_written(
    site: Path, tmp_path: Path
) -> None:
    page = tmp_path / "march.html"
    report(site, "monthly", *MARCH, "-o", str(page))
    assert page.read_text("utf-8").startswith("<!doctype html>")
    against = ("report", "monthly", *MARCH, "--format", "xlsx", "-o")
    wrong = complaint(*against, tmp_path / "a.pdf", "--data", site)
    assert "ends in .pdf, but the form is xlsx" in wrong
    assert "ends in .odt, which is no form of this" in complaint(
        "report", "monthly", *MARCH, "-o", tmp_path / "a.odt", "--data", site
    )
    assert "no such folder" in complaint(*against, tmp_path / "none" / "a.xlsx", "--data", site)
    assert [one.name for one in tmp_path.iterdir()] == ["march.html"]


def test_w5_a_record_sheet_has_what_a_written_record_must_say(site: Path) -> None:
    text = report(site, "record", "1")
    in_order(
        text,
        "新开户客户回访记录表",
        "客户姓名：张伟",
        "资金账号：60010001",
        "回访类型：新开户",
        "回访方式：电话",
    )
    in_order(
        text,
        "回访时间：2026-03-04",
        "回访人：",
        "录音：",
        "回访目的：",
        "回访内容",
        "满意",
        "发现的问题",
        "要求人工",
    )
    in_order(text, "回访结果", "完成", "回访人：__", "运营总监：__")


def test_w5_the_file_of_a_core_customer_has_its_fields(site: Path) -> None:
    text = report(site, "core", "60010001", "--by", "李经理")
    in_order(
        text, "填写日期：", "编号：", "姓名：张伟", "性别：男", "资金账号：60010001", "生日：", "佣金率："
    )
    in_order(text, "面谈地点：", "财务规划：", "相关人员", "影响力", "备注", "填表人：李经理")


def test_r5_records_stand_in_the_customers_file_too_where_the_profile_files_them_there(site: Path) -> None:
    core = ("core", "60010001")
    assert "回访记录" not in report(site, *core, "--profile", "boci")
    in_order(report(site, *core, "--profile", "haitong"), "回访记录", "张伟", "新开户", "2026-03-04", "完成")


def test_w5_a_visit_sheet_and_the_summary_table(site: Path) -> None:
    in_order(
        report(site, "visit", "60010001"),
        "客户姓名：张伟",
        "次序：",
        "时间：",
        "地点：",
        "内容",
        "改进",
        "客户：__",
    )
    in_order(report(site, "table", *MARCH), "合计", "新开户 | 3", "明细", "张伟", "李娜")


def test_w6_compliance_gets_records_recordings_suspicions_opinions(site: Path) -> None:
    text = report(site, "compliance", *MARCH, "--profile", "tianfeng")
    in_order(
        text,
        "合规月报",
        "回访记录 | 2",
        "电话录音 | 1",
        "疑似问题 | 1",
        "处理意见",
        "合规意见",
        "合规人员：__",
    )
    assert "违规情况月度汇总" in report(site, "violations", *MARCH, "--profile", "tianfeng")


def test_w7_records_are_handed_up_by_kind(site: Path) -> None:
    text = report(site, "upload", *MARCH, "--profile", "haitong")
    first, second = (
        text.split("证券回访记录上传") if "证券回访记录上传" in text else text.split("回访记录上传")[1:]
    )
    in_order(first, "营运中心、风险控制部", "张伟")
    assert "销售总部" in second
    assert "张伟" not in second


def test_c1_sms_are_logged_with_content_replies_number_and_success_rate(site: Path, tmp_path: Path) -> None:
    text = report(site, "log", "sms", *MARCH)
    in_order(
        text, "短信回访登记表", "客户回复：1", "发送成功率：100.0%", "李娜", "138****0003", "成功", "收到"
    )
    table = tmp_path / "letters.csv"
    table.write_text(
        "寄出时间,客户姓名,地址,寄送方式,单号,底稿及存根\n2026-03-05,张伟,上海,挂号信,XA1,各一份\n", "utf-8"
    )
    letters = report(site, "log", "letter", *MARCH, "--from", str(table), "--keeper", "王芳")
    in_order(letters, "信函回访登记表", "保管人：王芳", "张伟", "挂号信", "XA1", "各一份")
    table.write_text("客户姓名\n张伟\n", "utf-8")
    assert "时间" in complaint("report", "log", "visit", *MARCH, "--from", table, "--data", site)


def test_q4_records_are_handed_to_who_ordered_them_within_five_worked_days(site: Path) -> None:
    text = report(site, "hand-over", CAMPAIGN, "--department", "合规部", "--matter", "核实")
    in_order(
        text,
        "委托部门：合规部",
        "委托事项：核实",
        "回访完成日期：",
        "应移交日期：",
        "移交人：__",
        "接收人（接收）：__",
    )


def test_q9_the_yearly_inspection_has_its_result_in_ten_worked_days(site: Path) -> None:
    text = report(site, "inspection", "--period", "2025")
    in_order(text, "年度检查结果", "应报日期：2026年1月15日", "检查范围", "检查结果", "整改要求")


def test_q10_appraisal_counts_by_branch_by_person_and_what_customers_say(site: Path) -> None:
    text = report(site, "appraisal", *MARCH)
    in_order(
        text,
        "满意度平均分：80.0",
        "营业部",
        f"{BRANCH} | 3 | 2 | 1 | 1",
        "责任人",
        "1003 | 2",
        "李经理 | 0 | 1 | 0 | 0 | 80.0",
    )


def test_p11_the_yearly_plan_says_whom_how_often_and_how_many(site: Path) -> None:
    text = report(site, "plan", "--period", "2026")
    in_order(text, "年度回访计划", "回访安排", "重点活跃客户 | 每年 | 100%", "方式及人员安排")
    assert "年度检查方案" in report(site, "checks", "--period", "2026", "--profile", "boci")


def test_r6_a_paper_is_signed_in_order_over_its_hash_and_never_twice_by_one(site: Path) -> None:
    number = f"YB-202603-{BRANCH}"
    report(site, "monthly", *MARCH)
    at = ("--data", site)
    assert "经办人 signs first" in complaint(
        "report", "sign", number, "--role", "复核人", "--by", "1002", *at
    )
    assert "SHA-256" in succeeds("report", "sign", number, "--role", "经办人", "--by", "1001", *at)
    assert "never one person" in complaint("report", "sign", number, "--role", "复核人", "--by", "1001", *at)
    assert "经办人：刘洋（1001） 20" in report(site, "monthly", *MARCH)
    changed = report(site, "monthly", *MARCH, "--words", "另有说明")
    assert "经办人：____" in changed  # what it says is no longer what was signed


def test_w4_a_report_that_was_handed_in_is_not_asked_for_again(site: Path, tmp_path: Path) -> None:
    report(site, "monthly", "--period", "2026-02")
    until = ("report", "calendar", "--year", "2026", "--data", site)
    before = as_json(*until)
    assert before[0]["late"]
    assert [one["due_on"] for one in before if one["late"]] == sorted(
        one["due_on"] for one in before if one["late"]
    )
    succeeds("report", "hand-in", f"YB-202602-{BRANCH}", "--by", "1001", "--data", site)
    handed = {(one["name"], one["period"]): one["handed_on"] for one in as_json(*until)}
    assert handed["monthly", "2026-02"]
    ics = tmp_path / "reports.ics"
    succeeds(*until, "--ics", ics)
    written = ics.read_bytes().decode()
    assert "monthly-上海营业部-2026-02" not in written.replace("\r\n ", "")
    assert "SUMMARY:回访月报（上海营业部，2026-03）" in written.replace("\r\n ", "")


def test_w4_reports_are_written_in_batch(site: Path, tmp_path: Path) -> None:
    done = huifang("report", "monthly", *MARCH, "--format", "xlsx", "-o", tmp_path / "many", "--data", site)
    assert done.status == 0
    assert (tmp_path / "many").exists()
    line = complaint("report", "monthly", *MARCH, "--format", "pdf", "--data", site)
    assert "--output" in line
    assert "no period" in huifang("report", "monthly", "--period", "March", "--data", site).stderr
    assert "branches: 上海营业部" in complaint("report", "monthly", "--branch", "北京", "--data", site)
