"""Whole calls: what the new-account script asks, what a customer answers, and where he tells. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.answers.table import LINES, VOICES, number, some
from bench.speech.table import noise_of, speaker
from bench.speech.texts import LEAD, ORDINARY, Sentence

SCRIPT = "new_account"
FREE, TOLD = "-", "told"
"""What is meant at a question that takes free answers: nothing to speak of, and where the customer tells."""
ORDER = (
    *("convenient", "shown", "satisfied", "reason", "information", "information_satisfied", "suggestions"),
    *("in_person", "documents", "risk_told", "money", "loss", "self_trading", "delegate", "since", "form"),
    *("sharing", "decides", "details", "promised", "password"),
)
"""The script's questions in the order of its way; those with a slot have no shipped recording."""
SAID_BEFORE = {"self_trading": "risk"}
SAID_IN_THE_END = ("rule", "tip", "thanks_only")
_CALM = {
    "convenient": "yes",
    "shown": "yes",
    "satisfied": "satisfied",
    "information": "yes",
    "information_satisfied": "satisfied",
    "suggestions": FREE,
    "in_person": "yes",
    "documents": "yes",
    "risk_told": "yes",
    "money": "idle",
    "loss": "tenth",
    "self_trading": "yes",
    "promised": "no",
    "password": "own",
}
_BY_MANAGER = {
    **_CALM,
    "self_trading": "no",
    "delegate": "manager",
    "since": FREE,
    "form": "oral",
    "sharing": "no",
    "decides": "owner",
    "details": TOLD,
}
TELLING: Mapping[str, tuple[Mapping[str, str], frozenset[str]]] = {
    "": ({**_CALM, "suggestions": TOLD}, frozenset()),
    "trading_on_behalf": (_BY_MANAGER, frozenset({"trading_on_behalf"})),
    "profit_sharing": (
        {**_BY_MANAGER, "sharing": "yes"},
        frozenset({"trading_on_behalf", "profit_sharing"}),
    ),
    "full_discretion": (
        {**_BY_MANAGER, "decides": "delegate"},
        frozenset({"trading_on_behalf", "full_discretion"}),
    ),
    "dissatisfaction": (
        {**_CALM, "satisfied": "dissatisfied", "reason": TOLD},
        frozenset({"dissatisfaction"}),
    ),
}
"""Rule told of ("": none) -> (question -> what is meant; rules that this raises)."""
CLEAN_CALLS = 8
"""Calls without a violation, in each half."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and the sentences said there; `prompts`: what our side says before, node by node."""

    prompts: tuple[str, ...]
    meant: str
    said: tuple[str, ...]

    @property
    def question(self) -> str:
        """The node that asks."""
        return self.prompts[-1]


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
            Turn(
                prompts(node, meant),
                meant[node],
                freely if meant[node] == TOLD else (_phrase(answers, half, node, meant[node], told.said),),
            )
            for node in ORDER
            if node in meant
        )
        for line in LINES:
            yield Call(half, turns, rules, voice, line, noise_of(half, line, told.said))


def prompts(question: str, meant: Mapping[str, str]) -> tuple[str, ...]:
    """What our side says up to a question's answer."""
    if question == "promised" and meant["self_trading"] == "yes":
        return "advice", question
    return tuple(filter(None, (SAID_BEFORE.get(question), question)))


def _phrase(answers: Mapping[str, Mapping[str, str]], half: str, question: str, value: str, seed: str) -> str:
    """One phrase of this half for an answer; of any half where this has none."""
    every = answers[f"{SCRIPT}.{question}"][value].split()
    halves = tuple(VOICES)
    mine = [said for said in every if halves[number(said, "half") % len(halves)] == half]
    return some(mine or every, 1, seed)[0]
