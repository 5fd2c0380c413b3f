"""`huifang contacts`: customers in, customers listed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from base.phones import masked
from huifang.cli import taking
from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data
from huifang.cli.output import as_json, as_table
from huifang.cli.taking import File, How
from huifang.site import open_site
from huifang.words import counted
from office.customers.importing import What
from papers.words import PHONE_KINDS
from records import customers
from records.model import Customer

app = typer.Typer(add_completion=False, help="Customers: import a file, list who is known.")


@app.command("import")
def import_(file: File, by: Acting, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Import customers from CSV or XLSX; importing the same file again changes nothing.

    Columns: 姓名 (name), 电话 (phone), 类型 (手机 or 座机), 开户日期 (account opened), 客户经理 (manager),
    营业部 (branch). Bad rows are told and left out. `huifang customers import` is the same with more options.

    Example: huifang contacts import customers.xlsx
    """
    taking.run(file, data, How(by=by), json, What.CUSTOMERS)


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


async def _all(data: Path) -> list[Customer]:
    async with open_site(data) as site:
        return await customers.all_customers(site.database)
