"""`huifang approvals`: who asked for which material, and who allowed it (A5)."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from huifang.cli.options import DEFAULT_DATA, AsJson, Data, printable
from huifang.cli.output import as_json, as_table
from huifang.site import open_site
from huifang.words import counted
from papers.evidence import USES
from records import approvals
from records.approval import Approval, State
from records.search import Page

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Approvals (调取审批): the register of who got what."
)

STATES = {
    State.ASKED: "待审批",
    State.APPROVED: "已批准",
    State.EXPIRED: "已过期",
    State.REFUSED: "未批准",
}


@app.callback()
def _group() -> None:
    """Requests are made and decided in the console, where people have signed in."""


@app.command("list")
def list_(
    who: Annotated[
        str, typer.Option("--who", metavar="STAFF", help="Asked for by them.", callback=printable)
    ] = "",
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=1, max=100_000, help="So many at most.")
    ] = 50,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List requests, the newest first, with who decided them and until when they last.

    Example: huifang approvals list --who 1001
    """
    total, found = asyncio.run(_listed(data, who, last))
    if json:
        as_json([{**asdict(one), "state": state} for one, state in found])
        return
    columns = ("号", "通话", "客户", "用途", "接收方", "理由", "申请人", "状态", "审批人", "有效至", "备案")
    rows = (
        (
            *(one.id, one.call, one.customer, USES[one.use], one.recipient, one.why, one.asked_by),
            *(STATES[state], one.decided_by, one.expires_at, one.reference),
        )
        for one, state in found
    )
    as_table(counted(total, "request"), columns, rows)


async def _listed(data: Path, who: str, last: int) -> tuple[int, list[tuple[Approval, State]]]:
    async with open_site(data) as site:
        total, found = await approvals.listed(site.database, "", who, Page(last, 0))
        return total, [(one, one.state(site.now())) for one in found]
