"""`huifang plan sheet`: worksheets (回访工作表) written, approved by somebody else, carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from base.errors import InputError
from base.phones import masked
from huifang import starting
from huifang.cli.options import DEFAULT_DATA, MOST, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, rendering_bar, say, say_rendering
from huifang.cli.plan_options import Branch, Duties, Kinds, Profile, Until, Who, parsed_day
from huifang.site import Site, open_site
from huifang.standing import moment
from office.planning import sheets
from office.planning.sheets import Made, Method, Wish
from papers.words import KINDS, disposition
from plans.elsewhere import Route
from records import worksheets
from records.planned import Executor, SheetState, Worksheet
from records.worksheets import Decision, SheetItem

T = TypeVar("T")

app = typer.Typer(
    add_completion=False, help="Worksheets (回访工作表): planned, approved by somebody else, carried out."
)

STATES = {
    SheetState.DRAFT: "起草",
    SheetState.SUBMITTED: "待批准",
    SheetState.REJECTED: "已退回",
    SheetState.APPROVED: "已批准",
    SheetState.RUNNING: "执行中",
    SheetState.DONE: "已完成",
}
ENDED = {"completed": "完成", "noticed": "已告知", "withdrawn": "撤回", "planned": "", "open": "未完成"}

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The worksheet's number.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", callback=printable, help="Why; it is kept.")]
Ids = Annotated[list[int], typer.Argument(metavar="ID...", help="编号, as `plan sheet show` lists them.")]
Result = Annotated[str, typer.Option(metavar="TEXT", callback=printable, help="What came of it; it is kept.")]
On = Annotated[
    date | None,
    typer.Option(
        parser=parsed_day, metavar="<%Y-%m-%d>", help="The day; without it: today.", show_default=False
    ),
]
Recorded = Annotated[
    int | None,
    typer.Option(min=1, max=MOST, metavar="ID", help="Of a call: its recording (R7: 7).", show_default=False),
]
Prefix = Annotated[
    str | None,
    typer.Option(
        "--number",
        metavar="TEXT",
        help="Numbers begin so; without it: with today's date.",
        show_default=False,
    ),
]
How = Annotated[
    Method | None,
    typer.Option(help="How (W1); without it: by telephone, persons otherwise.", show_default=False),
]
Words = Annotated[str, typer.Option(metavar="TEXT", callback=printable, show_default=False)]
Start = Annotated[
    date | None, typer.Option("--from", parser=parsed_day, metavar="<%Y-%m-%d>", help="First day.")
]
End = Annotated[
    date | None,
    typer.Option(
        "--to", parser=parsed_day, metavar="<%Y-%m-%d>", help="Planned end; without it: the last due."
    ),
]


@dataclass(frozen=True, slots=True)
class Done:
    """What a person did. `on`: None for today."""

    result: str
    on: date | None
    recording: int | None


def _people(who: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        f"--{who}", metavar="STAFF", help=f"Responsible for {who} (may be repeated).", show_default=False
    )
    return option


Operations = Annotated[list[str] | None, _people("operations")]
Marketing = Annotated[list[str] | None, _people("marketing")]
Headquarters = Annotated[list[str] | None, _people("headquarters")]
Persons = Annotated[
    bool, typer.Option("--persons", help="What calls could not settle and notices do not: for persons (D2).")
]


@app.command()
def new(
    who: Who,
    profile: Profile = "default",
    branch: Branch = None,
    kind: Kinds = None,
    duty: Duties = None,
    until: Until = None,
    operations: Operations = None,
    marketing: Marketing = None,
    headquarters: Headquarters = None,
    persons: Persons = False,
    number: Prefix = None,
    purpose: Words = "",
    content: Words = "",
    method: How = None,
    starts: Start = None,
    ends: End = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Write worksheets for what is owed: one for each type, script and responsible person.

    Kinds that fall together for a customer go onto one sheet where the profile merges them (D7). Nobody
    becomes responsible for whom they introduced, opened, signed or manage: the next one named does,
    else one of headquarters (A1).

    Example: huifang plan sheet new --as S01 --profile boci --branch 上海 --operations S02 --headquarters S90
    """
    people = {
        Executor.OPERATIONS: operations or [],
        Executor.MARKETING: marketing or [],
        Executor.HEADQUARTERS: headquarters or [],
    }
    wish = Wish(
        staff=people,
        made_by=who,
        profile=profile,
        prefix=number or "",
        branch=branch,
        kinds=tuple(kind or ()),
        duties=tuple(duty or ()),
        by=until,
        route=Route.PERSON if persons else Route.CALL,
        purpose=purpose,
        content=content,
        method=(method or (Method.OTHER if persons else Method.PHONE)).value,
        starts_on=starts,
        ends_on=ends,
    )
    made = asyncio.run(_make(data, wish))
    if json:
        as_json(made)
        return
    _table(made.sheets)
    if made.nobody:
        wanted = "、".join(f"--{one.value}" for one in made.needed)
        say(f"{made.nobody} 项无人可负责（回避，或未指定人员），请另行指定：{wanted}")


