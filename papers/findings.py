"""Leads and graded problems by whom they concern, with charts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from papers import parts
from papers.figures import share
from papers.paper import Bar, Chart, Fact, Firm, Grid, Paper
from records.findings import Findings, Whose

WHOSE = {Whose.BRANCH: "营业部", Whose.MANAGER: "客户经理", Whose.ADVISER: "投资顾问"}
COLUMNS = ("通话", "有线索的通话", "占比", "高", "中", "低", "一般问题", "违规", "抽检发现违规")
MOST_BARS = 12
_NUMBERS = tuple(range(1, 1 + len(COLUMNS)))


def ordered(found: Sequence[Findings]) -> list[Findings]:
    """The gravest first: violations, then the share of calls with a lead."""
    return sorted(found, key=lambda one: (-one.violations - one.spotted, -ratio(one), one.name))


def ratio(one: Findings) -> float:
    """Calls with a lead of all."""
    return one.flagged / one.calls if one.calls else 0.0


def chart(heading: str, found: Sequence[Findings]) -> Chart:
    """The share of calls with a lead, of the first of them."""
    bars = (
        Bar(one.name, ratio(one), f"{share(one.flagged, one.calls)} ({one.flagged}/{one.calls})")
        for one in found
    )
    return Chart(heading, tuple(bars)[:MOST_BARS], ratios=True)


def paper(
    firm: Firm, whose: Whose, found: Sequence[Findings], months: Sequence[Findings], first: date, last: date
) -> Paper:
    """线索与违规统计 of a span of days. Leads of the machine are no faults before a person says so (F7)."""
    name = WHOSE[whose]
    return Paper(
        title=f"{firm.name}线索与违规统计",
        facts=(Fact("通话日期", parts.span(first, last)), Fact("统计口径", name)),
        parts=(
            _grid(f"一、按{name}", name, found),
            chart("有线索的通话占比", found),
            _grid("二、按月", "月份", months),
        ),
        remarks=(
            "“线索”由机器提示，须经人工判定 (F7)；“一般问题”“违规”是案件的定级；抽检发现的违规以复评为准。",
        ),
    )


def _grid(heading: str, first: str, found: Sequence[Findings]) -> Grid:
    rows = tuple((one.name, *_cells(one)) for one in found)
    return Grid(heading, (first, *COLUMNS), rows, "没有通话。", numbers=_NUMBERS)


def _cells(one: Findings) -> tuple[str, ...]:
    graver = (one.high, one.medium, one.low, one.general, one.violations, one.spotted)
    return str(one.calls), str(one.flagged), share(one.flagged, one.calls), *map(str, graver)
