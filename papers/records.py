"""Record sheets of single customers (W5): of calls by kind, of visits, the file of a core customer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from base.phones import national
from papers import parts, telling
from papers.figures import COLUMNS, Outcome, as_of, average, counted, grouped, ratings
from papers.paper import Box, Fact, Firm, Grid, Paper
from papers.words import KINDS, NOTES, disposition
from plans.paperwork import Role
from records.written import WrittenRecord

TITLES = {
    "new_account": "新开户客户回访记录表",
    "periodic": "存量客户回访记录表",
    "abnormal": "异常状况客户回访记录表",
    "adviser_signup": "投资顾问新签约客户回访记录",
    "adviser_continuing": "投资顾问持续服务客户回访记录",
    "special": "专项回访记录表",
    "check": "总部检查回访记录表",
}
"""By kind; those of advisers are of TF, the others of HT and BOCI."""
_OTHER = "客户回访记录表"


def sheet(written: WrittenRecord, firm: Firm, chain: Sequence[Role], account: str = "") -> Paper:
    """A call on one sheet: time, caller, customer, kind, method, purpose, content, problem, result (R1).

    The whole of what was said stands in `telling.record`; `chain`: who signs (R6).
    """
    call, customer = written.call, written.customer
    kind = written.kind.value
    problems = [*(flag.category for flag in telling.shown(written.heard)), *_noted(written)]
    nothing = telling.NOT_FLAGGED if written.heard else telling.NOT_HEARD
    return Paper(
        title=f"{firm.name}{TITLES.get(kind, _OTHER)}",
        facts=(
            Fact("客户姓名", customer.name),
            Fact("资金账号", account),
            Fact("联系电话", national(call.phone)),
            Fact("营业部", customer.branch),
            Fact("开户日期", parts.day(customer.opened_on)),
            Fact("客户经理", customer.manager),
            Fact("回访类型", KINDS.get(kind, kind)),
            Fact("回访方式", "电话"),
            Fact("回访时间", telling.moment(call.invited_at)),
            Fact("通话时长", telling.length(call.talked_s) if call.talked_s else ""),
            Fact("回访人", f"工号 {firm.seat}（系统外呼）"),
            Fact("录音", call.recording, wide=True),
            Fact("回访目的", f"{call.campaign}（第 {call.n} 次拨打）", wide=True),
            Fact("话术", f"{call.script} {call.script_version}", wide=True),
        ),
        parts=(
            telling.answers(written, "回访内容"),
            Box("发现的问题", "、".join(dict.fromkeys(problems)) or nothing),
            Box("回访结果", disposition(call.disposition)),
            Box("处理意见"),
        ),
        remarks=(telling.LEADS,),
        signatures=parts.to_sign(chain),
        number=parts.number("JL", f"{call.id:06d}"),
    )


@dataclass(frozen=True, slots=True)
class Relation:
    """Somebody about a core customer."""

    name: str
    phone: str = ""
    relation: str = ""
    influence: str = ""


CORE_FIELDS = (
    *("姓名", "性别", "资金账号", "身份证号", "生日", "职业", "市值", "总资产", "佣金率", "客户分类"),
    *("理财产品", "年收入", "目标回报率", "拜访次数", "固定电话", "手机", "邮箱", "邮编"),
)
"""Of the core-customer file, two on a line (SV An.3)."""
CORE_WIDE = ("家庭地址", "单位地址", "面谈地点", "爱好", "财务规划")
"""Those with a line of their own."""
_PEOPLE = 4
"""Lines for related persons at least."""


def core_file(
    known: Mapping[str, str], related: Sequence[Relation], firm: Firm, *, number: str, made_on: date, by: str
) -> Paper:
    """核心客户档案; what is not known stays empty, to be written in."""
    empty = (Relation(""),) * max(0, _PEOPLE - len(related))
    rows = tuple((one.name, one.phone, one.relation, one.influence) for one in (*related, *empty))
    return Paper(
        title=f"{firm.name}核心客户档案",
        facts=(
            Fact("填写日期", parts.day(made_on)),
            Fact("编号", number),
            *(Fact(name, known.get(name, "")) for name in CORE_FIELDS),
            *(Fact(name, known.get(name, ""), wide=True) for name in CORE_WIDE),
        ),
        parts=(
            Grid("相关人员", ("姓名", "电话", "关系", "影响力"), rows, "没有。"),
            Box("备注", known.get("备注", "")),
        ),
        remarks=(f"填表人：{by}",),
        number=number,
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to a customer; weighty ones have two staff (C1)."""

    customer: str
    order: int | None
    at: datetime | None
    place: str
    content: str
    improve: str
    staff: tuple[str, ...]
    account: str = ""


def visit(said: Visit, firm: Firm, signers: int = 1) -> Paper:
    """拜访记录表, with the customer's own line to sign on."""
    names = (*said.staff, *("",) * max(0, signers - len(said.staff)))
    return Paper(
        title=f"{firm.name}客户拜访记录表",
        facts=(
            Fact("客户姓名", said.customer),
            Fact("资金账号", said.account),
            Fact("次序", f"第 {said.order or '　'} 次"),
            Fact("时间", telling.moment(said.at)[:16]),
            Fact("地点", said.place, wide=True),
        ),
        parts=(Box("内容", said.content), Box("改进", said.improve)),
        signatures=(*(parts.line("拜访人", name) for name in names), parts.line("客户")),
    )


def summary(
    outcomes: Sequence[Outcome], firm: Firm, *, period: str, first: date, last: date, made_on: date
) -> Paper:
    """回访汇总表 of a period: every follow-up on a line, counted below (TF)."""
    columns = (
        "序号",
        "客户姓名",
        "资金账号",
        "营业部",
        "回访类型",
        "责任人",
        "回访时间",
        "结果",
        "发现的问题",
    )
    rows = tuple(
        (
            *(str(n), one.customer, one.account, one.branch, KINDS.get(one.kind, one.kind), one.person),
            "" if one.called_on is None else one.called_on.isoformat(),
            one.result,
            "、".join(dict.fromkeys(problem.category for problem in one.problems)),
        )
        for n, one in enumerate(outcomes, 1)
    )
    return Paper(
        title=f"{firm.name}客户回访汇总表",
        facts=(Fact("期间", parts.span(first, last, made_on)), Fact("客户数", f"{len(outcomes)} 户")),
        parts=(
            _totals(outcomes, as_of(made_on, last)),
            Grid("明细", columns, rows, "本期没有回访。", numbers=(0,)),
        ),
        signatures=(parts.line("编制人"), parts.line("复核人")),
        number=parts.number("HZB", period),
    )


def _totals(outcomes: Sequence[Outcome], today: date) -> Grid:
    groups = grouped(outcomes, lambda one: KINDS.get(one.kind, one.kind))
    rows = ((name, *counted(group, today).cells(), _points(group)) for name, group in groups.items())
    columns = ("回访类型", *COLUMNS, "满意度")
    return Grid("合计", columns, tuple(rows), "没有。", numbers=tuple(range(1, len(columns))))


def _points(outcomes: Iterable[Outcome]) -> str:
    mean = average(ratings(outcomes))
    return "—" if mean is None else f"{mean:.1f}"


def _noted(written: WrittenRecord) -> list[str]:
    return [NOTES.get(note.code, note.code) for note in written.call.notes]
