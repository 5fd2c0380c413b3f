"""`huifang report`: worksheets, results, reports, record sheets and logs on paper; what is due when."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data, printable
from huifang.cli.output import as_json, as_table
from huifang.cli.report_books import calendar, filed, hand_in, sign
from huifang.cli.report_options import (
    Branches,
    Form,
    Number,
    Numbers,
    Output,
    Period,
    ProfileName,
    Said,
    write_all,
)
from huifang.site import Site, open_site
from office.reports import customers, making
from office.reports.choosing import KINDS
from office.reports.making import Made
from plans.paperwork import Grade, ReportForm, Way

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Papers (报表): worksheets, results, reports, record sheets, logs; what is due when.",
)

_SAYS = {
    ReportForm.MONTHLY: "A branch's monthly report (W4): number, ratio, kinds, ways, problems.",
    ReportForm.SUMMARY: "Headquarters' summary of all branches (W4).",
    ReportForm.QUARTERLY: "The quarterly report (W4, W5): carried out, course, analysis, feedback.",
    ReportForm.YEARLY: "The yearly report (W4).",
    ReportForm.UPLOAD: "Records of the month, handed up by kind (W7).",
    ReportForm.COMPLIANCE: "To compliance (W6): records, recordings, suspicions, opinions.",
    ReportForm.VIOLATIONS: "The month's violations (W6): leads until people have judged them (F7).",
    ReportForm.INSPECTION: "The result of the yearly inspection (Q9).",
    ReportForm.PLAN: "The year's plan of periodic follow-ups (P11).",
    ReportForm.CHECKS: "Headquarters' programme of checks for the year (P11).",
}
"""Reports that a profile asks for by the calendar; each is a command of that name."""


@app.command("list")
def list_(profile: ProfileName = "default", data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List all kinds of papers, and which of them the profile asks for by the calendar.

    Example: huifang report list --profile tianfeng
    """

    async def read() -> set[ReportForm]:
        async with open_site(data) as site:
            return {one.form for one in site.profile(profile).reports.values()}

    asked = asyncio.run(read())
    rows = [
        (kind, one.rules, one.title, "是" if kind in asked else "")
        for kind, one in KINDS.items()
        if one.rules
    ]
    if json:
        as_json([{"kind": kind, "title": title, "asked": bool(due_)} for kind, _, title, due_ in rows])
        return
    as_table("", ("kind", "规则", "报表", "按期报送"), rows)


Accounts = Annotated[list[str], typer.Argument(metavar="ACCOUNT...", help="资金账号.", show_default=False)]


def _register(form: ReportForm, says: str) -> None:
    """One command for each report that is due by the calendar: they differ in nothing but their form."""

    def command(
        by: Acting,
        period: Period = None,
        branch: Branches = None,
        profile: ProfileName = "default",
        words: Said = "",
        format_: Form = None,
        output: Output = None,
        data: Data = DEFAULT_DATA,
    ) -> None:
        async def make(site: Site) -> list[Made]:
            found = site.profile(profile)
            return await making.reports(site, found, form, period, branch or (), words)

        write_all(data, by, make, format_, output)

    name = form.value
    command.__doc__ = (
        f"{says}\n\n    Example: huifang report {name} --period 2026-07 --format xlsx -o reports/"
    )
    app.command(name)(command)


for _form, _says in _SAYS.items():
    _register(_form, _says)


