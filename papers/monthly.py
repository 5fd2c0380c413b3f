"""Reports on a period: of a branch (W4), of headquarters over all, to compliance (W6), uploads (W7). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from papers import figures, parts
from papers.figures import COLUMNS, Counts, Outcome, Problem
from papers.paper import Box, Chart, Fact, Firm, Grid, Paper, Part
from papers.words import KINDS
from plans.paperwork import ReportForm, Role
from plans.words import REPORTS

_NUMBERS = tuple(range(1, 1 + len(COLUMNS)))
_CODES = {
    ReportForm.MONTHLY: "YB",
    ReportForm.SUMMARY: "HZ",
    ReportForm.QUARTERLY: "JB",
    ReportForm.YEARLY: "NB",
    ReportForm.UPLOAD: "BS",
    ReportForm.COMPLIANCE: "HG",
    ReportForm.VIOLATIONS: "WG",
    ReportForm.INSPECTION: "JC",
}


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report is written from.

    Attributes:
        branch: whose; "" for headquarters over all branches.
        period: its name, "2026-07". first, last: its days. due_on: the last day to hand it in.
        to: who receives it.
        outcomes: those of the period, of this branch and of the kinds asked for.
        wanted: the share that has to be completed; None: no line is drawn.
        words: analysis, opinions, what is proposed; written by people.
        nth: among several papers of one form and period, counted from 1; 0: the only one.
    """

    form: ReportForm
    firm: Firm
    branch: str
    period: str
    first: date
    last: date
    made_on: date
    outcomes: Sequence[Outcome]
    due_on: date | None = None
    to: tuple[str, ...] = ()
    wanted: float | None = None
    words: str = ""
    chain: tuple[Role, ...] = ()
    nth: int = 0


def report(said: Reported) -> Paper:
    """The paper of one period, in the order that its form has."""
    whose = said.branch or "总部"
    return Paper(
        title=f"{said.firm.name}{REPORTS[said.form]}",
        facts=(
            Fact("单位", whose),
            Fact("报告期", parts.span(said.first, said.last, said.made_on)),
            Fact("报送", "、".join(said.to)),
            Fact("应报日期", parts.day(said.due_on)),
            Fact("编制日期", parts.day(said.made_on)),
            Fact("客户数", f"{len(said.outcomes)} 户"),
        ),
        parts=tuple(_PARTS[said.form](said)),
        signatures=parts.to_sign(said.chain),
        number=parts.number(_CODES[said.form], said.period, whose, str(said.nth or "")),
    )


def _of_branch(said: Reported) -> Iterable[Part]:
    """Number and ratio, kinds, methods, problems (W4)."""
    yield _counted("一、回访数量和比例（按类型）", "回访类型", said, _kind)
    yield from _charted("完成比例（按类型）", said, _kind)
    yield _ways("二、回访方式", said.outcomes)
    yield _results("三、回访结果", said.outcomes)
    yield _problems("四、发现的问题", said.outcomes)
    yield Box("问题说明及处理意见", said.words)


def _of_headquarters(said: Reported) -> Iterable[Part]:
    """All branches, one line each (W4)."""
    yield _counted("一、各营业部回访数量和比例", "营业部", said, _branch)
    yield from _charted("完成比例（按营业部）", said, _branch)
    yield _counted("二、回访数量和比例（按类型）", "回访类型", said, _kind)
    yield _ways("三、回访方式", said.outcomes)
    yield _problems("四、发现的问题", said.outcomes)
    yield Box("问题说明及处理意见", said.words)


def _of_long(said: Reported) -> Iterable[Part]:
    """A quarter or a year: what was carried out, its course, analysis and feedback (W4, W5)."""
    by = ("营业部", _branch) if not said.branch else ("回访类型", _kind)
    yield _counted("一、执行情况", by[0], said, by[1])
    yield from _charted(f"完成比例（按{by[0]}）", said, by[1])
    yield _counted("二、按月情况", "月份", said, _month)
    yield _course(said)
    yield _results("三、回访结果", said.outcomes)
    yield _satisfaction("四、客户满意度", said.outcomes)
    yield _problems("五、发现的问题", said.outcomes)
    yield Box("分析", said.words)
    yield Box("反馈及改进措施")


def _of_compliance(said: Reported) -> Iterable[Part]:
    """Records, recordings, suspicions, opinions (W6)."""
    called = [one for one in said.outcomes if one.call]
    recorded = sum(bool(one.recording) for one in called)
    rows = (
        ("回访记录", f"{len(called)}"),
        ("电话录音", f"{recorded}"),
        ("疑似问题", f"{sum(len(one.problems) for one in called)}"),
    )
    yield Grid("一、报送资料", ("资料", "件数"), rows, "没有。", numbers=(1,))
    yield _counted("二、回访情况", "回访类型", said, _kind)
    yield _leads("三、疑似问题", said.outcomes)
    yield Box("处理意见", said.words)
    yield Box("合规意见", "", parts.to_sign((Role.COMPLIANCE,)))


def _of_violations(said: Reported) -> Iterable[Part]:
    """What may be violations, by category, with room for what people decide (F7, W6)."""
    yield _problems("一、分类汇总", said.outcomes)
    counts = [(name, len(found)) for name, found in figures.problems(said.outcomes).items()]
    if counts:
        yield figures.numbers("问题件数", counts)
    yield _leads("二、明细", said.outcomes)
    yield Box("认定及处理结果", said.words)


def _of_upload(said: Reported) -> Iterable[Part]:
    """Which records are handed up (W7)."""
    yield records_list("报送的回访记录", said.outcomes)
    yield Box("接收情况", "", (parts.line("接收人", act="接收"),))


