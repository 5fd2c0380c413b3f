"""`huifang contacts`: customers in, customers listed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from base.phones import masked
from huifang import contacts_file
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.contacts_file import ContactsFile
from huifang.site import open_site
from huifang.words import counted
from papers.words import PHONE_KINDS
from records import customers
from records.model import Customer, ImportResult

app = typer.Typer(add_completion=False, help="Customers: import a file, list who is known.")

File = Annotated[
    Path, typer.Argument(help="CSV (UTF-8 or GB18030) or XLSX.", metavar="FILE", show_default=False)
]


@app.command("import")
def import_(file: File, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Import customers from CSV or XLSX; importing the same file again changes nothing.

    Columns: 姓名 (name), 电话 (phone), 类型 (手机 or 座机), 开户日期 (account opened), 客户经理 (manager),
    营业部 (branch). Bad rows are told and left out.

    Example: huifang contacts import customers.xlsx
    """
    content, result = asyncio.run(_import(file, data))
    if json:
        as_json({"file": file, "result": result, "bad": content.bad, "ignored_columns": content.ignored})
        return
    say(
        f"{file}: {result.added} added, {result.updated} updated, {result.unchanged} unchanged, "
        f"{len(content.bad)} bad"
    )
    if content.ignored:
        say(f"columns without meaning here: {', '.join(content.ignored)}")
    if content.bad:
        as_table("", ("row", "column", "reason"), ((bad.row, bad.column, bad.reason) for bad in content.bad))


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List all customers; the middle of each number is hidden, except in JSON.

    Example: huifang contacts list --json
    """
    known = asyncio.run(_all(data))
    if json:
        as_json(known)
        return
    columns = ("id", "姓名", "电话", "类型", "开户日期", "客户经理", "营业部")
    as_table(counted(len(known), "customer"), columns, (_row(one) for one in known))


def _row(one: Customer) -> tuple[object, ...]:
    kind = PHONE_KINDS[one.phone_kind]
    phone = masked(one.phone) + (f"转{one.extension}" if one.extension else "")
    return one.id, one.name, phone, kind, one.opened_on, one.manager, one.branch


async def _import(file: Path, data: Path) -> tuple[ContactsFile, ImportResult]:
    async with open_site(data) as site:
        content = contacts_file.read(file, today=site.now().date())
        return content, await customers.merge(site.database, content.good, site.now())


async def _all(data: Path) -> list[Customer]:
    async with open_site(data) as site:
        return await customers.all_customers(site.database)
