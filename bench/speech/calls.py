"""Whole calls: what the new-account script asks, what a customer answers, and where he tells. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.answers.table import LINES, VOICES, number, some
from bench.speech.table import noise_of, speaker
from bench.speech.texts import LEAD, ORDINARY, Sentence

SCRIPT = "new_account"
FREE = "-"
"""What is meant where a customer speaks freely."""
_BEGUN = {"convenient": "yes", "shown": "yes"}
_CALM = {**_BEGUN, "satisfied": "satisfied", "information": "yes"}
_OWN = {"information": "yes", "self_trading": "yes"}
_BY_MANAGER = {**_CALM, "self_trading": "no", "delegate": "manager", "form": "oral"}
TELLING: Mapping[str, tuple[Mapping[str, str], frozenset[str]]] = {
    "": ({**_BEGUN, "suggestions": FREE, "satisfied": "satisfied", **_OWN}, frozenset()),
    "trading_on_behalf": (
        {**_BY_MANAGER, "sharing": "no", "decides": "owner", "details": FREE},
        frozenset({"trading_on_behalf"}),
    ),
    "profit_sharing": (
        {**_BY_MANAGER, "sharing": "yes", "decides": "owner", "details": FREE},
        frozenset({"trading_on_behalf", "profit_sharing"}),
    ),
    "full_discretion": (
        {**_BY_MANAGER, "sharing": "no", "decides": "delegate", "details": FREE},
        frozenset({"trading_on_behalf", "full_discretion"}),
    ),
    "dissatisfaction": (
        {**_BEGUN, "satisfied": "dissatisfied", "reason": FREE, **_OWN},
        frozenset({"dissatisfaction"}),
    ),
}
"""Rule told of ("": none) -> (question -> what is meant, in the script's order; rules that this raises)."""
CLEAN_CALLS = 8
"""Calls without a violation, in each half."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and the sentences said there; `meant` is `FREE` for free speech."""

    question: str
    meant: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        rules: those that it should raise.
        voice, line, noise: as `bench.speech.table.Take` has them.
    """

    half: str
    turns: tuple[Turn, ...]
    rules: frozenset[str]
    voice: str
    line: str
    noise: str

    @property
    def transcript(self) -> str:
        """All that the customer says."""
        return "，".join(said for turn in self.turns for said in turn.said)

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the parts of the table that it belongs to."""
        kind, line = "violation" if self.rules else "no-violation", self.line.replace(" ", "")
        return kind, line, f"{kind}-{line}", self.voice


def calls(
    sentences: Sequence[Sentence], answers: Mapping[str, Mapping[str, str]], half: str
) -> Iterator[Call]:
    """The calls of a half, over each line.

    `answers`: question -> what is meant -> phrases parted by spaces, as `bench.answers` has them.
    """
    mine = [one for one in sentences if one.half == half]
    ordinary = [one for one in mine if one.kind == ORDINARY]
    telling = [one for one in mine if one.kind == LEAD and one.rule in TELLING]
    for told in (*telling, *sorted(ordinary, key=lambda one: number(one.said, "calls"))[:CLEAN_CALLS]):
        voice = speaker(told)
        beside = [one.said for one in ordinary if one != told and speaker(one) == voice]
        freely = (told.said, *some(beside, 1, told.said))
        meant, rules = TELLING[told.rule]
        turns = tuple(
            Turn(node, value, freely if value == FREE else (_phrase(answers, half, node, value, told.said),))
            for node, value in meant.items()
        )
        for line in LINES:
            yield Call(half, turns, rules, voice, line, noise_of(half, line, told.said))


def _phrase(answers: Mapping[str, Mapping[str, str]], half: str, question: str, value: str, seed: str) -> str:
    """One phrase of this half for an answer; of any half where this has none."""
    every = answers[f"{SCRIPT}.{question}"][value].split()
    halves = tuple(VOICES)
    mine = [said for said in every if halves[number(said, "half") % len(halves)] == half]
    return some(mine or every, 1, seed)[0]
