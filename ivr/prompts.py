"""Recorded prompts: where the sound of a line is, whether it is still what was recorded, what is missing.

Three places are searched, in this order:

1. the site's recordings (its own speakers), by the wording to the letter: a recording of other words is never
   played (S1);
2. the shipped recordings, when they are of the configured voice: one call has one voice;
3. the cache of synthesised lines: slot prompts and whatever else was rendered ahead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from base.audio import Samples, read_wav, wav_seconds, write_wav
from base.errors import PromptError
from base.files import sha256_file, write_atomically
from base.yamlfile import complaint
from ivr.values import Line
from ivr.voice import loudness

MANIFEST = "manifest.json"
RENDERING = "1"
"""Part of the cache's names: raise it when the same wording and voice would sound otherwise than before."""

LEVEL_RANGE_DB = 4.0
"""How far a recording's level may be from `loudness.TARGET_DBFS`."""

LONGEST_EDGE_S = 0.15
"""Silence allowed before a recording's first sound; more delays every answer."""


class Recording(BaseModel):
    """One row of a manifest.

    `sha256` and `seconds` may be left out by people who add rows by hand; then nothing is compared.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    wording: str = Field(min_length=1)
    file: str = Field(min_length=1)
    voice: str = ""
    sha256: str = ""
    seconds: float = 0.0


class Manifest(BaseModel):
    """A folder's `manifest.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompts: tuple[Recording, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the sound of a prompt."""

    prompt: str
    wording: str
    what: str


def read_manifest(folder: Path) -> Manifest:
    """The folder's manifest; an empty one where there is none.

    Raises:
        PromptError: unreadable, no JSON, or a row with a wrong or unknown key.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return Manifest()
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise PromptError(complaint(error), where=str(path)) from error
    except OSError as error:
        raise PromptError(f"cannot be read: {error.strerror}", where=str(path)) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the folder's manifest, whole or not at all."""
    text = manifest.model_dump_json(indent=1) + "\n"
    write_atomically(folder / MANIFEST, text.encode())


def cache_name(voice: str, wording: str) -> str:
    """File name of a synthesised line: hash of how, in which voice and what."""
    return hashlib.sha256(f"{RENDERING}\n{voice}\n{wording}".encode()).hexdigest() + ".wav"


class _Folder:
    """A folder of recordings with its manifest; `voice` limits it to rows of that voice."""

    def __init__(self, path: Path, voice: str | None = None) -> None:
        self.path = path
        rows = [row for row in read_manifest(path).prompts if voice in (None, row.voice)]
        self._by_wording = {row.wording: row for row in reversed(rows)}
        self._by_key = {(row.key, row.wording): row for row in reversed(rows)}
        self._good: set[str] = set()

    def find(self, line: Line) -> Path | None:
        row = self._by_key.get((line.prompt, line.wording)) or self._by_wording.get(line.wording)
        return None if row is None else self._checked(row)

    def _checked(self, row: Recording) -> Path:
        path = self.path / row.file
        if row.file in self._good:
            return path
        where = f"{self.path / MANIFEST}: {row.key}"
        if not path.is_file():
            raise PromptError(f"the recording {row.file} is missing", where=where)
        if row.sha256 and sha256_file(path) != row.sha256:
            remedy = "approve it with a new row, or put the old file back"
            raise PromptError(f"the recording {row.file} was altered", where=where, remedy=remedy)
        self._good.add(row.file)
        return path


class PromptStore:
    """Finds the sound of a line.

    Args:
        site: the firm's own recordings, if there is such a folder.
        shipped: the recordings that come with the product.
        cache: synthesised lines; written by `keep`.
        voice: the voice of the shipped and synthesised lines, with its pace (`jm_kumo@1.1`).

    Raises:
        PromptError: a manifest cannot be used.
    """

    def __init__(self, site: Path | None, shipped: Path, cache: Path, voice: str) -> None:
        self.cache = cache
        self.voice = voice
        self._site = _Folder(site) if site is not None else None
        self._shipped = _Folder(shipped, voice)

    def find(self, line: Line) -> Path | None:
        """The WAV file of the line, or None where it has to be rendered first.

        Raises:
            PromptError: the recording was altered or its file is missing.
        """
        own = self._site.find(line) if self._site is not None else None
        if path := own or self._shipped.find(line):
            return path
        cached = self.cached(line.wording)
        return cached if cached.is_file() else None

    def missing(self, lines: Iterable[Line]) -> list[Line]:
        """The lines without sound, each wording once, in their order."""
        wanted: dict[str, Line] = {}
        for line in lines:
            wanted.setdefault(line.wording, line)
        return [line for line in wanted.values() if self.find(line) is None]

    def seconds(self, line: Line) -> float:
        """How long the line takes.

        Raises:
            PromptError: it has no sound, or an unreadable file.
        """
        path = self.find(line)
        if path is None:
            raise PromptError(f"the prompt {line.prompt} has no sound", remedy="run: huifang prompts render")
        try:
            return wav_seconds(path)
        except (ValueError, OSError) as error:
            raise PromptError(str(error), where=line.prompt) from error

    def cached(self, wording: str) -> Path:
        """Where the synthesised line is, or will be."""
        return self.cache / cache_name(self.voice, wording)

    def keep(self, wording: str, samples: Samples) -> Path:
        """Put a synthesised line into the cache."""
        path = self.cached(wording)
        write_wav(path, samples)
        return path


def check(store: PromptStore, lines: Iterable[Line]) -> list[Problem]:
    """What is wrong with the sound of these lines: missing, altered, unreadable, badly levelled."""
    problems = []
    for line in dict.fromkeys(lines):
        problems += [Problem(line.prompt, line.wording, what) for what in _faults(store, line)]
    return problems


def _faults(store: PromptStore, line: Line) -> list[str]:
    try:
        path = store.find(line)
        samples = None if path is None else read_wav(path)
    except PromptError as error:
        return [str(error)]
    except (ValueError, OSError) as error:
        return [f"unreadable: {error}"]
    return ["there is no recording of this wording"] if samples is None else faults_of(samples)


def faults_of(samples: Samples) -> list[str]:
    """What is wrong with a recording as a telephone prompt, each in a few words."""
    wave = samples / 32768
    level, peak = loudness.active_level_dbfs(wave), loudness.peak_dbfs(wave)
    if level <= -60:
        return ["the recording is silent"]
    faults = []
    if abs(level - loudness.TARGET_DBFS) > LEVEL_RANGE_DB:
        faults.append(
            f"its level is {level:.1f} dBFS, wanted {loudness.TARGET_DBFS:.0f} ± {LEVEL_RANGE_DB:.0f}"
        )
    if peak > loudness.PEAK_DBFS + 0.5:
        faults.append(f"its peak is {peak:.1f} dBFS, at most {loudness.PEAK_DBFS:.0f} wanted")
    before, _ = loudness.edges_s(loudness.levelled(wave))
    if before > LONGEST_EDGE_S:
        faults.append(f"it begins with {before:.2f} s of silence, at most {LONGEST_EDGE_S} wanted")
    return faults
