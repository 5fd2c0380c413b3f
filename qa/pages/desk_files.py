"""Files of the desk, for whoever may see what they prove; each look is on the audit trail (A5, A6)."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Path, Request
from starlette.responses import Response

from qa.guarding import console_of, user_of
from records import attachments, audit, complaints, desk
from records.chain import Act
from records.sounds import open_file

router = APIRouter(prefix="/desk/files")


@router.get("/{file}")
async def file(request: Request, file: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
    """To be saved, never shown by the browser as a page of ours."""
    console, user = console_of(request), user_of(request)
    found = await attachments.get(console.database, file)
    owner = desk.get if found.kind == "item" else complaints.get
    await owner(console.database, found.of, user.branch)
    stream = open_file(console.sounds, attachments.path_of(found.sha256))
    if stream is None:
        raise HTTPException(404)
    with stream:
        content = await asyncio.to_thread(stream.read)
    act = Act(
        console.now(), user.number, "looked", "attachment", str(file), {"of": f"{found.kind} {found.of}"}
    )
    await audit.keep(console.database, act)
    named = {"content-disposition": f"attachment; filename*=utf-8''{quote(found.name, safe='')}"}
    return Response(content, media_type=found.type, headers=named)
