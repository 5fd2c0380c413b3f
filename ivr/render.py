"""Rendering prompts ahead of the calls: synthesis is slower than a waiting customer's patience."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import numpy as np

from base.audio import RATE, Samples, wav_bytes
from base.audio import seconds as seconds_of
from base.files import sha256_file, write_atomically
from ivr.prompts import Manifest, PromptStore, Recording, read_manifest, write_manifest
from ivr.values import Line
from ivr.voice import Synthesiser

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""

PAUSE_S = {"。": 0.3, "！": 0.3, "；": 0.3, "，": 0.15, "、": 0.15}
"""Silence behind a prompt by its last character, in seconds: another sentence usually follows. A question has
none: an answer does."""

JOBS = 2
"""Wordings synthesised at once, each on one thread."""


def render(
    lines: Iterable[Line],
    store: PromptStore,
    synthesiser: Synthesiser,
    progress: Progress = lambda _done, _all: None,
    jobs: int = JOBS,
) -> int:
    """Synthesise what has no sound yet into the store's cache; gives how many were made.

    What was made stays when a later one fails or the run is interrupted.

    Raises:
        PromptError: a wording cannot be spoken; it is named.
    """
    wordings = [line.wording for line in store.missing(lines)]
    _each(
        wordings, synthesiser, store.voice, lambda wording, sound: store.keep(wording, sound), progress, jobs
    )
    return len(wordings)


def ship(
    lines: Sequence[Line],
    folder: Path,
    voice: str,
    synthesiser: Synthesiser,
    progress: Progress = lambda _done, _all: None,
    jobs: int = JOBS,
) -> int:
    """Make `folder` hold exactly these lines in this voice, with a manifest; gives how many were rendered.

    Recordings that are already there and whole stay as they are; those of other wordings are removed. The
    manifest grows with every recording: an interrupted run goes on where it stopped.

    Raises:
        PromptError: a wording cannot be spoken; nothing is removed then.
    """
    whole = {
        row.wording: row
        for row in read_manifest(folder).prompts
        if row.voice == voice and _is_whole(folder, row)
    }
    keys = {line.wording: line.prompt for line in reversed(lines)}
    rows = {wording: row for wording, row in whole.items() if wording in keys}

    def keep(wording: str, sound: Samples) -> None:
        rows[wording] = _write(folder, keys[wording], wording, voice, sound)
        write_manifest(folder, _sorted(rows.values()))

    wanted = [wording for wording in reversed(keys) if wording not in rows]
    _each(wanted, synthesiser, voice, keep, progress, jobs)
    write_manifest(folder, _sorted(rows.values()))
    kept = {row.file for row in rows.values()}
    for stale in (path for path in folder.glob("*.wav") if path.name not in kept):
        stale.unlink()
    return len(wanted)


def drop_in(folder: Path, line: Line, speaker: str, sound: Samples) -> Recording:
    """Put a person's recording of a line into a folder, in the place of an older one of it."""
    row = _write(folder, line.prompt, line.wording, speaker, with_pause(sound, line.wording))
    others = [
        one for one in read_manifest(folder).prompts if (one.key, one.wording) != (row.key, row.wording)
    ]
    write_manifest(folder, _sorted([*others, row]))
    return row


def with_pause(sound: Samples, wording: str) -> Samples:
    """The sound with the silence that belongs behind its last character."""
    return np.pad(sound, (0, int(PAUSE_S.get(wording[-1:], 0.0) * RATE)))


def _each(
    wordings: Sequence[str],
    synthesiser: Synthesiser,
    voice: str,
    keep: Callable[[str, Samples], object],
    progress: Progress,
    jobs: int,
) -> None:
    """Speak each wording in a pool of threads, keep each sound in this thread as it comes."""
    with ThreadPoolExecutor(jobs, thread_name_prefix="voice") as pool:
        spoken = {pool.submit(_speak, synthesiser, wording, voice): wording for wording in wordings}
        try:
            for done, future in enumerate(as_completed(spoken), start=1):
                keep(spoken[future], future.result())
                progress(done, len(spoken))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _speak(synthesiser: Synthesiser, wording: str, voice: str) -> Samples:
    return with_pause(synthesiser.speak(wording, voice), wording)


def _write(folder: Path, key: str, wording: str, voice: str, sound: Samples) -> Recording:
    data = wav_bytes(sound)
    digest = hashlib.sha256(data).hexdigest()
    file = f"{_plain(key)}-{hashlib.sha256(wording.encode()).hexdigest()[:8]}.wav"
    write_atomically(folder / file, data)
    length = round(seconds_of(sound), 3)
    return Recording(key=key, wording=wording, file=file, voice=voice, sha256=digest, seconds=length)


def _sorted(rows: Iterable[Recording]) -> Manifest:
    return Manifest(prompts=tuple(sorted(rows, key=lambda row: row.file)))


def _plain(key: str) -> str:
    """The key as a file name."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", key).strip("._") or "prompt"


def _is_whole(folder: Path, row: Recording) -> bool:
    path = folder / row.file
    return path.is_file() and sha256_file(path) == row.sha256
