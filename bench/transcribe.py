"""What transcribing calls costs: ours against faster-whisper's own defaults, same model, same run.

    python bench/transcribe.py [--calls N]

Calls of the corpus of free speech (bench/speech): the new-account script's prompts on one track, a customer
on the other, half of them in noise at 10 dB. Ours transcribes the customer's track, the rest is known from
the script; the reference gets both tracks mixed and is told that it is Chinese. Character errors of both
are those of the whole call's transcript, and those at the customer's words alone. Processor time, one
thread. The last line of stdout is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))
from base.audio import RATE, Samples, read_wav, resample, seconds
from bench.speech.calls import SAID_IN_THE_END, Call
from bench.speech.rendering import Studio, all_calls, prompts_of, wording
from huifang import resources
from huifang.settings import Speech
from huifang.speech.errors import character_errors, characters, errors_at
from transcribe import rules as keyword_rules
from transcribe.call import hear_customer
from transcribe.flagging import flag_recording
from transcribe.models import ensure_packaged
from transcribe.rules import Rules
from transcribe.voice import VoiceDetector
from transcribe.whisper import Whisper

WHISPER_RATE = 16000
CALLS = 16


@dataclass
class Used:
    """Processor seconds and character errors of one side; `customers`: those at the customer's words."""

    cpu_s: float = 0.0
    errors: int = 0
    customers: int = 0

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count the processor time of all threads within."""
        begun = time.process_time()
        yield
        self.cpu_s += time.process_time() - begun


@dataclass
class Run:
    """What both came to, in seconds and characters; the flags' own cost is apart from ours."""

    audio_s: float = 0.0
    said: int = 0
    customers: int = 0
    ours: Used = field(default_factory=Used)
    reference: Used = field(default_factory=Used)
    flags: Used = field(default_factory=Used)

    def figures(self) -> dict[str, float]:
        """The JSON object."""
        ours, flags, reference = self.ours.cpu_s, self.flags.cpu_s, self.reference.cpu_s
        return {
            "speedup": round(reference / ours, 2),
            "speedup_with_flags": round(reference / (ours + flags), 2),
            "cer": round(self.ours.errors / self.said, 4),
            "cer_reference": round(self.reference.errors / self.said, 4),
            "cer_customer": round(self.ours.customers / self.customers, 4),
            "cer_customer_reference": round(self.reference.customers / self.customers, 4),
            "hours_per_cpu_hour": round(self.audio_s / ours, 1),
            "hours_per_cpu_hour_with_flags": round(self.audio_s / (ours + flags), 1),
            "hours_per_cpu_hour_reference": round(self.audio_s / reference, 1),
            "flags_share": round(flags / (ours + flags), 3),
            "hours": round(self.audio_s / 3600, 3),
        }


class Both:
    """Ours and the reference, each with the packaged model loaded, one thread."""

    def __init__(self, path: Path, rules: Rules) -> None:
        """`path`: a CTranslate2 Whisper."""
        from faster_whisper import WhisperModel

        self._engine = Whisper(path, threads=1)
        self._voice = VoiceDetector()
        self._rules = rules
        self._reference: Any = WhisperModel(str(path), device="cpu", compute_type="int8", cpu_threads=1)

    def warm(self) -> None:
        """What is loaded at the first use is loaded."""
        self._engine.warm()

    async def call(self, call: Call, track: Path, run: Run) -> None:
        """One call through both."""
        customer, system = read_wav(track), read_wav(prompts_of(track))
        with run.ours.working():
            heard = await hear_customer(customer, (), self._engine, self._voice)
        with run.flags.working():
            flag_recording(customer, heard, self._engine, self._rules)
        mixed = _mixed(customer, system)
        with run.reference.working():
            segments, _ = self._reference.transcribe(mixed, language="zh")
            text = "".join(segment.text for segment in segments)
        run.audio_s += seconds(customer)
        self._count(call, "".join(one.text for one in heard), text, run)

    @staticmethod
    def _count(call: Call, heard: str, by_reference: str, run: Run) -> None:
        """Our side of our transcript is the script's timeline: only the customer's can be wrong."""
        said, ours = characters(call.transcript), character_errors(call.transcript, heard)
        whole, customers = _errors(call, by_reference)
        run.said += whole.said
        run.customers += len(said)
        run.ours.errors += ours
        run.ours.customers += ours
        run.reference.errors += whole.errors
        run.reference.customers += customers


def _mixed(customer: Samples, system: Samples) -> NDArray[np.float32]:
    """Both tracks in one, as the reference wants it."""
    whole = customer.astype(np.int32)
    whole[: len(system)] += system[: len(whole)]
    mono = np.clip(whole, -32768, 32767).astype(np.int16)
    return np.asarray(resample(mono, RATE, WHISPER_RATE) / 32768, np.float32)


class Whole(NamedTuple):
    """Characters said by both sides of a call, and errors in them."""

    said: int
    errors: int


def _errors(call: Call, heard: str) -> tuple[Whole, int]:
    """Errors of a transcript of both sides; and of these, those at the customer's words."""
    parts = [(_asked(turn.prompts), "".join(turn.said)) for turn in call.turns]
    said = "".join(chain.from_iterable(parts)) + _asked(SAID_IN_THE_END)
    at, errors, customers = 0, errors_at(said, heard), 0
    for asked, answered in parts:
        begin = at + len(characters(asked))
        at = begin + len(characters(answered))
        customers += sum(errors[begin:at])
    return Whole(len(errors), sum(errors)), customers


def _asked(nodes: Iterable[str]) -> str:
    return "".join(map(wording, nodes))


async def measured(calls: Sequence[Call]) -> Run:
    """Every call through both, rendered first."""
    speech = Speech()
    studio = Studio(speech.directory.parent / "speech")
    tracks = []
    for n, call in enumerate(calls, start=1):
        tracks.append(studio.call(call)[0])
        _tell("rendered", n, len(calls))
    rules = resources.find(Path(), "keywords.yaml")
    assert rules is not None
    both, run = Both(ensure_packaged(speech.directory), keyword_rules.load(rules)), Run()
    both.warm()
    for n, (call, track) in enumerate(zip(calls, tracks, strict=True), start=1):
        await both.call(call, track, run)
        _tell("transcribed", n, len(calls))
    return run


def _tell(what: str, done: int, of: int) -> None:
    print(f"\r{what} {done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=CALLS, help="so many calls, half of them in noise")
    calls = all_calls("held_out")[: max(1, parser.parse_args().calls)]
    print(json.dumps(asyncio.run(measured(calls)).figures()))


if __name__ == "__main__":
    main()
