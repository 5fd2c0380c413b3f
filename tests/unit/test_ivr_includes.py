"""Questions that scripts share: included as if written there; branches that go by a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.errors import ScriptError
from ivr.check import problems
from ivr.composing import compose
from ivr.loader import load, place_of
from tests.conversations import converse
from tests.unit.test_ivr_scripts import GOOD

SHARED = """\
questions: more
nodes:
  words:
    ask: 请您说说。
    answer: free
    go: moved
    otherwise: moved
  moved:
    branch: note asked_machine
    cases: {given: truth, missing: done}
  truth:
    say: 刚才是机器说的。
    go: done
"""


def written(folder: Path, more: str = SHARED, includes: str = "[more]") -> Path:
    (folder / "questions").mkdir()
    (folder / "questions" / "more.yaml").write_text(more, encoding="utf-8")
    before, _, after = GOOD.partition("  words:\n")
    text = before + after[after.index("  when:") :]
    text = text.replace("hello:", f"includes: {includes}\nhello:", 1)
    text = text.replace("say: 我是自动语音系统。}", "say: 我是自动语音系统。, note: asked_machine}")
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_included_questions_are_asked(tmp_path: Path) -> None:
    script = load(written(tmp_path))
    assert problems(script) == []
    talk = converse(["是的", "不满意", "太慢了"], script=script)
    assert talk.nodes == ["who", "firm", "manager", "happy", "words", "done"]


def test_a_branch_goes_by_a_note(tmp_path: Path) -> None:
    script = load(written(tmp_path))
    talk = converse(["是的", "你是机器人吗", "不满意", "太慢了"], script=script)
    assert talk.nodes[-2:] == ["truth", "done"]


def test_a_note_that_nothing_leaves_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, SHARED.replace("note asked_machine", "note asked_mashine"))
    with pytest.raises(ScriptError, match="asked_mashine") as raised:
        load(path)
    assert raised.value.where == f"{tmp_path / 'questions' / 'more.yaml'}:9"


def test_places_are_those_of_the_included_file(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert place_of(path, "truth") == f"{tmp_path / 'questions' / 'more.yaml'}:11"
    assert place_of(path, "happy").startswith(f"{path}:")


def test_a_node_of_the_script_replaces_the_included_one(tmp_path: Path) -> None:
    path = written(tmp_path, SHARED + "  done:\n    end: completed\n    say: 好的。\n")
    composed = compose(path)
    assert "谢谢。" in converse(["是的", "满意"], script=composed.script).wording
    assert composed.where(("nodes", "done")).startswith(f"{path}:")


@pytest.mark.parametrize(
    ("includes", "what"),
    [("[mor]", "questions/mor"), ("[more, more]", "stands in more too")],
)
def test_what_cannot_be_included(tmp_path: Path, includes: str, what: str) -> None:
    with pytest.raises(ScriptError, match=what):
        load(written(tmp_path, includes=includes))
