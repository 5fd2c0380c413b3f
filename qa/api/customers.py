"""Customers and events, brought by the firm's own systems: read and checked as a branch's file is."""

from __future__ import annotations

import csv
from asyncio import to_thread
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from fastapi import APIRouter, HTTPException, Request

from base.errors import ContactsError
from office.customers import importing, reading
from office.customers.importing import Imported, Intake
from office.customers.reading import Opened
from qa.api import shapes
from qa.api.guarding import console_of, token_of
from qa.console import Console

router = APIRouter(tags=["customers"])
T = TypeVar("T")


@router.post("/customers")
async def customers(request: Request, rows: shapes.Rows, dry: bool = False) -> shapes.Imported:
    """Add customers, or bring them up to date; with `dry` only say what would become of them."""
    console, by = _headquarters(request)
    intake = await importing.intake_of_customers(console.database, console.now(), dry=dry, by=by)
    return await _take(rows, intake)


@router.post("/events")
async def events(request: Request, rows: shapes.Rows, dry: bool = False) -> shapes.Imported:
    """What happened to customers that are known: opened, signed, closed (P1, P6, P7)."""
    console, by = _headquarters(request)
    return await _take(
        rows, await importing.intake_of_events(console.database, console.now(), dry=dry, by=by)
    )


def _headquarters(request: Request) -> tuple[Console, str]:
    """Rows name any branch: a branch's token brings none."""
    if token_of(request).branch:
        raise HTTPException(403, "a token of a branch brings no customers")
    return console_of(request), token_of(request).who


async def _take(rows: shapes.Rows, intake: Intake[T]) -> shapes.Imported:
    with TemporaryDirectory() as folder:
        try:
            file = await to_thread(_opened, rows, Path(folder) / "rows.csv", intake)
        except ContactsError as error:
            raise HTTPException(400, str(error)) from error
        return _told(await importing.take(file, intake))


def _opened(rows: shapes.Rows, path: Path, intake: Intake[T]) -> Opened:
    titles = list(dict.fromkeys(title for row in rows.rows for title in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, titles, restval="")
        writer.writeheader()
        writer.writerows(rows.rows)
    return reading.opened(path, intake.sheet, {})


def _told(done: Imported) -> shapes.Imported:
    bad = [shapes.BadRow(row=one.row - 1, column=one.column, reason=one.reason) for one in done.bad]
    result = done.result
    return shapes.Imported(
        added=result.added,
        updated=result.updated,
        unchanged=result.unchanged,
        bad=bad,
        ignored_columns=list(done.ignored_columns),
    )
