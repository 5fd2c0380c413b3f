"""Trials rendered to WAV files and tables, each clip once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from base.audio import Samples, read_wav, write_wav
from base.clock import SHANGHAI
from base.errors import InputError
from base.pinyin import sounding
from base.yamlfile import load
from bench.answers.line import delivered
from bench.answers.table import Table, Trial, trials
from huifang import resources
from huifang.answers.trial import expected
from huifang.settings import Speech
from ivr.loader import load as load_script
from ivr.voice import Synthesiser
from ivr.voice.kokoro import Kokoro

PHRASES = Path(__file__).with_name("phrases.yaml")
FORM, LINE_FORM = "1", "2"
"""They change whenever the same words, the same line shall sound otherwise."""
HEADER = "audio\tquestion\texpected\tgroups\n"


def phrases() -> Table:
    """The shipped table of phrases."""
    return load(PHRASES, Table, InputError)


def build(directory: Path, progress: Callable[[int, int], None]) -> Iterator[tuple[Path, int]]:
    """Render all trials; gives (table, rows) of each half."""
    every = trials(phrases())
    clips = Speech().directory.parent / "answers"
    rendered = dict(zip(every, render(every, clips, progress), strict=True))
    directory.mkdir(parents=True, exist_ok=True)
    for half in sorted({trial.half for trial in every}):
        mine = [trial for trial in every if trial.half == half]
        path = directory / f"{half}.tsv"
        rows = (
            f"{rendered[trial]}\t{trial.question}\t{trial.expected}\t{' '.join(_groups(trial))}\n"
            for trial in mine
        )
        path.write_text(HEADER + "".join(rows), encoding="utf-8")
        yield path, len(mine)


def _groups(trial: Trial) -> tuple[str, ...]:
    """Whether the script lists what was said, over which line, by whom."""
    listed = "listed" if sounding(trial.said) in _listed(trial.question) else "free"
    line = trial.line.replace(" ", "")
    return listed, line, f"{listed}-{line}", trial.voice


@cache
def _listed(question: str) -> frozenset[str]:
    """What the question's script lists, as it sounds."""
    name, _, node = question.partition(".")
    script = load_script(resources.named(Path(), "scripts", name))
    return frozenset(map(sounding, expected(script, node, datetime(2026, 11, 25, 10, 7, tzinfo=SHANGHAI))))


def render(every: Iterable[Trial], clips: Path, progress: Callable[[int, int], None]) -> list[Path]:
    """One WAV file for each trial, in `clips`; those that are there are left."""
    every = list(every)
    voice = Voices(clips / "dry")
    paths = []
    for n, trial in enumerate(every, start=1):
        path = clips / f"{hashed(LINE_FORM, trial.said, trial.voice, trial.line, trial.question)}.wav"
        if not path.is_file():
            sound = delivered(voice.said(trial.said, trial.voice), trial.line, path.stem)
            write_wav(path, sound)
        paths.append(path)
        progress(n, len(every))
    return paths


class Voices:
    """The synthesiser, loaded when it is needed, its sound kept."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._synthesiser: Synthesiser | None = None

    def said(self, words: str, voice: str) -> Samples:
        """The words by a voice with its pace, 8 kHz."""
        path = self._kept / f"{hashed(words, voice)}.wav"
        if not path.is_file():
            if self._synthesiser is None:
                self._synthesiser = Kokoro.open(Speech().directory)
            write_wav(path, self._synthesiser.speak(f"{words}。", voice))
        return read_wav(path)


def hashed(*words: str) -> str:
    """A name for a clip."""
    return hashlib.sha256("|".join((FORM, *words)).encode()).hexdigest()[:16]
