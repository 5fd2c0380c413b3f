"""`huifang worker`: what is done after the calls."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from huifang import assemble
from huifang.cli.options import DEFAULT_DATA, MOST, AsJson, Data, WithStdin
from huifang.cli.output import as_json, as_table, say
from huifang.site import Site, open_site
from huifang.stopping import run_until_stopped
from huifang.words import counted
from records import campaigns, jobs
from records.post_call import ParkedJob
from transcribe import engines

app = typer.Typer(add_completion=False)

UntilIdle = Annotated[bool, typer.Option("--until-idle", help="End when no job is left.")]

EveryNode = Annotated[
    bool,
    typer.Option(
        "--every-node", help="Also calls of other nodes: their recordings lie in this data directory too."
    ),
]

Nice = Annotated[
    int,
    typer.Option(min=0, max=19, help="How far to give way to live calls: 0 not at all."),
]

Processes = Annotated[
    int, typer.Option(min=1, max=64, help="Recognisers at work at once, each with a model of its own.")
]

Calls = Annotated[
    list[int] | None,
    typer.Argument(metavar="[CALL]...", min=1, max=MOST, help="Ids of calls.", show_default=False),
]
OfCampaign = Annotated[
    str | None, typer.Option("--campaign", metavar="NAME", help="Calls of this campaign.", show_default=False)
]
All = Annotated[bool, typer.Option("--all", help="Every call.")]


@app.callback(invoke_without_command=True)
def worker(
    context: typer.Context,
    until_idle: UntilIdle = False,
    every_node: EveryNode = False,
    nice: Nice = 15,
    processes: Processes = 1,
    until_stdin_closes: WithStdin = False,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Transcribe and flag recorded calls, until stopped (Ctrl-C) or, if asked, until none is left.

    Example: huifang worker --until-idle
    """
    if context.invoked_subcommand is not None:
        return
    os.nice(nice)

    async def transcribe(stop: asyncio.Event) -> None:
        await assemble.post_call(
            data, until_idle=until_idle, stop=stop, every_node=every_node, processes=processes
        )

    status = run_until_stopped(transcribe, with_stdin=until_stdin_closes)
    if json:
        as_json({"interrupted": status != 0})
    else:
        say("worker: stopped" if status else "worker: no job is left")
    raise typer.Exit(status)


@app.command()
def parked(campaign: OfCampaign = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List calls whose transcription was given up after three tries, each with its last reason.

    Example: huifang worker parked
    """
    found = asyncio.run(_parked(data, campaign))
    if json:
        as_json(found)
    elif found:
        columns = ("call", "campaign", "customer", "given up", "tries", "reason")
        as_table(f"{counted(len(found), 'job')} given up", columns, map(_row, found))
    else:
        say("no job was given up")


@app.command()
def retry(
    calls: Calls = None,
    campaign: OfCampaign = None,
    every: All = False,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Put parked calls back to wait, with three new tries: once what was wrong with them is mended.

    Example: huifang worker retry 17 23
    """
    _one_choice(calls, campaign, every)
    count = asyncio.run(_retry(data, calls or [], campaign))
    as_json({"waiting": count}) if json else say(f"{counted(count, 'job')} put back")


@app.command()
def again(
    calls: Calls = None,
    campaign: OfCampaign = None,
    every: All = False,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Transcribe calls anew with the model that is set now, behind all new calls; older versions are kept.

    Calls whose newest transcript is by this model already are left alone.

    Example: huifang worker again --campaign 三月新开户
    """
    _one_choice(calls, campaign, every)
    count = asyncio.run(_again(data, calls or [], campaign))
    as_json({"waiting": count}) if json else say(f"{counted(count, 'call')} will be transcribed anew")


def _one_choice(calls: list[int] | None, campaign: str | None, every: bool) -> None:
    if [bool(calls), campaign is not None, every].count(True) != 1:
        raise typer.BadParameter("name calls, or --campaign NAME, or --all: one of them")


def _row(one: ParkedJob) -> tuple[object, ...]:
    return one.job.attempt_id, one.campaign, one.customer, one.since, one.job.tries, one.reason


async def _parked(data: Path, campaign: str | None) -> list[ParkedJob]:
    async with open_site(data) as site:
        return await jobs.parked(site.database, campaign_id=await _id(site, campaign))


async def _retry(data: Path, calls: list[int], campaign: str | None) -> int:
    async with open_site(data) as site:
        of = await _id(site, campaign)
        return await jobs.retry(site.database, site.now(), attempts=calls, campaign_id=of)


async def _again(data: Path, calls: list[int], campaign: str | None) -> int:
    async with open_site(data) as site:
        of = await _id(site, campaign)
        path = await asyncio.to_thread(assemble.model_of, site.settings, site.settings.speech.path)
        model = await asyncio.to_thread(engines.sha256_of, path)
        return await jobs.again(site.database, model, site.now(), attempts=calls, campaign_id=of)


async def _id(site: Site, campaign: str | None) -> int | None:
    return None if campaign is None else (await campaigns.get(site.database, campaign)).id
