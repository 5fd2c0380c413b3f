"""Frames and merged scripts: what is put together, asked in which order, and refused in which file."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.errors import ScriptError
from ivr.check import problems
from ivr.loader import load, place_of
from ivr.script import Script
from tests.conversations import converse

FRAME = """\
frame: small
start: who
finish: thanks
slots: {name: {example: 张伟, public: true}}
hello: [您好，听得到吗？]
phrases: {named: ["我是{name}"]}
ways:
  before_owner:
    {silence: bye, wrong_person: bye, refuse: bye, never: bye,
     not_now: bye, person: bye, complaint: bye, dialect: bye}
  with_owner:
    {silence: bye, wrong_person: bye, refuse: bye, never: bye,
     not_now: bye, person: bye, complaint: bye, dialect: bye}
nodes:
  who:
    ask: 请问是{name}吗？
    again: 请问您是{name}本人吗？
    public: true
    options:
      "yes": {label: 本人, hears: ["@owner", "@named"], confirms_owner: true, go: about}
    otherwise: bye
  about: {say: 这是回访。, go: begin}
  thanks: {end: completed, say: 谢谢您。}
  bye: {end: wrong_party, say: 再见。, public: true}
"""

QUESTION = """\
  {name}:
    ask: {name}吗？
    again: {name}，有没有？
    keys: 有请按一，没有请按二。
    mandatory: true
    options:
      "yes": {{label: 有, key: 1, hears: ["@yes"], go: {go}}}
      "no": {{label: 没有, key: 2, hears: ["@no"], go: {go}}}
    otherwise: {go}
"""


def on_frame(name: str, *questions: str, head: str = "") -> str:
    """A script that asks these questions one after the other."""
    ways = zip(questions, (*questions[1:], "finish"), strict=True)
    nodes = "".join(QUESTION.format(name=question, go=go) for question, go in ways)
    return (
        f'script: {name}\nversion: "1"\ntitle: {name}\nkind: {name}\nextends: small\n'
        f"begin: {questions[0]}\n{head}nodes:\n{nodes}"
    )


def merged(*names: str, more: str = "") -> str:
    return (
        'script: both\nversion: "1"\ntitle: 两项回访\nkind: merged\nextends: small\n'
        f"merges: [{', '.join(names)}]\n{more}"
    )


def written(folder: Path, **files: str) -> Path:
    """Writes frame and scripts; gives the last one's path."""
    (folder / "frames").mkdir()
    (folder / "frames" / "small.yaml").write_text(FRAME, encoding="utf-8")
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, **files: str) -> Script:
    return load(written(folder, **files))


def test_a_script_on_a_frame(tmp_path: Path) -> None:
    script = loaded(tmp_path, service=on_frame("service", "one", "two"))
    assert problems(script) == []
    assert converse(["是的", "是的", "是的"], script=script).nodes == ["who", "about", "one", "two", "thanks"]
    assert script.sections == {"service": ("one", "two")}
    assert script.section_ends == {"service": "thanks"}


def test_what_a_script_writes_besides_the_frame(tmp_path: Path) -> None:
    head = "phrases: {named: [正是在下]}\nhello: [您好。]\nways: {with_owner: {refuse: sorry}}\n"
    more = "  about: {say: 关于服务。, go: begin}\n  sorry: {end: refused, say: 打扰了。}\n"
    script = loaded(tmp_path, service=on_frame("service", "one", head=head) + more)
    assert script.phrases["named"] == ("我是{name}", "正是在下")
    assert script.hello == ("您好。",)
    assert (script.ways.with_owner.refuse, script.ways.with_owner.never) == ("sorry", "bye")
    assert "关于服务。" in converse(["正是在下"], script=script).wording
    assert script.sections == {"service": ("one",)}


MERGED = {
    "nothing shared": (("a", "b"), ("c", "d"), ["a", "b", "c", "d"], "c", "thanks"),
    "the tail is shared": (
        ("a", "b", "s", "t"),
        ("c", "s", "t"),
        ["a", "b", "c", "s", "t"],
        "thanks",
        "thanks",
    ),
    "all of the first is shared": (("s", "t"), ("c", "s", "t"), ["c", "s", "t"], "thanks", "thanks"),
}


@pytest.mark.parametrize(
    ("first", "second", "asked", "first_over", "second_over"), MERGED.values(), ids=MERGED
)
def test_merged_scripts_ask_one_after_the_other(
    tmp_path: Path,
    first: tuple[str, ...],
    second: tuple[str, ...],
    asked: list[str],
    first_over: str,
    second_over: str,
) -> None:
    files = {"one": on_frame("one", *first), "two": on_frame("two", *second), "both": merged("one", "two")}
    script = loaded(tmp_path, **files)
    assert problems(script) == []
    assert converse(["是的"] * 9, script=script).nodes == ["who", "about", *asked, "thanks"]
    assert script.sections == {"one": first, "two": second}
    assert script.section_ends == {"one": first_over, "two": second_over}


