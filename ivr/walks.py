"""The ways through a script, as its check sees them: nobody speaks, every way is taken.

A walk remembers what a call would know: whether the owner is confirmed (A2), which optional slots are given.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ivr.script import Appoint, Ask, Branch, Script, targets

_Place = TypeVar("_Place", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Stop:
    """A node as a walk finds it."""

    node: str
    owner: bool = False
    given: frozenset[str] = frozenset()


Walk = Mapping[Stop, Stop | None]
"""Every stop that a call can come to, with the one before it on a shortest way."""


def walk(script: Script) -> Walk:
    """All ways from the start."""
    return reached(Stop(script.start), lambda stop: _next(script, stop))


def path(came_from: Mapping[_Place, _Place | None], to: _Place) -> list[_Place]:
    """A shortest way, both ends included."""
    found: list[_Place] = []
    at: _Place | None = to
    while at is not None:
        found.append(at)
        at = came_from[at]
    return found[::-1]


def names(came_from: Walk, to: Stop) -> tuple[str, ...]:
    """The nodes of a shortest way."""
    return tuple(stop.node for stop in path(came_from, to))


def reached(start: _Place, following: Callable[[_Place], Iterable[_Place]]) -> dict[_Place, _Place | None]:
    """Every place that one comes to, nearest first, with the one before it."""
    came_from: dict[_Place, _Place | None] = {start: None}
    queue = deque([start])
    while queue:
        at = queue.popleft()
        for place in following(at):
            if place not in came_from:
                came_from[place] = at
                queue.append(place)
    return came_from


def onward(script: Script, name: str) -> list[str]:
    """Where a node itself leads."""
    return [target for _, target in targets(script.nodes[name])]


def unanswered(script: Script, name: str) -> list[str]:
    """Where a node leads those who say nothing that fits."""
    node = script.nodes[name]
    if not isinstance(node, Ask | Appoint):
        return onward(script, name)
    silence = getattr(node, "silence", None)
    ways = (script.ways.before_owner.silence, script.ways.with_owner.silence)
    return [node.otherwise, *((silence,) if silence else ways)]


def _next(script: Script, stop: Stop) -> Iterator[Stop]:
    """The stops after one; where it is asked who speaks, nobody is confirmed (A2)."""
    for following in _led(script, stop):
        node = script.nodes[following.node]
        asks_who = isinstance(node, Ask) and node.confirms_owner
        yield replace(following, owner=following.owner and not asks_who)


def _led(script: Script, stop: Stop) -> Iterator[Stop]:
    node = script.nodes[stop.node]
    if isinstance(node, Ask):
        for option in node.options.values():
            yield Stop(node.after(option), stop.owner or option.confirms_owner, stop.given)
    if isinstance(node, Branch) and node.branch.startswith("slot "):
        slot = node.branch.removeprefix("slot ")
        for case, target in node.cases.items():
            yield Stop(target, stop.owner, stop.given | {slot} if case == "given" else stop.given)
        if node.otherwise is not None:
            yield Stop(node.otherwise, stop.owner, stop.given)
    else:
        for place, target in targets(node):
            if place[0] != "options":
                yield Stop(target, stop.owner, stop.given)
    if isinstance(node, Ask | Appoint):
        ways = script.ways.with_owner if stop.owner else script.ways.before_owner
        for way, target in ways:
            yield Stop(target, stop.owner and way != "wrong_person", stop.given)
