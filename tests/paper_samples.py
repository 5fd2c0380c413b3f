"""One paper of each form, from data that never changes: what tests read, and what docs/papers shows.

python -m tests.paper_samples docs/papers      writes the samples anew
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypedDict

from base.clock import SHANGHAI
from base.errors import InputError
from base.files import write_atomically
from papers import appraisal, channels, handing_over, monthly, records, result, worksheet, yearly
from papers.channels import Sent
from papers.figures import RATED, Outcome, Problem
from papers.handing_over import Order
from papers.monthly import Reported
from papers.paper import Firm, Paper
from papers.result import Finding
from papers.writing import Format, write
from papers.yearly import Planned
from plans.duties import Duty, Period, Who
from plans.paperwork import Grade, ReportForm, Role, Way
from records.calls import CallRecord
from records.model import AnswerRow, Customer, FollowUpState, Kind, KindRow, PhoneKind, SpokenRow
from records.people import Source
from records.planned import Executor, SheetState, Worksheet
from records.written import WrittenRecord

FIRM = Firm("示例证券", "8001")
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)
PEOPLE = {"1001": "张伟", "1002": "王芳", "1003": "李娜"}
_NAMES = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨磊", "赵敏", "黄丽")
_BRANCHES = ("上海营业部", "北京营业部", "成都营业部")
_RESULTS = ("完成", "完成", "完成", "完成", "未接", "完成", "拒访", "完成")


def outcomes(count: int = 24, kind: str = "") -> list[Outcome]:
    """So many follow-ups of July 2026, three branches in turn."""
    return [_outcome(n, kind) for n in range(count)]


def _outcome(n: int, kind: str) -> Outcome:
    result_ = _RESULTS[n % len(_RESULTS)]
    completed = result_ == "完成"
    problems = []
    if n % 9 == 4:
        problems.append(Problem("收益分成", n + 1, "赚了就三七分", lead=True))
    if n % 7 == 3:
        problems.append(Problem("要求人工", n + 1, done=n % 2 == 1))
    return Outcome(
        id=n + 1,
        call=n + 1,
        customer=_NAMES[n % len(_NAMES)],
        account=f"{60010000 + n}",
        phone=f"+86138{n:08d}",
        branch=_BRANCHES[n % 3],
        manager=("王经理", "李经理")[n % 2],
        person=("张伟（1001）", "李娜（1003）")[n % 2],
        kind=kind or ("new_account", "periodic")[n % 2],
        campaign="七月回访",
        due_by=FIRST + timedelta(days=3 + n),
        called_on=FIRST + timedelta(days=1 + n),
        closed_on=FIRST + timedelta(days=1 + n) if completed else None,
        reached=result_ in ("完成", "拒访"),
        completed=completed,
        result=result_,
        recording=f"recordings/20260702/1530{n:02d}-8001" if result_ != "未接" else "",
        problems=tuple(problems),
        ratings=(tuple(RATED)[n % 3],) if completed else (),
    )


def sheet(*, check: bool = False) -> Worksheet:
    """An approved worksheet of one branch, or headquarters' check."""
    return Worksheet(
        number="ZB-2026-007" if check else "SH-2026-031",
        branch="上海营业部",
        check=check,
        kind=Kind.CHECK if check else Kind.NEW_ACCOUNT,
        type_="居间关系" if check else "新开户",
        count=8,
        share=0.1 if check else 1.0,
        purpose="核实客户身份，确认开户为本人意愿，揭示风险，了解服务情况。",
        content="身份及资料真实性、开户及销售行为、业务流程、风险揭示、工作人员行为界限、密码安全。",
        method="电话",
        starts_on=date(2026, 7, 2),
        ends_on=date(2026, 7, 10),
        responsible="1003",
        state=SheetState.APPROVED,
        submitted_by="1001",
        submitted_at=datetime(2026, 7, 1, 9, 30, tzinfo=SHANGHAI),
        approved_by="1002",
        approved_at=datetime(2026, 7, 1, 14, 5, tzinfo=SHANGHAI),
    )


def chain(check: bool, grade: Grade) -> tuple[Role, ...]:
    """Who signs a result by the shipped profile."""
    last = (Role.RETAIL,) if grade is Grade.VIOLATION else ()
    if grade is Grade.NONE:
        return (Role.HANDLER, Role.SERVICE_HEAD) if check else (Role.MARKETING_DESK, Role.OPERATIONS)
    heads = (Role.SERVICE_HEAD,) if check else ()
    return (Role.HANDLER, Role.OPERATIONS, Role.GENERAL_MANAGER, *last, *heads)


