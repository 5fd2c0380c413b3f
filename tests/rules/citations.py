"""Which files cite which rule, which tests are named after one: from docstrings, comments and names."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = (
    *("base", "ivr", "records", "transcribe", "plans", "dialer", "softphone", "papers", "office", "qa"),
    "huifang",
)
_CITED = re.compile(r"\b([A-Z])(\d{1,2})(?:-\1(\d{1,2}))?\b(?! (?:paper|page|sheet))")
_COMMENT = re.compile(r"(?m)(?:^|\s)#.*$")
_IN_NAME = re.compile(r"(?<=_)([a-z]\d{1,2})(?=_)")
_NAMED_AFTER = re.compile(r"^test_([a-z]\d{1,2})_(.+)$")

Citing = Mapping[str, list[str]]
"""By rule id: names of files from the root, sorted."""


def ids(text: str) -> Iterator[str]:
    """The rule ids of a text; "P1-P3" are three."""
    for letter, first, last in _CITED.findall(text):
        yield from (f"{letter}{number}" for number in range(int(first), int(last or first) + 1))


def code() -> Citing:
    """Modules that cite rules, and data that does: scripts, profiles, keyword rules."""
    modules = (
        path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
    )
    data = (path for path in (ROOT / "config").rglob("*.yaml") if path.name != "demo.yaml")
    return _by_id(
        [*((path, _words(path)) for path in modules), *((path, path.read_text("utf-8")) for path in data)]
    )


def tests() -> Citing:
    """Files of tests that cite rules, in words or in the names of tests; those of this folder apart."""
    files = [path for path in (ROOT / "tests").rglob("*.py") if path.parent != ROOT / "tests" / "rules"]
    return _by_id((path, f"{_words(path)} {' '.join(_ids_in_names(path))}") for path in files)


def named() -> Mapping[str, list[str]]:
    """The tests of this folder by the rule that they are named after: "`test_profiles.py`: clocks"."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests" / "rules").glob("test_*.py")):
        for name in _functions(path):
            if after := _NAMED_AFTER.match(name):
                found[after[1].upper()].append(f"`{path.name}`: {after[2].replace('_', ' ')}")
    return found


def _by_id(texts: Iterable[tuple[Path, str]]) -> Citing:
    found: dict[str, list[str]] = defaultdict(list)
    for path, text in sorted(texts):
        for one in set(ids(text)):
            found[one].append(path.relative_to(ROOT).as_posix())
    return found


def _words(path: Path) -> str:
    """The docstrings and comments of a module that cites anything."""
    source = path.read_text("utf-8")
    if not _CITED.search(source):
        return ""
    return "\n".join([*_docstrings(ast.parse(source)), *_COMMENT.findall(source)])


def _docstrings(tree: ast.AST) -> Iterator[str]:
    """Of modules, classes, functions, and of the names below which a text stands by itself."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.value.value


def _functions(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _ids_in_names(path: Path) -> Iterator[str]:
    for name in _functions(path):
        if name.startswith("test_"):
            yield from (one.upper() for one in _IN_NAME.findall(f"{name}_"))
