"""`huifang campaign`: made, started, paused, resumed, cancelled; how far they are."""

from __future__ import annotations

import asyncio
import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from base.clock import SHANGHAI
from base.errors import InputError
from base.phones import masked
from huifang.campaigns import create as create_campaign
from huifang.cli.options import (
    DAY,
    DEFAULT_DATA,
    MINUTE,
    MOST,
    YEARS,
    Acting,
    AsJson,
    Data,
    moment_of,
    printable,
)
from huifang.cli.output import as_json, as_table, rendering_bar, say, say_rendering
from huifang.prompting import prepare
from huifang.site import open_site
from huifang.standing import Standing, moment, standing_of, told
from huifang.words import counted
from ivr.render import Progress as Rendering
from records import campaigns, priorities
from records.calls import CallLine, calls_of
from records.model import Campaign, CampaignStatus, Kind, Progress
from records.priorities import FIRST_RANK, LAST_RANK

app = typer.Typer(
    add_completion=False, help="Campaigns (批次): who is asked what, under whose policy, and how far it is."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name.", show_default=False)]
Script = Annotated[str, typer.Option(help="Name of a script in config/scripts.")]
Profile = Annotated[str, typer.Option(help="Name of a policy profile in config/profiles.")]
Customers = Annotated[
    list[int] | None,
    typer.Option(
        "--customer",
        metavar="ID",
        min=1,
        max=MOST,
        help="Only this customer (may be repeated); without: all.",
    ),
]
Customer = Annotated[
    int | None,
    typer.Option(metavar="ID", min=1, max=MOST, help="Only this customer's follow-up.", show_default=False),
]
Reason = Annotated[
    str,
    typer.Option(metavar="TEXT", callback=printable, help="Why; it is kept and shown.", show_default=False),
]
First = Annotated[bool, typer.Option("--first", help="Before all others: rank 1.")]
Rank = Annotated[int | None, typer.Option(min=FIRST_RANK, max=LAST_RANK, show_default=False)]
OVER = {CampaignStatus.FINISHED, CampaignStatus.CANCELLED}
WHOLE_DAY = timedelta(hours=23, minutes=59, seconds=59)


def _deadline(text: str) -> datetime:
    """A day is over at its end, 23:59:59."""
    return moment_of(text, WHOLE_DAY)


Moment = Annotated[
    datetime | None,
    typer.Option(
        formats=[DAY, MINUTE],
        help="Asia/Shanghai; a date alone is its first minute, 00:00.",
        show_default=False,
    ),
]
Deadline = Annotated[
    datetime | None,
    typer.Option(
        parser=_deadline,
        metavar=f"<{DAY}|{MINUTE}>",
        help="Asia/Shanghai, to come; a date alone is its end, 23:59:59.",
        show_default=False,
    ),
]


@app.command()
def create(
    name: Name,
    script: Script = "new_account",
    profile: Profile = "default",
    customer: Customers = None,
    due: Moment = None,
    deadline: Deadline = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Make a campaign as a draft: one follow-up for each customer, with script and policy as they are now.

    Example: huifang campaign create 三月新开户 --script new_account --deadline "2027-03-31 18:00"
    """
    made, progress = asyncio.run(_create(data, name, script, profile, customer, _business(due), deadline))
    if json:
        as_json({**_facts(made), "progress": progress})
    else:
        made_of = counted(progress.total, "follow-up")
        say(f"{made.name}: {made_of}; start it with: huifang campaign start {made.name}")


@app.command()
def start(name: Name, by: Acting, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Start a draft: what has no sound yet is rendered, then `huifang run` begins to call.

    Example: huifang campaign start 三月新开户
    """
    with rendering_bar() as progress:
        rendered = asyncio.run(_render(data, name, progress))
    if rendered and not json:
        say(f"{counted(rendered, 'sentence')} rendered")
    _move(data, name, CampaignStatus.RUNNING, json, {CampaignStatus.DRAFT}, by)


@app.command()
def pause(
    name: Name, by: Acting, reason: Reason = "", data: Data = DEFAULT_DATA, json: AsJson = False
) -> None:
    """Pause a running campaign: calls on the line are finished, no new one begins.

    Example: huifang campaign pause 三月新开户 --reason "the hotline is down"
    """
    _move(data, name, CampaignStatus.PAUSED, json, {CampaignStatus.RUNNING}, by, reason)


@app.command()
def resume(
    name: Name, by: Acting, reason: Reason = "", data: Data = DEFAULT_DATA, json: AsJson = False
) -> None:
    """Go on with a paused campaign.

    Example: huifang campaign resume 三月新开户
    """
    _move(data, name, CampaignStatus.RUNNING, json, {CampaignStatus.PAUSED}, by, reason)


@app.command()
def cancel(
    name: Name,
    by: Acting,
    reason: Reason = "the campaign was cancelled",
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Cancel a campaign for good: calls on the line end as they are, all that waits is closed.

    What was recorded and answered stays.

    Example: huifang campaign cancel 三月新开户 --reason "called by the branch instead"
    """
    _move(data, name, CampaignStatus.CANCELLED, json, set(CampaignStatus), by, reason)


@app.command()
def prioritise(
    name: Name,
    customer: Customer = None,
    deadline: Deadline = None,
    first: First = False,
    rank: Rank = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Call a campaign, or one customer of it, sooner or later than the others; it takes effect at once.

    A smaller rank goes first, then the earlier deadline. Abnormal campaigns have rank 3, others 5;
    customers have 5. Appointments go before all else.

    Example: huifang campaign prioritise 三月新开户 --customer 17 --first
    """
    if first and rank is not None:
        raise InputError("--first is a rank of its own: leave one of them out", where="--rank")
    chosen = FIRST_RANK if first else rank
    changed = asyncio.run(_prioritise(data, name, customer, chosen, deadline))
    if json:
        as_json(_facts(changed))
    else:
        say(f"{changed.name}: customer {customer} has its new place" if customer else _place(changed))


@app.command()
def status(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Show how far a campaign is, what waits for what, and how its closed follow-ups ended.

    Example: huifang campaign status 三月新开户 --json
    """
    found, standing = asyncio.run(_status(data, name))
    if json:
        as_json({**_facts(found), **{one: getattr(standing, one) for one in standing.__slots__}})
        return
    for line in told(found, standing):
        say(line)
    if standing.progress.dispositions:
        as_table("", ("disposition", "follow-ups"), sorted(standing.progress.dispositions.items()))
    say(f"its calls: huifang campaign calls {shlex.quote(found.name)}")


@app.command()
def calls(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List the calls of a campaign; `huifang call show ID` tells all about one.

    Example: huifang campaign calls 三月新开户
    """
    found = asyncio.run(_calls(data, name))
    if json:
        as_json(found)
        return
    columns = ("id", "customer", "number", "attempt", "trunk", "dialed", "disposition", "talked", "next")
    as_table(counted(len(found), "call"), columns, map(_call, found))


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List all campaigns.

    Example: huifang campaign list
    """
    found = asyncio.run(_list(data))
    if json:
        as_json([{**_facts(one), "progress": progress} for one, progress in found])
        return
    columns = ("name", "kind", "status", "closed", "total", "next due", "made")
    as_table(counted(len(found), "campaign"), columns, (_row(one, progress) for one, progress in found))


def _facts(campaign: Campaign) -> dict[str, object]:
    return {name: getattr(campaign, name) for name in campaign.__slots__}


def _call(one: CallLine) -> tuple[object, ...]:
    ended = one.disposition or "under way"
    talked = f"{one.talked_s:.0f} s"
    number = masked(one.phone)
    return one.id, one.customer, number, one.n, one.trunk, moment(one.invited_at), ended, talked, one.rule


def _place(one: Campaign) -> str:
    return f"{one.name}: rank {one.rank}, deadline {moment(one.deadline, 'none')}"


def _row(one: Campaign, progress: Progress) -> tuple[object, ...]:
    due = moment(progress.next_due)
    return one.name, Kind(one.kind), one.status, progress.closed, progress.total, due, one.created_at


def _business(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.year not in YEARS:
        raise InputError(f"{moment:%Y-%m-%d} is in no year that is meant", where="--due")
    return moment.replace(tzinfo=SHANGHAI) if moment else None


def _require_ahead(deadline: datetime | None, now: datetime) -> None:
    """By the site's clock, which a demonstration has moved."""
    if deadline is not None and deadline <= now:
        what = f"{deadline:%Y-%m-%d %H:%M} is past: it is {now:%Y-%m-%d %H:%M}"
        raise InputError(what, where="--deadline", remedy="name a time to come")


def _move(
    data: Path,
    name: str,
    to: CampaignStatus,
    json: bool,
    allowed: set[CampaignStatus],
    by: str,
    why: str = "",
) -> None:
    moved = asyncio.run(_set_status(data, name, to, allowed, by, why))
    if json:
        as_json(_facts(moved))
    else:
        say(f"{moved.name}: {moved.status}")


async def _create(
    data: Path,
    name: str,
    script: str,
    profile: str,
    customer_ids: list[int] | None,
    due: datetime | None,
    deadline: datetime | None,
) -> tuple[Campaign, Progress]:
    async with open_site(data) as site:
        _require_ahead(deadline, site.now())
        made = await create_campaign(
            site,
            name=name,
            script=script,
            profile=profile,
            customer_ids=customer_ids,
            due_at=due,
            deadline=deadline,
        )
        return made, await campaigns.progress(site.database, made.id)


async def _render(data: Path, name: str, progress: Rendering) -> int:
    """A call never waits for a sentence, nor breaks off for want of one."""
    async with open_site(data) as site:
        found = await campaigns.get(site.database, name)
        if found.status is not CampaignStatus.DRAFT:
            return 0
        return await prepare(site, found, progress, say_rendering)


async def _set_status(
    data: Path, name: str, to: CampaignStatus, allowed: set[CampaignStatus], by: str, why: str
) -> Campaign:
    async with open_site(data) as site:
        found = await campaigns.get(site.database, name)
        if found.status not in allowed:
            wanted = " or ".join(sorted(allowed))
            raise InputError(f"the campaign is {found.status}, not {wanted}: nothing was changed", where=name)
        await campaigns.set_status(site.database, found.id, to, site.now(), why, by)
        return await campaigns.get(site.database, name)


async def _prioritise(
    data: Path, name: str, customer_id: int | None, rank: int | None, deadline: datetime | None
) -> Campaign:
    async with open_site(data) as site:
        _require_ahead(deadline, site.now())
        db, found = site.database, await campaigns.get(site.database, name)
        if found.status in OVER:
            raise InputError(f"the campaign is {found.status}: nobody of it is called any more", where=name)
        if customer_id is None:
            await priorities.prioritise(db, found.id, rank=rank, deadline=deadline)
        else:
            await priorities.prioritise_customer(db, found.id, customer_id, rank=rank, deadline=deadline)
        return await campaigns.get(db, name)


async def _status(data: Path, name: str) -> tuple[Campaign, Standing]:
    async with open_site(data) as site:
        found = await campaigns.get(site.database, name)
        return found, await standing_of(site, found)


async def _calls(data: Path, name: str) -> list[CallLine]:
    async with open_site(data) as site:
        found = await campaigns.get(site.database, name)
        return await calls_of(site.database, found.id)


async def _list(data: Path) -> list[tuple[Campaign, Progress]]:
    async with open_site(data) as site:
        found = await campaigns.list_all(site.database)
        return [(one, await campaigns.progress(site.database, one.id)) for one in found]
