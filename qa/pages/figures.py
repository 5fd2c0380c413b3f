"""Leads and violations by branch, manager, adviser and month; on screen and as a file (Q5, Q10, C4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from base.errors import InputError
from papers import charts, findings, sheets
from papers.paper import Paper
from qa import asking
from qa.guarding import console_of, user_of
from qa.showing import page, said_by
from records import audit, staff
from records import findings as kept
from records.chain import Act
from records.findings import Findings, Span, Whose

router = APIRouter(prefix="/review/figures")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_DAYS = 366 * 2
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What is asked for, and counted: the gravest first."""

    whose: Whose
    span: Span
    found: list[Findings]
    months: list[Findings]


@router.get("")
async def show(request: Request) -> Response:
    """Tables and charts."""
    why, told = "", None
    try:
        told = await _told(request)
    except InputError as error:
        why = str(error)
    drawn = {name: _drawn(request, told, name) for name in ("found", "months")} if told else {}
    return page(
        request,
        "figures.html",
        400 if why else 200,
        **{"why": why, "told": told, "drawn": drawn, "whose": list(Whose), "shown": _SHOWN},
        asked=dict(request.query_params),
    )


@router.get("/file")
async def file(request: Request) -> Response:
    """All of it as XLSX."""
    console = console_of(request)
    told = await _told(request)
    made = _paper(request, told)
    name = f"{told.whose}-{told.span.first}-{told.span.last}"
    act = Act(console.now(), user_of(request).number, "exported", "figures", name, {"form": "xlsx"})
    await audit.keep(console.database, act)
    headers = {"content-disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(sheets.xlsx(made), media_type=_XLSX, headers=headers)


async def _told(request: Request) -> Told:
    """Raises InputError for days that cannot be."""
    console, asked = console_of(request), dict(request.query_params)
    whose = asking.one_of(Whose, asked.get("whose", "")) or Whose.BRANCH
    span = _span(asked, asking.branch_asked(user_of(request), asked), console.now().date())

    async def count() -> Told:
        db = console.database
        found = findings.ordered(await kept.by(db, whose, span))
        names = {} if whose is Whose.BRANCH else await staff.staff_names(db)
        known = [replace(one, name=_named(names, one.name)) for one in found]
        return Told(whose, span, known, await kept.by_month(db, span))

    return await console.figures.of(("findings", whose, span), count)


def _span(asked: dict[str, str], branch: str, today: date) -> Span:
    """This month, unless other days are asked for."""
    first = asking.day(asked.get("since", "")) or today.replace(day=1)
    last = asking.day(asked.get("until", "")) or max(first, today)
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise InputError(
            "is no span of two years at most", where=f"{first} - {last}", remedy="name other days"
        )
    return Span(first, last, branch)


def _named(names: dict[str, str], number: str) -> str:
    return f"{names[number]} {number}" if names.get(number) else number


def _paper(request: Request, told: Told) -> Paper:
    span = told.span
    return findings.paper(
        console_of(request).firm, told.whose, told.found, told.months, span.first, span.last
    )


def _drawn(request: Request, told: Told, what: str) -> Markup:
    """A picture of our own making: its words are escaped there."""
    found = told.found if what == "found" else told.months
    return Markup(charts.svg(findings.chart(said_by(request, "figures.share"), found)))
