"""A call: heard, read, with leads, answers, attempts, SIP messages; each look is on the audit trail (A6)."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from papers import forms, telling, word
from qa import hearing, players, ranges, talks
from qa.guarding import console_of
from qa.reaching import written_of
from qa.showing import page
from qa.talks import Id
from records import attempt_history, leads, settling, verdicts
from records.corrections import SEVERITIES
from records.listening import Talk
from records.sounds import open_track

router = APIRouter(prefix="/calls/{call}")

_TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@router.get("")
async def show(request: Request, call: Id, at: float = 0.0, line: int = -1) -> Response:
    """All that is known of a call; `at`: the second to begin at; `line`: that is to be changed."""
    database, sounds = console_of(request).database, console_of(request).sounds
    written = await written_of(request, call)
    await talks.note(request, Talk(call), "looked", {})
    found = await leads.of_talk(database, Talk(call))
    precisions = await verdicts.precisions(database)
    begin, marks = max(at, 0.0), hearing.marks(found)
    return page(
        request,
        "call.html",
        call=written.call,
        written=written,
        address=f"/calls/{call}",
        heard=written.heard,
        lines=hearing.lines(written.said, found),
        leads=hearing.told(found, written.said, precisions),
        settled=await settling.of_call(database, call),
        attempts=await attempt_history.of_call(database, call),
        player=players.player_of(sounds, call, written.call.recording, begin, marks),
        line=line if written.heard else -1,
        severities=SEVERITIES,
    )


@router.get("/sound/{party}")
async def sound(request: Request, call: Id, party: Literal["customer", "system"]) -> Response:
    """A track, by ranges as the player asks for it."""
    recording = (await written_of(request, call)).call.recording
    track = await to_thread(open_track, console_of(request).sounds, recording, party)
    if track is None:
        raise HTTPException(404)
    await talks.note_heard(request, Talk(call), party)
    return ranges.answer(track, request.headers.get("range", ""), "audio/wav")


@router.get("/peaks")
async def peaks(request: Request, call: Id) -> Response:
    """The outline of both tracks."""
    recording = (await written_of(request, call)).call.recording
    return talks.outline(await talks.called_outline(request, recording))


@router.post("/heard")
async def heard(request: Request, call: Id, spans: Annotated[str, Form()] = "") -> Response:
    """What was played just now, "2.0-5.5,7.0-9.1" (seconds): the player tells it."""
    recording = (await written_of(request, call)).call.recording
    longest_s = await to_thread(players.length_s, console_of(request).sounds, recording)
    return await talks.keep_heard(request, Talk(call), spans, longest_s)


@router.get("/record/{form}")
async def record(request: Request, call: Id, form: Literal["html", "docx"]) -> Response:
    """The written record as a file (R1)."""
    written = await written_of(request, call)
    paper = telling.record(written, console_of(request).firm)
    await talks.note(request, Talk(call), "exported", {"paper": "record", "form": form})
    content = forms.html(paper).encode() if form == "html" else word.docx(paper)
    headers = {"content-disposition": f'attachment; filename="call-{call}.{form}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)
