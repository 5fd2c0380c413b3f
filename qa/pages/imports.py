"""Files of branches taken in: looked at first, with their row errors, then kept (docs/customers.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import FileResponse, Response

from base.errors import InputError
from office.customers import importing
from office.customers.fields import CUSTOMERS, EVENTS_SHEET, RELATIONS, STAFF
from office.customers.importing import Imported, What
from office.customers.reading import meanings, opened
from office.customers.telling import TITLES
from qa import asking
from qa.console import Console
from qa.guarding import console_of, user_of
from qa.showing import back_to, page
from qa.uploads import Upload
from qa.working import Progress, Work
from records import mappings

T = TypeVar("T")

router = APIRouter(prefix="/customers/import")

SHEETS = {What.CUSTOMERS: CUSTOMERS, What.RELATIONS: RELATIONS, What.EVENTS: EVENTS_SHEET, What.STAFF: STAFF}
SHOWN = 200
"""Bad rows on the page; the workbook has them all."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("")
async def ask(request: Request) -> Response:
    """The form for a file."""
    _require_headquarters(request)
    return await _asked(request)


@router.post("")
async def bring(request: Request) -> Response:
    """Take the file, and look at it: nothing is changed yet."""
    async with request.form() as form:
        _require_headquarters(request)
        try:
            work = _begin(console_of(request), await _kept(request, form), dry=True)
        except InputError as error:
            return await _asked(request, str(error))
    return back_to(f"/works/{work.id}")


@router.get("/{id}")
async def show(request: Request, id: str) -> Response:
    """What the file would change, or has changed, with its bad rows and what its columns mean."""
    return _page(request, _upload(request, id))


@router.post("/{id}/columns")
async def columns(request: Request, id: str) -> Response:
    """Say what columns mean, and look again."""
    upload, form = _upload(request, id), await request.form()
    known = {field.key for field in SHEETS[upload.what].fields} | {""}
    said = {title: str(form.get(f"column.{n}", "")) for n, title in enumerate(upload.columns)}
    upload.chosen = {title: key for title, key in said.items() if key in known}
    return _begun(request, upload, dry=True)


@router.post("/{id}/keep")
async def keep(request: Request, id: str) -> Response:
    """Import it; under a name, keep what its columns mean, too."""
    console, upload, form = console_of(request), _upload(request, id), await request.form()
    if name := str(form.get("name", "")).strip()[:80]:
        if not name.isprintable():
            return _page(request, upload, "a name is words on one line")
        await mappings.save(console.database, name, upload.columns, console.now())
    return _begun(request, upload, dry=False)


@router.get("/{id}/errors")
async def errors(request: Request, id: str) -> Response:
    """Its bad rows as a workbook: corrected there, it is brought again."""
    upload = _upload(request, id)
    if not upload.errors.is_file():
        raise HTTPException(404)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote('错误.xlsx')}"}
    return FileResponse(upload.errors, media_type=_XLSX, headers=headers)


def _require_headquarters(request: Request) -> None:
    """A file may name customers of any branch: only who sees all of them brings one (C4)."""
    if user_of(request).branch:
        raise HTTPException(403)


def _upload(request: Request, id: str) -> Upload:
    _require_headquarters(request)
    return console_of(request).uploads.of(id, user_of(request).number)


async def _kept(request: Request, form: FormData) -> Upload:
    console, file, name = console_of(request), form.get("file"), str(form.get("mapping", ""))
    what = asking.one_of(What, str(form.get("what", "")))
    if what is None or not isinstance(file, UploadFile) or not file.filename:
        raise InputError("no file was chosen", where="file")
    chosen: Mapping[str, str] = (await mappings.get(console.database, name)).columns if name else {}
    keep = console.uploads.keep
    return await asyncio.to_thread(
        keep, user_of(request).number, what, file.filename, file.file, chosen, console.now()
    )


def _begin(console: Console, upload: Upload, *, dry: bool) -> Work:
    title = "work.look" if dry else "work.import"
    return console.works.begin(
        *(upload.owner, title, upload.name, f"/customers/import/{upload.id}"),
        lambda progress: _taken(console, upload, progress, dry=dry),
    )


def _begun(request: Request, upload: Upload, *, dry: bool) -> Response:
    try:
        work = _begin(console_of(request), upload, dry=dry)
    except InputError as error:
        return _page(request, upload, str(error))
    return back_to(f"/works/{work.id}")


async def _taken(console: Console, upload: Upload, progress: Progress, *, dry: bool) -> Imported:
    db, now = console.database, console.now()
    intake = await importing.intake_of(db, upload.what, now, dry=dry, by=upload.owner)
    try:
        found = await asyncio.to_thread(opened, upload.path, intake.sheet, upload.chosen)
    except InputError as error:
        raise InputError(error.what, where=upload.name, remedy=error.remedy) from error
    upload.columns = meanings(found)
    upload.errors.unlink(missing_ok=True)
    taken = await importing.take(found, intake, upload.errors, progress)
    upload.looked, upload.done = (taken, None) if dry else (upload.looked, taken)
    return taken


async def _asked(request: Request, why: str = "") -> Response:
    saved = await mappings.listed(console_of(request).database)
    return page(
        request,
        "import.html",
        400 if why else 200,
        **{"section": "/plans", "why": why, "mappings": [one.name for one in saved]},
        whats=[one.value for one in What],
    )


def _page(request: Request, upload: Upload, why: str = "") -> Response:
    fields = [field.key for field in SHEETS[upload.what].fields]
    return page(
        request,
        "imported.html",
        400 if why else 200,
        **{"section": "/plans", "why": why, "upload": upload, "shown": SHOWN},
        taken=upload.done or upload.looked,
        fields=[(key, TITLES.get(key, key)) for key in fields],
        has_errors=upload.errors.is_file(),
    )
