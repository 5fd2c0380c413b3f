"""A recording made elsewhere: heard and read like a call."""

from __future__ import annotations

import mimetypes
from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from qa import hearing, ranges, talks
from qa.guarding import console_of
from qa.peaks import Outline, Outlines
from qa.players import Player
from qa.showing import page
from qa.talks import Id
from records import heard as transcripts
from records import leads, verdicts
from records.corrections import SEVERITIES
from records.listening import Talk
from records.post_call import Recording
from records.sounds import Sounds, open_file

router = APIRouter(prefix="/recordings/{recording}")


@router.get("")
async def show(request: Request, recording: Id, at: float = 0.0, line: int = -1) -> Response:
    """All that is known of a recording; `at`: the second to begin at; `line`: that is to be changed."""
    database, talk = console_of(request).database, Talk(recording_id=recording)
    kept = await talks.recording_of(request, recording)
    await talks.note(request, talk, "looked", {})
    heard = await transcripts.of_recording(database, recording)
    said = heard.utterances if heard else ()
    found = await leads.of_talk(database, talk)
    precisions = await verdicts.precisions(database)
    there = await to_thread(_is_there, console_of(request).sounds, kept)
    tracks, marks = ("both",) if there else (), hearing.marks(found)
    return page(
        request,
        "recording.html",
        recording=kept,
        address=f"/recordings/{recording}",
        heard=heard,
        lines=hearing.lines(said, found),
        leads=hearing.told(found, said, precisions),
        player=Player(f"/recordings/{recording}", tracks, max(at, 0.0), marks),
        line=line,
        severities=SEVERITIES,
    )


@router.get("/sound/both")
async def sound(request: Request, recording: Id) -> Response:
    """The file in the form in which it came, by ranges."""
    kept = await talks.recording_of(request, recording)
    file = await to_thread(open_file, console_of(request).sounds, kept.path)
    if file is None:
        raise HTTPException(404)
    await talks.note_heard(request, Talk(recording_id=recording), "both")
    kind = mimetypes.guess_type(kept.path)[0] or "application/octet-stream"
    return ranges.answer(file, request.headers.get("range", ""), kind)


@router.get("/peaks")
async def peaks(request: Request, recording: Id) -> Response:
    """The outline, where the file is a WAV."""
    kept = await talks.recording_of(request, recording)
    console = console_of(request)
    return talks.outline(await to_thread(_outline, console.outlines, console.sounds, kept))


@router.post("/heard")
async def heard(request: Request, recording: Id, spans: Annotated[str, Form()] = "") -> Response:
    """What was played just now, "2.0-5.5,7.0-9.1" (seconds): the player tells it."""
    kept = await talks.recording_of(request, recording)
    return await talks.keep_heard(request, Talk(recording_id=recording), spans, kept.length_s)


def _is_there(sounds: Sounds, kept: Recording) -> bool:
    file = open_file(sounds, kept.path)
    if file is not None:
        file.close()
    return file is not None


def _outline(outlines: Outlines, sounds: Sounds, kept: Recording) -> Outline:
    file = open_file(sounds, kept.path)
    if file is None:
        return outlines.of(kept.path, kept.length_s, {})
    with file:
        return outlines.of(kept.path, kept.length_s, {"both": file})
