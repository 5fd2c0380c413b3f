"""`huifang plan notices`: lists for the platform that sends messages, and what became of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from huifang.cli.options import DEFAULT_DATA, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, say
from huifang.cli.plan_options import Profile
from huifang.site import open_site
from office.planning import lists, notices
from office.planning.notices import Heard, Listed
from records import notices as kept
from records.notices import Success

app = typer.Typer(
    add_completion=False, help="Messages (短信告知): lists for the platform out, results and replies in."
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX, by its ending.", show_default=False)]
Results = Annotated[
    Path, typer.Argument(metavar="FILE", help="CSV or XLSX with 手机号, 状态, 回复.", show_default=False)
]
Batch = Annotated[str, typer.Option(metavar="NAME", help="The list (批号) that it is about.")]
WORDS = "尊敬的客户，我公司近期电话回访未能与您完成，如有疑问请致电客服热线。"
Words = Annotated[
    str, typer.Option(metavar="TEXT", callback=printable, help="To customers whom calls could not settle.")
]


@app.command("out")
def out(
    file: File,
    profile: Profile = "default",
    words: Words = WORDS,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Write the list of messages that are due and on no list yet.

    To customers who do not want to be called or never answered (A4), and what the profile sends after an
    event, as to new customers (C5). A message goes out once.

    Example: huifang plan notices out messages.xlsx --profile boci
    """
    listed = asyncio.run(_out(data, file, profile, words))
    if json:
        counts = {"instead": listed.instead, "messages": listed.messages, "landlines": listed.landlines}
        as_json({"file": file, "batch": listed.batch, "listed": len(listed.rows), **counts})
        return
    kinds = f"代替回访 {listed.instead}，例行短信 {listed.messages}"
    say(f"{file}: {listed.batch}，{len(listed.rows)} 条，其中{kinds}")
    if listed.landlines:
        say(f"{listed.landlines} 条对象只有座机，须人工联系")


@app.command("in")
def in_(file: Results, batch: Batch, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Take in what the platform says: delivered or not, and replies.

    A delivered message meets the duty to inform; it is no completed follow-up (A4). One that failed leaves
    the customer to a person.

    Example: huifang plan notices in results.csv --batch SMS-20260304-01
    """
    heard = asyncio.run(_in(data, file, batch))
    if json:
        as_json(heard)
        return
    say(f"{file}: {heard.known} 条已登记，{heard.strangers} 个号码不在名单内，{len(heard.bad)} 行无法识别")
    if heard.bad:
        as_table("", ("行", "原因"), heard.bad)


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List what went out, with the success rate (C1).

    Example: huifang plan notices list
    """
    found = asyncio.run(_list(data))
    if json:
        as_json([{**{name: getattr(one, name) for name in one.__slots__}, "rate": one.rate} for one in found])
        return
    columns = ("批号", "条数", "成功", "失败", "回复", "成功率")
    as_table(f"{len(found)} 批", columns, map(_row, found))


def _row(one: Success) -> tuple[object, ...]:
    rate = "" if one.rate is None else f"{one.rate:.1%}"
    return one.batch, one.listed, one.delivered, one.failed, one.replied, rate


async def _out(data: Path, file: Path, profile: str, words: str) -> Listed:
    async with open_site(data) as site:
        listed = await notices.compose(site, site.profile_in_force(profile), words)
        lists.write_list(file, listed.rows)
        await kept.keep(site.database, listed.notices, site.now())
        return listed


async def _in(data: Path, file: Path, batch: str) -> Heard:
    async with open_site(data) as site:
        return await notices.results_in(site, batch, file)


async def _list(data: Path) -> list[Success]:
    async with open_site(data) as site:
        return await kept.success(site.database)
