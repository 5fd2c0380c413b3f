"""The one place where the parts are put together: a dialer that calls, a worker that transcribes."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from base import calendar_files
from base.errors import InputError, SettingsError
from base.log import get_logger
from dialer import announcements, windows
from dialer.campaign import CampaignRunner
from dialer.desk import Desk, Plan
from dialer.handing_over import reachable, who_serves
from dialer.inbox import drop
from dialer.line.tracks import finish_all
from dialer.line.workers import WorkerPool
from dialer.overhearing import Listener
from dialer.profile import Profile
from dialer.recordings import FOLDER, Recordings
from dialer.talk import Conversing
from dialer.trunk import Trunk
from dialer.watching import Both, Observer
from huifang import resources
from huifang.accounts import accounts_of
from huifang.answering import answering, clerks_of, front_of, sound_of, takes_calls
from huifang.areas import home_of
from huifang.custody import sealing
from huifang.custody.anchors import anchored
from huifang.handing import switchboard_of
from huifang.prompting import store_of
from huifang.recognisers import recognisers, together
from huifang.scripts.approved import Filed, approved_of, filed_of
from huifang.settings import Settings
from huifang.site import Site, open_site
from huifang.slots import slots_of
from huifang.speech_models import require_fit
from huifang.stages import stages_kept
from huifang.telling.loop import telling
from huifang.trunks import trunks_of
from ivr.hearing import Deaf, Ear
from ivr.script import Script
from ivr.session import Session
from ivr.values import Action
from records.model import Campaign, Caps, Claim, PhoneKind
from records.nodes import alone, in_step
from records.sounds import Sounds
from transcribe import engines, models
from transcribe import rules as keyword_rules
from transcribe.live import LiveEar
from transcribe.worker import Outcome, work

_log = get_logger(__name__)

KEYWORDS = "keywords.yaml"
ANNOUNCEMENTS = "announcements.yaml"


async def dial(
    data: Path,
    *,
    until_done: bool,
    stop: asyncio.Event,
    observer: Observer,
    drain: asyncio.Event | None = None,
) -> None:
    """Call what is due in the running campaigns until `stop`, or until nothing is left for today.

    `drain` begins no new calls, and sets `stop` when those under way are over or have had their time.

    Raises:
        InputError: settings, a script, a profile or the speech model cannot be used, no trunk is set, or
            another dialer works on this data directory.
        LineError: the line workers cannot start.
    """
    ways_out = (drain or asyncio.Event(), stop)
    async with (
        open_site(data) as site,
        stages_kept(site.database) as stages,
        _desk(site, Both(observer, stages), ways_out) as desk,
    ):
        _warn_of_the_calendar(site)
        filed = await filed_of(site)
        runner = CampaignRunner(desk, lambda campaign: plan_of(site, campaign, filed), site.settings.lease_s)
        await runner.run(until_done, stop)


def _warn_of_the_calendar(site: Site) -> None:
    """Say in time that the days beyond its end will be guesses (P10)."""
    ending = site.calendar().ending(site.now().date())
    if ending:
        _log.warning("the calendar ends", says=ending, remedy=calendar_files.REMEDY)


async def post_call(
    data: Path,
    *,
    until_idle: bool,
    stop: asyncio.Event,
    on_job: Callable[[Outcome], None] | None = None,
    every_node: bool = False,
    processes: int = 1,
) -> None:
    """Transcribe and flag recorded calls until `stop`, or until no job is left, so many at once.

    On a server that several nodes share only this node's, whose recordings lie here, unless `every_node`.

    Raises:
        InputError: settings, keyword rules or the speech model cannot be used.
        EngineError: a recogniser does not come up.
    """
    async with open_site(data) as site:
        shared = site.database.is_server and not every_node
        rules = keyword_rules_of(site)
        model = await asyncio.to_thread(model_of, site.settings, site.settings.speech.path)
        async with anchored(site, stop), telling(site, stop), recognisers(model, processes) as up:
            await together(
                work(
                    site.database,
                    site.sounds,
                    engine,
                    rules,
                    until_idle=until_idle,
                    stop=stop,
                    now=site.now,
                    on_job=on_job,
                    node=site.settings.node_name(),
                    of=site.settings.node_name() if shared else None,
                )
                for engine in up
            )


@asynccontextmanager
async def _desk(
    site: Site, observer: Observer, ways_out: tuple[asyncio.Event, asyncio.Event]
) -> AsyncIterator[Desk]:
    """Everything that calls share, warm and ready; all of it closed again in the end."""
    settings = site.settings
    site.sounds.check()
    trunks = trunks_of(settings)
    store = store_of(site.data, settings)
    announcement = sound_of(settings, store) if takes_calls(settings) else ()
    switchboard = switchboard_of(site)
    await in_step(site.database, site.now() - site.clock.offset)
    with _alone(site.data):
        await asyncio.to_thread(mend_recordings, site.sounds)
        home = await asyncio.to_thread(home_of, trunks)
        async with alone(site.database, settings.node_name()), live_ear(settings) as ear:
            pool = await _workers(settings, trunks)
            draining = asyncio.create_task(_drain(pool, settings.lines.drain_s, *ways_out))
            desk = Desk(
                db=site.database,
                lines=pool,
                trunks=trunks,
                ear=ear,
                prompts=store,
                clock=site.clock,
                recordings=Recordings(site.sounds),
                observer=observer,
                extension=settings.firm.seat,
                node=settings.node_name(),
                caps=Caps(node_channels=settings.lines.channels),
                pace=settings.lines.pace,
                home=home,
                switchboard=switchboard,
                listener=Listener(ear, announcements.load(*resources.all_of(site.data, ANNOUNCEMENTS))),
            )
            try:
                front = front_of(desk, pool, settings, announcement)
                async with answering(front, clerks_of(site, desk)):
                    yield desk
            finally:
                await drop(draining)
                await pool.close()


async def _drain(pool: WorkerPool, limit_s: float, drain: asyncio.Event, stop: asyncio.Event) -> None:
    """When `drain` is set: no new calls; `stop` when those under way are over, or after the limit."""
    await drain.wait()
    _log.warning("no new calls; those under way go on", calls=pool.talking, longest_s=limit_s)
    await pool.drain(limit_s)
    stop.set()


@asynccontextmanager
async def live_ear(settings: Settings) -> AsyncIterator[Ear]:
    """The recogniser of live calls, warm."""
    if settings.speech.engine == "none":
        yield Deaf()
        return
    model = await asyncio.to_thread(model_of, settings, settings.speech.live_path)
    ear = await LiveEar.start(model, processes=settings.speech.processes)
    try:
        yield ear
    finally:
        await ear.close()


async def _workers(settings: Settings, trunks: tuple[Trunk, ...]) -> WorkerPool:
    lines, kept = settings.lines, settings.handover.kept
    return await WorkerPool.start(
        workers=lines.workers(lines.channels or sum(trunk.channels for trunk in trunks), kept),
        calls_per_worker=lines.calls_per_worker,
        kept=kept,
        host=lines.host,
        port=lines.port,
        sip=lines.sip.for_workers(),
        trunks=accounts_of(settings),
    )


def mend_recordings(sounds: Sounds) -> None:
    """Finish what a crash left half-written, or plain: it can only be in the newest days' folders."""
    newest = sorted((sounds.data / FOLDER).glob("*"))[-2:]
    for path in (mended for day in newest for mended in finish_all(day)):
        _log.warning("recording finished after a crash", file=path.name)
    for path in (file for day in newest for file in sealing.files(day)):
        if sounds.seal(path):
            _log.warning("recording encrypted after a crash", file=path.name)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One dialer per data directory: a second one would take the first one's calls for a dead process's.

    Raises:
        InputError: another one is at work.
    """
    with (data / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                "another dialer works on this data directory", where=str(data), remedy="stop it first"
            ) from error
        yield


def plan_of(site: Site, campaign: Campaign, filed: Filed) -> Plan:
    """A campaign's policy and script, the script as it was approved (S1).

    Raises:
        InputError: one of them cannot be used, the script was altered without a new version, or the profile
            is not in force yet.
    """
    script = approved_of(site, campaign, filed)
    profile = site.profile_in_force(campaign.profile)
    kinds = tuple(script.sections) or (script.kind,)
    return Plan(profile, lambda claim, now: _begin(script, profile, site.settings, claim, now), kinds)


def _begin(
    script: Script, profile: Profile, settings: Settings, claim: Claim, now: datetime
) -> tuple[Conversing, tuple[Action, ...]]:
    return Session.begin(
        script,
        slots_of(claim.customer, settings.firm, now.date(), settings.handover.wait_s),
        now,
        landline=claim.customer.phone_kind is PhoneKind.LANDLINE,
        apologise=claim.apologise,
        open_windows=lambda at: windows.next_legal(profile, at),
        transfers=reachable(settings.handover.groups, now, profile.calendar, who_serves(claim.customer)),
    )


def model_of(settings: Settings, path: Path) -> Path:
    """A speech model's directory, verified; the packaged one is joined when it isn't there yet.

    Raises:
        ModelError: missing or corrupt.
        SettingsError: the site has no engine, or not the one that this model is for.
    """
    if settings.speech.engine == "none":
        remedy = "name an engine: without one nothing is heard, nor transcribed"
        raise SettingsError("there is no engine", where="speech.engine", remedy=remedy)
    packaged = path == settings.speech.at(models.PACKAGED)
    models.ensure_packaged(settings.speech.directory) if packaged else engines.verify(path)
    require_fit(settings.speech.engine, path)
    return path


def keyword_rules_of(site: Site) -> keyword_rules.Rules:
    """The keyword rules in force.

    Raises:
        InputError: they are missing or cannot be used.
    """
    return keyword_rules.load(_found(site.data, KEYWORDS))


def _found(data: Path, name: str) -> Path:
    path = resources.find(data, name)
    if path is None:
        raise InputError("is missing", where=str(data / "config" / name))
    return path