def result_of(grade: Grade, *, check: bool = False) -> Paper:
    """附件3 or 附件4 of that grade."""
    words = {
        Grade.NONE: "",
        Grade.GENERAL: "2 户反映未收到信息服务，建议由客户经理一周内联系说明。",
        Grade.VIOLATION: "1 户称与工作人员约定收益分成，疑似违规，建议立即交叉复核并报告。",
    }
    finding = Finding(grade, date(2026, 7, 2), date(2026, 7, 9), words[grade])
    shown = outcomes(8) if grade is not Grade.NONE else [replace(one, problems=()) for one in outcomes(8)]
    return result.result(sheet(check=check), shown, finding, FIRM, chain(check, grade))


def reported(form: ReportForm, branch: str = "") -> Reported:
    """July of a branch, or of all."""
    listed = [one for one in outcomes(60) if branch in ("", one.branch) and one.day and one.day <= LAST]
    return Reported(
        *(form, FIRM, branch, "2026-07", FIRST, LAST, date(2026, 8, 3), listed),
        due_on=date(2026, 8, 7),
        to=("客服中心",),
        wanted=1.0,
        words="个别客户多次未接，已安排不同时段再次拨打。",
        chain=(Role.HANDLER, Role.REVIEWER, Role.OPERATIONS),
    )


def duties() -> dict[str, Planned]:
    """Two periodic duties, one of them counted."""
    key = Duty(
        kind=Kind.PERIODIC, each=Period.YEAR, who=Who(key_active=True), executor=Executor.MARKETING, rule="P2"
    )
    rest = Duty(
        kind=Kind.PERIODIC,
        each=Period.TWO_YEARS,
        who=Who(key_active=False, sources=(Source.ORDINARY,)),
        executor=Executor.MARKETING,
        rule="P2",
    )
    return {"key": Planned(key, 420, 420), "rest": Planned(rest, 1810, 905)}


def sms() -> list[Sent]:
    """Nine messages, two of which did not arrive."""
    at = datetime(2026, 7, 6, 10, 0, tzinfo=SHANGHAI)
    words = "【示例证券】您好，欢迎开户。证券投资有风险，请妥善保管密码。客服 95000。"
    return [
        Sent(
            at + timedelta(minutes=n),
            _NAMES[n % 8],
            f"+86138{n:08d}",
            words,
            result="失败：空号" if n in (2, 7) else "成功",
            reply="收到" if n == 1 else "",
        )
        for n in range(9)
    ]


def letters(way: Way) -> list[Sent]:
    """Two of any other way."""
    at = datetime(2026, 7, 8, 15, 0, tzinfo=SHANGHAI)
    kept = {
        Way.EMAIL: ("service@example.cn", "王芳，刻录盘 2026-E1", ""),
        Way.LETTER: ("挂号信", "底稿、存根各一份", "XA12345678911"),
        Way.VISIT: ("张伟、李娜", "客户签字表一份", ""),
    }
    by, what, number = kept[way]
    return [
        Sent(at, "张伟", "上海市浦东新区", "年度账户对账及风险提示", by, what, number, "成功", "无异议"),
        Sent(at + timedelta(days=1), "李娜", "上海市徐汇区", "佣金调整确认", by, what, number, "成功"),
    ]


class _Stretch(TypedDict):
    period: str
    first: date
    last: date
    made_on: date