def test_a_merged_script_leaves_the_openings_of_its_parts_behind(tmp_path: Path) -> None:
    own = "  about: {say: 关于一。, go: really}\n  really: {say: 真的。, go: begin}\n"
    own_slot = "slots: {firm: {example: 示例证券}}\n"
    files = {
        "one": on_frame("one", "a", head=own_slot) + own,
        "two": on_frame("two", "b"),
        "both": merged("one", "two", more="nodes:\n  about: {say: 两件事。, go: begin}\n"),
    }
    script = loaded(tmp_path, **files)
    assert problems(script) == []
    assert "really" not in script.nodes
    assert "firm" in script.slots
    assert converse(["是的"], script=script).said[1] == ("about", "两件事。")


def test_the_finder_knows_better(tmp_path: Path) -> None:
    path = written(tmp_path, service=on_frame("service", "one"))
    own = tmp_path / "own.yaml"
    own.write_text(FRAME.replace("这是回访。", "这是本所回访。"), encoding="utf-8")
    script = load(path, {"frames/small": own}.__getitem__)
    assert "这是本所回访。" in converse(["是的"], script=script).wording
    assert place_of(path, "about", {"frames/small": own}.__getitem__) == f"{own}:{line_of(own, '  about')}"
    assert place_of(path, "one") == f"{path}:{line_of(path, '  one')}"


def line_of(path: Path, near: str) -> int:
    return path.read_text(encoding="utf-8").partition(near)[0].count("\n") + 1


ONE, TWO, FRAMES, BOTH = "one.yaml", "two.yaml", "frames/small.yaml", "both.yaml"
REFUSED = [
    (BOTH, "extends: small", "extends: large", BOTH, "extends", "there is no 'frames/large'"),
    (BOTH, "extends: small\n", "", BOTH, "merges", "merges needs a frame"),
    (BOTH, "merges: [one, two]", "merges: [one, three]", BOTH, "merges", "there is no 'three'"),
    (BOTH, "merges: [one, two]", "begin: a\nmerges: [one, two]", BOTH, "begin", "begin is that of the first"),
    (BOTH, "merges: [one, two]", "merges: [one, one]", BOTH, "merges", "another one of the kind one"),
    (BOTH, "merges: [one, two]\n", "", BOTH, "extends", "begin is missing"),
    (BOTH, "merges: [", "compliance: false\nmerges: [", BOTH, "merges", "(A3)"),
    (BOTH, "merges: [", "wording: reference\nmerges: [", BOTH, "merges", "(S1)"),
    (ONE, "extends: small", "extends: other", BOTH, "merges", "one does not extend small"),
    (ONE, "begin: a", "merges: [two]", BOTH, "merges", "one is merged itself"),
    (ONE, "begin: a", "begin: x", ONE, "begin", "called 'x'"),
    (ONE, "begin: a", "begin: about", ONE, "begin", "called 'about'"),
    (ONE, "  a:\n", "  begin:\n", ONE, "  begin", "reserved word"),
    (
        ONE,
        "    otherwise: s",
        "    otherwise: nowhere",
        ONE,
        "    otherwise: n",
        "no node is called 'nowhere'",
    ),
    (ONE, "ask: s吗？", "ask: 有s吗？", TWO, "  s:", "s is another than in one"),
    (ONE, "ask: s吗？", "aks: s吗？", ONE, "  s:", "a node needs one of the keys"),
    (TWO, "ask: b吗？", "ask: '{b}吗？'", TWO, "    ask: '", "no slot is called {b}"),
    (FRAMES, "go: begin", "go: beginn", FRAMES, "  about", "no node is called 'beginn'"),
    (FRAMES, "finish: thanks", "finish: over", FRAMES, "finish", "no node is called 'over'"),
    (FRAMES, "start: who", "start: whom", FRAMES, "start", "no node is called 'whom'"),
    (FRAMES, "frame: small", "frame: small\ncolour: red", FRAMES, "colour", "colour"),
    (FRAMES, '"@named"', '"@nmaed"', FRAMES, '      "yes"', "'@nmaed'"),
    (FRAMES, '["我是{name}"]', '["我是{nmae}"]', FRAMES, "phrases", "{nmae}"),
]


@pytest.mark.parametrize(("file", "old", "new", "where", "near", "what"), REFUSED)
def test_what_does_not_fit_is_refused_in_its_file(
    tmp_path: Path, file: str, old: str, new: str, where: str, near: str, what: str
) -> None:
    files = {"one": on_frame("one", "a", "s"), "two": on_frame("two", "b", "s"), "both": merged("one", "two")}
    path = written(tmp_path, **files)
    changed = tmp_path / file
    text = changed.read_text(encoding="utf-8")
    assert old in text
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScriptError) as raised:
        load(path)
    assert what in str(raised.value)
    assert raised.value.where == f"{tmp_path / where}:{line_of(tmp_path / where, near)}"


def test_the_hash_is_of_all_files(tmp_path: Path) -> None:
    """S1: whoever changes the frame changes the scripts on it."""
    path = written(tmp_path, service=on_frame("service", "one"))
    before = load(path).sha256
    frame = tmp_path / FRAMES
    frame.write_text(FRAME + "# 说明\n", encoding="utf-8")
    assert load(path).sha256 == before
    frame.write_text(FRAME.replace("谢谢您。", "谢谢。"), encoding="utf-8")
    assert load(path).sha256 != before
