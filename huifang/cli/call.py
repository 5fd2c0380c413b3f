"""`huifang call`: what one call did on the line, and which rule decided what came next."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from base.phones import masked
from huifang.cli.call_notes import notes
from huifang.cli.call_papers import export, record
from huifang.cli.options import DEFAULT_DATA, MOST, Acting, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.site import open_site
from huifang.words import counted
from records import audit, inbound
from records.calls import CallRecord, call_of
from records.chain import Act
from records.inbound import InboundCall
from records.model import FollowUpState, LedgerEvent
from records.notes import Note

app = typer.Typer(add_completion=False, help="Single calls: SIP messages, causes, times, events.")

Id = Annotated[
    int, typer.Argument(metavar="ID", min=1, max=MOST, help="The attempt's id.", show_default=False)
]

WAYS = {">": "sent", "<": "received"}


@app.command()
def show(attempt: Id, by: Acting, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Show a call: SIP ladder, causes, times, events, and the rule that decided the next step.

    Example: huifang call show 17
    """
    call = asyncio.run(_call(data, attempt, by))
    if json:
        as_json(call)
        return
    as_table(f"call {call.id}", ("what", "value"), _facts(call))
    as_table("times", ("what", "when", "seconds"), _times(call))
    if call.ladder:
        as_table(
            "SIP, seconds since the first message", ("second", "way", "message"), map(_rung, call.ladder)
        )
    if call.events:
        as_table("events", ("when", "what", "detail"), map(_event, call.events))
    say(_next(call))


@app.command("inbound")
def inbound_(
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=1, max=10_000, help="So many at most.")
    ] = 50,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List calls that came in, newest first: customers who rang the callback number back.

    Each stands beside the attempt that this number was called in last, if it ever was.

    Example: huifang call inbound --last 20
    """
    calls = asyncio.run(_inbound(data, last))
    if json:
        as_json(calls)
        return
    columns = ("when", "caller", "outcome", "heard, s", "trunk", "call", "campaign", "customer", "recording")
    rows = (
        (
            *(one.at, masked(one.phone), one.outcome, f"{one.heard_s:.1f}", one.trunk),
            *(one.attempt, one.campaign, one.customer, one.recording),
        )
        for one in calls
    )
    as_table(counted(len(calls), "inbound call"), columns, rows)


app.command()(notes)
app.command()(record)
app.command()(export)


async def _inbound(data: Path, last: int) -> tuple[InboundCall, ...]:
    async with open_site(data) as site:
        return await inbound.newest(site.database, last)


def _facts(call: CallRecord) -> list[tuple[str, object]]:
    """What a person wants to know first; what is not known is left out."""
    status = f"{call.sip_status} {call.sip_reason}".strip() if call.sip_status else call.sip_reason
    facts: list[tuple[str, object]] = [
        ("campaign", call.campaign),
        ("customer", f"{call.customer}, {masked(call.phone)}"),
        ("attempt", f"{call.n}" + (f", ring {call.ring}" if call.ring is not None else "")),
        ("line", f"{call.trunk}, slot {call.slot}, node {call.node}"),
        ("disposition", call.disposition or "under way"),
        ("counts", f"{'rung' if call.rung else 'not rung'}, {'valid' if call.valid else 'not valid'} (D2)"),
        ("SIP", status),
        ("Q.850", call.q850 or ""),
        ("ended by", call.ended_by),
        ("Call-ID", call.call_id),
        ("taken over by", _taken_over(call)),
        ("recording", call.recording),
        ("script", f"{call.script} {call.script_version}, SHA-256 {call.script_sha256} (S1)"),
        *((f"kind {one.kind}", "completed" if one.completed else "not completed (P9)") for one in call.kinds),
        *(_note(one) for one in call.notes),
        ("score", "" if call.score is None else f"{call.score}, {call.band or 'in no band'} (S12)"),
    ]
    return [(name, value) for name, value in facts if value != ""]


def _note(one: Note) -> tuple[str, str]:
    """A note for people: where it stands."""
    due = f", due {one.due_on}" if one.due_on and not one.done_at else ""
    done = f" by {one.done_by} at {one.done_at:%Y-%m-%d %H:%M}" if one.done_at else ""
    return f"note {one.id}", f"{one.code}, {one.state}{due}{done}"


def _taken_over(call: CallRecord) -> str:
    """Who took the call over, after which wait, for how long (S14)."""
    told = {event.kind: event.detail for event in call.events}
    took, left = told.get("handed_over"), told.get("person_left")
    if took is None:
        return ""
    talked = f", talked {left['talked_s']} s" if left else ""
    return f"{took['person']} after {took['waited_s']} s{talked}"


def _times(call: CallRecord) -> list[tuple[str, str, str]]:
    """Each moment with the seconds since the one before it."""
    moments = (
        ("claimed", call.claimed_at),
        ("INVITE permitted", call.invited_at),
        ("ringing", call.ringing_at),
        ("answered", call.answered_at),
        ("ended", call.ended_at),
        ("number free", call.released_at),
        ("number held until", None if call.released_at else call.hold_until),
    )
    known = [(what, when) for what, when in moments if when is not None]
    before = [known[0][1], *(when for _, when in known)]
    return [
        (what, f"{when:%Y-%m-%d} {_clock(when)}", f"+{(when - last).total_seconds():.3f}")
        for (what, when), last in zip(known, before, strict=False)
    ]


def _rung(line: str) -> tuple[str, str, str]:
    second, way, message = line.split(" ", 2)
    return second, WAYS[way], message


def _event(event: LedgerEvent) -> tuple[str, str, str]:
    detail = ", ".join(f"{name}: {value}" for name, value in event.detail.items())
    return _clock(event.at), event.kind, detail


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S.%f")[:-3]


def _next(call: CallRecord) -> str:
    if not call.disposition:
        return "next: the call is under way"
    due = f" (the follow-up is due at {call.due_at:%Y-%m-%d %H:%M:%S})" if call.due_at is not None else ""
    closed = " (the follow-up is closed)" if call.state is FollowUpState.CLOSED else ""
    return f"next: {call.rule}{due}{closed}"


async def _call(data: Path, attempt: int, by: str) -> CallRecord:
    async with open_site(data) as site:
        found = await call_of(site.database, attempt, site.now().date())
        await audit.keep(site.database, Act(site.now(), by, "looked", "call", str(attempt), {}))
        return found
