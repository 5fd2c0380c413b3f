"""The corpus as WAV files and tables, each clip once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np

from base.audio import RATE, Samples, read_wav, resample, write_wav
from base.errors import InputError
from base.yamlfile import load
from bench.answers.line import BEFORE_S, Floats, delivered
from bench.answers.rendering import Voices, hashed, phrases
from bench.answers.table import number, trials
from bench.speech.calls import FREE, SAID_IN_THE_END, SCRIPT, TOLD, Call, calls
from bench.speech.table import Take, takes
from bench.speech.texts import Texts, sentences
from huifang.resources import SHIPPED_PROMPTS, named
from huifang.settings import Speech
from ivr.loader import load as load_script
from ivr.prompts import read_manifest
from ivr.script import Ask, End, Say, Script
from softphone.noise import babble, street

TEXTS = Path(__file__).with_name("texts.yaml")
FORM = "1"
"""Changes whenever the same take shall sound otherwise."""
HEADER = "audio\ttranscript\tflags\tgroups\tanswers\n"
PAUSES_S = (0.3, 1.2)
"""Quiet between two sentences: the least, the most."""
THINKING_S = (0.4, 1.5)
"""Quiet between a question and what is said, and before the next question."""
NOISE_S = 240.0
"""Length of a noise recording; calls are shorter."""
BABBLERS = 24
"""Answers that a babble is made of."""

Progress = Callable[[int, int], None]


def texts() -> Texts:
    """The shipped texts."""
    return load(TEXTS, Texts, InputError)


def all_calls(half: str) -> list[Call]:
    """The calls of a half."""
    said = texts()
    return list(calls(sentences(said), {**said.answers, **phrases().answers}, half))


@cache
def _script() -> Script:
    return load_script(named(Path(), "scripts", SCRIPT))


def wording(node: str) -> str:
    """What the script says at a node without slots."""
    said = _script().nodes[node]
    return str(said.ask if isinstance(said, Ask) else cast(Say | End, said).say)


def build(directory: Path, half: str, progress: Progress, *, there: bool = False) -> list[Take]:
    """Render a half and write its tables, HALF.tsv and HALF_calls.tsv; gives what stands in the first.

    `there`: nothing is rendered, the tables hold what is rendered already.
    """
    studio = Studio(Speech().directory.parent / "speech")
    every = [take for take in takes(sentences(texts())) if take.half == half]
    calls_ = all_calls(half)
    if there:
        every = [take for take in every if studio.path(take).is_file()]
        calls_ = [call for call in calls_ if studio.path(call).is_file()]
    directory.mkdir(parents=True, exist_ok=True)
    count = len(every) + len(calls_)
    rows = []
    for take in every:
        rules = (one.rule for one in take.sentences if one.rule)
        rows.append(_line(studio.clip(take), take.transcript, rules, take.groups))
        progress(len(rows), count)
    _write(directory / f"{half}.tsv", rows)
    rows = []
    for call in calls_:
        path, places = studio.call(call)
        answers = (
            f"{SCRIPT}.{turn.question}={turn.meant}@{start:.2f}-{end:.2f}"
            for turn, (start, end) in zip(call.turns, places, strict=True)
            if turn.meant not in (FREE, TOLD)
        )
        rows.append(_line(path, call.transcript, call.rules, call.groups, answers))
        progress(len(every) + len(rows), count)
    _write(directory / f"{half}_calls.tsv", rows)
    return every


def _line(
    path: Path, transcript: str, rules: Iterable[str], groups: Iterable[str], answers: Iterable[str] = ()
) -> str:
    """A row of a table."""
    cells = (str(path), transcript, *(" ".join(one) for one in (sorted(set(rules)), groups, answers)))
    return "\t".join(cells) + "\n"


def _write(table: Path, rows: list[str]) -> None:
    table.write_text(HEADER + "".join(rows), encoding="utf-8")


class Studio:
    """Renders takes to `clips`, what is there excepted."""

    def __init__(self, clips: Path) -> None:
        """`clips`: where they are kept; what is synthesised is kept with that of the answers."""
        self._clips = clips
        self._voices = Voices(clips.parent / "answers" / "dry")
        self._noise = cache(self._recorded)

    def path(self, what: Take | Call) -> Path:
        """Where a recording lies once it is rendered."""
        if isinstance(what, Take):
            name = hashed(FORM, what.transcript, what.voice, what.line, str(what.rate), what.noise)
        else:
            name = hashed(FORM, repr(what.turns), what.voice, what.line, what.noise)
        return self._clips / f"{name}.wav"

    def clip(self, take: Take) -> Path:
        """The WAV file of a take."""
        path = self.path(take)
        if not path.is_file():
            said = self._in_a_row([one.said for one in take.sentences], take.voice, path.stem)
            speech = resample(said, RATE, take.rate)
            noise = self._noise(take.half, take.noise) if take.noise else None
            write_wav(path, delivered(speech, take.line, path.stem, noise))
        return path

    def call(self, call: Call) -> tuple[Path, list[tuple[float, float]]]:
        """(WAV file of the customer's track, where each turn stands in it in seconds).

        The other side's track lies beside it: `prompts_of`.
        """
        path, turns = self.path(call), repr(call.turns)
        random = np.random.default_rng(number(turns))
        asked, said, places = [np.zeros(round(BEFORE_S * RATE), np.int16)], [], []
        at = 0
        for turn in call.turns:
            prompt = self._prompts(turn.prompts)
            words = self._in_a_row(turn.said, call.voice, turns)
            before, after = (round(random.uniform(*THINKING_S) * RATE) for _ in range(2))
            said += [np.zeros(len(prompt) + before, np.int16), words, np.zeros(after, np.int16)]
            asked += [prompt, np.zeros(before + len(words) + after, np.int16)]
            at += len(prompt) + before
            places.append((at / RATE, (at + len(words)) / RATE + 2 * BEFORE_S))
            at += len(words) + after
        asked.append(self._prompts(SAID_IN_THE_END))
        said.append(np.zeros(len(asked[-1]), np.int16))
        if not path.is_file():
            noise = self._noise(call.half, call.noise) if call.noise else None
            write_wav(prompts_of(path), np.concatenate(asked))
            write_wav(path, delivered(np.concatenate(said), call.line, path.stem, noise))
        return path, places

    def _in_a_row(self, said: Iterable[str], voice: str, seed: str) -> Samples:
        """Sentences by one voice, with pauses between."""
        random = np.random.default_rng(number(seed))
        parts: list[Samples] = []
        for words in said:
            pause = round(random.uniform(*PAUSES_S) * RATE) if parts else 0
            parts += [np.zeros(pause, np.int16), self._voices.said(words, voice)]
        return np.concatenate(parts)

    def _prompts(self, nodes: Iterable[str]) -> Samples:
        """The shipped recordings of what the script says, one after the other."""
        files = {row.wording: row.file for row in read_manifest(SHIPPED_PROMPTS).prompts}
        return np.concatenate([read_wav(SHIPPED_PROMPTS / files[wording(node)]) for node in nodes])

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
        return [self._voices.said(*one) for one in chosen]


def prompts_of(track: Path) -> Path:
    """Our side of a rendered call, as long as the customer's track but for its end."""
    return track.with_name(f"{track.stem}_system.wav")
