"""What a script may ask: its own prompts, as the questions that a persona knows."""

from __future__ import annotations

from collections.abc import Mapping

from base.pinyin import syllables
from ivr.lines import lines_for
from ivr.script import Appoint, Ask, Script
from ivr.values import Line, Slots

HELLO, STATEMENT = "hello", "statement"
"""Questions of every script: its greetings into a silence, and all to which nothing is to be said."""
CONFIRM = "confirm"
"""What follows the node's name where an answer is said back: `when.confirm`."""
FEWEST_SYLLABLES = 3
"""A shorter phrase is found in almost anything."""


def questions_of(script: Script, slots: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Each question with its wordings: first asking, other words, keys.

    Nodes that share a wording are one question, by the name of the first: a phone cannot tell them apart.

    Args:
        script: a loaded script.
        slots: what is said of the persona: name, manager, ...
    """
    questions: dict[str, tuple[str, ...]] = {HELLO: (), STATEMENT: ()}
    for wording, question in by_wording(script, slots).items():
        questions[question] = (*questions.get(question, ()), wording)
    return {question: wordings for question, wordings in questions.items() if wordings}


def by_wording(script: Script, slots: Mapping[str, str]) -> dict[str, str]:
    """The question of each wording that is long enough to be known by."""
    known: dict[str, str] = {}
    first: dict[str, str] = {}
    for line in lines_for(script, Slots(dict(slots))):
        question = _question(script, line)
        if question and len(syllables(line.wording)) >= FEWEST_SYLLABLES:
            before = known.setdefault(line.wording, question)
            _join(first, before, question)
    return {wording: _first(first, question) for wording, question in known.items()}


def _join(first: dict[str, str], one: str, other: str) -> None:
    """Both are one question from now on."""
    one, other = _first(first, one), _first(first, other)
    if one != other:
        first[other] = one


def _first(first: dict[str, str], question: str) -> str:
    while question in first:
        question = first[question]
    return question


def _question(script: Script, line: Line) -> str:
    """What a line asks; "" for a piece of a time or number, which is never the end of a prompt."""
    owner, _, rest = line.prompt.partition(".")
    name, _, variant = rest.partition(".")
    if owner != script.name:
        return ""
    if name == HELLO and variant.isdecimal():
        return HELLO
    if not isinstance(script.nodes.get(name), Ask | Appoint):
        return STATEMENT
    return f"{name}.{CONFIRM}" if variant.startswith(CONFIRM) else name
