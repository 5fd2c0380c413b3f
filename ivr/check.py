"""Is a script fit to be used? Walks its graph and names every flaw, with the way that leads there.

A walk remembers what a call would know: whether the owner is confirmed (A2), which optional slots are given.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.asking import lists
from ivr.script import (
    APPOINTMENT,
    Appoint,
    Ask,
    Branch,
    End,
    HandOver,
    Node,
    Script,
    prompts,
    slots_in,
    targets,
)
from ivr.understanding import core, phrases_of


@dataclass(frozen=True, slots=True)
class Problem:
    """A flaw of a script. `path`: the nodes that lead to it, where that matters."""

    node: str
    what: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line: node, flaw, path."""
        return f"{self.node}: {self.what}" + (f" ({' → '.join(self.path)})" if self.path else "")


@dataclass(frozen=True, slots=True)
class Stop:
    """A node as a walk finds it."""

    node: str
    owner: bool = False
    given: frozenset[str] = frozenset()


def problems(script: Script) -> list[Problem]:
    """All flaws; an empty list means that the script may be used."""
    came_from = _walk(script)
    return [
        *_unreachable(script, came_from),
        *_dead_ends(script),
        *_loops(script),
        *_disclosures(script, came_from),
        *_loose_words(script),
        *(problem for name, node in script.nodes.items() for problem in _node_flaws(script, name, node)),
    ]


def _walk(script: Script) -> dict[Stop, Stop | None]:
    """Every stop that a call can come to, with the one before it on a shortest way."""
    start = Stop(script.start)
    came_from: dict[Stop, Stop | None] = {start: None}
    queue = deque([start])
    while queue:
        stop = queue.popleft()
        for following in _next(script, stop):
            if following not in came_from:
                came_from[following] = stop
                queue.append(following)
    return came_from


def _next(script: Script, stop: Stop) -> Iterator[Stop]:
    node = script.nodes[stop.node]
    if isinstance(node, Ask):
        for option in node.options.values():
            yield Stop(node.after(option), stop.owner or option.confirms_owner, stop.given)
    if isinstance(node, Branch) and node.branch.startswith("slot "):
        slot = node.branch.removeprefix("slot ")
        for case, target in node.cases.items():
            yield Stop(target, stop.owner, stop.given | {slot} if case == "given" else stop.given)
    else:
        for place, target in targets(node):
            if place[0] != "options":
                yield Stop(target, stop.owner, stop.given)
    if isinstance(node, Ask | Appoint):
        ways = script.ways.with_owner if stop.owner else script.ways.before_owner
        for way, target in ways:
            yield Stop(target, stop.owner and way != "wrong_person", stop.given)


def _path(came_from: Mapping[Stop, Stop | None], stop: Stop) -> tuple[str, ...]:
    path: list[str] = []
    at: Stop | None = stop
    while at is not None:
        path.append(at.node)
        at = came_from[at]
    return tuple(reversed(path))


def _unreachable(script: Script, came_from: Mapping[Stop, Stop | None]) -> Iterator[Problem]:
    reached = {stop.node for stop in came_from}
    yield from (Problem(name, "no way leads here") for name in script.nodes if name not in reached)


def _dead_ends(script: Script) -> Iterator[Problem]:
    """Nodes from which the script's own way never comes to an end."""
    ending = {name for name, node in script.nodes.items() if isinstance(node, End | HandOver)}
    while True:
        more = {
            name
            for name, node in script.nodes.items()
            if any(target in ending for _, target in targets(node))
        }
        if more <= ending:
            break
        ending |= more
    yield from (
        Problem(name, "no way leads from here to an end") for name in script.nodes if name not in ending
    )


def _loops(script: Script) -> Iterator[Problem]:
    """Circles in which nobody is asked anything would never stop."""
    for name in script.nodes:
        seen: list[str] = []
        queue = [name]
        while queue:
            node = script.nodes[queue.pop()]
            if isinstance(node, Ask | Appoint):
                continue
            following = [target for _, target in targets(node) if target not in seen]
            if name in following:
                yield Problem(name, "comes back to itself without a question")
                break
            seen += following
            queue += following


