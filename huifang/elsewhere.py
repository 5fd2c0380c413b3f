"""Recordings made elsewhere: read, heard, flagged, copied into the data directory, kept, each file once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from base.audio import Samples, seconds
from base.errors import EngineError, InputError
from base.files import sha256_file
from huifang import assemble
from huifang.recognisers import recognisers
from huifang.site import Site, open_site
from records import recordings
from records.chain import SYSTEM
from records.jobs import MAX_TRIES
from records.post_call import Recording, Transcript, Utterance
from records.recordings import FOLDER
from transcribe import elsewhere
from transcribe.apart import Apart
from transcribe.decoding import decode
from transcribe.doubt import doubt
from transcribe.file_names import understood
from transcribe.flags import counts
from transcribe.rules import Rules
from transcribe.voice import VoiceDetector
from transcribe.worker import WEIGHTS

Heard = Callable[[float, float], None]
"""Told how many seconds of a recording are done, and how many it has."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file.

    Attributes:
        file: where it was.
        recording: as it is kept; None where it could not be used.
        new: whether it was transcribed now; False: it had been, by this model.
        utterances, flags: how many; faint flags are not counted.
        guessed: who spoke was guessed.
        error: why it could not be used, "" otherwise.
    """

    file: Path
    recording: Recording | None = None
    new: bool = False
    utterances: int = 0
    flags: int = 0
    guessed: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes files in. Make one with `taker`."""

    site: Site
    engine: Apart
    rules: Rules
    sides: elsewhere.Sides | None
    voice: VoiceDetector
    by: str = SYSTEM

    async def take(self, file: Path, heard: Heard, *, again: bool = False) -> Taken:
        """Take one file in; a mistake in it is told, not raised.

        `again`: transcribe it anew where only other models have.

        Raises:
            StoreError: the database refused.
        """
        try:
            return await self._take(file, heard, again)
        except (InputError, EngineError) as error:
            says = error.what if isinstance(error, InputError) else str(error)
            remedy = f" ({error.remedy})" if isinstance(error, InputError) and error.remedy else ""
            return Taken(file, error=says + remedy)
        except OSError as error:
            return Taken(file, error=error.strerror or str(error))

    async def _take(self, file: Path, heard: Heard, again: bool) -> Taken:
        sha256 = await asyncio.to_thread(sha256_file, file)
        known = await recordings.of_hash(self.site.database, sha256)
        if known is not None and not (again and await self._is_other(known)):
            return Taken(file, known)
        channels = await asyncio.to_thread(decode, file)
        parties = elsewhere.tracks(channels, self.sides)
        length_s = seconds(channels[0])
        utterances = await self._heard(parties, lambda done_s: heard(done_s, length_s))
        guess = "" in parties and bool(utterances)
        weights = self.site.data / WEIGHTS
        flags = await asyncio.to_thread(
            elsewhere.flags_of, parties, utterances, self.engine, self.rules, weights
        )
        recording = known or self._kept(file, sha256, length_s)
        if known is None:
            await asyncio.to_thread(self.site.sounds.keep, file, recording.path)
        transcript = Transcript(
            None,
            self.engine.name,
            self.engine.model_sha256,
            utterances,
            flags,
            doubt(utterances, ()),
            guessed=guess,
        )
        now = self.site.now()
        kept = await recordings.keep(self.site.database, recording, transcript, now, self.by)
        return Taken(file, kept, True, len(utterances), sum(counts(one) for one in flags), guess)

    async def _is_other(self, known: Recording) -> bool:
        return self.engine.model_sha256 not in await recordings.models_of(self.site.database, known.id)

    async def _heard(
        self, parties: dict[str, Samples], done: Callable[[float], None]
    ) -> tuple[Utterance, ...]:
        """A recogniser that dies over it is tried as often as a job is."""
        for n in range(1, MAX_TRIES + 1):
            try:
                return await elsewhere.hear(parties, self.engine, self.voice, done)
            except EngineError:
                if n == MAX_TRIES:
                    raise
        raise AssertionError("the last try returns or raises")

    def _kept(self, file: Path, sha256: str, length_s: float) -> Recording:
        now = self.site.now()
        named = understood(file.stem, file.absolute().parent.name)
        path = _place(named.began_at or now, named.extension, sha256, file.suffix.lower())
        return Recording(0, sha256, file.name, path, named.extension, named.began_at, length_s, now)


def _place(at: datetime, extension: str, sha256: str, suffix: str) -> str:
    """Named by time and extension as all recordings are (R2), and by the hash, for names may clash."""
    stem = "_".join(part for part in (f"{at:%Y%m%d-%H%M%S}", extension, sha256[:8]) if part)
    return f"{FOLDER}/{at:%Y-%m-%d}/{stem}{suffix}"


@asynccontextmanager
async def taker(data: Path, channels: str | None, *, nice: int, by: str = SYSTEM) -> AsyncIterator[Taker]:
    """Somebody who takes files in, with a warm recogniser.

    Args:
        data: the site's data directory.
        channels: who is on which side of stereo files, "left=customer,right=agent".
        nice: how far the recogniser gives way to live calls.
        by: who takes them in, for the audit trail.

    Raises:
        InputError: settings, keyword rules, the speech model or `channels` cannot be used.
        EngineError: the recogniser does not come up.
    """
    sides = None if channels is None else elsewhere.channel_map(channels)
    async with open_site(data, by=by) as site:
        rules = assemble.keyword_rules_of(site)
        model = await asyncio.to_thread(assemble.model_of, site.settings, site.settings.speech.path)
        async with recognisers(model, 1, nice=nice) as (engine,):
            yield Taker(site, engine, rules, sides, VoiceDetector(), by)
