"""`huifang campaign`: made, started, paused, resumed, cancelled; how far they are."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from base.clock import SHANGHAI
from base.errors import InputError
from huifang.campaigns import create as create_campaign
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, rendering_bar, say, say_rendering
from huifang.prompting import prepare
from huifang.site import open_site
from huifang.words import counted
from ivr.render import Progress
from records import campaigns, jobs
from records.model import Campaign, CampaignStatus, Kind
from records.model import Progress as Standing

app = typer.Typer(
    add_completion=False, help="Campaigns (批次): who is asked what, under whose policy, and how far it is."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name.", show_default=False)]
Script = Annotated[str, typer.Option(help="Name of a script in config/scripts.")]
Profile = Annotated[str, typer.Option(help="Name of a policy profile in config/profiles.")]
Customers = Annotated[
    list[int] | None,
    typer.Option("--customer", metavar="ID", help="Only this customer (may be repeated); without: all."),
]
Moment = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%d %H:%M"], help="Asia/Shanghai.", show_default=False),
]


@app.command()
def create(
    name: Name,
    script: Script = "new_account",
    profile: Profile = "default",
    customer: Customers = None,
    due: Moment = None,
    deadline: Moment = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Make a campaign as a draft: one follow-up for each customer, with script and policy as they are now.

    Example: huifang campaign create 三月新开户 --script new_account --profile default --deadline 2026-03-31
    """
    made, progress = asyncio.run(
        _create(data, name, script, profile, customer, _business(due), _business(deadline))
    )
    if json:
        as_json({**_facts(made), "progress": progress})
    else:
        made_of = counted(progress.total, "follow-up")
        say(f"{made.name}: {made_of}; start it with: huifang campaign start {made.name}")


@app.command()
def start(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Start a draft: what has no sound yet is rendered, then `huifang run` begins to call.

    Example: huifang campaign start 三月新开户
    """
    with rendering_bar() as progress:
        rendered = asyncio.run(_render(data, name, progress))
    if rendered and not json:
        say(f"{counted(rendered, 'sentence')} rendered")
    _move(data, name, CampaignStatus.RUNNING, json, {CampaignStatus.DRAFT})


@app.command()
def pause(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Pause a running campaign: calls on the line are finished, no new one begins.

    Example: huifang campaign pause 三月新开户
    """
    _move(data, name, CampaignStatus.PAUSED, json, {CampaignStatus.RUNNING})


@app.command()
def resume(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Go on with a paused campaign.

    Example: huifang campaign resume 三月新开户
    """
    _move(data, name, CampaignStatus.RUNNING, json, {CampaignStatus.PAUSED})


@app.command()
def cancel(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Cancel a campaign for good; what was recorded stays.

    Example: huifang campaign cancel 三月新开户
    """
    _move(data, name, CampaignStatus.CANCELLED, json, set(CampaignStatus))


@app.command()
def status(name: Name, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Show how far a campaign is, and how its closed follow-ups ended.

    Example: huifang campaign status 三月新开户 --json
    """
    found, progress, parked = asyncio.run(_status(data, name))
    if json:
        as_json({**_facts(found), "progress": progress, "transcriptions_given_up": parked})
        return
    say(
        f"{found.name}: {found.status}, script {found.script} {found.script_version}, profile {found.profile}"
    )
    say(
        f"{progress.closed} of {progress.total} closed, {progress.calling} on the line, "
        f"{progress.waiting} waiting, next due {_moment(progress.next_due)}"
    )
    if parked:
        say(f"{counted(parked, 'transcription')} given up: huifang check says why")
    if progress.dispositions:
        as_table("", ("disposition", "follow-ups"), sorted(progress.dispositions.items()))


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


def _row(one: Campaign, progress: Standing) -> tuple[object, ...]:
    due = _moment(progress.next_due)
    return one.name, Kind(one.kind), one.status, progress.closed, progress.total, due, one.created_at


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if moment else "never"


def _business(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=SHANGHAI) if moment else None


def _move(data: Path, name: str, to: CampaignStatus, json: bool, allowed: set[CampaignStatus]) -> None:
    moved = asyncio.run(_set_status(data, name, to, allowed))
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
) -> tuple[Campaign, Standing]:
    async with open_site(data) as site:
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


async def _render(data: Path, name: str, progress: Progress) -> int:
    """A call never waits for a sentence, nor breaks off for want of one."""
    async with open_site(data) as site:
        found = await campaigns.get(site.database, name)
        if found.status is not CampaignStatus.DRAFT:
            return 0
        return await prepare(site, found, progress, say_rendering)


async def _set_status(data: Path, name: str, to: CampaignStatus, allowed: set[CampaignStatus]) -> Campaign:
    async with open_site(data) as site:
        found = await campaigns.get(site.database, name)
        if found.status not in allowed:
            wanted = " or ".join(sorted(allowed))
            raise InputError(f"the campaign is {found.status}, not {wanted}: nothing was changed", where=name)
        await campaigns.set_status(site.database, found.id, to, site.now())
        return await campaigns.get(site.database, name)


async def _status(data: Path, name: str) -> tuple[Campaign, Standing, int]:
    async with open_site(data) as site:
        found = await campaigns.get(site.database, name)
        parked = await jobs.parked(site.database, campaign_id=found.id)
        return found, await campaigns.progress(site.database, found.id), len(parked)


async def _list(data: Path) -> list[tuple[Campaign, Standing]]:
    async with open_site(data) as site:
        found = await campaigns.list_all(site.database)
        return [(one, await campaigns.progress(site.database, one.id)) for one in found]
