"""The corpus as WAV files and tables, each clip once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from base.audio import RATE, Samples, resample, write_wav
from base.errors import InputError
from base.yamlfile import load
from bench.answers.line import Floats, delivered
from bench.answers.rendering import Voices, hashed, phrases
from bench.answers.table import VOICES, number, trials
from bench.speech.table import Take, takes
from bench.speech.texts import Texts, sentences
from huifang.settings import Speech
from softphone.noise import babble, street

TEXTS = Path(__file__).with_name("texts.yaml")
FORM = "1"
"""Changes whenever the same take shall sound otherwise."""
HEADER = "audio\ttranscript\tflags\tgroups\n"
PAUSES_S = (0.3, 1.2)
"""Quiet between two sentences of a talk: the least, the most."""
NOISE_S = 120.0
"""Length of a noise recording; talks are shorter."""
BABBLERS = 24
"""Answers that a babble is made of."""

Progress = Callable[[int, int], None]


def every() -> list[Take]:
    """All takes of the shipped texts."""
    return takes(sentences(load(TEXTS, Texts, InputError)))


def build(directory: Path, progress: Progress) -> Iterator[tuple[Path, list[Take], float]]:
    """Render all takes; gives (table, its takes, seconds of sound) of each half, as soon as it is whole."""
    made, done = every(), 0
    studio = Studio(Speech().directory.parent / "speech")
    directory.mkdir(parents=True, exist_ok=True)
    for half in VOICES:
        mine, rows, length_s = [take for take in made if take.half == half], [], 0.0
        for take in mine:
            path, sound_s = studio.clip(take)
            rules = " ".join(sorted({one.rule for one in take.sentences if one.rule}))
            rows.append(f"{path}\t{take.transcript}\t{rules}\t{' '.join(take.groups)}\n")
            length_s += sound_s
            done += 1
            progress(done, len(made))
        table = directory / f"{half}.tsv"
        table.write_text(HEADER + "".join(rows), encoding="utf-8")
        yield table, mine, length_s


class Studio:
    """Renders takes to `clips`, what is there excepted."""

    def __init__(self, clips: Path) -> None:
        """`clips`: where they are kept; those of the answers are kept beside it."""
        self._clips = clips
        self._voices = Voices(clips / "dry")
        self._answers = Voices(clips.parent / "answers" / "dry")
        self._noise = cache(self._recorded)

    def clip(self, take: Take) -> tuple[Path, float]:
        """(WAV file, seconds) of a take."""
        name = hashed(FORM, take.transcript, take.voice, take.line, str(take.rate), take.noise)
        path = self._clips / f"{name}.wav"
        if not path.is_file():
            write_wav(path, self._delivered(take, name))
        return path, (path.stat().st_size - 44) / 2 / RATE

    def _delivered(self, take: Take, seed: str) -> Samples:
        said = [self._voices.said(one.said, take.voice) for one in take.sentences]
        random = np.random.default_rng(number(seed))
        quiet = [np.zeros(round(random.uniform(*PAUSES_S) * RATE), np.int16) for _ in said[1:]]
        speech = np.concatenate(
            [said[0], *(part for pair in zip(quiet, said[1:], strict=True) for part in pair)]
        )
        speech = resample(speech, RATE, take.rate)
        return delivered(speech, take.line, seed, self._noise(take.half, take.noise) if take.noise else None)

    def _recorded(self, half: str, name: str) -> Floats:
        """A noise recording at 0 dBFS."""
        kind, _, seed = name.partition(" ")
        random, length = np.random.default_rng(int(seed)), round(NOISE_S * RATE)
        sound = street(length, random) if kind == "street" else babble(length, random, self._talkers(half))
        return np.asarray(sound / np.sqrt(np.mean(np.square(sound))), np.float64)

    def _talkers(self, half: str) -> list[Samples]:
        """Answers of the other evaluation set by the voices of this half: nothing of what is said here."""
        said = sorted({(trial.said, trial.voice) for trial in trials(phrases()) if trial.half == half})
        chosen = sorted(said, key=lambda one: number(*one, "babble"))[:BABBLERS]
        return [self._answers.said(*one) for one in chosen]
