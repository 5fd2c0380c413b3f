"""Puts a script together from its files: the script, its frame, the scripts that it merges (D7).

The targets `begin` and `finish` become nodes: a frame's `begin` is the first question of the (first) script,
`finish` leads on to the next one's, at last to the frame's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from base import yamlfile
from ivr.parts import (
    Finder,
    Layer,
    Place,
    chained,
    find_file,
    merged,
    part_of,
    read,
    read_script,
    share,
    wrong,
)
from ivr.script import AllWays, AnyNode, Ask, Branch, Score, Script, Ways, targets
from ivr.written import BEGIN, FINISH, FrameFile, ScriptFile

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Composed:
    """A script, and which file each part of it stands in (`path`: where nothing else is said)."""

    script: Script
    path: Path
    places: Mapping[Place, Path]

    def where(self, place: Place) -> str:
        """ "file:line" of a place in the script."""
        known = next((place[:n] for n in range(len(place), 0, -1) if place[:n] in self.places), ())
        return yamlfile.where(self.places.get(known, self.path), place)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the files of a script follow on each other."""

    layers: tuple[Layer, ...]
    start: str
    sections: dict[str, tuple[str, ...]]
    ends: dict[str, str] = field(default_factory=dict)


def compose(path: Path, find: Finder | None = None) -> Composed:
    """The script in a file, with its frame and what it merges, found beside it unless `find` knows better.

    Raises:
        ScriptError: a file is missing or cannot be used, or they do not fit together, with "file:line".
    """
    finder = find or (lambda name: path.parent / f"{name}.yaml")
    own, included = read_script(path, finder)
    plan = _alone(path, own, included) if own.extends is None else _on_frame(path, own, included, finder)
    return _assembled(path, own, plan)


# --- which files, in which order ---------------------------------------------------------------------------


def _alone(path: Path, own: ScriptFile, included: Mapping[str, Path]) -> _Plan:
    for key in ("merges", "begin"):
        if getattr(own, key):
            raise wrong(path, (key,), f"{key} needs a frame: extends is missing")
    if own.start is None:
        raise wrong(path, ("script",), "start is missing", "name the first node, or the frame in extends")
    return _Plan((Layer(path, own, included=included),), own.start, {own.kind: tuple(own.nodes)})


def _on_frame(path: Path, own: ScriptFile, included: Mapping[str, Path], find: Finder) -> _Plan:
    frame_path = find_file(path, ("extends",), f"frames/{own.extends}", find)
    frame = read(frame_path, FrameFile)
    if frame.finish not in frame.nodes.keys() | own.nodes.keys():
        raise wrong(frame_path, ("finish",), f"no node is called {frame.finish!r}")
    parts = merged(path, own, frame, find) if own.merges else [part_of(path, own, included, frame)]
    steps, begin, ends = chained(parts, frame.finish)
    words = {BEGIN: begin, FINISH: frame.finish}
    others = [share(step, frame) for step in steps] if own.merges else []
    layers = (Layer(frame_path, frame, words), *others, Layer(path, own, words, included))
    sections = {part.file.kind: part.section for part in parts}
    return _Plan(layers, own.start or frame.start, sections, ends)


# --- putting together --------------------------------------------------------------------------------------


def _assembled(path: Path, own: ScriptFile, plan: _Plan) -> Composed:
    layers = plan.layers
    ways, way_places = _ways(path, layers)
    places: dict[Place, Path] = dict(way_places)
    slots = _table(places, "slots", ((layer.path, layer.file.slots) for layer in layers))
    asides = _table(places, "asides", ((layer.path, layer.file.asides) for layer in layers))
    nodes = _table(places, "nodes", ((layer.path, _redirected(layer)) for layer in layers))
    for layer in layers:
        places |= {
            ("nodes", name): found
            for name, found in layer.included.items()
            if places.get(("nodes", name)) == layer.path
        }
    hello = next((layer for layer in reversed(layers) if layer.file.hello), layers[-1])
    scored, score = _score(layers)
    places |= {("hello",): hello.path, ("score",): scored}
    if own.start is None:
        places["start",] = layers[0].path
    script = Script(
        name=own.name,
        version=own.version,
        title=own.title,
        kind=own.kind,
        compliance=own.compliance,
        wording=own.wording,
        start=plan.start,
        slots=slots,
        phrases=_phrases(places, layers),
        hello=hello.file.hello,
        ways=ways,
        asides=asides,
        score=score,
        nodes=_still_used(nodes, layers, plan.start, ways),
        sections=plan.sections,
        section_ends=plan.ends,
    )
    return Composed(script, path, places)


