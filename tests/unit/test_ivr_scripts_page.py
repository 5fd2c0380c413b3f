"""docs/scripts.md teaches what is true: each of its blocks is fit at its stage, all lists are named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.check import problems
from ivr.loader import load
from ivr.phrases import INTENTS, SHARED
from ivr.script import (
    KINDS,
    Appoint,
    Aside,
    Ask,
    Branch,
    Digits,
    End,
    HandOver,
    Note,
    Option,
    Say,
    Score,
    Slot,
    Strict,
    Ways,
)
from ivr.values import Outcome
from ivr.written import FrameFile, QuestionsFile, ScriptFile
from tests.conversations import converse

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
SHIPPED = ROOT / "config" / "scripts"

Tree = dict[str, Any]
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"# ((?:frames/)?\w+)\.yaml\n")


def test_every_block_names_its_file() -> None:
    assert len(BLOCKS) > 8
    assert [block for block in BLOCKS if not _NAMED.match(block)] == []


def _stages() -> Iterator[tuple[str, dict[str, Tree]]]:
    """(file, all files) as they are after each block, in the page's order."""
    files: dict[str, Tree] = {}
    for block in BLOCKS:
        named = _NAMED.match(block)
        assert named is not None
        files[named[1]] = _with(files.get(named[1], {}), yaml.safe_load(block))
        yield named[1], dict(files)


def _with(before: Tree, new: Tree, depth: int = 0) -> Tree:
    """What the page says: new lines are put in, a node that is there already is replaced."""
    joined = dict(before)
    for key, value in new.items():
        deeper = isinstance(joined.get(key), dict) and (depth == 0 or key == "with_owner")
        joined[key] = _with(joined[key], value, depth + 1) if deeper else value
    return joined


STAGES = list(_stages())


@pytest.mark.parametrize(
    "stage", range(len(STAGES)), ids=[f"{n}-{file}" for n, (file, _) in enumerate(STAGES)]
)
def test_each_stage_is_a_fit_script(tmp_path: Path, stage: int) -> None:
    name, files = STAGES[stage]
    find = _written(tmp_path, files)
    if name.startswith("frames/"):
        return  # a frame is read with the script that stands on it, which follows
    assert [str(problem) for problem in problems(load(find(name), find))] == []


def _written(folder: Path, files: dict[str, Tree]) -> Any:
    (folder / "frames").mkdir()
    for name, tree in files.items():
        text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def find(name: str) -> Path:
        own = folder / f"{name}.yaml"
        return own if own.is_file() else SHIPPED / f"{name}.yaml"

    return find


@pytest.mark.parametrize("name", sorted({name for name, _ in STAGES if not name.startswith("frames/")}))
def test_what_was_written_can_be_said(tmp_path: Path, name: str) -> None:
    """The scripts as they are at the end of the page, from the owner's yes to the closing words."""
    find = _written(tmp_path, STAGES[-1][1])
    script = load(find(name), find)
    talk = converse(["是的", "方便", *["1"] * 40], script=script)
    assert talk.result.owner_confirmed
    assert talk.result.outcome is Outcome.COMPLETED


def test_what_the_page_promises_of_a_leak(tmp_path: Path) -> None:
    """`go: intro` at the "no" of `is_owner`: the check prints the way on which a stranger hears the firm."""
    files = deepcopy(STAGES[1][1])
    files["training"]["nodes"]["is_owner"]["options"]["no"]["go"] = "intro"
    find = _written(tmp_path, files)
    found = [str(problem) for problem in problems(load(find("training"), find))]
    assert any("private" in one and "is_owner → intro" in one for one in found)


NODES: tuple[type[Strict], ...] = (Say, Ask, Branch, Appoint, Note, HandOver, End)
MODELS: tuple[type[Strict], ...] = (
    ScriptFile,
    FrameFile,
    QuestionsFile,
    *NODES,
    Option,
    Digits,
    Slot,
    Aside,
    Score,
    Ways,
)


def test_every_key_and_list_is_explained() -> None:
    words = set(re.findall(r"[a-z_]+", PAGE))
    wanted = {
        *(key for model in MODELS for key in model.model_fields),
        *KINDS,
        *SHARED,
        *INTENTS,
    } - {"name"}
    assert sorted(wanted - words) == []
