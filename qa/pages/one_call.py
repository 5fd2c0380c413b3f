"""A call: heard, read, with flags, answers, times and SIP messages; each look is on the audit trail (A6)."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Path, Request
from starlette.responses import Response

from base.errors import InputError
from papers import forms, telling, word
from qa import players, ranges
from qa.guarding import console_of, user_of
from qa.reaching import written_of
from qa.showing import page
from records import audit, listening
from records.chain import Act
from records.listening import Talk
from records.sounds import open_track

router = APIRouter(prefix="/calls/{call}")

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@router.get("")
async def show(request: Request, call: Id, at: float = 0.0) -> Response:
    """All that is known of a call; `at`: the second to begin at."""
    written = await written_of(request, call)
    await _note(request, call, "looked", {})
    flags = written.heard.flags if written.heard else ()
    player = players.player_of(
        console_of(request).sounds, written.call.id, written.call.recording, max(at, 0.0)
    )
    return page(request, "call.html", call=written.call, written=written, flags=flags, player=player)


@router.get("/sound/{party}")
async def sound(request: Request, call: Id, party: Literal["customer", "system"]) -> Response:
    """A track, by ranges as the player asks for it."""
    recording = (await written_of(request, call)).call.recording
    track = await to_thread(open_track, console_of(request).sounds, recording, party)
    if track is None:
        raise HTTPException(404)
    asked = request.headers.get("range", "")
    if not asked or asked.startswith("bytes=0-"):
        await _note(request, call, "heard", {"track": party})
    return ranges.answer(track, asked, "audio/wav")


@router.post("/heard")
async def heard(request: Request, call: Id, spans: Annotated[str, Form()] = "") -> Response:
    """What was played just now, "2.0-5.5,7.0-9.1" (seconds): the player tells it."""
    console = console_of(request)
    written = await written_of(request, call)
    longest_s = await to_thread(players.length_s, console.sounds, written.call.recording)
    try:
        played = players.stretches(spans, longest_s)
    except InputError as error:
        raise HTTPException(400) from error
    await listening.add(console.database, Talk(call), user_of(request).number, played, console.now())
    return Response(status_code=204)


@router.get("/record/{form}")
async def record(request: Request, call: Id, form: Literal["html", "docx"]) -> Response:
    """The written record as a file (R1)."""
    written = await written_of(request, call)
    paper = telling.record(written, console_of(request).firm)
    await _note(request, call, "exported", {"paper": "record", "form": form})
    content = forms.html(paper).encode() if form == "html" else word.docx(paper)
    headers = {"content-disposition": f'attachment; filename="call-{call}.{form}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)


async def _note(request: Request, call: int, what: str, detail: dict[str, str]) -> None:
    console = console_of(request)
    act = Act(console.now(), user_of(request).number, what, "call", str(call), detail)
    await audit.keep(console.database, act)
