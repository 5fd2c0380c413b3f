"""`huifang customers`: who they are, what happened to them, who looks after them; by import."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from base.phones import masked
from huifang.cli import taking
from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data
from huifang.cli.output import as_json, as_table
from huifang.cli.taking import Columns, DryRun, Errors, File, How, MappingName, SaveMapping
from huifang.site import open_site
from huifang.words import counted
from office.customers.importing import What
from office.customers.telling import TITLES, numbered, told, yuan
from plans.words import CLIENTS, EVENTS, SOURCES
from records import customer_files, mappings
from records.customer_files import CustomerFile, CustomerLine
from records.mappings import ImportMapping
from records.people import ClientKind, Source

app = typer.Typer(add_completion=False, help="Customers: import what is known of them, list, show.")
mapping = typer.Typer(add_completion=False, help="Mappings: which column of a branch's files means what.")
app.add_typer(mapping, name="mapping")


@app.command("import")
def import_(
    file: File,
    by: Acting,
    mapping: MappingName = "",
    column: Columns = None,
    save_mapping: SaveMapping = "",
    dry_run: DryRun = False,
    errors: Errors = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Import customers from CSV, XLSX or XLS as branches make them; the same file again changes nothing.

    资金账号 (or 姓名 and 电话) says who is meant; further 营业部 客户经理 居间人 开户人 客户类型 总资产
    交易量 佣金 换手率 开户日期 签约日期 联系人 ... (docs/customers.md). Titles above the heading, headings
    of two rows and sums at the end are understood. Bad rows are told and left out.

    Example: huifang customers import 客户清单.xlsx --dry-run --errors 错误.xlsx
    """
    how = How(mapping, column or [], save_mapping, dry_run, errors, by)
    taking.run(file, data, how, json, What.CUSTOMERS)


