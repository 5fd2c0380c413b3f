"""`huifang retention`: what is over its time, what is held, and deletion (R3)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from huifang.cli.options import DEFAULT_DATA, MOST, Acting, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, progress_bar, say
from huifang.cli.plan_options import Profile, parsed_day
from huifang.custody import retention
from huifang.custody.retention import Due, Purged, Terms
from huifang.site import open_site
from huifang.words import counted
from records import holds
from records.holds import Hold, Object
from records.kept import Filed

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Retention (保存期限): what is due, legal holds, deletion.",
)

OBJECTS: Mapping[Object | Filed, str] = {
    Object.CALL: "通话",
    Object.INBOUND: "来电",
    Object.RECORDING: "外来录音",
    Object.CUSTOMER: "客户",
    Object.CAMPAIGN: "批次",
    Filed.MESSAGE: "消息",
    Filed.WORKSHEET: "工作表",
    Filed.PAPER: "报表",
}

Law = Annotated[
    int, typer.Option("--law", metavar="YEARS", min=0, max=100, help="What the law asks besides.")
]
On = Annotated[
    date | None,
    typer.Option(
        parser=parsed_day, metavar="<%Y-%m-%d>", help="On this day; without it: today.", show_default=False
    ),
]
Last = Annotated[int, typer.Option("--last", metavar="N", min=1, max=1_000_000, help="So many at most.")]


@app.command()
def due(
    on: On = None,
    profile: Profile = "default",
    law: Law = 0,
    last: Last = 50,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List what is over its time, the oldest first: calls, recordings, messages, worksheets, papers.

    Holds are marked. Calls and worksheets go by their own profile, all else by --profile.

    Example: huifang retention due --law 20 --on 2046-12-31
    """
    found = asyncio.run(_due(data, Terms(profile, law), on))
    if json:
        as_json([_plain(one) for one in found[:last]])
        return
    rows = (
        (*(OBJECTS[one.kept.kind], one.kept.id, one.kept.made_at), one.free_from, "冻结" if one.held else "")
        for one in found[:last]
    )
    as_table(_counts(found), ("对象", "编号", "形成时间", "到期日", ""), rows)


@app.command()
def hold(
    kind: Annotated[Object, typer.Argument(help="What.", show_default=False)],
    of: Annotated[int, typer.Argument(metavar="ID", min=1, max=MOST, help="Its id.", show_default=False)],
    by: Acting,
    why: Annotated[str, typer.Option(help="Why.", callback=printable, show_default=False)],
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Hold a call, a customer or a campaign with all their calls: nothing of it is deleted (法律保全).

    Example: huifang retention hold customer 12 --why "2026 沪仲 103 号" --as 1001
    """

    async def do() -> Hold:
        async with open_site(data, by=by) as site:
            return await holds.place(site.database, kind, of, why, by, site.now())

    placed = asyncio.run(do())
    as_json(placed) if json else say(f"hold {placed.id}: {kind.value} {of}")


@app.command()
def release(
    id_: Annotated[int, typer.Argument(metavar="HOLD", min=1, max=MOST, help="Its id.", show_default=False)],
    by: Acting,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Release a hold.

    Example: huifang retention release 3 --as 1001
    """

    async def do() -> Hold:
        async with open_site(data, by=by) as site:
            return await holds.release(site.database, id_, by, site.now())

    released = asyncio.run(do())
    as_json(released) if json else say(f"hold {id_} of {released.kind.value} {released.of}: released")


@app.command("holds")
def holds_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List holds, the newest first.

    Example: huifang retention holds
    """

    async def read() -> list[Hold]:
        async with open_site(data) as site:
            return await holds.listed(site.database)

    found = asyncio.run(read())
    if json:
        as_json(found)
        return
    rows = (
        (*(one.id, OBJECTS[one.kind], one.of, one.why, one.by, one.at), one.released_by, one.released_at)
        for one in found
    )
    columns = ("编号", "对象", "对象编号", "原因", "冻结人", "冻结时间", "解冻人", "解冻时间")
    as_table(counted(len(found), "hold"), columns, rows)


@app.command()
def purge(
    by: Acting,
    really: Annotated[
        bool, typer.Option("--really", help="Delete; without it only what would be is told.")
    ] = False,
    profile: Profile = "default",
    law: Law = 0,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Delete what is over its time and not held: calls with sound and text, messages, worksheets, papers.

    Without --really nothing is deleted. Each deletion stands on the audit trail with its files.

    Example: huifang retention purge --law 20 --really --as 1001
    """
    found, purged = asyncio.run(_purged(data, Terms(profile, law), by, really))
    if json:
        as_json({"due": len(found), "held": sum(one.held for one in found), "purged": purged})
    elif purged is None:
        say(f"{_counts(found)}; nothing was deleted: --really does")
    else:
        files = f"{counted(purged.files, 'file')} of {purged.size:,} bytes"
        elsewhere = f"; {purged.elsewhere} lie at other nodes" if purged.elsewhere else ""
        say(f"{counted(purged.objects, 'object')} deleted, {files}{elsewhere}")


async def _due(data: Path, terms: Terms, on: date | None) -> list[Due]:
    async with open_site(data) as site:
        return await retention.due(site, terms, on or site.now().date())


async def _purged(data: Path, terms: Terms, by: str, really: bool) -> tuple[list[Due], Purged | None]:
    async with open_site(data, by=by) as site:
        found = await retention.due(site, terms, site.now().date())
        if not really:
            return found, None
        with progress_bar("deleting") as bar:
            return found, await retention.purge(site, found, by, bar)


def _counts(found: Sequence[Due]) -> str:
    by_kind = Counter(one.kept.kind for one in found)
    told = ", ".join(f"{by_kind[kind]} {OBJECTS[kind]}" for kind in OBJECTS if by_kind[kind])
    held = sum(one.held for one in found)
    return (told or "nothing") + " over its time" + (f", {held} held" if held else "")


def _plain(one: Due) -> dict[str, object]:
    kept = one.kept
    return {
        "kind": kept.kind,
        "id": kept.id,
        "made_at": kept.made_at,
        "free_from": one.free_from,
        "held": one.held,
    }
