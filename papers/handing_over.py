"""Records of special follow-ups, handed to whoever ordered them (Q4). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from papers import parts
from papers.figures import Outcome, counted
from papers.monthly import records_list
from papers.paper import Box, Fact, Firm, Paper


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, and by whom.

    Attributes:
        ended_on: the last day of the work; None while it goes on. due_on: the last day to hand over.
    """

    number: str
    department: str
    matter: str
    ended_on: date | None
    due_on: date | None


def hand_over(order: Order, outcomes: Sequence[Outcome], firm: Firm, made_on: date) -> Paper:
    """专项回访记录移交单: what is handed over, to whom, and whether it is in time."""
    counts = counted(outcomes, made_on)
    return Paper(
        title=f"{firm.name}专项回访记录移交单",
        facts=(
            Fact("委托部门", order.department),
            Fact("委托编号", order.number),
            Fact("委托事项", order.matter, wide=True),
            Fact("回访完成日期", parts.day(order.ended_on)),
            Fact("应移交日期", parts.day(order.due_on)),
            Fact("移交日期", parts.day(made_on)),
            Fact("是否逾期", _late(order, made_on)),
            Fact("客户数", f"{counts.due} 户"),
            Fact("有效完成", f"{counts.completed} 户"),
        ),
        parts=(records_list("移交资料清单", outcomes), Box("说明")),
        signatures=(parts.line("移交人"), parts.line("接收人", act="接收")),
        number=parts.number("YJ", order.number),
    )


def _late(order: Order, made_on: date) -> str:
    if order.due_on is None:
        return ""
    late = (made_on - order.due_on).days
    return f"逾期 {late} 天" if late > 0 else "否"
