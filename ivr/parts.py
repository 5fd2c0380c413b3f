"""The parts that a script is put together from: files read and found, and the scripts that are merged (D7).

A question that two merged scripts share is asked once, with the later of them: what follows a shared node is
shared too, so that the earlier script goes on to the later one where the shared part would begin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from base import yamlfile
from base.errors import InputError, ScriptError
from ivr.script import targets
from ivr.written import BEGIN, FINISH, FrameFile, QuestionsFile, ScriptFile, SomeAllWays

Place = tuple[str | int, ...]
Finder = Callable[[str], Path]
"""Where a frame ("frames/customer") or a merged script ("periodic") is; raises InputError if nowhere."""

_File = TypeVar("_File", FrameFile, ScriptFile, QuestionsFile)


@dataclass(frozen=True, slots=True)
class Layer:
    """A file's share of a script.

    Attributes:
        words: targets that mean another node, the reserved words among them.
        included: nodes that stand in another file, and which.
    """

    path: Path
    file: FrameFile | ScriptFile
    words: Mapping[str, str] = field(default_factory=dict)
    included: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A script's questions: its nodes from `begin` on that are not the frame's. `included`: as in `Layer`."""

    path: Path
    file: ScriptFile
    included: Mapping[str, Path]
    begin: str
    section: tuple[str, ...]


def read(path: Path, model: type[_File]) -> _File:
    """A file by itself. Raises ScriptError: it cannot be used."""
    file = yamlfile.load(path, model, ScriptError)
    for word in (BEGIN, FINISH):
        if word in file.nodes:
            raise wrong(path, ("nodes", word), f"{word!r} is a reserved word: no node may bear it")
    return file


def read_script(path: Path, find: Finder) -> tuple[ScriptFile, dict[str, Path]]:
    """A script with the questions that it includes, and in which file each of these stands.

    Raises:
        ScriptError: a file is missing or cannot be used, or two that are included hold the same node.
    """
    file = read(path, ScriptFile)
    if file.name != path.stem:
        remedy = f"call the file {file.name}.yaml"
        raise wrong(path, ("script",), f"the script in it is called {file.name}", remedy)
    places: dict[str, Path] = {}
    nodes = dict(file.nodes)
    for index, name in enumerate(file.includes):
        found = find_file(path, ("includes", index), f"questions/{name}", find)
        for node, value in read(found, QuestionsFile).nodes.items():
            if node in places:
                raise wrong(found, ("nodes", node), f"{node} stands in {places[node].stem} too")
            if node not in file.nodes:
                nodes[node], places[node] = value, found
    return file.model_copy(update={"nodes": nodes}), places


def wrong(path: Path, place: Place, what: str, remedy: str = "") -> ScriptError:
    """The error that names a place in a file."""
    return ScriptError(what, where=yamlfile.where(path, place), remedy=remedy)


def find_file(path: Path, place: Place, name: str, find: Finder) -> Path:
    """The file that `path` asks for at `place`. Raises ScriptError: there is none."""
    try:
        found = find(name)
    except InputError as error:
        raise wrong(path, place, error.what, error.remedy) from error
    if not found.is_file():
        raise wrong(path, place, f"there is no {name!r}", f"it would be {found}")
    return found


def part_of(path: Path, file: ScriptFile, included: Mapping[str, Path], frame: FrameFile) -> Part:
    """The questions of a script. Raises ScriptError: nobody knows which is the first."""
    if file.begin is None:
        raise wrong(path, ("extends",), "begin is missing: the first question, to which the frame leads")
    own = file.nodes.keys() - frame.nodes.keys()
    if file.begin not in own:
        raise wrong(path, ("begin",), f"no node of this file, that the frame lacks, is called {file.begin!r}")
    reached, ahead = set[str](), [file.begin]
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead += [to for _, to in targets(file.nodes[name]) if to in own and to not in reached]
    return Part(path, file, included, file.begin, tuple(name for name in file.nodes if name in reached))


def merged(path: Path, own: ScriptFile, frame: FrameFile, find: Finder) -> list[Part]:
    """The scripts to merge; those that don't fit are refused."""
    if own.begin is not None:
        raise wrong(path, ("begin",), "begin is that of the first script in merges")
    parts: list[Part] = []
    for index, name in enumerate(own.merges):
        place = ("merges", index)
        found = find_file(path, place, name, find)
        file, included = read_script(found, find)
        for what in _misfits(own, file, parts):
            raise wrong(path, place, f"{name} {what}")
        parts.append(part_of(found, file, included, frame))
        _refuse_differences(own, frame, parts)
    return parts


def _misfits(own: ScriptFile, file: ScriptFile, parts: list[Part]) -> Iterator[str]:
    """Why a script cannot be merged."""
    if file.merges:
        yield "is merged itself"
    if file.extends != own.extends:
        yield f"does not extend {own.extends}"
    if file.kind in {part.file.kind for part in parts}:
        yield f"is another one of the kind {file.kind}"
    if file.compliance and not own.compliance:
        yield "is a compliance script, and this is none (A3)"
    if file.wording == "standard" and own.wording != "standard":
        yield "is standard wording, and this is reference wording (S1)"


def _refuse_differences(own: ScriptFile, frame: FrameFile, parts: list[Part]) -> None:
    """What two merged scripts call by one name must be the same, unless this script says what it is."""
    *earlier, last = parts
    for key in ("slots", "asides", "nodes"):
        settled = getattr(own, key).keys() | (getattr(frame, key).keys() if key != "slots" else set())
        for name, value in getattr(last.file, key).items():
            if name in settled or (key == "nodes" and name not in last.section):
                continue
            for other in earlier:
                if getattr(other.file, key).get(name, value) != value:
                    what = f"{name} is another than in {other.file.name}, which is merged with this"
                    raise wrong(last.path, (key, name), what, "give it another name")


@dataclass(frozen=True, slots=True)
class Step:
    """A part, the nodes that it brings, and what its targets mean."""

    part: Part
    brings: tuple[str, ...]
    words: Mapping[str, str]


def chained(parts: list[Part], finish: str) -> tuple[list[Step], str, dict[str, str]]:
    """The parts one after the other; the first question; by kind, the node where its questions are over."""
    steps: list[Step] = []
    over: list[str] = []
    asked_by: dict[str, int] = {}
    entry = finish
    for part in reversed(parts):
        leaving = entry
        entry = leaving if part.begin in asked_by else part.begin
        words = dict.fromkeys(asked_by, leaving) | {BEGIN: entry, FINISH: leaving}
        steps.append(Step(part, tuple(name for name in part.section if name not in asked_by), words))
        over.append(leaving)
        asked_by = dict.fromkeys(part.section, len(over) - 1) | asked_by
    last = [min(asked_by[name] for name in part.section) for part in reversed(parts)]
    ends = {part.file.kind: over[at] for part, at in zip(parts, reversed(last), strict=True)}
    return steps[::-1], entry, ends


def share(step: Step, frame: FrameFile) -> Layer:
    """What a merged script brings; the opening and the ways are this script's and the frame's."""
    file = step.part.file
    kept = {
        "nodes": {name: file.nodes[name] for name in step.brings},
        "asides": {name: one for name, one in file.asides.items() if name not in frame.asides},
        "ways": SomeAllWays(),
        "hello": (),
    }
    return Layer(step.part.path, file.model_copy(update=kept), step.words, step.part.included)
