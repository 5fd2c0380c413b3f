"""`huifang demo`, from the empty directory to the story told at the end. Ctrl-C hangs up, keeps all."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from base.errors import HuifangError
from huifang import assemble, prompting
from huifang.demo import stage
from huifang.demo.phones import end, phones
from huifang.demo.report import Story
from huifang.live_view import totals_of, watching
from huifang.site import Site, open_site
from huifang.stopping import Stopped, or_stop
from huifang.words import about, counted
from records import jobs
from records.model import Campaign
from records.query import Term
from records.report import campaign_report
from records.search import search
from softphone.persona import load

SEARCHED = "分成"
PHONE_LOG = "phones.jsonl"
WORKER_LOG = "worker.log"


async def play(data: Path, *, console: Console, stop: asyncio.Event) -> Story | None:
    """Run the demonstration in `data`, or go on with the one that is there; None when it was stopped.

    Raises:
        HuifangError: something it needs is missing or failed.
    """
    began = time.monotonic()
    goes_on = stage.is_begun(data)
    port = await _port(data) if goes_on else 0
    with suppress(Stopped):
        async with AsyncExitStack() as stack:
            ringing = stack.enter_async_context(phones((stage.PERSONAS,), port=port, log=data / PHONE_LOG))
            where = await or_stop(ringing, stop)
            if not goes_on:
                stage.lay_out(data, host=where.host, port=where.port)
            site = await stack.enter_async_context(open_site(data, create=True))
            campaign = await or_stop(_prepare(site, console), stop)
            worker = await stack.enter_async_context(_worker(data))
            await _dial(site, console, stop)
            await or_stop(_transcribe(site, worker, console), stop)
            return await story_of(site, campaign, time.monotonic() - began)
    return None


async def _port(data: Path) -> int:
    async with open_site(data) as site:
        return stage.port_of(site)


async def _prepare(site: Site, console: Console) -> Campaign:
    """Contacts in, prompts rendered, campaign running."""
    imported, campaign = await stage.fill(site)
    result = imported.result
    console.print(
        f"Contacts: {result.added} added, {result.updated} updated, {result.unchanged} unchanged, "
        f"{len(imported.bad)} bad",
        highlight=False,
    )
    for row in imported.bad:
        told = f"{row.reason} (wrong on purpose: bad rows are told and left out)"
        console.print(f"  row {row.row}, {row.column}: {told}", markup=False, highlight=False, soft_wrap=True)
    with Progress(console=console, transient=True) as bars:
        task = bars.add_task("Prompts", total=None)
        await prompting.prepare(
            site,
            campaign,
            lambda done, total: bars.update(task, completed=done, total=total),
            lambda sentences, seconds: console.print(
                f"Prompts: {counted(sentences, 'sentence')} to render, {about(seconds)}", highlight=False
            ),
        )
    await stage.start(site, campaign)
    return campaign


async def _dial(site: Site, console: Console, stop: asyncio.Event) -> None:
    with watching(console, await totals_of(site)) as observer:
        await assemble.dial(site.data, until_done=True, stop=stop, observer=observer)


@asynccontextmanager
async def _worker(data: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`huifang worker` beside the calls, in a process that gives way to them and ends with this one."""
    with (data / WORKER_LOG).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "huifang", "worker", "--data", str(data), "--until-stdin-closes"),
            stdin=asyncio.subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await end(process)


async def _transcribe(site: Site, worker: asyncio.subprocess.Process, console: Console) -> None:
    """Wait until every recorded call has its transcript."""
    with Progress(console=console, transient=True) as bars:
        total = await jobs.pending(site.database)
        task = bars.add_task("Transcripts", total=total)
        while left := await jobs.pending(site.database):
            if worker.returncode is not None:
                raise HuifangError(f"the transcription worker ended: see {site.data / WORKER_LOG}")
            bars.update(task, completed=total - left)
            await asyncio.sleep(0.5)


async def story_of(site: Site, campaign: Campaign, elapsed_s: float) -> Story:
    """All that is kept of the demonstration, and the search that ends it."""
    return Story(
        campaign=await campaign_report(site.database, campaign.id),
        personas=stage.personas_of(load(stage.PERSONAS)),
        searched=SEARCHED,
        hits=(await search(site.database, Term(SEARCHED))).hits,
        elapsed_s=elapsed_s,
    )