def _disclosures(script: Script, came_from: Mapping[Stop, Stop | None]) -> Iterator[Problem]:
    """Private words before the owner is confirmed (A2), and slots that may be missing."""
    told: set[tuple[str, str]] = set()
    for stop in came_from:
        node = script.nodes[stop.node]
        worded = list(prompts(node))
        flaws = [_missing_slot(script, stop, wording) for _, wording in worded]
        if worded and not stop.owner and not node.public:
            flaws.append("private, and can be reached before the owner is confirmed")
        for flaw in flaws:
            if flaw and (stop.node, flaw) not in told:
                told.add((stop.node, flaw))
                yield Problem(stop.node, flaw, _path(came_from, stop))


def _missing_slot(script: Script, stop: Stop, wording: str) -> str | None:
    optional = {name for name, slot in script.slots.items() if slot.optional}
    missing = sorted((slots_in(wording) & optional) - stop.given)
    return f"{{{missing[0]}}} may be missing here; branch on it first" if missing else None


def _loose_words(script: Script) -> Iterator[Problem]:
    """Greetings and answers to counter-questions: said at any time, with nothing private or optional."""
    for wording in script.hello:
        yield from _not_for_all(script, "hello", wording, public=True)
    for name, aside in script.asides.items():
        yield from _not_for_all(script, f"aside {name}", aside.say or "", public=True)
        yield from _not_for_all(script, f"aside {name}", aside.to_owner or "", public=False)


def _not_for_all(script: Script, where: str, wording: str, *, public: bool) -> Iterator[Problem]:
    for name in sorted(slots_in(wording) & script.slots.keys()):
        slot = script.slots[name]
        if public and not slot.public:
            yield Problem(where, f"{{{name}}} is private, but this is said to anyone")
        if slot.optional:
            yield Problem(where, f"{{{name}}} may be missing here")


def _node_flaws(script: Script, name: str, node: Node) -> Iterator[Problem]:
    if node.marketing and script.compliance:
        yield Problem(name, "promotes something, in a compliance script (A3)")
    if node.public:
        for _, wording in prompts(node):
            for slot in sorted(slots_in(wording) & script.slots.keys()):
                if not script.slots[slot].public:
                    yield Problem(name, f"{{{slot}}} is private, but the node is public")
    if isinstance(node, Appoint) and APPOINTMENT not in slots_in(node.confirm):
        yield Problem(name, f"confirm does not say the time back: {{{APPOINTMENT}}} is missing (D6)")
    if isinstance(node, Ask):
        yield from (Problem(name, flaw) for flaw in _question_flaws(script, node))


def _question_flaws(script: Script, node: Ask) -> Iterator[str]:
    """What a question lacks: answers, other words, keys."""
    if node.answer in ("closed", "scale"):
        yield from _closed_flaws(node)
    elif node.go is None:
        yield "go is missing: where an answer leads"
    if node.answer == "free" and node.options:
        yield "a free question decides nothing: it takes no options"
    keys = Counter(option.key for option in node.options.values() if option.key)
    yield from (f"key {key} stands for two answers" for key, count in keys.items() if count > 1)
    if any(option.confirms_owner and option.key for option in node.options.values()):
        yield "a key proves nobody's identity (A2): the owner cannot be confirmed by one"
    yield from _same_words(script, node)


def _closed_flaws(node: Ask) -> Iterator[str]:
    if not node.options:
        yield "options are missing"
    if node.go is None:
        yield from (f"option {name} leads nowhere" for name, one in node.options.items() if one.go is None)
    if node.again is None:
        yield "again is missing: what is said when nothing was understood"
    if node.public:  # asked of anyone: who somebody is, or where the owner is, no key can tell
        return
    if node.keys is None:
        yield "keys is missing: what is said to those who are not understood by voice"
    yield from (f"option {name} has no key" for name, option in node.options.items() if option.key is None)


def _same_words(script: Script, node: Ask) -> Iterator[str]:
    """A phrase that stands for two answers would always be asked again."""
    known = lists(script)
    heard = Counter(
        phrase
        for option in node.options.values()
        for phrase in {core(one) for one in phrases_of(option.hears, known)}
    )
    yield from (f"{phrase!r} stands for two answers" for phrase, count in heard.items() if count > 1)
