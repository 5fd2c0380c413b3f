"""A script as a person reads it along: its lines in order, and what the answers make of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.script import SLOT, Appoint, Ask, Branch, End, HandOver, Note, Say, Script, targets
from ivr.values import Outcome

BLANK = "____"
"""Stands where nothing is known to be said."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say.

    Attributes:
        node: the script's own name of it.
        text: with the customer's words in it.
        options: (value, label) of a question's answers; () for one in own words, and for what asks nothing.
        asks: whether it is a question. mandatory: it counts for a valid follow-up (P9).
        several: more than one option may be chosen.
    """

    node: str
    text: str
    options: tuple[tuple[str, str], ...] = ()
    asks: bool = False
    mandatory: bool = False
    several: bool = False


def lines(script: Script, words: Mapping[str, str], *, landline: bool) -> tuple[Line, ...]:
    """Everything that may have to be said, each once, in the order of the talk.

    `words`: what fills the gaps; a branch by what is known leads one way only.
    """
    found: list[Line] = []
    seen: set[str] = set()
    waiting = [script.start]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found += _line(script, name, words)
        waiting += reversed(_ways(script, name, words, landline))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Course:
    """The way that answers led: mandatory questions on it without one; whether it ended as completed."""

    missing: tuple[str, ...]
    completed: bool


def course(script: Script, words: Mapping[str, str], answers: Mapping[str, str], *, landline: bool) -> Course:
    """Where these answers (value by node, of several options joined by commas) lead."""
    missing: list[str] = []
    seen: set[str] = set()
    last = name = script.start
    while name and name not in seen:
        seen.add(name)
        last, node = name, script.nodes[name]
        if isinstance(node, Ask) and (node.mandatory or node.confirms_owner) and not answers.get(name):
            missing.append(name)
        name = _next(script, name, words, answers, landline) or ""
    end = script.nodes[last]
    return Course(tuple(missing), isinstance(end, End) and end.end is Outcome.COMPLETED)


def label(script: Script, node: str, value: str) -> str:
    """What an answer is called; of one in own words the words themselves."""
    asked = script.nodes.get(node)
    options = asked.options if isinstance(asked, Ask) else {}
    return (
        "、".join(options[one].label if one in options else one for one in value.split(",")) if value else ""
    )


def _line(script: Script, name: str, words: Mapping[str, str]) -> Iterator[Line]:
    match script.nodes[name]:
        case Ask() as node:
            options = tuple((value, option.label) for value, option in node.options.items())
            several = node.answer == "several"
            yield Line(name, _filled(node.ask, words), options, True, node.mandatory, several)
        case Say(say=text) | HandOver(hand_over=text):
            yield Line(name, _filled(text, words))
        case Appoint(appoint=text):
            yield Line(name, _filled(text, words))
        case End(say=str(text)):
            yield Line(name, _filled(text, words))
        case _:
            return


def _filled(text: str, words: Mapping[str, str]) -> str:
    return SLOT.sub(lambda gap: words.get(gap[1], BLANK), text)


def _ways(script: Script, name: str, words: Mapping[str, str], landline: bool) -> list[str]:
    """Where it may lead: the options' own ways before the common one."""
    node = script.nodes[name]
    if isinstance(node, Branch):
        only = _known(node, words, landline)
        return [only] if only else [*node.cases.values(), *filter(None, [node.otherwise])]
    found = [target for path, target in targets(node) if path[0] != "silence"]
    return sorted(found, key=lambda target: target in _last_ways(node))


def _last_ways(node: object) -> frozenset[str]:
    return frozenset({node.otherwise}) if isinstance(node, Ask) else frozenset()


def _next(
    script: Script, name: str, words: Mapping[str, str], answers: Mapping[str, str], landline: bool
) -> str | None:
    match script.nodes[name]:
        case Ask() as node:
            chosen = [one for one in answers.get(name, "").split(",") if one in node.options]
            if chosen:
                return node.after(node.options[chosen[0]])
            return (node.go or node.otherwise) if answers.get(name) else node.otherwise
        case Branch() as node:
            return _known(node, words, landline) or _answered(node, answers) or node.otherwise
        case Say(go=go) | Appoint(go=go) | Note(go=go):
            return go
        case _:
            return None


def _known(node: Branch, words: Mapping[str, str], landline: bool) -> str | None:
    """Where a branch leads by what is known before the talk."""
    kind, _, name = node.branch.partition(" ")
    if kind == "line":
        return node.cases.get("landline" if landline else "mobile") or node.otherwise
    if kind == "slot":
        return node.cases.get("given" if words.get(name) else "missing") or node.otherwise
    return None


def _answered(node: Branch, answers: Mapping[str, str]) -> str | None:
    """Where an answer leads; score and note are the machine's own: the last case."""
    kind, _, name = node.branch.partition(" ")
    if kind != "answer":
        return None if node.otherwise else list(node.cases.values())[-1]
    chosen = answers.get(name, "").split(",")
    return next((node.cases[case] for case in node.cases if case in chosen), node.cases.get("answered"))
