"""YAML files that people write, read into pydantic models: every complaint names the file and the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from base.errors import InputError
from base.nearness import nearest

Model = TypeVar("Model", bound=BaseModel)
_Place = tuple[str | int, ...]

LARGEST_BYTES = 2**20
"""A longer file is no file that a person wrote."""

DEEPEST = 50
"""Nodes within nodes."""

_TRIPS = (ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)
"""What PyYAML's scanner and constructors raise for values that they cannot read."""


def load(path: Path, model: type[Model], error: type[InputError]) -> Model:
    """Read `path` into `model`.

    Raises:
        error: unreadable or too large a file, broken YAML, a value that is not of its kind, an anchor, a key
            written twice, or what the model refuses, with "file:line".
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        _bound(content, str(path), error)
        text = content.decode("utf-8")
    except OSError as cause:
        raise error(f"cannot be read: {cause.strerror}", where=str(path)) from cause
    except UnicodeDecodeError as cause:
        line = content.count(b"\n", 0, cause.start) + 1
        raise error("is not UTF-8", where=f"{path}:{line}", remedy="save it as UTF-8") from cause
    return parse(text, str(path), model, error)


def parse(text: str, name: str, model: type[Model], error: type[InputError]) -> Model:
    """As `load`, from a text; `name` stands for the file in messages."""
    root, data = _read(text, name, error)
    try:
        return model.model_validate({} if data is None else data)
    except ValidationError as cause:
        first = _telling(cause.errors())
        each = [_fault(one, f"{name}:{_line(root, one['loc'])}", model, error) for one in cause.errors()]
        place = f"{name}:{_line(root, first['loc'])}"
        raise error(complaint(cause), where=place, remedy=_nearest_key(first, model), each=each) from cause


def _fault(one: ErrorDetails, where: str, model: type[BaseModel], error: type[InputError]) -> InputError:
    """One of the complaints by itself."""
    return error(told(one), where=where, remedy=_nearest_key(one, model))


def _bound(content: bytes, name: str, error: type[InputError]) -> None:
    if len(content) > LARGEST_BYTES:
        raise error(f"is larger than {LARGEST_BYTES // 2**20} MB", where=name)


class _Refused(yaml.MarkedYAMLError):
    """YAML that is well formed, but holds what our files may not."""


class _Loader(yaml.SafeLoader):
    """Values of the safe kinds; without anchors, which make a small text huge, and of a bounded depth."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node, looked at before it is built."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            raise _Refused(problem="anchors (&) and aliases (*) are not read", problem_mark=event.start_mark)
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused(problem=f"is nested deeper than {DEEPEST}", problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """The value of a node; what PyYAML's constructors trip over is named with its line."""
        try:
            return super().construct_object(node, deep)
        except _TRIPS as cause:
            kind = node.tag.rpartition(":")[2]
            what = f"{str(node.value)[:40]!r} is no {kind}: put a text in quotes"
            raise _Refused(problem=what, problem_mark=node.start_mark) from cause


def _read(text: str, name: str, error: type[InputError]) -> tuple[yaml.Node | None, Any]:
    """The nodes of a text, which know their lines, and its values."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        twice = _written_twice(root)
        if twice is not None:
            raise _Refused(problem=f"{twice.value} is written twice", problem_mark=twice.start_mark)
        return root, None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as cause:
        line = cause.problem_mark.line + 1 if cause.problem_mark else 1
        what = cause.problem or cause.context or "cannot be read"
        says = what if isinstance(cause, _Refused) else f"is no YAML: {what}"
        remedy = "" if isinstance(cause, _Refused) else _yaml_remedy(what)
        raise error(says, where=f"{name}:{line}", remedy=remedy) from cause
    except yaml.YAMLError as cause:
        raise error("is no YAML: it holds characters that are not allowed", where=name) from cause
    except _TRIPS as cause:
        raise error(f"is no YAML: {cause}", where=f"{name}:{loader.line + 1}") from cause


_YAML_REMEDIES = {
    "\\t": "indent with blanks, not with tabs",
    "block mapping start": "keys that belong together begin in one column: look at the lines before, too",
    "block end": "look at the indentation; a text that begins with a brace stands in quotes",
    "could not find expected ':'": "after each key stand a colon and a blank, both half-width",
    "mapping values are not allowed": "put a text that holds a colon and a blank in quotes",
}
"""What a person may do about what the scanner stumbled over, by a piece of its words; the first that fits."""


def _yaml_remedy(what: str) -> str:
    return next((remedy for piece, remedy in _YAML_REMEDIES.items() if piece in what), "")


def where(path: Path, place: tuple[str | int, ...]) -> str:
    """ "file:line" of a place in a file that was read before: for rules that look across the whole file."""
    return f"{path}:{_line(yaml.compose(path.read_text(encoding='utf-8'), Loader=yaml.SafeLoader), place)}"


_PLAINLY = {
    "extra_forbidden": "is not a known key",
    "missing": "is missing",
    "model_type": "should hold keys with their values",
    "model_attributes_type": "should hold keys with their values",
    "dict_type": "should hold keys with their values",
    "tuple_type": "should be a list",
    "list_type": "should be a list",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "string_type": "should be a text: put it in quotes",
    "string_too_short": "is empty",
    "too_short": "is empty",
}
"""pydantic's commonest complaints, in words for who wrote the file; its own serve for the others."""


def _telling(errors: list[ErrorDetails]) -> ErrorDetails:
    """The error to show: an unknown key, if there is one, often explains the missing one."""
    return next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])


def complaint(cause: ValidationError) -> str:
    """The place in the file and what is wrong there, in plain words; how many more complaints there are."""
    more = cause.error_count() - 1
    return told(_telling(cause.errors())) + (f" (and {more} more)" if more else "")


def told(one: ErrorDetails) -> str:
    """One complaint: the place in the file and what is wrong there, in plain words."""
    # A part in angle brackets is pydantic's name for one of several models, which no file holds.
    place = ".".join(str(part) for part in one["loc"] if not str(part).startswith("<"))
    what = _PLAINLY.get(one["type"]) or one["msg"].removeprefix("Value error, ")
    return f"{place}: {what}" if place else what


def _nearest_key(first: ErrorDetails, model: type[BaseModel]) -> str:
    """What an unknown key was perhaps meant to be; "" when nothing is near."""
    if first["type"] != "extra_forbidden":
        return ""
    schema = model.model_json_schema()
    known = [
        key for part in (schema, *schema.get("$defs", {}).values()) for key in part.get("properties", ())
    ]
    return nearest(str(first["loc"][-1]), known)


def _line(node: yaml.Node | None, place: _Place) -> int:
    """Line (from 1) of the deepest node on the way to `place`; parts of pydantic's own are passed over."""
    line = node.start_mark.line + 1 if node else 1
    for part in place:
        child = _child(node, part)
        if child is not None:
            at, node = child
            line = at.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """Where a part of a place is written, and what it holds."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _written_twice(node: yaml.Node | None) -> yaml.ScalarNode | None:
    """The first key that its mapping has already (YAML would silently keep the last)."""
    if isinstance(node, yaml.SequenceNode):
        return next((twice for child in node.value if (twice := _written_twice(child))), None)
    if not isinstance(node, yaml.MappingNode):
        return None
    seen: set[str] = set()
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            if key.value in seen and key.value != "<<":
                return key
            seen.add(key.value)
        twice = _written_twice(value)
        if twice is not None:
            return twice
    return None
