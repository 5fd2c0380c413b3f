"""The post-call worker: takes jobs, transcribes the customer's track, flags, keeps.

Low priority is the command's business (`os.nice`); here the recogniser is asked from a thread, one turn at a
time, so that an event loop shared with live calls stays free. A job that fails is tried again by the queue,
then parked with its reason; the others go on. However long a job takes, its lease is renewed.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from base.audio import Samples, read_wav
from base.clock import stopped_within
from base.errors import HuifangError, IllegalTransition, InputError, StoreError
from base.log import get_logger
from records import flags as flag_records
from records import job_ranks, jobs, transcripts
from records.closing import TRANSCRIBE
from records.database import Database
from records.flags import FLAG, Flagged
from records.post_call import Flag, Job, Material, Transcript
from records.sounds import Sounds, open_track
from transcribe.call import hear_customer, system_side
from transcribe.doubt import doubt
from transcribe.echo import set_aside
from transcribe.engine import Engine
from transcribe.flagging import flag_recording, kept_of
from transcribe.flags import flag
from transcribe.rules import Rules
from transcribe.voice import VoiceDetector
from transcribe.weighing import weights_of

_log = get_logger(__name__)

KINDS = (TRANSCRIBE, FLAG)
"""Kinds of jobs done here."""
LEASE_S = 120.0
"""A job that nobody renewed for so long belongs to a worker that is gone."""
RENEW_S = LEASE_S / 4
RERANK_S = 60.0
"""So often it is looked at anew which campaigns are flagged most."""
POLL_S = 0.5
WEIGHTS = Path("config/weights")
"""Where a site's own weights lie in its data directory (`huifang calibrate`)."""
WAV_HEADER_BYTES = 44

