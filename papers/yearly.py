"""The year's plan of periodic follow-ups, and headquarters' programme of checks (P11). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from papers import parts
from papers.paper import Bar, Box, Chart, Fact, Firm, Grid, Paper
from plans import words
from plans.duties import Duty
from plans.paperwork import ReportForm, Role

_QUARTERS = ("一季度", "二季度", "三季度", "四季度")


@dataclass(frozen=True, slots=True)
class Planned:
    """A duty for a year.

    `customers`, `follow_ups`: as they are owed; None: nothing was computed yet (`huifang plan`).
    """

    duty: Duty
    customers: int | None = None
    follow_ups: int | None = None

    def quarters(self) -> tuple[int, ...]:
        """The year's follow-ups, a quarter each; what is left over goes first."""
        base, more = divmod(self.follow_ups or 0, 4)
        return tuple(base + (n < more) for n in range(4))


def programme(
    form: ReportForm,
    planned: Mapping[str, Planned],
    firm: Firm,
    *,
    branch: str,
    year: int,
    made_on: date,
    chain: Sequence[Role] = (),
) -> Paper:
    """年度回访计划 of a branch, or 年度检查方案 of headquarters."""
    whose = branch or "总部"
    counted = {name: one for name, one in planned.items() if one.follow_ups is not None}
    return Paper(
        title=f"{firm.name}{year}{words.REPORTS[form]}",
        facts=(
            Fact("单位", whose),
            Fact("年度", f"{year} 年"),
            Fact("编制日期", parts.day(made_on)),
            Fact(
                "全年回访", f"{sum(one.follow_ups or 0 for one in counted.values())} 户次" if counted else ""
            ),
        ),
        parts=(
            _duties(list(planned.values())),
            *([_by_quarter(list(counted.values()))] if counted else []),
            Box("目的", "" if form is ReportForm.PLAN else "检查回访是否真实、完整、及时，话术是否合规。"),
            Box("方式及人员安排"),
        ),
        signatures=parts.to_sign(chain),
        number=parts.number("JH" if form is ReportForm.PLAN else "JCJH", str(year), whose),
    )


def _duties(planned: Sequence[Planned]) -> Grid:
    rows = tuple(
        (
            words.whom(one.duty.who),
            words.occasion(one.duty),
            words.share(one.duty.share),
            words.EXECUTORS[one.duty.executor],
            "" if one.customers is None else str(one.customers),
            *(map(str, one.quarters()) if one.follow_ups is not None else ("",) * 4),
        )
        for one in planned
    )
    columns = ("回访对象", "频次", "比例", "责任方", "客户数", *_QUARTERS)
    return Grid("一、回访安排", columns, rows, "没有定期回访要求。", numbers=(4, 5, 6, 7, 8))


def _by_quarter(planned: Sequence[Planned]) -> Chart:
    sums = [sum(column) for column in zip(*(one.quarters() for one in planned), strict=True)]
    bars = (Bar(name, n, f"{n} 户") for name, n in zip(_QUARTERS, sums, strict=True))
    return Chart("各季度计划户数", tuple(bars))