@app.command()
def relations(
    file: File,
    by: Acting,
    mapping: MappingName = "",
    column: Columns = None,
    save_mapping: SaveMapping = "",
    dry_run: DryRun = False,
    errors: Errors = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Import who introduced, opened, signed up and looks after customers that are known (A1).

    Columns: 资金账号 (or 姓名 and 电话), and any of 居间人 开户人 签约人 客户经理 客户经理工号.

    Example: huifang customers relations 开发关系.xlsx
    """
    how = How(mapping, column or [], save_mapping, dry_run, errors, by)
    taking.run(file, data, how, json, What.RELATIONS)


@app.command()
def events(
    file: File,
    by: Acting,
    mapping: MappingName = "",
    column: Columns = None,
    save_mapping: SaveMapping = "",
    dry_run: DryRun = False,
    errors: Errors = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Import what happened to customers: 密码重置, 销户, 异常, 部门要求 ... (P4, P6, P7).

    Columns: 资金账号 (or 姓名 and 电话), 事件, 日期; further 完成期限 发起部门 说明.

    Example: huifang customers events 事件.csv --errors 错误.xlsx
    """
    how = How(mapping, column or [], save_mapping, dry_run, errors, by)
    taking.run(file, data, how, json, What.EVENTS)


@app.command()
def staff(
    file: File,
    by: Acting,
    mapping: MappingName = "",
    column: Columns = None,
    save_mapping: SaveMapping = "",
    dry_run: DryRun = False,
    errors: Errors = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Import the firm's own people: 工号, 姓名; further 营业部 部门 岗位 上级工号. A1 and P12 go by them.

    Example: huifang customers staff 员工.xlsx
    """
    how = How(mapping, column or [], save_mapping, dry_run, errors, by)
    taking.run(file, data, how, json, What.STAFF)


Branch = Annotated[str | None, typer.Option("--branch", metavar="NAME", help="Of this branch only.")]


@app.command("list")
def list_(
    branch: Branch = None,
    name: Annotated[str, typer.Option("--name", help="Of this name, or account.")] = "",
    after: Annotated[int, typer.Option("--after", min=0, help="Those behind this id.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="So many at most.")] = 50,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List customers by id; the middle of each number is hidden.

    Example: huifang customers list --branch 南京路营业部 --limit 20
    """
    found, total = asyncio.run(_listed(data, branch, name, after, limit))
    if json:
        as_json([{**_plain(one), "phone": masked(one.phone)} for one in found])
        return
    columns = ("id", "资金账号", "姓名", "电话", "营业部", "客户", "来源", "客户经理", "总资产", "开户日期")
    as_table(f"{len(found)} of {counted(total, 'customer')}", columns, map(_line, found))


@app.command()
def show(
    who: Annotated[str, typer.Argument(help="Account, or id.", metavar="ACCOUNT", show_default=False)],
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Show all that is kept of a customer; the middle of each number is hidden.

    Example: huifang customers show 80001234
    """
    found = asyncio.run(_shown(data, who))
    if json:
        as_json(_masked(found))
        return
    as_table("", ("", ""), ((TITLES.get(key, key), value) for key, value in told(found, masked)))
    if found.contacts:
        rows = ((one.name, numbered(one.phone, one.extension, masked), one.post) for one in found.contacts)
        as_table("", ("联系人", "电话", "职务"), rows)
    if found.events:
        happened = ((EVENTS[one.kind], one.on, one.by_on, one.by, one.words) for one in found.events)
        as_table("", ("事件", "日期", "完成期限", "发起", "说明"), happened)


@mapping.command("list")
def mapping_list(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List the mappings that were saved.

    Example: huifang customers mapping list
    """
    found = asyncio.run(_mappings(data))
    if json:
        as_json(found)
        return
    rows = ((one.name, len(one.columns), one.saved_at) for one in found)
    as_table(counted(len(found), "mapping"), ("名称", "列数", "保存时间"), rows)


@mapping.command("show")
def mapping_show(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Show which column means what.

    Example: huifang customers mapping show 南京路
    """
    found = asyncio.run(_mapping(data, name))
    if json:
        as_json(found)
        return
    as_table(name, ("列", "含义"), ((title, TITLES.get(key, "")) for title, key in found.columns.items()))


def _plain(one: CustomerLine) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _line(one: CustomerLine) -> tuple[object, ...]:
    manager = f"{one.manager} {one.manager_no}".strip()
    kinds = (CLIENTS[ClientKind(one.client)], SOURCES[Source(one.source)])
    return (
        one.id,
        one.account,
        one.name,
        masked(one.phone),
        one.branch,
        *kinds,
        manager,
        yuan(one.assets),
        one.opened_on,
    )


def _masked(found: CustomerFile) -> dict[str, object]:
    """All of it as JSON has it, numbers hidden."""
    facts = {name: getattr(found.facts, name) for name in found.facts.__dataclass_fields__}
    return {
        **_plain(found.line),
        **facts,
        "phone": masked(found.line.phone),
        "extension": found.extension,
        "details": found.details,
        "phones": [{"phone": masked(one.phone), "use": one.use} for one in found.phones],
        "contacts": [
            {"name": one.name, "phone": masked(one.phone), "post": one.post} for one in found.contacts
        ],
        "events": found.events,
    }


async def _listed(
    data: Path, branch: str | None, name: str, after: int, limit: int
) -> tuple[list[CustomerLine], int]:
    async with open_site(data) as site:
        found = await customer_files.listed(site.database, branch=branch, name=name, after=after, limit=limit)
        return found, await customer_files.count(site.database, branch)


async def _shown(data: Path, who: str) -> CustomerFile:
    async with open_site(data) as site:
        return await customer_files.of(site.database, who)


async def _mappings(data: Path) -> list[ImportMapping]:
    async with open_site(data) as site:
        return await mappings.listed(site.database)


async def _mapping(data: Path, name: str) -> ImportMapping:
    async with open_site(data) as site:
        return await mappings.get(site.database, name)