def call() -> WrittenRecord:
    """One call that was carried out, with two answers."""
    at = datetime(2026, 7, 2, 15, 30, tzinfo=SHANGHAI)
    customer = Customer(
        *(1, "张伟", "+8613800000000", PhoneKind.MOBILE, date(2026, 6, 29), "王经理", "上海营业部"),
    )
    made = CallRecord(
        id=17,
        campaign="七月新开户",
        customer="张伟",
        phone=customer.phone,
        n=1,
        ring=1,
        trunk="main",
        slot=0,
        node="node-1",
        claimed_at=at,
        invited_at=at,
        ringing_at=at + timedelta(seconds=4),
        answered_at=at + timedelta(seconds=12),
        ended_at=at + timedelta(seconds=95),
        released_at=at + timedelta(seconds=95),
        hold_until=None,
        disposition="completed",
        rung=True,
        valid=True,
        call_id="call-17",
        sip_status=200,
        sip_reason="OK",
        q850=16,
        ended_by="us",
        rang_s=8.0,
        talked_s=83.0,
        recording="recordings/2026-07-02/20260702-153000_8001",
        rule="D2: closed",
        state=FollowUpState.CLOSED,
        due_at=None,
        script="new_account",
        script_version="1.3",
        script_sha256="a" * 64,
        kinds=(KindRow("new_account", completed=True),),
        notes=(),
        score=None,
        band="",
        ladder=(),
        events=(),
    )
    spoken = (
        SpokenRow("opened", "", "请问您是在上个月开的户吗？", True, 20.0, 23.0, True),
        SpokenRow(
            "satisfied", "", "您对客户经理的服务，非常满意、满意、一般，还是不满意？", True, 40.0, 44.0, True
        ),
    )
    answers = (
        AnswerRow("opened", "yes", "是", "speech", "是的，上个月开的", 0.97, 23.5, 25.0),
        AnswerRow("satisfied", "satisfied", "满意", "key", "", 1.0, 45.0, 45.2),
    )
    return WrittenRecord(made, customer, Kind.NEW_ACCOUNT, spoken, answers, None)


def samples() -> dict[str, Paper]:
    """One paper of each form, by a name for its file."""
    order = Order("ZX-2026-04", "合规部", "核实代理人授权", date(2026, 7, 20), date(2026, 7, 27))
    july: _Stretch = {"period": "2026-07", "first": FIRST, "last": LAST, "made_on": date(2026, 8, 3)}
    special = outcomes(6, "special")
    return {
        "worksheet": worksheet.worksheet(sheet(), outcomes(8), FIRM, PEOPLE),
        "check": worksheet.worksheet(sheet(check=True), outcomes(8), FIRM, PEOPLE),
        **{f"result-{grade.value}": result_of(grade) for grade in Grade},
        **{f"check-result-{grade.value}": result_of(grade, check=True) for grade in Grade},
        "monthly": monthly.report(reported(ReportForm.MONTHLY, "上海营业部")),
        **{form.value: monthly.report(reported(form)) for form in _OF_HEADQUARTERS},
        "plan": yearly.programme(
            *(ReportForm.PLAN, duties(), FIRM), branch="上海营业部", year=2027, made_on=date(2027, 1, 8)
        ),
        "record": records.sheet(call(), FIRM, (Role.CALLER, Role.OPERATIONS), "60010000"),
        "core": records.core_file(
            {"姓名": "张伟", "资金账号": "60010000", "手机": "13800000000", "总资产": "620万元"},
            [records.Relation("王芳", "13800000001", "配偶", "大")],
            FIRM,
            number="HX-0001",
            made_on=date(2026, 7, 6),
            by="李经理",
        ),
        "visit": records.visit(
            records.Visit(
                *("张伟", 2, datetime(2026, 7, 8, 15, 0, tzinfo=SHANGHAI), "营业部会议室"),
                *("介绍账户情况，确认联系方式。", "每季度主动联系一次。", ("李经理",), "60010000"),
            ),
            FIRM,
            signers=2,
        ),
        "summary-table": records.summary(outcomes(12), FIRM, **july),
        **{f"log-{way.value}": channels.log(way, letters(way), FIRM, **july) for way in _WRITTEN},
        "log-sms": channels.log(Way.SMS, sms(), FIRM, keeper="王芳", **july),
        "appraisal": appraisal.appraisal(outcomes(30), FIRM, **july),
        "hand-over": handing_over.hand_over(order, special, FIRM, date(2026, 7, 24)),
    }


_OF_HEADQUARTERS = (
    *(ReportForm.SUMMARY, ReportForm.QUARTERLY, ReportForm.YEARLY, ReportForm.UPLOAD),
    *(ReportForm.COMPLIANCE, ReportForm.VIOLATIONS, ReportForm.INSPECTION),
)
_WRITTEN = (Way.EMAIL, Way.LETTER, Way.VISIT)


def main(arguments: list[str]) -> int:
    """Write each sample as PDF."""
    folder = Path(arguments[0])
    form = Format(arguments[1]) if len(arguments) > 1 else Format.PDF
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name, paper in samples().items():
            write_atomically(folder / f"{name}.{form.value}", write(paper, form))
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
