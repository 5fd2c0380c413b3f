"""Old transcripts flagged anew: tried with other rules, or queued and done with those in force."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from base.errors import InputError
from base.files import write_atomically
from huifang import assemble, resources
from huifang.assemble import KEYWORDS
from huifang.flagged.changes import Changes, changes, finding
from huifang.recognisers import recognisers
from huifang.site import Site
from records import campaigns
from records import flags as flag_records
from transcribe import engines, rules
from transcribe.apart import Apart
from transcribe.weighing import weights_of
from transcribe.worker import WEIGHTS, Outcome, flagged_anew, work

Progress = Callable[[int, int], None]


async def tried(site: Site, path: Path, campaign: str, progress: Progress) -> Changes:
    """What the rules of a file would change in a campaign; nothing is kept.

    Raises:
        InputError: no such campaign, or the rules cannot be used.
    """
    new = rules.load(path)
    calls = await flag_records.calls_with_transcript(site.database, await _campaign(site, campaign))
    found, before, after = [], 0, 0
    async with _weighing(site) as engine:
        for n, call in enumerate(calls, start=1):
            heard, flags, _ = await flagged_anew(call, site.database, site.sounds, engine, new)
            found += changes(call, heard.customer, heard.flags, flags)
            before, after = before + finding(heard.flags), after + finding(flags)
            progress(n, len(calls))
    return Changes(len(calls), tuple(found), before, after)


async def applied(site: Site, campaign: str, progress: Progress) -> int:
    """Queue every call with a transcript, or a campaign's, and flag them anew; gives how many.

    What is left when this is stopped, a worker does.

    Raises:
        InputError: no such campaign, or the rules in force cannot be used.
    """
    in_force = assemble.keyword_rules_of(site)
    queued = await flag_records.queue(site.database, site.now(), await _campaign(site, campaign))
    done: list[Outcome] = []

    def on_job(outcome: Outcome) -> None:
        done.append(outcome)
        progress(len(done), queued)

    async with recognisers(await _model(site), 1) as (engine,):
        await work(
            site.database,
            site.sounds,
            engine,
            in_force,
            until_idle=True,
            stop=asyncio.Event(),
            now=site.now,
            on_job=on_job,
            node=site.settings.node_name(),
            kinds=(flag_records.FLAG,),
        )
    return queued


def put_in_force(site: Site, path: Path) -> Path:
    """Make a file the site's rules; the ones before stay beside it under their version. Gives where it lies.

    Raises:
        InputError: the rules cannot be used, or change without another version.
    """
    new = rules.load(path)
    target = site.data / "config" / KEYWORDS
    before = resources.find(site.data, KEYWORDS)
    if before is not None and before.read_bytes() != path.read_bytes():
        old = rules.load(before)
        if old.version == new.version:
            remedy = "flags keep the version: change it with the rules"
            raise InputError(f"has the version {new.version} of other rules", where=str(path), remedy=remedy)
        write_atomically(target.with_name(f"keywords-{old.version}.yaml"), before.read_bytes())
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, path.read_bytes())
    return target


async def _campaign(site: Site, name: str) -> int | None:
    return (await campaigns.get(site.database, name)).id if name else None


async def _model(site: Site) -> Path:
    return await asyncio.to_thread(assemble.model_of, site.settings, site.settings.speech.path)


@asynccontextmanager
async def _weighing(site: Site) -> AsyncIterator[Apart | None]:
    """An engine where there are weights for it; else None, and nothing is loaded."""
    model = await _model(site)
    sha256 = await asyncio.to_thread(engines.sha256_of, model)
    if weights_of(sha256, site.data / WEIGHTS) is None:
        yield None
        return
    async with recognisers(model, 1) as (engine,):
        yield engine
