"""What a script may ask: its own prompts, as the questions that a persona knows."""

from __future__ import annotations

from collections.abc import Mapping

from base.pinyin import syllables
from ivr.lines import lines_for
from ivr.script import Appoint, Ask, Script
from ivr.values import Line, Slots

HELLO, STATEMENT = "hello", "statement"
"""Questions of every script: its greetings into a silence, and all to which nothing is to be said."""
CONFIRM, WRONG = "confirm", "wrong"
"""What follows the node's name where an answer is said back (`when.confirm`), and where another was given
(`when.wrong`): the words are the same, `Persona.meant` tells."""
HOUR, OFFER = "hour", "keys"
"""The same where an appointment's hour is asked for, and where times are offered by key."""
FEWEST_SYLLABLES = 3
"""A shorter phrase is found in almost anything."""


def questions_of(script: Script, slots: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Each question with its wordings: first asking, other words, keys.

    Args:
        script: a loaded script.
        slots: what is said of the persona: name, manager, ...

    What is wrongly said back has no wordings of its own.
    """
    questions: dict[str, tuple[str, ...]] = {}
    for line in lines_for(script, Slots(dict(slots))):
        question = _question(script, line)
        known = questions.get(question, ())
        if question and line.wording not in known and len(syllables(line.wording)) >= FEWEST_SYLLABLES:
            questions[question] = (*known, line.wording)
    said_back = [question for question in questions if question.endswith(f".{CONFIRM}")]
    return questions | {f"{question.removesuffix(CONFIRM)}{WRONG}": () for question in said_back}


def asked(questions: Mapping[str, tuple[str, ...]], wording: str, before: str) -> str:
    """The question that a wording belongs to; of several the one asked before, else the first; "" for none.

    有请按一，没有请按二。 may follow many a question: a phone tells it by what it was asked, or by its node.
    """
    having = [question for question, wordings in questions.items() if wording in wordings]
    node = before.partition(".")[0]
    same = (question for question in having if question.partition(".")[0] == node)
    return before if before in having else next(same, next(iter(having), ""))


def _question(script: Script, line: Line) -> str:
    """What a line asks; "" for a piece of a time or number, which is never the end of a prompt."""
    owner, _, rest = line.prompt.partition(".")
    name, _, variant = rest.partition(".")
    if owner != script.name:
        return ""
    if name == HELLO and variant.isdecimal():
        return HELLO
    node = script.nodes.get(name)
    if not isinstance(node, Ask | Appoint):
        return STATEMENT
    part = variant.partition(".")[0]
    if part in (CONFIRM, "agree"):
        return f"{name}.{CONFIRM}"
    return f"{name}.{part}" if isinstance(node, Appoint) and part in (HOUR, OFFER) else name