def _of_inspection(said: Reported) -> Iterable[Part]:
    """The yearly inspection: coverage, problems, result and what has to change (Q9)."""
    yield _counted("一、检查范围及回访完成情况", "营业部", said, _branch)
    yield from _charted("完成比例（按营业部）", said, _branch)
    yield _counted("二、各类型完成情况", "回访类型", said, _kind)
    yield _problems("三、发现的问题", said.outcomes)
    yield Box("检查结果", said.words)
    yield Box("整改要求（措施、责任人、完成时间）")


_PARTS = {
    ReportForm.MONTHLY: _of_branch,
    ReportForm.SUMMARY: _of_headquarters,
    ReportForm.QUARTERLY: _of_long,
    ReportForm.YEARLY: _of_long,
    ReportForm.UPLOAD: _of_upload,
    ReportForm.COMPLIANCE: _of_compliance,
    ReportForm.VIOLATIONS: _of_violations,
    ReportForm.INSPECTION: _of_inspection,
}


def named(form: ReportForm, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Those of whom the report speaks by name; the others are only counted."""
    match form:
        case ReportForm.UPLOAD:
            return [one for one in outcomes if one.call]
        case ReportForm.COMPLIANCE | ReportForm.VIOLATIONS:
            return [one for one in outcomes if one.problems]
        case _:
            return []


def records_list(heading: str, outcomes: Iterable[Outcome]) -> Grid:
    """Records by their numbers, with what goes along."""
    columns = ("序号", "记录编号", "客户姓名", "资金账号", "回访类型", "回访日期", "回访结果", "录音")
    rows = (
        (
            *(str(n), str(one.call), one.customer, one.account, _kind(one)),
            "" if one.called_on is None else one.called_on.isoformat(),
            one.result,
            "有" if one.recording else "无",
        )
        for n, one in enumerate((one for one in outcomes if one.call), 1)
    )
    return Grid(heading, columns, tuple(rows), "没有记录。", numbers=(0,))


def _kind(one: Outcome) -> str:
    return KINDS.get(one.kind, one.kind)


def _branch(one: Outcome) -> str:
    return one.branch or "（未注明）"


def _month(one: Outcome) -> str:
    return f"{one.day:%Y-%m}" if one.day else ""


def _counts(said: Reported, key: figures.Key) -> dict[str, Counts]:
    today = figures.as_of(said.made_on, said.last)
    return {
        name: figures.counted(group, today) for name, group in figures.grouped(said.outcomes, key).items()
    }


def _counted(heading: str, first: str, said: Reported, key: figures.Key) -> Grid:
    rows = [(name, *counts.cells()) for name, counts in _counts(said, key).items()]
    if len(rows) > 1:
        whole = figures.counted(said.outcomes, figures.as_of(said.made_on, said.last))
        rows.append(("合计", *whole.cells()))
    return Grid(heading, (first, *COLUMNS), tuple(rows), "本期没有应回访客户。", numbers=_NUMBERS)


def _charted(heading: str, said: Reported, key: figures.Key) -> Iterable[Chart]:
    """A chart, where there is more than one bar to compare."""
    counts = _counts(said, key)
    if len(counts) > 1:
        yield figures.ratios(heading, counts, said.wanted)


def _course(said: Reported) -> Chart:
    counts = [(name, one.completed) for name, one in _counts(said, _month).items()]
    return figures.numbers("各月有效完成户数", counts)


def _ways(heading: str, outcomes: Sequence[Outcome]) -> Grid:
    return _shared(heading, "方式", Counter(one.way for one in outcomes if one.called_on or one.informed))


def _results(heading: str, outcomes: Sequence[Outcome]) -> Grid:
    return _shared(heading, "结果", Counter(one.result for one in outcomes if one.result))


def _satisfaction(heading: str, outcomes: Sequence[Outcome]) -> Grid:
    counts = figures.ratings(outcomes)
    named = Counter({figures.RATED[level]: counts[level] for level in figures.RATED if counts[level]})
    return _shared(heading, "评价", named)


def _shared(heading: str, first: str, counts: Counter[str]) -> Grid:
    whole = counts.total()
    rows = tuple((name, str(n), figures.share(n, whole)) for name, n in counts.most_common())
    return Grid(heading, (first, "数量", "占比"), rows, "没有。", numbers=(1, 2))


def _problems(heading: str, outcomes: Sequence[Outcome]) -> Grid:
    rows = tuple(
        (
            category,
            str(len(found)),
            str(len({one.id for one, _ in found})),
            str(sum(problem.done for _, problem in found)),
            _judged([problem for _, problem in found]),
        )
        for category, found in figures.problems(outcomes).items()
    )
    columns = ("类别", "件数", "涉及客户", "已办", "说明")
    return Grid(heading, columns, rows, "本期未发现问题。", numbers=(1, 2, 3))


def _judged(found: Sequence[Problem]) -> str:
    """What people made of the machine's leads (F7, Q1); of notes there is nothing to judge."""
    leads = [one for one in found if one.lead]
    grades = Counter(one.grade for one in leads if one.grade)
    left = len(leads) - grades.total()
    said = [f"{grade} {n}" for grade, n in sorted(grades.items())]
    return "，".join([*said, *([f"待人工判定 {left}"] if left else [])])


def _leads(heading: str, outcomes: Sequence[Outcome]) -> Grid:
    """One by one, to be judged by people."""
    rows = tuple(
        (str(n), category, one.branch, one.customer, str(problem.call), problem.words, problem.grade)
        for n, (category, one, problem) in enumerate(
            (
                (category, one, problem)
                for category, found in figures.problems(outcomes).items()
                for one, problem in found
            ),
            1,
        )
    )
    columns = ("序号", "类别", "营业部", "客户姓名", "通话编号", "原话", "认定结果")
    return Grid(heading, columns, rows, "本期没有疑似问题。", numbers=(0,))
