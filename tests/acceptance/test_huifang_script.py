"""`huifang script` as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
DEAD_END = """\
script: training
version: "1.0"
title: 培训回访
kind: special
start: hello
slots:
  name: {example: 张伟, public: true}
  firm: {example: 示例证券}
ways:
  before_owner: {silence: bye, wrong_person: bye, refuse: bye, never: bye, not_now: bye, person: bye,
    complaint: bye, dialect: bye}
  with_owner: {silence: bye, wrong_person: bye, refuse: bye, never: bye, not_now: bye, person: bye,
    complaint: bye, dialect: bye}
nodes:
  hello:
    ask: 您好，请问是{name}吗？
    again: 请问是{name}吗？
    public: true
    options:
      "yes": {label: 是, hears: ["@owner"], go: secret}
    otherwise: bye
  secret: {say: "这里是{firm}。", go: bye}
  alone: {say: 没有人来。, go: bye}
  bye: {end: refused, say: 再见。, public: true}
"""


def huifang(*words: str | Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "huifang", *map(str, words)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with one script of its own: a copy of a shipped one, filed."""
    data = tmp_path_factory.mktemp("script") / "data"
    assert huifang("init", "--data", data).returncode == 0
    done = huifang("script", "file", "new_account", "--data", data)
    assert (done.returncode, done.stderr) == (0, "")
    return data


def test_flaws_are_told_with_their_place_and_the_way_that_leads_there(tmp_path: Path) -> None:
    script = tmp_path / "training.yaml"
    script.write_text(DEAD_END, encoding="utf-8")
    done = huifang("script", "check", script, "--data", tmp_path)
    line = DEAD_END.splitlines().index('  secret: {say: "这里是{firm}。", go: bye}') + 1
    assert (done.returncode, done.stderr) == (1, "")
    secret = f"{script}:{line}: secret: private, and can be reached before the owner is confirmed"
    assert f"{secret}; the way there: hello → secret\n" in done.stdout
    assert "alone: no way leads here" in done.stdout
    assert "sentences have no sound, first training.alone (run: huifang prompts render" in done.stdout
    told = json.loads(huifang("script", "check", script, "--json", "--data", tmp_path).stdout)
    assert ["hello", "secret"] in [flaw["path"] for flaw in told[0]["flaws"]]
    assert told[0]["missing"]


@pytest.mark.parametrize("suffix", [".svg", ".html"])
def test_a_script_is_drawn_into_a_file(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"new_account{suffix}"
    done = huifang("script", "show", "new_account", "--out", out, "--data", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    text = out.read_text(encoding="utf-8")
    assert "A2" in text
    if suffix == ".svg":
        ElementTree.fromstring(text)


def test_a_script_is_shown_as_a_table(tmp_path: Path) -> None:
    done = huifang("script", "show", "new_account", "--data", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("is_owner", "本人", "complaint", "ways out of every question"):
        assert words in done.stdout


def test_altered_words_are_compared_and_refused_without_a_new_version(data: Path, tmp_path: Path) -> None:
    same = huifang("script", "diff", "new_account", "--data", data)
    assert (same.returncode, same.stderr) == (0, "")
    assert "no new version is needed" in same.stdout
    file = tmp_path / "new_account.yaml"
    shipped = (ROOT / "config" / "scripts" / "new_account.yaml").read_text(encoding="utf-8")
    file.write_text(shipped.replace("现在方便吗", "这会儿方便吗", 1), encoding="utf-8")
    changed = huifang("script", "diff", file, "--data", data)
    assert (changed.returncode, changed.stderr) == (1, "")
    assert "[-现在-]{+这会儿+}方便吗" in changed.stdout
    told = json.loads(huifang("script", "diff", file, "--json", "--data", data).stdout)
    assert (told["same"], told["needs_new_version"]) == (False, True)
    assert told["parts"][0]["part"] == "node convenient"
    refused = huifang("script", "file", file, "--data", data)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert "was filed with other words (S1): node convenient.ask" in refused.stderr
    assert "give it a new version" in refused.stderr


def test_a_rehearsal_is_typed_and_logged(data: Path) -> None:
    typed = "是的我就是\n方便\n是机器人吗\nhangup\n"
    done = huifang("script", "rehearse", "new_account", "--who", "质检甲", "--data", data, typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("[公开] ", "the owner is confirmed", "convenient = yes 方便", "outcome: hung_up"):
        assert words in done.stdout
    listed = json.loads(huifang("script", "list", "--json", "--data", data).stdout)
    one: dict[str, Any] = next(row for row in listed if row["name"] == "new_account")
    assert (one["filed"], one["rehearsals"] >= 1) == ("yes", True)


def test_random_walks_come_to_a_proper_end(tmp_path: Path) -> None:
    words = ("script", "rehearse", "new_account", "--walks", "60", "--seed", "7", "--json")
    done = huifang(*words, "--data", tmp_path / "nowhere")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["walks"], told["failed"], sum(told["outcomes"].values())) == (60, 0, 60)
    assert told["logged"] is False


def test_a_mistake_is_one_line_and_exit_status_two(tmp_path: Path) -> None:
    done = huifang("script", "check", "nothing", "--data", tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "no 'nothing' in scripts" in done.stderr
