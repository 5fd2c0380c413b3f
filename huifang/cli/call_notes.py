"""`huifang call notes`: what calls left for people to do, and who has done it (S13, Q4)."""

from __future__ import annotations

import asyncio
import getpass
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from base.phones import masked
from huifang.cli.options import DEFAULT_DATA, MOST, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, say
from huifang.site import open_site
from huifang.words import counted
from records.notes import Note, NoteState, listed, mark_done

Code = Annotated[str, typer.Option("--code", metavar="NOTE", help="Only this note, such as promised_answer.")]
State = Annotated[
    NoteState | None,
    typer.Option("--state", help="Only these; late ones are open, too.", show_default=False),
]
Last = Annotated[int, typer.Option("--last", metavar="N", min=1, max=10_000, help="So many at most.")]
Done = Annotated[
    list[int] | None,
    typer.Option("--done", metavar="ID", min=1, max=MOST, help="Mark this note as done (may be repeated)."),
]
By = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        default_factory=getpass.getuser,
        callback=printable,
        help="Who has done it; it is kept.",
        show_default="your account",
    ),
]


def notes(
    by: By,
    code: Code = "",
    state: State = None,
    last: Last = 50,
    done: Done = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List what calls left for people to do: open ones first, the soonest due before all.

    With --done these are marked as done instead; the call's history keeps who did it, and when.

    Example: huifang call notes --code promised_answer --state open
    """
    if done and (code or state):
        raise InputError("marks notes by their id: it takes no filter", where="--done")
    if not by.strip():
        raise InputError("name somebody", where="--by")
    found = asyncio.run(_mark(data, done, by.strip()) if done else _listed(data, last, code, state))
    if json:
        as_json(found)
    elif done:
        for one in found:
            say(f"note {one.id}, {one.code} of call {one.call}: done by {one.done_by}")
    else:
        _show(found)


def _show(found: Sequence[Note]) -> None:
    standing = Counter(one.state for one in found)
    told = ", ".join(f"{standing[state]} {state}" for state in NoteState if standing[state])
    columns = (
        "id",
        "note",
        "state",
        "due",
        "done",
        "call",
        "ended",
        "campaign",
        "customer",
        "phone",
        "how it ended",
    )
    rows = (
        (
            *(one.id, one.code, one.state, one.due_on, _done(one), one.call, one.ended_at),
            *(one.campaign, one.customer, masked(one.phone), one.disposition),
        )
        for one in found
    )
    as_table(counted(len(found), "note") + (f": {told}" if told else ""), columns, rows)


def _done(one: Note) -> str:
    return f"{one.done_at:%Y-%m-%d %H:%M} by {one.done_by}" if one.done_at else ""


async def _listed(data: Path, last: int, code: str, state: NoteState | None) -> tuple[Note, ...]:
    async with open_site(data) as site:
        return await listed(site.database, site.now().date(), last, code=code, state=state)


async def _mark(data: Path, ids: Sequence[int], by: str) -> tuple[Note, ...]:
    async with open_site(data, by=by) as site:
        return await mark_done(site.database, ids, by, site.now())