_FAILURES = (HuifangError, OSError, ValueError, RuntimeError, MemoryError)
"""What one bad recording may raise: the file, the decoder, the store. Anything else is a mistake of ours."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job: `reason` is "" when it is done. `took_s`: seconds of work."""

    job: Job
    reason: str
    took_s: float


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every job needs."""

    db: Database
    sounds: Sounds
    engine: Engine
    rules: Rules
    voice: VoiceDetector
    now: Callable[[], datetime]
    renew_s: float


async def work(
    db: Database,
    sounds: Sounds,
    engine: Engine,
    rules: Rules,
    *,
    until_idle: bool,
    stop: asyncio.Event,
    now: Callable[[], datetime],
    on_job: Callable[[Outcome], None] | None = None,
    node: str = "worker",
    of: str | None = None,
    renew_s: float = RENEW_S,
    kinds: Sequence[str] = KINDS,
) -> None:
    """Do jobs of these kinds until there are none (`until_idle`) or until `stop` is set.

    `of`: only those for calls of the node of this name; None: of every node.

    After `stop` the job at hand is finished; on cancellation it goes back to the queue.
    """
    desk = _Desk(db, sounds, engine, rules, VoiceDetector(), now, renew_s)
    ranked = -RERANK_S
    while not stop.is_set():
        if time.monotonic() - ranked >= RERANK_S:
            await job_ranks.rerank(db)
            ranked = time.monotonic()
        job = await jobs.claim(db, kinds=kinds, node=node, now=now(), lease_s=LEASE_S, of=of)
        if job is None:
            if until_idle:
                return
            await stopped_within(stop, POLL_S)
            continue
        outcome = await _do(job, desk)
        if on_job is not None:
            on_job(outcome)


async def transcript_of(
    material: Material, sounds: Sounds, engine: Engine, rules: Rules, voice: VoiceDetector
) -> Transcript:
    """Transcribe and flag one attempt.

    Raises:
        InputError: the recording is missing or unreadable.
    """
    track = await asyncio.to_thread(_customer_track, sounds, material.recording)
    heard = set_aside(await hear_customer(track, material.answers, engine, voice), material.spoken)
    utterances = tuple(sorted((*system_side(material.spoken), *heard), key=lambda one: one.start_s))
    flags = await asyncio.to_thread(
        lambda: flag_recording(
            track,
            utterances,
            engine,
            rules,
            material.answers,
            kept=kept_of(material.customer),
            weights=weights_of(engine.model_sha256, sounds.data / WEIGHTS),
        )
    )
    unsure = doubt(utterances, material.answers)
    return Transcript(material.attempt_id, engine.name, engine.model_sha256, utterances, flags, unsure)


async def flagged_anew(
    attempt_id: int, db: Database, sounds: Sounds, engine: Engine | None, rules: Rules
) -> tuple[Flagged, tuple[Flag, ...], str]:
    """A call's transcript as it is, the flags that these rules raise in it, and why it cannot be judged.

    It is weighed on the sound only by the model that transcribed it, and where the recording still is.

    Raises:
        StoreError: the call has no transcript.
    """
    material = await transcripts.material(db, attempt_id)
    heard = await flag_records.of_call(db, attempt_id)
    kept, unsure = kept_of(material.customer), doubt(heard.utterances, material.answers)
    track = await asyncio.to_thread(_track_if_any, sounds, material.recording)
    if engine is None or track is None or engine.model_sha256 != heard.model_sha256:
        return heard, flag(heard.utterances, material.answers, rules, kept=kept), unsure
    weights = weights_of(engine.model_sha256, sounds.data / WEIGHTS)
    found = await asyncio.to_thread(
        lambda: flag_recording(
            track, heard.utterances, engine, rules, material.answers, kept=kept, weights=weights
        )
    )
    return heard, found, unsure


def _track_if_any(sounds: Sounds, recording: str) -> Samples | None:
    try:
        return _customer_track(sounds, recording)
    except InputError:
        return None


async def _do(job: Job, desk: _Desk) -> Outcome:
    """One job, to its end in the queue."""
    began = time.monotonic()
    reason = ""
    try:
        async with _renewed(job, desk):
            await (_flag(job, desk) if job.kind == FLAG else _transcribe(job, desk))
        await jobs.done(desk.db, job.id, desk.now())
    except asyncio.CancelledError:
        with contextlib.suppress(IllegalTransition):  # it was done a moment ago
            await asyncio.shield(jobs.failed(desk.db, job.id, "the worker was stopped", desk.now()))
        raise
    except _FAILURES as error:
        reason = f"{type(error).__name__}: {error}"
        _log.warning(
            "transcription failed", job=job.id, attempt=job.attempt_id, tries=job.tries, error=reason
        )
        with contextlib.suppress(IllegalTransition):  # our lease was over, and another worker has done it
            await jobs.failed(desk.db, job.id, reason, desk.now())
    return Outcome(job, reason, time.monotonic() - began)


async def _flag(job: Job, desk: _Desk) -> None:
    heard, flags, unsure = await flagged_anew(job.attempt_id, desk.db, desk.sounds, desk.engine, desk.rules)
    await flag_records.replace(desk.db, heard.transcript_id, flags, unsure)


async def _transcribe(job: Job, desk: _Desk) -> None:
    material = await transcripts.material(desk.db, job.attempt_id)
    if material.talked_s or _has_sound(desk.sounds, material.recording):
        transcript = await transcript_of(material, desk.sounds, desk.engine, desk.rules, desk.voice)
        await transcripts.save(desk.db, transcript, desk.now())


@contextlib.asynccontextmanager
async def _renewed(job: Job, desk: _Desk) -> AsyncIterator[None]:
    """Keep the job's lease alive meanwhile."""
    renewing = asyncio.create_task(_renew(job, desk))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.wait([renewing])


async def _renew(job: Job, desk: _Desk) -> None:
    while True:
        await asyncio.sleep(desk.renew_s)
        try:
            if not await jobs.renew(desk.db, job, desk.now(), LEASE_S):
                return
        except StoreError as error:
            _log.warning("a lease could not be renewed", job=job.id, error=str(error))


def _has_sound(sounds: Sounds, recording: str) -> bool:
    """Whether a call of a dead process left any: if nobody answered there is nothing to transcribe."""
    path = sounds.data / f"{recording}_customer.wav"
    return path.is_file() and sounds.size(path) > WAV_HEADER_BYTES


def _customer_track(sounds: Sounds, recording: str) -> Samples:
    track = open_track(sounds, recording, "customer")
    if track is None:
        where = str(sounds.data / f"{recording}_customer.wav")
        raise InputError("the recording of the customer is missing", where=where)
    with track:
        try:
            return read_wav(track)
        except ValueError as error:
            raise InputError(str(error)) from error
