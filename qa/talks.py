"""Calls, and recordings made elsewhere, as pages ask for them: only those that somebody may see (C4)."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated, Literal

from fastapi import HTTPException, Path, Request
from starlette.responses import JSONResponse, Response

from base.errors import InputError
from qa import noting, players, reaching
from qa.guarding import console_of, user_of
from qa.peaks import Outline
from records import listening, recordings
from records.listening import Talk
from records.post_call import Recording

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Of = Literal["calls", "recordings"]


def address(talk: Talk) -> str:
    """Where its page is."""
    if talk.attempt_id is not None:
        return f"/calls/{talk.attempt_id}"
    return f"/recordings/{talk.recording_id}"


def sees(request: Request, branch: str | None) -> bool:
    """Whether somebody may see what is of this branch; a recording of no branch is headquarters'."""
    return user_of(request).branch in ("", branch)


async def check(request: Request, talk: Talk) -> None:
    """Raises InputError for one that is not there, or of another branch: the same words."""
    if talk.attempt_id is None:
        await recording_of(request, talk.recording_id or 0)
        return
    await reaching.check_branch(request, talk.attempt_id)


async def recording_of(request: Request, recording: int) -> Recording:
    """Raises InputError for one that is not there, or that a branch must not see."""
    if not sees(request, None):
        raise InputError("there is no such recording", where=f"R{recording}")
    return await recordings.by_id(console_of(request).database, recording)


def talk_of(of: Of, number: int) -> Talk:
    """From the parts of an address."""
    return Talk(number) if of == "calls" else Talk(recording_id=number)


async def note(request: Request, talk: Talk, what: str, detail: dict[str, str]) -> None:
    """Put what somebody did with it on the audit trail (A6)."""
    kind, of = ("call", str(talk.attempt_id)) if talk.attempt_id else ("recording", f"R{talk.recording_id}")
    await noting.note(request, what, kind, of, detail)


async def note_heard(request: Request, talk: Talk, track: str) -> None:
    """Note that somebody hears a track, whichever ranges their player asks for, once an hour (A6)."""
    console = console_of(request)
    if console.hearings.admits(f"{user_of(request).number} {address(talk)} {track}", console.now()):
        await note(request, talk, "heard", {"track": track})


async def keep_heard(request: Request, talk: Talk, spans: str, length_s: float) -> Response:
    """Keep what a player says was played; `length_s`: how long the sound is."""
    console = console_of(request)
    try:
        played = players.stretches(spans, length_s)
    except InputError as error:
        raise HTTPException(400) from error
    await listening.add(console.database, talk, user_of(request).number, played, console.now())
    return Response(status_code=204)


def outline(found: Outline) -> Response:
    """The outline of a sound, as the player draws it."""
    return JSONResponse({"step_s": found.step_s, "tracks": dict(found.tracks)})


async def called_outline(request: Request, recording: str) -> Outline:
    """The outline of a call's tracks."""
    console = console_of(request)
    return await to_thread(players.outline_of, console.outlines, console.sounds, recording)
