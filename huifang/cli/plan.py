"""`huifang plan`: what is owed to whom by when, how far it is, and when it will be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from huifang.cli import plan_notices, plan_sheet
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, progress_bar, say
from huifang.cli.plan_options import Branch, Channels, Duties, Kinds, Limit, Profile, Until
from huifang.site import open_site
from huifang.words import counted
from office.planning import outlook, owing
from office.planning.outlook import Outlook
from office.planning.owing import NewlyOwed
from papers.words import KINDS, disposition
from plans.elsewhere import Route, route_of
from plans.standing import Standing
from records import obligations
from records.model import Kind
from records.obligations import Due
from records.planned import Drawn, Settled

app = typer.Typer(
    add_completion=False, help="Plans (回访计划): what is owed to whom by when, worksheets, how far it is."
)
app.add_typer(plan_sheet.app, name="sheet")
app.add_typer(plan_notices.app, name="notices")

Seed = Annotated[
    int | None,
    typer.Option(
        min=0, max=2**63 - 1, help="Of new samples; without it they are drawn at random.", show_default=False
    ),
]
Ids = Annotated[list[int], typer.Argument(metavar="ID...", help="As `plan due` shows them.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept.")]
ByBranch = Annotated[bool, typer.Option("--by-branch", help="One line for each branch.")]
ROUTES = {Route.CALL: "外呼", Route.NOTICE: "短信告知", Route.PERSON: "人工"}


@app.command()
def owe(
    profile: Profile = "default",
    until: Until = None,
    seed: Seed = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Compute what the profile's duties ask for, from customers and events, and keep it.

    Periods that begin by the day count, and events that happened by then. Computing again adds only what is
    new: samples are topped up, never drawn anew.

    Example: huifang plan owe --profile boci --until 2026-12-31
    """
    with progress_bar("branches") as progress:
        found = asyncio.run(_owe(data, profile, until, seed, progress))
    if json:
        as_json(found)
        return
    rows = ((one.duty, KINDS.get(one.kind.value, ""), one.rule, one.added) for one in found)
    as_table(f"新增应回访 {sum(one.added for one in found)} 项", ("义务", "类型", "依据", "新增"), rows)


