"""Chinese words for what planning names in English, and for its terms, money and people.

Kinds of follow-up, dispositions and notes: `papers.words`.
"""

from __future__ import annotations

from collections.abc import Iterator

from plans.duties import Duty, Period, Who, Within
from plans.paperwork import Filing, Form, Grade, Level, Material, ReportForm, Role, Way
from plans.sections import ClockName, Measure
from records.people import ClientKind, EventKind, Source
from records.planned import Executor

SOURCES = {Source.ORDINARY: "普通客户", Source.BROKER: "经纪人客户", Source.INTRODUCED: "居间客户"}
CLIENTS = {ClientKind.PERSON: "个人", ClientKind.INSTITUTION: "机构"}
MEASURES = {
    Measure.ASSETS: "资产",
    Measure.VOLUME: "交易量",
    Measure.COMMISSION: "佣金",
    Measure.TURNOVER: "周转率",
}
EXECUTORS = {
    Executor.HEADQUARTERS: "总部",
    Executor.OPERATIONS: "营业部运营总监",
    Executor.MARKETING: "营业部市场总监",
}
LEVELS = {Level.BRANCH: "营业部", Level.HEADQUARTERS: "总部"}

EVENTS = {
    EventKind.OPENED: "开户",
    EventKind.SIGNED: "签约投顾",
    EventKind.CHANGED: "投顾合同变更",
    EventKind.ENDED: "投顾合同终止",
    EventKind.LARGE_CHANGE: "资产大额变动",
    EventKind.CLOSING: "销户",
    EventKind.PASSWORD_RESET: "密码重置",
    EventKind.NEW_BUSINESS: "开通新业务",
    EventKind.AGENT_NAMED: "指定代理人",
    EventKind.AGREEMENT: "签订协议",
    EventKind.ABNORMAL: "发现异常",
    EventKind.SETTLED: "投诉办结",
    EventKind.ORDERED: "部门下达",
    EventKind.MOVED: "转至当地同业",
}
PERIODS = {
    Period.MONTH: "每月",
    Period.QUARTER: "每季度",
    Period.HALF_YEAR: "每半年",
    Period.YEAR: "每年",
    Period.TWO_YEARS: "每两年",
}

CLOCKS = {
    ClockName.OPINION: "意见处理",
    ClockName.ANSWER: "部门答复",
    ClockName.LOOP: "全程办结",
    ClockName.RECORDS: "专项记录移交",
    ClockName.INSPECTION: "检查结果",
    ClockName.EMAIL: "邮件答复",
}
REPORTS = {
    ReportForm.MONTHLY: "回访月报",
    ReportForm.SUMMARY: "回访月度汇总",
    ReportForm.QUARTERLY: "回访季报",
    ReportForm.YEARLY: "回访年报",
    ReportForm.UPLOAD: "回访记录上传",
    ReportForm.RECORDS: "专项回访记录移交",
    ReportForm.COMPLIANCE: "合规月报",
    ReportForm.VIOLATIONS: "违规情况月度汇总",
    ReportForm.INSPECTION: "年度检查结果",
    ReportForm.PLAN: "年度回访计划",
    ReportForm.CHECKS: "年度检查方案",
}
MATERIALS = {
    Material.RECORDINGS: "录音",
    Material.RECORDS: "书面记录",
    Material.MESSAGES: "邮件、信函、短信",
}
FILINGS = {Filing.APART: "与账户资料分开保管", Filing.CUSTOMER_FILE: "同时归入客户档案"}

FORMS = {
    Form.RECORD: "回访记录表",
    Form.WORKSHEET: "回访工作表",
    Form.CHECK_SHEET: "回访检查工作表",
    Form.RESULT: "回访结果报告",
    Form.CHECK_RESULT: "回访检查结果报告",
    Form.REPORT: "回访报告",
}
GRADES = {Grade.NONE: "未发现问题", Grade.GENERAL: "一般问题", Grade.VIOLATION: "违规问题"}
ROLES = {
    Role.SUBMITTER: "提交人",
    Role.APPROVER: "批准人",
    Role.RESPONSIBLE: "责任人",
    Role.CALLER: "回访人",
    Role.HANDLER: "经办人",
    Role.REVIEWER: "复核人",
    Role.OPERATIONS: "运营总监",
    Role.MARKETING: "市场总监",
    Role.MARKETING_DESK: "营销管理岗",
    Role.GENERAL_MANAGER: "总经理",
    Role.SERVICE_DIRECTOR: "客服总监",
    Role.SERVICE_HEAD: "客服中心负责人",
    Role.COMPLIANCE: "合规人员",
    Role.RETAIL: "零售经纪部",
}
WAYS = {Way.EMAIL: "电子邮件", Way.LETTER: "信函", Way.SMS: "短信", Way.VISIT: "面访"}


def within(term: Within) -> str:
    """5个工作日内, 14天内, 1个月内; 当日."""
    if term.worked_days is not None:
        return f"{term.worked_days}个工作日内" if term.worked_days else "当日"
    if term.days is not None:
        return f"{term.days}天内" if term.days else "当日"
    return f"{term.months}个月内"


def yuan(amount: float) -> str:
    """1000万元, 10万元, 5000元."""
    return f"{amount / 10_000:.10g}万元" if amount >= 10_000 else f"{amount:.10g}元"


def share(part: float) -> str:
    """30%, 12.5%."""
    return f"{round(part * 100, 4):g}%"


def occasion(duty: Duty) -> str:
    """What makes a duty due: 开户后; 每年; 每季度（自签约投顾之日起）."""
    if duty.each is None:
        return f"{EVENTS[duty.upon]}后" if duty.upon else ""
    since = f"（自{EVENTS[duty.since]}之日起）" if duty.since else ""
    return PERIODS[duty.each] + since


def whom(who: Who) -> str:
    """Whom a duty concerns: 全部客户; 居间客户，资产10万元以下."""
    return "，".join((*_kinds(who), *_marks(who), *_assets(who))) or "全部客户"


def _kinds(who: Who) -> Iterator[str]:
    if who.sources:
        yield "、".join(SOURCES[one] for one in who.sources)
    if who.clients:
        yield "、".join(CLIENTS[one] for one in who.clients) + "客户"
    if who.classes:
        yield "、".join(who.classes) + "类客户"
    if who.provinces:
        yield "仅" + "、".join(who.provinces)
    if who.provinces_not:
        yield "、".join(who.provinces_not) + "除外"


def _marks(who: Who) -> Iterator[str]:
    marks = (
        (who.key_active, "重点活跃客户", "非重点活跃客户"),
        (who.core, "核心客户", "非核心客户"),
        (who.dormant, "休眠客户", "非休眠客户"),
        (who.adviser, "投顾签约客户", "无投顾合同的客户"),
    )
    yield from (yes if mark else no for mark, yes, no in marks if mark is not None)


def _assets(who: Who) -> Iterator[str]:
    if who.assets_from is not None:
        yield f"资产{yuan(who.assets_from)}及以上"
    if who.assets_below is not None:
        yield f"资产{yuan(who.assets_below)}以下"
