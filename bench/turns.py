"""Many conversations at once: from the end of the customer's speech to our reply, as the far end hears it.

    .venv/bin/python bench/turns.py --conversations 20

Progress goes to stderr; the last line of stdout is one JSON object. docs/performance.md says what each means.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import numpy as np
import typer
from rich.console import Console

# As a script, bench/transcribe.py would hide the package of that name.
sys.path.insert(0, str(Path(__file__).parents[1]))
from base import log
from base.audio import RATE, read_wav
from base.errors import InputError, LineError
from bench import alaw
from bench.far_ends import HOST, answering_by_number
from bench.measuring import Meter, quantile
from bench.turn_calls import Customers, Said, Stamps, Talk
from dialer.line.protocol import Originate
from dialer.line.workers import WorkerPool
from huifang import resources
from huifang.settings import Prompts, Speech
from ivr import loader
from ivr.asking import lists
from ivr.lines import fill, lines_for
from ivr.prompts import PromptStore
from ivr.render import render
from ivr.script import Ask, Script
from ivr.understanding import phrases_of
from ivr.values import Slots
from ivr.voice.kokoro import Kokoro
from softphone.voices import ReplyFiles, Sentence
from transcribe.live import LiveEar
from transcribe.models import ensure_packaged

CALLS_PER_WORKER = 4
STAGGER_S = 0.4
"""Calls begin one after the other: people do not answer in the same moment."""

REACT_S = (0.3, 0.5, 0.7, 0.9)
"""So long after our prompt's end customers begin to speak, in turn."""

SPOKEN = {
    "free": ("没有什么建议，都挺好的。", "希望多提供一些行情资讯。"),
    "date_time": ("明天下午三点半。",),
    "date": ("下周三。",),
    "number": ("一三八零零一三八零零零。",),
}
PAUSES_S = (0.3, 0.4)
PAUSING = 4
"""Every so many answers of a short patience are in two parts, with such a pause between them, in turn: people
think. Who goes on then shall not find us speaking."""

PROGRESS_S = 10
PATIENT = frozenset({"free", "date_time", "date", "number", "several"})
"""Kinds of questions that wait 0.9 s and more before an answer has ended: told apart."""

people = Console(stderr=True)


@dataclass(frozen=True)
class Turn:
    """One answer and our reply to it: seconds at each stage; none where they could not be told apart."""

    reply_s: float
    patient: bool
    stages: Mapping[str, float]


@dataclass(frozen=True)
class Plan:
    """What a customer means to say: machine time, and whether the question is asked with patience.

    `pause_s` is the pause within it.
    """

    at: float
    patient: bool
    pause_s: float