@app.command()
def due(
    branch: Branch = None,
    kind: Kinds = None,
    duty: Duties = None,
    until: Until = None,
    limit: Limit = 50,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List what is owed and on no worksheet, the soonest first, and how each goes on.

    Example: huifang plan due --branch 上海 --until 2026-03-31
    """
    found = asyncio.run(_due(data, branch, tuple(kind or ()), tuple(duty or ()), until, limit))
    if json:
        as_json([{**_facts(one), "route": route_of(one.tried, no_notice=one.no_notice)} for one in found])
        return
    columns = (
        "编号",
        "客户",
        "资金账号",
        "营业部",
        "义务",
        "类型",
        "事由",
        "最迟",
        "依据",
        "上次结果",
        "去向",
    )
    as_table(counted(len(found), "obligation"), columns, map(_row, found))


@app.command()
def withdraw(ids: Ids, reason: Why, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Take back what is not owed any more, as when a department withdraws its order (P7).

    Example: huifang plan withdraw 17 18 --reason 指令撤回
    """
    count = asyncio.run(_withdraw(data, ids, reason))
    if json:
        as_json({"withdrawn": count})
    else:
        say(f"{count} of {len(set(ids))} withdrawn")


@app.command()
def samples(branch: Branch = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List the samples with the seeds that show how they were drawn (P1, P5).

    Example: huifang plan samples --branch 上海
    """
    found = asyncio.run(_samples(data, branch))
    if json:
        as_json(found)
        return
    rows = ((one.pool, one.stratum, one.members, one.required, one.drawn, one.seed) for one in found)
    as_table(counted(len(found), "stratum"), ("总体", "分层", "人数", "应抽", "已抽", "种子"), rows)


@app.command()
def standing(
    branch: Branch = None, by_branch: ByBranch = False, data: Data = DEFAULT_DATA, json: AsJson = False
) -> None:
    """Show how far each duty is against what is required (P9).

    Completed means a valid follow-up: the owner, all mandatory questions, a recording. Customers informed by
    notice instead are counted apart.

    Example: huifang plan standing --by-branch
    """
    found = asyncio.run(_standing(data, branch, by_branch))
    if json:
        as_json([{**_facts(one), "ratio": one.ratio, "missing": one.missing} for one in found])
        return
    columns = (
        *("义务", "类型", "营业部", "总数", "应访", "列入", "已拨", "接通", "完成", "告知", "逾期"),
        *("完成率", "要求", "还差"),
    )
    as_table("", columns, map(_line, found))


@app.command()
def forecast(
    profile: Profile = "default",
    branch: Branch = None,
    channels: Channels = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Foretell when what is open will be done, and how many channels would do it in time (P9).

    It counts with what calls of the last 90 days came to; without enough of them, with assumptions.

    Example: huifang plan forecast --profile boci --channels 8
    """
    found = asyncio.run(_outlook(data, profile, branch, channels))
    if json:
        as_json(found)
        return
    for line in _told(found):
        say(line)


def _told(one: Outlook) -> list[str]:
    rates, then = one.rates, one.forecast
    source = "近90天实际" if one.measured else "假设"
    lines = [
        f"未完成 {one.open} 项，其中已逾期 {one.overdue} 项。",
        f"{one.channels} 条线路，每个工作日 {rates.hours:g} 小时，每人最多拨打 {rates.attempts} 次。",
        f"每次拨打完成率 {rates.completes:.0%}，占用线路 {rates.attempt_s:.0f} 秒（{source}）。",
    ]
    if one.channels:
        lines.append(f"预计完成 {then.completed} 项，{then.others} 项须转短信告知或人工。")
    else:
        lines.append(
            "没有设置外呼线路（config/settings.yaml 的 trunks，或 --channels），现有能力为零，均不能完成。"
        )
    if then.done_on is not None:
        late = f"，{then.late} 项将逾期" if then.late else "，均能按期"
        lines.append(f"按现有线路，{then.done_on} 结束{late}。")
    if then.channels is None:
        lines.append("有到期前已无工作日的，增加线路也不能按期。")
    elif then.late > one.overdue or not one.channels:
        lines.append(f"未逾期的全部按期需要 {then.channels} 条线路。")
    return lines


def _row(one: Due) -> tuple[object, ...]:
    owed = one.owed
    whose = (one.id, one.name, one.account, one.branch, owed.duty, KINDS.get(owed.kind.value, ""))
    tried = disposition(one.tried) if one.tried else ""
    return (
        *whose,
        owed.occasion,
        owed.due_by,
        owed.rule,
        tried,
        ROUTES[route_of(one.tried, no_notice=one.no_notice)],
    )


def _line(one: Standing) -> tuple[object, ...]:
    whose = (one.duty, KINDS.get(one.kind, ""), one.branch or "全部")
    counts = (one.members, one.required, one.due, one.called, one.reached, one.completed, one.noticed)
    return *whose, *counts, one.overdue, f"{one.ratio:.1%}", f"{one.share:.0%}", one.missing


def _facts(one: Due | Standing) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


async def _owe(
    data: Path, profile: str, until: date | None, seed: int | None, progress: Callable[[int, int], None]
) -> list[NewlyOwed]:
    async with open_site(data) as site:
        return await owing.owe_all(site, site.profile(profile), until or site.now().date(), seed, progress)


async def _due(
    data: Path,
    branch: str | None,
    kinds: tuple[Kind, ...],
    duties: tuple[str, ...],
    by: date | None,
    limit: int,
) -> list[Due]:
    async with open_site(data) as site:
        await obligations.free(site.database)
        today = site.now().date()
        return await obligations.due(
            site.database, on=today, by=by, branch=branch, kinds=kinds, duties=duties, limit=limit
        )


async def _withdraw(data: Path, ids: list[int], why: str) -> int:
    async with open_site(data) as site:
        on = site.now().date()
        return await obligations.settle(site.database, ids, Settled.WITHDRAWN, why, on)


async def _samples(data: Path, branch: str | None) -> list[Drawn]:
    async with open_site(data) as site:
        return await obligations.samples(site.database, branch)


async def _standing(data: Path, branch: str | None, by_branch: bool) -> list[Standing]:
    async with open_site(data) as site:
        return await outlook.standing_of(site, branch, by_branch=by_branch or branch is not None)


async def _outlook(data: Path, profile: str, branch: str | None, channels: int | None) -> Outlook:
    async with open_site(data) as site:
        return await outlook.outlook(site, site.profile(profile), branch, channels)
