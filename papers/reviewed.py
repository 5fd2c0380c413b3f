"""What the cases of a worksheet's calls say together, for its result (W3, Q1). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from papers.result import Finding, Reviewed
from papers.worksheet import People, named
from plans.grading import Step, Task
from plans.paperwork import Role
from plans.words import GRADES, ROLES
from records.reviewed import Case, CaseAct, Grade

GRAVITY = (Grade.VIOLATION, Grade.GENERAL, Grade.NONE)
"""The worst first."""
_TASKS = {
    Task.GRADE: "定级",
    Task.CHECK: "再次回访",
    Task.INVESTIGATE: "调查",
    Task.RECALL: "安排二次回访",
    Task.INTERVIEW: "约谈",
    Task.SCREEN: "账户排查",
    Task.CONCLUDE: "结论",
    Task.DECIDE: "裁定",
    Task.OPINION: "意见",
    Task.HANDLE: "处理",
    Task.SIGN: "签字",
    Task.INFORM: "告知客户",
    Task.RECTIFY: "整改",
    Task.REVISE: "复议",
    Task.CLOSE: "结案",
}

_FIELDS = {"measure": "措施", "owner": "责任人", "on": "期限", "how": "方式"}


def finding(cases: Iterable[Case], people: People) -> Finding:
    """The gravest grade that people gave, what they wrote with it, and each case's course.

    Cases that are not graded yet say nothing. Without any the worksheet came to nothing wrong.
    """
    graded = [one for one in cases if one.turn.grade is not None]
    faults = [one for one in graded if one.turn.grade is not Grade.NONE]
    return Finding(
        next((grade for grade in GRAVITY if any(one.turn.grade is grade for one in graded)), Grade.NONE),
        words=_lines(faults, (Task.GRADE, Task.REVISE)),
        handling=_lines(faults, (Task.HANDLE, Task.INFORM, Task.RECTIFY)),
        opinions=_opinions(faults),
        cases=tuple(_reviewed(one, people) for one in graded),
    )


def _reviewed(case: Case, people: People) -> Reviewed:
    course = [
        f"{_TASKS[step.task]} {ROLES[step.role]} {named(act.by, people)} {act.at:%Y-%m-%d}"
        for step, act in _steps(case)
    ]
    end = [] if case.closed_at else ["未结案"]
    return Reviewed(case.id, case.customer, case.call, _grade(case), "\n".join([*course, *end]))


def _grade(case: Case) -> Grade:
    return case.turn.grade or Grade.NONE


def _steps(case: Case) -> Iterator[tuple[Step, CaseAct]]:
    """What was done of a chain; claims and objections are no step of one."""
    for act in case.acts:
        task, dot, role = act.step.partition(".")
        if dot:
            yield Step(Task(task), Role(role)), act


def _lines(cases: Iterable[Case], tasks: tuple[Task, ...]) -> str:
    return "\n".join(
        f"质检单 {one.id}（{one.customer}，{GRADES[_grade(one)]}）：{said}"
        for one in cases
        for step, act in _steps(one)
        if step.task in tasks and (said := _said(act))
    )


def _said(act: CaseAct) -> str:
    """What was written, with measure, owner and day of a rectification (Q6)."""
    more = (f"{title}：{act.detail[key]}" for key, title in _FIELDS.items() if act.detail.get(key))
    return "；".join([*([act.words] if act.words else []), *more])


def _opinions(cases: Sequence[Case]) -> Mapping[Role, str]:
    found: dict[Role, list[str]] = {}
    for one in cases:
        whose = f"质检单 {one.id}：" if len(cases) > 1 else ""
        for step, act in _steps(one):
            if step.task is Task.OPINION:
                found.setdefault(step.role, []).append(f"{whose}{act.words}")
    return {role: "\n".join(words) for role, words in found.items()}