@app.command()
def submit(number: Number, who: Who, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Hand a draft to whoever approves (P8).

    Example: huifang plan sheet submit 20260304-001 --as S01
    """
    _say(asyncio.run(_with(data, lambda site: sheets.submit(site, number, who), who)), json)


@app.command()
def approve(number: Number, who: Who, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Approve a worksheet: neither its submitter nor its responsible person may, nor whom A1 keeps away.

    Example: huifang plan sheet approve 20260304-001 --as S05
    """
    _say(asyncio.run(_with(data, lambda site: sheets.approve(site, number, who), who)), json)


@app.command()
def reject(number: Number, who: Who, reason: Reason, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Reject a worksheet; what it planned is free for another one.

    Example: huifang plan sheet reject 20260304-001 --as S05 --reason 请注明目的
    """
    _say(asyncio.run(_with(data, lambda site: sheets.reject(site, number, who, reason), who)), json)


@app.command()
def start(number: Number, who: Who, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Carry out an approved worksheet: its campaign is made under its number, and runs.

    Example: huifang plan sheet start 20260304-001 --as S01
    """
    with rendering_bar() as progress:
        _say(asyncio.run(_start(data, number, who, progress)), json)


@app.command()
def record(
    number: Number,
    ids: Ids,
    who: Who,
    result: Result,
    on: On = None,
    recording: Recorded = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """File what persons did for a worksheet of theirs: their own calls, visits, letters, e-mails (C1).

    A person's call (--method 人工电话) has its recording, which `huifang transcribe` has taken in (D5, P9).

    Example: huifang plan sheet record 20260304-002 17 --as S05 --result 客户确认无异议

    Example: huifang plan sheet record 20260304-003 18 --as S05 --result 客户确认无异议 --recording 7
    """
    count = asyncio.run(_record(data, number, ids, who, Done(result, on, recording)))
    if json:
        as_json({"recorded": count})
    else:
        say(f"{number}: {count} 项已登记")


@app.command()
def show(number: Number, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Show a worksheet with its customers, their results, and who decided what (W1, W2).

    Example: huifang plan sheet show 20260304-001
    """
    sheet, items, chain = asyncio.run(_show(data, number))
    if json:
        as_json({"sheet": sheet, "items": items, "decisions": chain})
        return
    _table([sheet])
    say(f"目的：{sheet.purpose}　内容：{sheet.content}　方式：{sheet.method}　批次：{sheet.campaign or '无'}")
    rows = ((STATES[one.state], one.by, moment(one.at), one.why) for one in chain)
    as_table("", ("状态", "经手人", "时间", "说明"), rows)
    columns = ("编号", "客户", "资金账号", "电话", "义务", "类型", "最迟", "已拨", "接通", "结果", "义务状态")
    as_table(f"{len(items)} 项", columns, map(_item, items))


@app.command("list")
def list_(branch: Branch = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List worksheets.

    Example: huifang plan sheet list --branch 上海
    """
    found = asyncio.run(_with(data, lambda site: worksheets.list_all(site.database, branch)))
    if json:
        as_json(found)
    else:
        _table(found)


def _table(found: list[Worksheet] | tuple[Worksheet, ...]) -> None:
    columns = ("编号", "营业部", "类型", "数量", "比例", "开始", "计划完成", "提交", "批准", "责任人", "状态")
    as_table(f"{len(found)} 张回访工作表", columns, map(_row, found))


def _row(one: Worksheet) -> tuple[object, ...]:
    type_ = f"{'检查-' if one.check else ''}{one.type_}"
    when = (one.starts_on, one.ends_on)
    people = (one.submitted_by, one.approved_by, one.responsible)
    return one.number, one.branch, type_, one.count, f"{one.share:.0%}", *when, *people, STATES[one.state]


def _item(one: SheetItem) -> tuple[object, ...]:
    whose = (one.obligation_id, one.name, one.account, masked(one.phone), one.duty)
    kind, result = KINDS.get(one.kind.value, ""), disposition(one.result) if one.result else one.why
    return (
        *whose,
        kind,
        one.due_by,
        "是" if one.called else "",
        "是" if one.reached else "",
        result,
        ENDED[one.state],
    )


def _say(sheet: Worksheet, json: bool) -> None:
    if json:
        as_json(sheet)
    else:
        say(f"{sheet.number}: {STATES[sheet.state]}")


async def _make(data: Path, wish: Wish) -> Made:
    async with open_site(data, by=wish.made_by) as site:
        today = site.now().date()
        if wish.ends_on is not None and wish.ends_on < (wish.starts_on or today):
            raise InputError("it would end before it begins", where="--to")
        numbered = replace(wish, prefix=wish.prefix or f"{today:%Y%m%d}-")
        return await sheets.make(site, site.profile_in_force(wish.profile), numbered)


async def _with(data: Path, act: Callable[[Site], Awaitable[T]], who: str = "") -> T:
    async with open_site(data, by=who) as site:
        return await act(site)


async def _start(data: Path, number: str, who: str, progress: Callable[[int, int], None]) -> Worksheet:
    async with open_site(data, by=who) as site:
        return await starting.start(site, number, who, progress, say_rendering)


async def _record(data: Path, number: str, ids: list[int], who: str, done: Done) -> int:
    async with open_site(data, by=who) as site:
        on = done.on or site.now().date()
        return await sheets.record(site, number, ids, who, done.result, on, done.recording)


async def _show(data: Path, number: str) -> tuple[Worksheet, list[SheetItem], list[Decision]]:
    async with open_site(data) as site:
        db = site.database
        sheet = await worksheets.get(db, number)
        return sheet, await worksheets.items(db, number), await worksheets.decisions(db, number)
