"""Answers by keys one after the other: a number, or several options. `#` ends them, or a pause does."""

from __future__ import annotations

from dataclasses import replace

from ivr.scoring import SEVERAL
from ivr.script import Ask, Digits, Node
from ivr.state import State
from ivr.values import Answer

MORE_KEYS_S = 2.0
"""A pause of this length, in seconds, ends the keys."""
END = "#"
KEYED = frozenset({"number", "several"})
"""Kinds of questions that take more than one key."""
ANY = Digits(least=1, most=30)


def ends_nothing(state: State, node: Node, key: str) -> bool:
    """Whether this is a `#` too many: no key is before it, and it stands for nothing here.

    It ends the keys of the question before, whose last possible key or pause had ended them already.
    """
    options = node.options.values() if isinstance(node, Ask) else ()
    return key == END and not state.keyed and all(option.key != END for option in options)


def pressed(state: State, node: Ask, key: str) -> State | None:
    """With one key more; None for a key that stands for nothing here."""
    known = {option.key for option in node.options.values()} if node.answer == "several" else {*"0123456789"}
    return replace(state, keyed=state.keyed + key) if key in known else None


def is_whole(state: State, node: Ask) -> bool:
    """Whether no more keys can follow."""
    most = (node.digits or ANY).most if node.answer == "number" else len(node.options)
    return len(state.keyed) >= most


def answer(state: State, node: Ask, at_s: float) -> Answer | None:
    """The keys as an answer; None when they are too few."""
    if node.answer == "number":
        wanted = node.digits or ANY
        whole = wanted.least <= len(state.keyed) <= wanted.most
        return Answer(state.node, state.keyed, state.keyed, "key", "", 1.0, at_s, at_s) if whole else None
    names = [name for name, option in node.options.items() if option.key and option.key in state.keyed]
    return chosen(state, node, names, "key", "", 1.0, at_s, at_s) if names else None


def chosen(
    state: State,
    node: Ask,
    names: list[str],
    how: str,
    heard: str,
    score: float,
    start_s: float,
    end_s: float,
) -> Answer:
    """The answer that options make: one, or several in the script's order."""
    ordered = [name for name in node.options if name in names]
    label = "、".join(node.options[name].label for name in ordered)
    return Answer(state.node, SEVERAL.join(ordered), label, how, heard, score, start_s, end_s)
