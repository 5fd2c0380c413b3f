"""Two versions of a script side by side: what was said before and is now, word by word (S1). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Any

from ivr.script import Script

_WORD = re.compile(r"\{\w+\}|[A-Za-z0-9_]+|\s+|.", re.DOTALL)
"""A wording's smallest parts: a slot, a Latin word, a character."""

_SUMS = frozenset({"script", "version"})
"""What says which version it is, and not what is said."""

Plain = Any
"""A value as JSON has it."""


class What(StrEnum):
    """What became of a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a wording: the same in both, only in the old, or only in the new one."""

    text: str
    what: What | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not as it was. `place`: where inside its part; "" for the part as a whole."""

    place: str
    what: What
    before: str
    after: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Before and after as one text, word by word."""
        return pieces(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Part:
    """What changed in a node ("node satisfied"), the ways, the slots, an aside, or the script's head."""

    name: str
    what: What
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is not as it was, in the script's order. `newly_versioned`: it is another version, or script."""

    parts: tuple[Part, ...]
    newly_versioned: bool

    @property
    def needs_new_version(self) -> bool:
        """Whether approved wording would change under its old version (S1)."""
        return bool(self.parts) and not self.newly_versioned


def compare(old: Script, new: Script) -> Comparison:
    """The differences of two compiled scripts; layout and comments of their files do not count."""
    before, after = _parts(old), _parts(new)
    names = list(dict.fromkeys((*after, *before)))
    found = (_part(name, before.get(name), after.get(name)) for name in names)
    return Comparison(
        tuple(part for part in found if part.changes), (old.name, old.version) != (new.name, new.version)
    )


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Two wordings as one: what stayed, what went, what came.

    A run of fewer than two characters between two changes is no anchor for the eye: it is part of the change.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = [one for one in blocks if one.size >= 2 or _at_an_edge(one.a, one.b, one.size, old, new)]
    merged = [Piece("", None)]
    for last, at in pairwise([(0, 0, 0), *((one.a, one.b, one.size) for one in kept)]):
        gone, came = old[last[0] + last[2] : at[0]], new[last[1] + last[2] : at[1]]
        merged += [Piece("".join(gone), What.REMOVED), Piece("".join(came), What.ADDED)]
        merged.append(Piece("".join(old[at[0] : at[0] + at[2]])))
    return tuple(piece for piece in merged if piece.text)


def _at_an_edge(a: int, b: int, size: int, old: list[str], new: list[str]) -> bool:
    return a == b == 0 or (a + size == len(old) and b + size == len(new))


def _parts(script: Script) -> dict[str, dict[str, str]]:
    """Each part's values by their place; a node is a part, and so is everything at the script's top."""
    content: dict[str, Plain] = script.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    parts: dict[str, dict[str, str]] = {}
    head = {key: value for key, value in content.items() if not isinstance(value, dict) and key not in _SUMS}
    parts["script"] = dict(_flat(head))
    for key, value in content.items():
        if key == "nodes":
            parts |= {f"node {name}": dict(_flat(node)) for name, node in value.items()}
        elif isinstance(value, dict):
            parts[key] = dict(_flat(value))
    return parts


def _flat(value: Plain, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of everything in a value; a list is one text, its members a line each."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _flat(member, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        yield place, "\n".join(str(member) for member in value)
    else:
        yield place, "" if value is None else str(value)


def _part(name: str, before: dict[str, str] | None, after: dict[str, str] | None) -> Part:
    if before is None:
        return Part(name, What.ADDED, _all(after or {}, What.ADDED))
    if after is None:
        return Part(name, What.REMOVED, _all(before, What.REMOVED))
    places = dict.fromkeys((*after, *before))
    changes = tuple(
        Change(place, _what(place, before, after), before.get(place, ""), after.get(place, ""))
        for place in places
        if before.get(place) != after.get(place)
    )
    return Part(name, What.CHANGED, changes)


def _all(values: dict[str, str], what: What) -> tuple[Change, ...]:
    gone = what is What.REMOVED
    return tuple(
        Change(place, what, text if gone else "", "" if gone else text) for place, text in values.items()
    )


def _what(place: str, before: dict[str, str], after: dict[str, str]) -> What:
    if place not in before:
        return What.ADDED
    return What.CHANGED if place in after else What.REMOVED
