"""What forms have in common: numbers, boxes to tick, lines to sign on, lists of customers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from base.phones import masked
from papers.figures import Outcome
from papers.paper import Grid, Signature
from plans.paperwork import Role
from plans.words import ROLES


def number(code: str, period: str, *of: str) -> str:
    """编号 of a paper: what it is, of when, whose."""
    return "-".join(one for one in (code, period.replace("-", ""), *of) if one)


def ticked(choices: Sequence[str], chosen: str) -> str:
    """Boxes of a form, one of them ticked; what is none of them stands behind the last."""
    if chosen in choices:
        return "　".join(f"{'☑' if one == chosen else '□'}{one}" for one in choices)
    others = "　".join(f"□{one}" for one in choices[:-1])
    return f"{others}　☑{choices[-1]}（{chosen}）" if chosen else f"{others}　□{choices[-1]}"


def day(at: date | None) -> str:
    """2026年7月1日; "" for none."""
    return "" if at is None else f"{at.year}年{at.month}月{at.day}日"


def span(first: date, last: date, made_on: date | None = None) -> str:
    """From one day to another; a year that is the same is said once.

    `made_on`: when the paper was made, which says so where the period was not over.
    """
    end = day(last).removeprefix(f"{first.year}年")
    so_far = made_on is not None and made_on <= last
    return f"{day(first)}至{end}" + (f"（未结束，截至{day(made_on)}）" if so_far else "")


def to_sign(roles: Iterable[Role], act: str = "签字") -> tuple[Signature, ...]:
    """A line for each role, in the chain's order."""
    return tuple(Signature(ROLES[role], act=act) for role in roles)


def customers(outcomes: Sequence[Outcome], heading: str = "客户名单及回访结果") -> Grid:
    """A list of customers with their results; numbers are masked, what is confidential stays so (A5)."""
    columns = ("序号", "客户姓名", "资金账号", "联系电话", "客户经理", "回访时间", "回访结果", "发现的问题")
    rows = (
        (
            *(str(n), one.customer, one.account, masked(one.phone), one.manager),
            "" if one.called_on is None else one.called_on.isoformat(),
            one.result,
            "、".join(dict.fromkeys(problem.category for problem in one.problems)),
        )
        for n, one in enumerate(outcomes, 1)
    )
    return Grid(heading, columns, tuple(rows), "名单待定。", numbers=(0,))


def line(role: str, name: str = "", act: str = "签字") -> Signature:
    """A line to sign on for whom no chain names."""
    return Signature(role, name, act=act)
