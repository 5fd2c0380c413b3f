"""Is a script fit to be used? Walks its graph and names every flaw, with the way that leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ivr.flaws import flaws, score_flaws
from ivr.script import Appoint, Ask, End, HandOver, Node, Script, prompts, slots_in
from ivr.values import Outcome
from ivr.walks import Stop, Walk, names, onward, path, reached, unanswered, walk

NO_PROMOTION = frozenset({"new_account", "abnormal", "special", "adviser_signup"})
"""Kinds of follow-up that promote nothing, whatever the script says of itself (A3)."""

NOT_COMPLETED = ("refuse", "never", "complaint")
"""Ways of those who want no more of it: nothing on them may end as completed (S8, S15)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A flaw of a script. `path`: the nodes that lead to it, where that matters."""

    node: str
    what: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line: node, flaw, path."""
        return f"{self.node}: {self.what}" + (f" ({' → '.join(self.path)})" if self.path else "")


def problems(script: Script) -> list[Problem]:
    """All flaws; an empty list means that the script may be used."""
    came_from = walk(script)
    return [
        *_unreachable(script, came_from),
        *_dead_ends(script),
        *_loops(script),
        *_ways(script),
        *_ungreeted(script, came_from),
        *_disclosures(script, came_from),
        *_completed_by_strangers(script, came_from),
        *_promotions(script, came_from),
        *_loose_words(script),
        *(Problem(name, flaw) for name, node in script.nodes.items() for flaw in flaws(script, node)),
        *(Problem(where, what) for where, what in score_flaws(script)),
    ]


def _unreachable(script: Script, came_from: Walk) -> Iterator[Problem]:
    there = {stop.node for stop in came_from}
    yield from (Problem(name, "no way leads here") for name in script.nodes if name not in there)


def _ends(node: Node) -> bool:
    return isinstance(node, End | HandOver)


def _dead_ends(script: Script) -> Iterator[Problem]:
    """Nodes from which the script's own way never comes to an end."""
    for name in script.nodes:
        if not any(_ends(script.nodes[at]) for at in reached(name, partial(onward, script))):
            yield Problem(name, "no way leads from here to an end")


def _loops(script: Script) -> Iterator[Problem]:
    """Circles in which nobody is asked anything, or for ever those who say nothing that fits."""
    for name in script.nodes:
        circle = _circle(script, name)
        if circle and not any(isinstance(script.nodes[at], Ask | Appoint) for at in circle):
            yield Problem(name, "comes back to itself without a question", circle)
        elif circle:
            yield Problem(name, "comes back to itself for those who say nothing that fits", circle)


def _circle(script: Script, name: str) -> tuple[str, ...]:
    """A shortest way of the unanswered from a node back to it."""
    came_from = reached(name, partial(unanswered, script))
    back = next((at for at in came_from if name in unanswered(script, at)), None)
    return (*path(came_from, back), name) if back is not None else ()


def _ways(script: Script) -> Iterator[Problem]:
    """Ways that end as if all had been answered."""
    for side in ("before_owner", "with_owner"):
        for way, target in getattr(script.ways, side):
            came_from = reached(target, partial(onward if way in NOT_COMPLETED else unanswered, script))
            wrong = next((at for at in came_from if _is_completed(script.nodes[at])), None)
            if wrong is not None:
                what = f"the way {way} ({side}) leads to an end that is completed"
                yield Problem(target, what, tuple(path(came_from, wrong)))


def _ungreeted(script: Script, came_from: Walk) -> Iterator[Problem]:
    """A question to whoever answered, silence at which would be met with no greeting (D8)."""
    for stop in () if script.hello else came_from:
        node = script.nodes[stop.node]
        if isinstance(node, Ask) and node.silence is None and not stop.owner:
            what = "hello is missing: what is said into a silent line before the owner is confirmed (D8)"
            yield Problem(stop.node, what, names(came_from, stop))
            return


def _is_completed(node: Node) -> bool:
    return isinstance(node, End) and node.end is Outcome.COMPLETED


def _disclosures(script: Script, came_from: Walk) -> Iterator[Problem]:
    """Private words before the owner is confirmed (A2), and slots that may be missing."""
    told: set[tuple[str, str]] = set()
    for stop in came_from:
        for flaw in _disclosed(script, stop):
            if (stop.node, flaw) not in told:
                told.add((stop.node, flaw))
                yield Problem(stop.node, flaw, names(came_from, stop))


def _disclosed(script: Script, stop: Stop) -> Iterator[str]:
    node = script.nodes[stop.node]
    worded = [wording for _, wording in prompts(node)]
    used = frozenset[str]().union(*map(slots_in, worded)) & script.slots.keys()
    for slot in sorted(used):
        if script.slots[slot].optional and slot not in stop.given:
            yield f"{{{slot}}} may be missing here; branch on it first"
        if node.public and not script.slots[slot].public:
            yield f"{{{slot}}} is private, but the node is public"
    if worded and not stop.owner and not node.public:
        yield "private, and can be reached before the owner is confirmed"


def _completed_by_strangers(script: Script, came_from: Walk) -> Iterator[Problem]:
    """A follow-up without the owner is none (P9)."""
    found = dict[str, Stop]()
    for stop in came_from:
        if not stop.owner and _is_completed(script.nodes[stop.node]):
            found.setdefault(stop.node, stop)
    for name, stop in found.items():
        what = "is completed, and can be reached before the owner is confirmed (P9)"
        yield Problem(name, what, names(came_from, stop))


def _promotions(script: Script, came_from: Walk) -> Iterator[Problem]:
    """Nodes that promote something where nothing may be promoted (A3)."""
    kinds = sorted(NO_PROMOTION & {script.kind, *script.sections})
    if not script.compliance and not kinds:
        return
    why = "a compliance script" if script.compliance else f"a follow-up of the kind {kinds[0]}"
    first = {stop.node: stop for stop in reversed(list(came_from))}
    for name, node in script.nodes.items():
        if node.marketing:
            way = names(came_from, first[name]) if name in first else ()
            yield Problem(name, f"promotes something, in {why} (A3)", way)


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
