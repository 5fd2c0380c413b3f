"""What a customer answers beside the planned way: calls leave it where something was not understood."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.script import Appoint, Ask, Script
from softphone.intents import AGREES, DAYS, FREE, ONCE, TIMES, WISHES, Intent
from softphone.persona import Reply
from softphone.vocabulary import CONFIRM, HELLO, STATEMENT, questions_of
from softphone.walks import Walk

SPOKEN = {"free": FREE[0], "date_time": TIMES[0], "date": DAYS[0]}
INSISTS = frozenset(WISHES) - ONCE - {Intent.SKIPS}
"""Who wants this and is not understood says so again at the next question."""


def answers(script: Script, slots: Mapping[str, str], found: Walk) -> dict[str, tuple[Reply, ...]]:
    """Replies to every question of the script: the walk's where it has them.

    A greeting into silence is answered like the first question, and so is what only strangers are asked.
    """
    opening = next(iter(found.replies.values()), (Reply(quiet=True),))
    others = {
        question: _reply(script, question, found, opening)
        for question in questions_of(script, slots)
        if question not in (HELLO, STATEMENT)
    }
    return {**others, HELLO: opening, STATEMENT: (Reply(quiet=True),), **found.replies}


def _reply(script: Script, question: str, found: Walk, opening: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """To one question that was not to be asked."""
    name, _, said_back = question.partition(".")
    node = script.nodes[name]
    if said_back == CONFIRM:
        return (Reply(say=AGREES[0]), Reply(press="1"))
    if isinstance(node, Appoint):
        return (Reply(say=TIMES[0]),)
    assert isinstance(node, Ask), "only questions are answered"
    if node.public:
        return opening
    if found.intent in INSISTS:
        return found.replies[found.at]
    return _first(node)


def _first(node: Ask) -> tuple[Reply, ...]:
    """The first option's key, or words that fit the kind of question."""
    key = next((option.key for option in node.options.values() if option.key), None)
    if key is not None:
        return (Reply(press=key),)
    return (Reply(say=SPOKEN[node.answer]),) if node.answer in SPOKEN else (Reply(quiet=True),)
