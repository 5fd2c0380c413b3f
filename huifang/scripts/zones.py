"""Which nodes belong together in a picture: before and with the owner (A2), on the way or beside it.

Pure. A node that may be come to by strangers is one of theirs, whoever else comes to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.script import Appoint, Ask, Script, targets


@dataclass(frozen=True, slots=True)
class Zones:
    """Names of nodes, each in one of four places, in the script's order.

    Attributes:
        strangers: on the way from the start. strangers_beside: where their wishes lead (A4, D8).
        owner: on the way after the owner is confirmed. owner_beside: where the owner's wishes lead.
    """

    strangers: tuple[str, ...]
    strangers_beside: tuple[str, ...]
    owner: tuple[str, ...]
    owner_beside: tuple[str, ...]


def zones(script: Script) -> Zones:
    """The places of all nodes that can be reached; others stand beside the owner's way."""
    on_way = _reached(script, ways=False)
    anyhow = _reached(script, ways=True)
    strangers = {name for name, owner in anyhow if not owner}

    def those(of_strangers: bool, on_the_way: bool) -> tuple[str, ...]:
        return tuple(
            name
            for name in script.nodes
            if (name in strangers) is of_strangers and ((name, not of_strangers) in on_way) is on_the_way
        )

    return Zones(those(True, True), those(True, False), those(False, True), those(False, False))


def _reached(script: Script, *, ways: bool) -> set[tuple[str, bool]]:
    """Every (node, owner confirmed) that a call can come to, with or without what customers wish besides."""
    start = (script.start, False)
    found, queue = {start}, deque([start])
    while queue:
        for stop in _next(script, *queue.popleft(), ways=ways):
            if stop not in found:
                found.add(stop)
                queue.append(stop)
    return found


def _next(script: Script, name: str, owner: bool, *, ways: bool) -> Iterator[tuple[str, bool]]:
    node = script.nodes[name]
    options = node.options if isinstance(node, Ask) else {}
    for place, target in targets(node):
        confirms = place[0] == "options" and options[place[1]].confirms_owner
        yield target, owner or confirms
    if ways and isinstance(node, Ask | Appoint):
        for way, target in script.ways.with_owner if owner else script.ways.before_owner:
            yield target, owner and way != "wrong_person"