def _table(
    places: dict[Place, Path], key: str, tables: Iterable[tuple[Path, Mapping[str, _Value]]]
) -> dict[str, _Value]:
    """One table of several, the later ones winning; notes where each row stands."""
    joined: dict[str, _Value] = {}
    for path, table in tables:
        joined |= table
        places |= {(key, name): path for name in table}
    return joined


def _phrases(places: dict[Place, Path], layers: tuple[Layer, ...]) -> dict[str, tuple[str, ...]]:
    joined: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        for name, phrases in layer.file.phrases.items():
            joined[name] = tuple(dict.fromkeys((*joined.get(name, ()), *phrases)))
            places["phrases", name] = layer.path
    return joined


def _ways(path: Path, layers: tuple[Layer, ...]) -> tuple[AllWays, dict[Place, Path]]:
    """All ways; a later file's replace single ones."""
    found: dict[str, dict[str, str]] = {"before_owner": {}, "with_owner": {}}
    places: dict[Place, Path] = {}
    for layer in layers:
        for side, ways in layer.file.ways:
            for way, target in ways:
                if target is not None:
                    found[side][way] = layer.words.get(target, target)
                    places["ways", side, way] = layer.path
    for side, ways in found.items():
        missing = next(
            (way for way, key in Ways.model_fields.items() if key.is_required() and way not in ways), None
        )
        if missing is not None:
            raise wrong(path, ("ways", side), f"ways.{side}.{missing} is missing: where it leads")
    return AllWays(before_owner=Ways(**found["before_owner"]), with_owner=Ways(**found["with_owner"])), places


def _still_used(
    nodes: dict[str, AnyNode], layers: tuple[Layer, ...], start: str, ways: AllWays
) -> dict[str, AnyNode]:
    """Without the frame's nodes to which only what this script has replaced led."""
    frame = layers[0].file
    if not isinstance(frame, FrameFile):
        return nodes
    reached, ahead = set[str](), [start, *(to for _, side in ways for _, to in side)]
    while ahead:
        if (name := ahead.pop()) not in reached and name in nodes:
            reached.add(name)
            ahead += [to for _, to in targets(nodes[name])]
    led_to = {to for node in frame.nodes.values() for _, to in targets(node)}
    led_to |= {to for _, side in frame.ways for _, to in side if to is not None}
    return {name: node for name, node in nodes.items() if name in reached or name not in led_to}


def _score(layers: tuple[Layer, ...]) -> tuple[Path, Score | None]:
    scored = [
        (layer.path, layer.file.score)
        for layer in layers
        if isinstance(layer.file, ScriptFile) and layer.file.score is not None
    ]
    if len(scored) > 1:
        raise wrong(scored[1][0], ("score",), f"{scored[0][0].stem} is scored too: a call has one score")
    return scored[0] if scored else (layers[-1].path, None)


def _redirected(layer: Layer) -> dict[str, AnyNode]:
    return {name: redirected(node, layer.words) for name, node in layer.file.nodes.items()}


def redirected(node: AnyNode, words: Mapping[str, str]) -> AnyNode:
    """The node with other targets."""
    changed: dict[str, object] = {
        key: words[target] for (key, *inner), target in targets(node) if not inner and target in words
    }
    match node:
        case Ask(options=options):
            changed["options"] = {
                name: option.model_copy(update={"go": words.get(option.go, option.go)} if option.go else {})
                for name, option in options.items()
            }
        case Branch(cases=cases):
            changed["cases"] = {case: words.get(target, target) for case, target in cases.items()}
        case _:
            pass
    return node.model_copy(update=changed)