@dataclass
class Phase:
    """One run. `waited` and `worked` are the recognisers' seconds, previews among them."""

    turns: list[Turn] = field(default_factory=list)
    heard_cut_ins: int = 0
    paused: int = 0
    unanswered: int = 0
    noted_cut_ins: int = 0
    waited: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    cpu: float = 0.0
    recogniser_cpu: float = 0.0

    def recognised(self, waited_s: float, worked_s: float) -> None:
        """A recogniser has given an answer."""
        self.waited.append(waited_s)
        self.worked.append(worked_s)

    def count(self, answers: Sequence[Said], lines: Sequence[Line]) -> None:
        """Take in what the far ends saw."""
        for said in answers:
            self.heard_cut_ins += said.cut_in
            self.paused += lines[said.stream].planned(said).pause_s > 0
            self.unanswered += not (said.replied or said.cut_in)
            if said.replied and not said.cut_in:
                self.turns.append(lines[said.stream].turn(said))
        self.noted_cut_ins = sum(line.cut_ins for line in lines)

    def told(self) -> dict[str, Any]:
        """The figures."""
        quick = [turn.reply_s for turn in self.turns if not turn.patient]
        patient = [turn.reply_s for turn in self.turns if turn.patient]
        names = dict.fromkeys(name for turn in self.turns for name in turn.stages)
        stages = {name: [turn.stages[name] for turn in self.turns if not turn.patient and name in turn.stages]
                  for name in names}  # fmt: skip
        stages |= {"queueing": self.waited, "decoding": self.worked}
        return {
            "reply_p50_s": quantile(quick, 0.5),
            "reply_p95_s": quantile(quick, 0.95),
            "reply_patient_p50_s": quantile(patient, 0.5),
            "reply_patient_p95_s": quantile(patient, 0.95),
            "stages": {name: {"p50": quantile(values, 0.5), "p95": quantile(values, 0.95)}
                       for name, values in stages.items()},
            "n": len(quick),
            "n_patient": len(patient),
            "paused": self.paused,
            "cut_ins": self.heard_cut_ins,
            "cut_ins_noted": self.noted_cut_ins,
            "without_reply": self.unanswered,
            "decodings": len(self.worked),
            "cpu": self.cpu,
            "recogniser_cpu": self.recogniser_cpu,
        }  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """What customers say: for each question its first answer, in several wordings and voices."""

    script: Script
    files: ReplyFiles
    folder: Path
    values: Mapping[str, str]
    voices: tuple[str, ...] = ("jf_nezumi", "jm_kumo")

    def wordings(self, node: str) -> tuple[str, ...]:
        """Two wordings of an answer to a question, of some length: it is not the recogniser that is tried."""
        asked = self.script.nodes[node]
        assert isinstance(asked, Ask)
        if asked.answer in SPOKEN:
            return SPOKEN[asked.answer]
        [option, *_] = asked.options.values()
        phrases = [fill(one, self.values) for one in phrases_of(option.hears, lists(self.script))]
        plain = [phrase for phrase in phrases if not phrase.startswith("=")]
        fitting = [phrase for phrase in plain if 4 <= len(phrase) <= 6] or plain
        return tuple(f"{phrase}。" for phrase in fitting[:2])

    def sentence(self, node: str, customer: int) -> Sentence:
        """What this customer says there."""
        wordings = self.wordings(node)
        voice = self.voices[customer // 2 % len(self.voices)]
        return Sentence(voice, wordings[customer % len(wordings)])

    def all(self) -> list[Sentence]:
        """Every sentence."""
        asked = [name for name, node in self.script.nodes.items() if isinstance(node, Ask)]
        return list(dict.fromkeys(self.sentence(name, n) for name in asked for n in range(4)))

    def spoken(self, node: str, customer: int, pause_s: float) -> Path:
        """The sentence as A-law; with a pause, another wording of the same follows it."""
        said = [self.sentence(node, customer)]
        if pause_s:
            wordings = self.wordings(node)
            said.append(replace(said[0], wording=wordings[(customer + 1) % len(wordings)]))
        files = [self.files.path(one) for one in said]
        name = hashlib.sha256(f"{files} {pause_s}".encode()).hexdigest()[:16]
        coded = self.folder / f"{name}.alaw"
        if not coded.exists():
            quiet = np.zeros(round(pause_s * RATE), np.int16)
            first, *rest = map(read_wav, files)
            parts = [first, *(part for sound in rest for part in (quiet, sound))]
            coded.write_bytes(alaw.encode(np.concatenate(parts)))
        return coded


class Line:
    """One customer, who answers what is asked."""

    def __init__(self, stream: int, answers: Answers, customers: Customers) -> None:
        self.stamps: list[Stamps] = []
        self.plans: list[Plan] = []
        self.cut_ins = 0
        self._stream = stream
        self._answers = answers
        self._customers = customers

    def hear(self, node: str, seconds: float) -> None:
        """A prompt of that length begins: the customer answers after its end."""
        asked = self._answers.script.nodes.get(node)
        if isinstance(asked, Ask):
            turn = len(self.plans)
            in_s = seconds + REACT_S[turn % len(REACT_S)]
            patient = asked.answer in PATIENT
            pauses = not patient and (turn + self._stream) % PAUSING == 0
            pause_s = PAUSES_S[turn // PAUSING % len(PAUSES_S)] if pauses else 0.0
            self.plans.append(Plan(time.time() + in_s, patient, pause_s))
            self._customers.answer(self._stream, self._answers.spoken(node, self._stream, pause_s), in_s)

    async def talk(self, talk: Talk, pool: WorkerPool, uri: str, stop: asyncio.Event) -> None:
        """One conversation after the other, until it is time."""
        while not stop.is_set():
            leg = pool.originate(self._order(uri))
            stamps, cut_ins = await talk.hold(leg, stop, self.hear)
            self.stamps.append(stamps)
            self.cut_ins += cut_ins

    def _order(self, uri: str) -> Originate:
        """Recorded, as every call is (R1), and so heard all the time: else the jitter buffer fills up."""
        name = uuid4().hex
        ours, theirs = (str(self._answers.folder / f"{name}.{side}.wav") for side in ("system", "customer"))
        return Originate(name, uri, record_system=ours, record_customer=theirs)

    def planned(self, said: Said) -> Plan:
        """What an answer was meant to be."""
        return min(self.plans, key=lambda plan: abs(plan.at - said.began))

    def turn(self, said: Said) -> Turn:
        """What an answer of this customer's led to."""
        stages: dict[str, float] = {}
        for stamps in self.stamps:
            stages = stages or stamps.stages(said.ended, said.replied)
        return Turn(said.replied - said.ended, self.planned(said).patient, stages)


@dataclass(frozen=True)
class Bench:
    """What all runs share."""

    conversations: int
    seconds: float
    script: Script
    slots: Slots
    prompts: PromptStore
    answers: Answers

    async def run(self, what: str, *, processes: int, preview: bool) -> Phase:
        """All conversations for some seconds."""
        people.print(f"{self.conversations} conversations, {self.seconds:g} s: {what}")
        phase = Phase()
        stop = asyncio.Event()
        model = ensure_packaged(Speech().directory)
        ear = await LiveEar.start(model, processes=processes, told=phase.recognised)
        workers = -(-(self.conversations + CALLS_PER_WORKER) // CALLS_PER_WORKER)
        try:
            async with (
                Customers.open(self.conversations) as customers,
                answering_by_number(self.answers.folder) as end,
                await WorkerPool.start(workers=workers, calls_per_worker=CALLS_PER_WORKER) as pool,
            ):
                talk = Talk(self.script, self.slots, self.prompts, ear, preview)
                lines = [Line(n, self.answers, customers) for n in range(self.conversations)]
                holding = []
                for line, port in zip(lines, customers.ports, strict=True):
                    uri = f"sip:{port}@{HOST}:{end.port}"
                    holding.append(asyncio.create_task(line.talk(talk, pool, uri, stop)))
                    await asyncio.sleep(STAGGER_S)
                await self._measure(phase, customers, ear, pool)
                stop.set()
                await asyncio.gather(*holding)
        finally:
            await ear.close()
        phase.count(customers.said, lines)
        return phase

    async def _measure(self, phase: Phase, customers: Customers, ear: LiveEar, pool: WorkerPool) -> None:
        """Only what comes while all talk counts."""
        customers.said.clear()
        phase.waited.clear()
        phase.worked.clear()
        ours, ears = Meter.on(os.getpid(), *pool.pids), Meter.on(*ear.pids)
        for left in range(int(self.seconds), 0, -PROGRESS_S):
            people.print(f"{left:3} s left, {len(customers.said)} answers so far")
            await asyncio.sleep(min(PROGRESS_S, left))
        phase.cpu, phase.recogniser_cpu = ours.share() + ears.share(), ears.share()


def prepare(script_name: str, folder: Path, cache: Path) -> tuple[Script, Slots, PromptStore, Answers]:
    """Script, words, prompts and answers; what has no sound yet is rendered, once for all runs."""
    path = resources.SHIPPED_CONFIG / "scripts" / f"{script_name}.yaml"
    script = loader.load(path)
    slots = Slots({name: slot.example for name, slot in script.slots.items()})
    prompts = PromptStore(None, resources.SHIPPED_PROMPTS, cache / "prompts", Prompts().voice)
    answers = Answers(script, ReplyFiles(cache / "replies"), folder, slots.values)
    lines = lines_for(script, slots)
    missing, unsaid = prompts.missing(lines), answers.files.missing(answers.all())
    if missing or unsaid:
        people.print(
            f"{len(missing)} prompts and {len(unsaid)} answers are rendered first, once for all runs"
        )
        voice = Kokoro.open(Speech().directory)
        render(missing, prompts, voice)
        answers.files.render(unsaid, voice)
    return script, slots, prompts, answers


async def measure(conversations: int, seconds: float, script: str, processes: int) -> dict[str, Any]:
    """The run, and the same without recognising at the pause as its reference."""
    cache = Speech().directory.parent
    with tempfile.TemporaryDirectory(prefix="huifang-bench-") as name:
        shared = prepare(script, Path(name), cache)
        bench = Bench(conversations, seconds, *shared)
        full = await bench.run(f"{processes} recognisers", processes=processes, preview=True)
        plain = await bench.run("the same, recognised after the patience", processes=processes, preview=False)
    reference = plain.told()
    return {
        "conversations": conversations,
        "recognisers": processes,
        **full.told(),
        "without_preview": {key: reference[key] for key in ("reply_p50_s", "reply_p95_s", "n", "cut_ins")},
    }


def main(
    conversations: Annotated[int, typer.Option(min=1, help="Conversations at once.")] = 20,
    seconds: Annotated[float, typer.Option(min=5, help="How long each of the two runs is measured.")] = 50.0,
    script: Annotated[str, typer.Option(help="A shipped script.")] = "new_account",
    recognisers: Annotated[int, typer.Option(min=0, help="Recogniser processes; 0: as set by default.")] = 0,
) -> None:
    """Measure how soon customers get their reply; progress on stderr, one JSON object as the last line.

    Example: bench/turns.py --conversations 20
    """
    log.configure(level="error")
    processes = recognisers or Speech().processes
    try:
        found = asyncio.run(measure(conversations, seconds, script, processes))
    except (InputError, LineError) as error:
        people.print(str(error))
        raise typer.Exit(2) from None
    for stage, times in found["stages"].items():
        people.print(f"{stage:>12}: {times['p50']:.3f} s, 95 % {times['p95']:.3f} s")
    print(json.dumps(rounded(found)))


def rounded(value: Any) -> Any:
    """Figures with four digits, however deep; null for what could not be measured."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
