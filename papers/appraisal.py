"""Figures for appraisal, by branch and by person: quantity, quality, what customers say (Q10). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from papers import figures, parts
from papers.figures import COLUMNS, RATED, Key, Outcome
from papers.paper import Fact, Firm, Grid, Paper, Part

_NOBODY = "（未注明）"


def appraisal(
    outcomes: Sequence[Outcome], firm: Firm, *, period: str, first: date, last: date, made_on: date
) -> Paper:
    """回访考核数据 of a period. Leads of the machine count as leads, not as faults (F7)."""
    today = figures.as_of(made_on, last)
    return Paper(
        title=f"{firm.name}回访考核数据",
        facts=(
            Fact("考核期", parts.span(first, last, made_on)),
            Fact("编制日期", parts.day(made_on)),
            Fact("客户数", f"{len(outcomes)} 户"),
            Fact("满意度平均分", _points(outcomes)),
        ),
        parts=(
            *_by("一、营业部", "营业部", outcomes, lambda one: one.branch or _NOBODY, today),
            *_by("二、责任人", "责任人", outcomes, lambda one: one.person or _NOBODY, today),
            _managers("三、客户经理（客户评价）", outcomes),
        ),
        remarks=(
            "满意度平均分：非常满意 100、满意 80、一般 60、不满意 0。",
            "“线索”由机器提示，须经人工判定后方可用于考核 (F7)。",
        ),
        signatures=(parts.line("编制人"), parts.line("复核人")),
        number=parts.number("KH", period),
    )


def _by(heading: str, first: str, outcomes: Sequence[Outcome], key: Key, today: date) -> Iterable[Part]:
    groups = figures.grouped(outcomes, key)
    counts = {name: figures.counted(group, today) for name, group in groups.items()}
    rows = tuple(
        (name, *counts[name].cells(), _points(group), *_problems(group)) for name, group in groups.items()
    )
    columns = (first, *COLUMNS, "满意度", "待办", "线索")
    yield Grid(heading, columns, rows, "没有。", numbers=tuple(range(1, len(columns))))
    if len(counts) > 1:
        yield figures.ratios(f"完成比例（按{first}）", counts)


def _managers(heading: str, outcomes: Sequence[Outcome]) -> Grid:
    """What customers say of their managers' service (S4)."""
    rows = []
    for name, group in figures.grouped(outcomes, lambda one: one.manager or _NOBODY).items():
        counts = figures.ratings(group)
        if counts:
            rows.append((name, *(str(counts[level]) for level in RATED), _points(group)))
    columns = ("客户经理", *RATED.values(), "平均分")
    return Grid(heading, columns, tuple(rows), "没有客户评价。", numbers=tuple(range(1, len(columns))))


def _problems(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    found = [problem for one in outcomes for problem in one.problems]
    leads = sum(problem.lead for problem in found)
    return str(len(found) - leads), str(leads)


def _points(outcomes: Iterable[Outcome]) -> str:
    mean = figures.average(figures.ratings(outcomes))
    return "—" if mean is None else f"{mean:.1f}"