@app.command()
def worksheet(
    numbers: Numbers,
    by: Acting,
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Worksheets of branches (W1, 附件1) and check sheets of headquarters (W2, 附件2), with results so far.

    Example: huifang report worksheet SH-2026-031 --format docx -o SH-2026-031.docx
    """
    write_all(data, by, lambda site: making.sheets(site, numbers), format_, output)


@app.command()
def result(
    number: Number,
    by: Acting,
    grade: Annotated[
        Grade | None,
        typer.Option(
            help="As people judge it (F7, Q1); without, by the cases of its calls.", show_default=False
        ),
    ] = None,
    words: Annotated[str, typer.Option(help="问题及处理建议.", callback=printable)] = "",
    handling: Annotated[str, typer.Option(help="处理结果.", callback=printable)] = "",
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """What a worksheet came to (W3, 附件3 or 附件4), with the opinions and confirmations of its grade.

    Grade, words, opinions and handling are those of the cases that people carried through (质检).

    Example: huifang report result SH-2026-031 --grade none --format pdf -o result.pdf
    """

    async def make(site: Site) -> list[Made]:
        return [await making.result_of(site, number, grade, words, handling)]

    write_all(data, by, make, format_, output)


@app.command()
def record(
    calls: Annotated[
        list[int], typer.Argument(metavar="ID...", min=1, help="Calls by id.", show_default=False)
    ],
    by: Acting,
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Record sheets of calls by kind (W5), with who signs them (R6); `huifang call record` has every word.

    Example: huifang report record 17 18 --format docx -o sheets/
    """
    write_all(data, by, lambda site: making.call_records(site, calls), format_, output)


@app.command()
def table(
    by: Acting,
    period: Period = None,
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """The summary table of a period (W5): every follow-up on a line.

    Example: huifang report table --period 2026-07 --format xlsx -o 2026-07.xlsx
    """

    async def make(site: Site) -> list[Made]:
        return [await making.tables(site, period or making.last_month(site))]

    write_all(data, by, make, format_, output)


@app.command()
def core(
    accounts: Accounts,
    by: Acting,
    keeper: Annotated[
        str, typer.Option("--by", help="Who keeps the file; without, the manager.", callback=printable)
    ] = "",
    profile: ProfileName = "default",
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Files of core customers (W5), as far as they are known; by the profile with their records (R5).

    Example: huifang report core 60010000 --format docx -o core.docx
    """
    write_all(
        data,
        by,
        lambda site: customers.core_files(site, site.profile(profile), accounts, keeper),
        format_,
        output,
    )


@app.command()
def visit(
    accounts: Accounts,
    by: Acting,
    weighty: Annotated[
        bool, typer.Option("--weighty", help="A weighty matter: two staff sign (C1).")
    ] = False,
    profile: ProfileName = "default",
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Sheets to take along on a visit (W5, C1), with lines for staff and customer to sign on.

    Example: huifang report visit 60010000 --weighty --format pdf -o visit.pdf
    """

    async def make(site: Site) -> list[Made]:
        return await customers.visit_sheets(site, site.profile(profile), accounts, weighty=weighty)

    write_all(data, by, make, format_, output)


@app.command()
def log(
    way: Annotated[Way, typer.Argument(help="Which way.", show_default=False)],
    by: Acting,
    period: Period = None,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="A table that people keep, CSV or XLSX.", show_default=False
        ),
    ] = None,
    keeper: Annotated[str, typer.Option(help="保管人.", callback=printable)] = "",
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """The log of e-mails, letters, SMS with their success rate, or visits (C1).

    SMS are those that the platform sent for us (`huifang plan`); of the others people keep a table.

    Example: huifang report log sms --period 2026-07 --format xlsx -o sms.xlsx

    Example: huifang report log letter --period 2026-07 --from letters.xlsx --keeper 王芳
    """

    async def make(site: Site) -> list[Made]:
        return [await making.log(site, way, period or making.last_month(site), keeper, from_)]

    write_all(data, by, make, format_, output)


@app.command()
def appraisal(
    by: Acting,
    period: Period = None,
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Figures for appraisal, by branch, by person, by what customers say (Q10).

    Example: huifang report appraisal --period 2026Q3 --format xlsx -o appraisal.xlsx
    """

    async def make(site: Site) -> list[Made]:
        return [await making.appraised(site, period or making.last_month(site))]

    write_all(data, by, make, format_, output)


@app.command("hand-over")
def hand_over(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="批次.", show_default=False)],
    department: Annotated[str, typer.Option(help="Who ordered it.", callback=printable, show_default=False)],
    by: Acting,
    matter: Annotated[
        str, typer.Option(help="What was ordered; without, the campaign's name.", callback=printable)
    ] = "",
    number: Annotated[str, typer.Option(help="The order's number.", callback=printable)] = "",
    profile: ProfileName = "default",
    format_: Form = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Records of a special follow-up for whoever ordered it: due 5 worked days after the work (Q4).

    Example: huifang report hand-over 代理人核实 --department 合规部 --format pdf -o hand-over.pdf
    """

    async def make(site: Site) -> list[Made]:
        found = site.profile(profile)
        return [await making.handed_over(site, found, campaign, department, matter, number)]

    write_all(data, by, make, format_, output)


app.command()(calendar)
app.command()(sign)
app.command("hand-in")(hand_in)
app.command()(filed)
