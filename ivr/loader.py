"""Read a script; what cannot be used is refused with file and line. `ivr.check` finds the graph's flaws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from base.errors import ScriptError
from base.nearness import nearest
from ivr.composing import compose
from ivr.parts import Finder, Place
from ivr.phrases import SHARED
from ivr.script import GAPS, Ask, Branch, Node, Script, gap_in, prompts, slots_in, targets


def load(path: Path, find: Finder | None = None) -> Script:
    """The script in a file, with its frame and what it merges: found beside it unless `find` knows better.

    Raises:
        ScriptError: unreadable, broken YAML, an unknown key, slot, phrase list or node, with "file:line".
    """
    composed = compose(path, find)
    wrong = next(_unknown(composed.script), None)
    if wrong is not None:
        place, what = wrong
        raise ScriptError(what, where=composed.where(place))
    return composed.script


def place_of(path: Path, name: str, find: Finder | None = None) -> str:
    """ "file:line" of what a problem of `ivr.check` names: a node, an aside, the greetings, the score."""
    composed = compose(path, find)
    if name.startswith("aside "):
        return composed.where(("asides", name.removeprefix("aside ")))
    return composed.where(("nodes", name) if name in composed.script.nodes else (name,))


def _unknown(script: Script) -> Iterator[tuple[Place, str]]:
    """(place, complaint) of every name that nothing bears."""
    yield from (
        (("slots", name), f"{{{name}}} is filled in by the call itself: name the slot otherwise")
        for name in GAPS
        if name in script.slots
    )
    yield from _unknown_nodes(script)
    yield from _unknown_lists(script)
    yield from _unknown_slots(script)
    for name, node in script.nodes.items():
        yield from _unknown_subject(script, name, node)


def _unknown_nodes(script: Script) -> Iterator[tuple[Place, str]]:
    named: list[tuple[Place, str]] = [(("start",), script.start)]
    scored = script.score.questions if script.score else ()
    named += [(("score", "questions", index), name) for index, name in enumerate(scored)]
    for side in ("before_owner", "with_owner"):
        ways = getattr(script.ways, side)
        named += [(("ways", side, way), target) for way, target in ways]
    for name, node in script.nodes.items():
        named += [(("nodes", name, *place), target) for place, target in targets(node)]
    yield from (
        (place, _nothing("no node", repr(target), script.nodes))
        for place, target in named
        if target not in script.nodes
    )


def _nothing(what: str, name: str, known: Iterable[str]) -> str:
    """That nothing bears a name, quoted as it is written, and what is nearest to it."""
    near = nearest(name.strip("'@{}"), known)
    return f"{what} is called {name}" + (f" ({near})" if near else "")


def _unknown_lists(script: Script) -> Iterator[tuple[Place, str]]:
    known = SHARED.keys() | script.phrases.keys()
    for name, own in script.phrases.items():
        if (named := next((phrase for phrase in own if phrase.startswith("@")), None)) is not None:
            why = f"a list of phrases holds no other list: name {named!r} in `hears`, or write its phrases"
            yield ("phrases", name), why
    for place, phrases in _heard(script):
        for index, phrase in enumerate(phrases):
            if phrase.startswith("@") and phrase[1:] not in known:
                yield (*place, index), _nothing("no list of phrases", repr(phrase), sorted(known))


def _heard(script: Script) -> list[tuple[Place, tuple[str, ...]]]:
    """(place, phrases) of every list of things to hear."""
    heard: list[tuple[Place, tuple[str, ...]]] = [
        (("asides", name, "hears"), aside.hears) for name, aside in script.asides.items()
    ]
    for name, node in script.nodes.items():
        if isinstance(node, Ask):
            heard += [
                (("nodes", name, "options", key, "hears"), option.hears)
                for key, option in node.options.items()
            ]
    return heard


def _unknown_slots(script: Script) -> Iterator[tuple[Place, str]]:
    worded: list[tuple[Place, str, frozenset[str]]] = []
    for index, wording in enumerate(script.hello):
        worded.append((("hello", index), wording, frozenset()))
    for name, aside in script.asides.items():
        worded += [
            (("asides", name, key), wording, frozenset())
            for key, wording in (("say", aside.say), ("to_owner", aside.to_owner))
            if wording is not None
        ]
    for name, node in script.nodes.items():
        worded += [
            (("nodes", name, variant or _first(node)), wording, _extra_slots(node, variant))
            for variant, wording in prompts(node)
        ]
    lists = [(("phrases", name), phrases) for name, phrases in script.phrases.items()]
    for place, phrases in [*lists, *_heard(script)]:
        worded += [((*place, index), phrase, frozenset()) for index, phrase in enumerate(phrases)]
    for place, wording, extra in worded:
        for slot in sorted(slots_in(wording) - script.slots.keys() - extra):
            yield place, _nothing("no slot", f"{{{slot}}}", script.slots)


def _first(node: Node) -> str:
    """The key of a node's own prompt."""
    return next((key for key in ("ask", "appoint", "hand_over", "say") if hasattr(node, key)), "")


def _extra_slots(node: Node, variant: str) -> frozenset[str]:
    gap = gap_in(node, variant)
    return frozenset({gap}) if gap else frozenset()


def _unknown_subject(script: Script, name: str, node: Node) -> Iterator[tuple[Place, str]]:
    """What a branch goes by must exist, and so must its cases."""
    if not isinstance(node, Branch):
        return
    known = _cases(script, node.branch)
    if known is None:
        yield ("nodes", name, "branch"), _nothing("nothing", repr(node.branch), _subjects(script))
        return
    for case in node.cases:
        if case not in known:
            yield ("nodes", name, "cases", case), f"{case!r} cannot happen here: {', '.join(sorted(known))}"
    if node.otherwise is None and (left := known - node.cases.keys()):
        yield ("nodes", name, "cases"), f"no way for {', '.join(sorted(left))} and no otherwise"


def _subjects(script: Script) -> Iterator[str]:
    """What a branch of this script may go by, as it is written."""
    yield from (f"slot {name}" for name in script.slots)
    yield from (f"answer {name}" for name, node in script.nodes.items() if isinstance(node, Ask))
    yield from (f"note {name}" for name in sorted(_notes(script)))


def _cases(script: Script, subject: str) -> frozenset[str] | None:
    """What a branch's subject can be; None when there is no such slot or question."""
    kind, _, name = subject.partition(" ")
    if kind == "line":
        return frozenset({"landline", "mobile"})
    if kind in ("slot", "note"):
        known = script.slots if kind == "slot" else _notes(script)
        return frozenset({"given", "missing"}) if name in known else None
    if kind == "score":
        return frozenset({*script.score.bands, "unanswered"}) if script.score else None
    node = script.nodes.get(name)
    if not isinstance(node, Ask):
        return None
    others = {"unanswered"} if node.answer in ("closed", "scale", "several") else {"answered", "unanswered"}
    return frozenset(node.options) | others


def _notes(script: Script) -> set[str]:
    """Every note that a call may leave."""
    notes = (getattr(one, "note", None) for one in (*script.nodes.values(), *script.asides.values()))
    return {note for note in notes if note is not None}
