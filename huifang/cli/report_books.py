"""`huifang report calendar`, `sign`, `hand-in`, `filed`: what is due when, and what became of papers."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from base.files import save
from huifang.cli.asking import FromStdin, secret
from huifang.cli.options import DAY, DEFAULT_DATA, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, say
from huifang.cli.report_options import Number, Numbers, ProfileName
from huifang.proving import proof_of
from huifang.site import open_site
from office.reports import making, signing
from papers import due
from records import filed_papers


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, DAY).date()  # noqa: DTZ007
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date: write YYYY-MM-DD") from None


def calendar(
    year: Annotated[
        int | None, typer.Option(min=2000, max=2199, help="All of this year.", show_default=False)
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(
            metavar=f"<{DAY}>", parser=_day, help="Until this day; without, 60 days.", show_default=False
        ),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a calendar file that reminds.", show_default=False),
    ] = None,
    profile: ProfileName = "default",
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """What is due when (W4, W6, W7, Q9, P11); late ones on top, what is handed in at the end.

    Example: huifang report calendar --until 2026-12-31 --ics reports.ics
    """
    listed, now = asyncio.run(_calendar(data, profile, year, until))
    if ics is not None:
        save(ics, due.ics(listed, now).encode())
        say(str(ics))
        return
    if json:
        as_json([_due_json(one, now.date()) for one in listed])
        return
    rows = (
        (_state(one, now.date()), one.due_on, one.title, "、".join(one.report.to), one.report.rule)
        for one in listed
    )
    as_table("", ("状态", "应报日期", "报表", "报送", "规则"), rows)


async def _calendar(
    data: Path, profile: str, year: int | None, until: date | None
) -> tuple[list[due.Due], datetime]:
    async with open_site(data) as site:
        now = site.now()
        first, last = now.date() - timedelta(days=60), until or now.date() + timedelta(days=60)
        if year is not None:
            first, last = date(year, 1, 1), date(year, 12, 31)
        return await making.calendar(site, site.profile(profile), first, last), now


def _state(one: due.Due, today: date) -> str:
    if one.handed_on is not None:
        return f"已报送 {one.handed_on}"
    return (
        f"逾期 {(today - one.due_on).days} 天"
        if one.is_late(today)
        else f"还有 {(one.due_on - today).days} 天"
    )


def _due_json(one: due.Due, today: date) -> dict[str, object]:
    return {
        "kind": one.report.form,
        "name": one.name,
        "branch": one.branch,
        "period": one.span.name,
        "due_on": one.due_on,
        "late": one.is_late(today),
        "handed_on": one.handed_on,
        "to": one.report.to,
        "rule": one.report.rule,
    }


By = Annotated[
    str, typer.Option("--by", metavar="STAFF", help="Staff number.", callback=printable, show_default=False)
]


def sign(
    numbers: Numbers,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="As the paper names it: 经办人.", show_default=False)
    ],
    by: By,
    password_stdin: FromStdin = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Sign papers that were made, over their hash, in the order of their chain; nobody signs twice (R6).

    The password is the one for the console. Several together are records of calls without flags; others are
    signed one by one. Nobody signs for a customer whom they introduced, opened, signed or manage (A1).

    Example: huifang report sign YB-202607-上海营业部 --role 经办人 --by 1001

    Example: huifang report sign JL-000017 JL-000018 --role 回访人 --by 1001
    """
    for one in asyncio.run(_sign(data, numbers, role, by, password_stdin)):
        say(f"{one.number}: {role} {by}, SHA-256 {one.sha256}")


async def _sign(
    data: Path, numbers: list[str], role: str, by: str, from_stdin: bool
) -> list[filed_papers.Filed]:
    async with open_site(data, by=by) as site:
        proof = await proof_of(site, by, lambda: secret(from_stdin, f"Password of {by}"))
        return await signing.sign(site, numbers, role, by, proof)


def hand_in(number: Number, by: By, data: Data = DEFAULT_DATA) -> None:
    """Note that a report was handed in: the calendar no longer asks for it.

    Example: huifang report hand-in YB-202607-上海营业部 --by 1001
    """

    async def do() -> filed_papers.Filed:
        async with open_site(data, by=by) as site:
            return await filed_papers.hand_in(site.database, number, by, site.now())

    say(f"{asyncio.run(do()).title}: handed in")


def filed(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List the papers that were made, the newest first, with their hashes.

    Example: huifang report filed
    """

    async def read() -> list[filed_papers.Filed]:
        async with open_site(data) as site:
            return await filed_papers.listed(site.database)

    found = asyncio.run(read())
    if json:
        as_json(found)
        return
    rows = ((one.number, one.title, one.made_at, one.handed_at, one.sha256[:12]) for one in found)
    as_table("", ("编号", "报表", "编制时间", "报送时间", "SHA-256"), rows)
