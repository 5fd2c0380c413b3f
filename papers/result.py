"""The result of a worksheet (W3): 附件3 of a branch, 附件4 of headquarters' check, by its grade. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from papers import parts
from papers.figures import Outcome, Problem, share
from papers.paper import Box, Fact, Firm, Grid, Paper
from papers.signing import CONFIRMS
from papers.words import KINDS
from plans.grading import OPINIONS
from plans.paperwork import Grade, Role
from plans.words import GRADES, ROLES
from records.planned import Worksheet

NONE_FOUND = "本次回访未发现问题。"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A call that people reviewed: the case's number, its grade, what was done in it, step by step (Q1)."""

    case: int
    customer: str
    call: int
    grade: Grade
    course: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a worksheet came to, as people judge it (F7, Q1).

    Attributes:
        began_on, ended_on: first and last day of the work.
        words: problems and what is proposed. handling: what was done about them.
        opinions: by role.
        cases: the calls that people reviewed.
    """

    grade: Grade
    began_on: date | None = None
    ended_on: date | None = None
    words: str = ""
    handling: str = ""
    opinions: Mapping[Role, str] = field(default_factory=dict)
    cases: tuple[Reviewed, ...] = ()


_HANDLING = {
    (False, Grade.GENERAL): "处理结果",
    (False, Grade.VIOLATION): "营业部处理结果",
    (True, Grade.GENERAL): "营业部处理结果（报客服中心）",
    (True, Grade.VIOLATION): "营业部处理结果（报零售经纪部和客服中心）",
}
_WRITTEN_BY = {
    False: (Role.HANDLER, Role.REVIEWER, Role.MARKETING_DESK),
    True: (Role.HANDLER, Role.REVIEWER, Role.SERVICE_HEAD),
}
"""Who answers for the problems that are named (附件3, 附件4)."""


def result(
    sheet: Worksheet, outcomes: Sequence[Outcome], finding: Finding, firm: Firm, chain: Sequence[Role]
) -> Paper:
    """The form with the fields that its grade asks for; `chain`: who signs it at last, in order."""
    case = sheet.check, finding.grade
    opinions = OPINIONS.get(case, ())
    handling = [Box(_HANDLING[case], finding.handling)] if case in _HANDLING else []
    title, annex = ("客户回访检查结果报告", "附件4") if sheet.check else ("客户回访结果报告", "附件3")
    return Paper(
        title=f"{firm.name}{title}（{GRADES[finding.grade]}）",
        facts=_facts(sheet, outcomes, finding),
        parts=(
            Box("问题及处理建议", _words(finding), parts.to_sign(_WRITTEN_BY[sheet.check])),
            *(_opinion(role, finding) for role in opinions),
            *handling,
            *([_problems(outcomes)] if any(one.problems for one in outcomes) else []),
            *([_cases(finding.cases)] if finding.cases else []),
        ),
        signatures=tuple(
            one for role in chain for one in parts.to_sign((role,), CONFIRMS if role in opinions else "签字")
        ),
        number=f"{sheet.number}-JG",
        annex=annex,
    )


def _facts(sheet: Worksheet, outcomes: Sequence[Outcome], finding: Finding) -> tuple[Fact, ...]:
    completed = sum(one.completed for one in outcomes)
    kind = (Fact("回访种类", sheet.type_ or KINDS[sheet.kind.value], wide=True),) if sheet.check else ()
    return (
        Fact("检查对象（营业部）" if sheet.check else "营业部", sheet.branch or "全辖"),
        Fact("回访工作表编号", sheet.number),
        *kind,
        Fact("目的", sheet.purpose, wide=True),
        Fact("数量", f"{sheet.count} 户，有效完成 {completed} 户"),
        Fact("比例", share(completed, sheet.count)),
        Fact("开始时间", parts.day(finding.began_on or sheet.starts_on)),
        Fact("完成时间", parts.day(finding.ended_on)),
    )


def _cases(cases: Sequence[Reviewed]) -> Grid:
    columns = ("质检单", "客户姓名", "通话编号", "等级", "办理过程")
    rows = ((str(one.case), one.customer, str(one.call), GRADES[one.grade], one.course) for one in cases)
    return Grid("质检情况", columns, tuple(rows), "没有。")


def _words(finding: Finding) -> str:
    return finding.words or (NONE_FOUND if finding.grade is Grade.NONE else "")


def _opinion(role: Role, finding: Finding) -> Box:
    return Box(f"{ROLES[role]}意见", finding.opinions.get(role, ""), parts.to_sign((role,)))


def _state(problem: Problem) -> str:
    if problem.lead:
        return problem.grade or "机器提示"
    return "已办" if problem.done else "待办"


def _problems(outcomes: Sequence[Outcome]) -> Grid:
    """What the calls brought up; leads of the machine are marked as such until somebody has judged them."""
    rows = (
        (
            *(problem.category, one.customer, str(problem.call)),
            problem.words,
            _state(problem),
        )
        for one in outcomes
        for problem in one.problems
    )
    return Grid("问题明细", ("类别", "客户姓名", "通话编号", "原话", "状态"), tuple(rows), "没有。")
