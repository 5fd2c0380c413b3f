"""`huifang prompts` as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.audio import read_wav, resample, write_wav
from huifang import resources


def huifang(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "huifang", "prompts", *words, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def listed(data: Path, *words: str) -> list[dict[str, Any]]:
    done = huifang(data, "list", "--json", *words)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_every_fixed_prompt_is_shipped_and_good(tmp_path: Path) -> None:
    rows = listed(tmp_path, "--script", "new_account")
    assert {row["source"] for row in rows} == {"shipped"}
    assert all(0.2 < row["seconds"] < 12 for row in rows)
    done = huifang(tmp_path, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"all {len(listed(tmp_path))} prompts are good\n"


def test_rendering_has_nothing_left_to_do(tmp_path: Path) -> None:
    done = huifang(tmp_path, "render", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rendered"] == 0


@pytest.fixture
def own(tmp_path: Path) -> dict[str, Any]:
    """The first prompt with a question mark, recorded by the site, and its row."""
    row = next(row for row in listed(tmp_path) if row["wording"].endswith("？"))
    (tmp_path / "prompts").mkdir()
    write_wav(tmp_path / "prompts" / "own.wav", read_wav(Path(row["file"])))
    entry = {"key": row["prompt"], "wording": row["wording"], "file": "own.wav"}
    (tmp_path / "prompts" / "manifest.json").write_text(json.dumps({"prompts": [entry]}), encoding="utf-8")
    return row


def test_the_sites_own_recording_is_used(tmp_path: Path, own: dict[str, Any]) -> None:
    used = [row["prompt"] for row in listed(tmp_path) if row["source"] == "site"]
    assert own["prompt"] in used


def test_a_bad_recording_is_named_with_exit_status_one(tmp_path: Path, own: dict[str, Any]) -> None:
    path = tmp_path / "prompts" / "own.wav"
    write_wav(path, read_wav(path) // 30)
    done = huifang(tmp_path, "check", "--json")
    assert done.returncode == 1
    problems = json.loads(done.stdout)["problems"]
    assert own["prompt"] in {problem["prompt"] for problem in problems}
    assert all(problem["what"].startswith("its level is") for problem in problems)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("list", "--script", "nothing"), "no 'nothing' in scripts"),
        (("list", "--campaign", "march"), "there is no data directory"),
    ],
)
def test_a_mistake_is_one_line_and_exit_status_two(
    tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    done = huifang(tmp_path / "nowhere", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_broken_manifest_is_one_line_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "manifest.json").write_text('{"prompt": []}', encoding="utf-8")
    done = huifang(tmp_path, "check")
    assert done.returncode == 2
    assert str(tmp_path / "prompts" / "manifest.json") in done.stderr
    assert done.stderr.count("\n") == 1


def test_shipped_recordings_and_their_manifest_agree() -> None:
    rows = json.loads((resources.SHIPPED_PROMPTS / "manifest.json").read_text(encoding="utf-8"))["prompts"]
    assert {row["file"] for row in rows} == {path.name for path in resources.SHIPPED_PROMPTS.glob("*.wav")}


def test_a_studios_recording_takes_the_synthesisers_place(tmp_path: Path) -> None:
    (row,) = [
        row for row in listed(tmp_path, "--script", "new_account") if row["prompt"] == "new_account.tip"
    ]
    narrow = read_wav(Path(row["file"]))
    studio = tmp_path / "tip.wav"
    with wave.open(str(studio), "wb") as stream:
        stream.setnchannels(2)
        stream.setsampwidth(2)
        stream.setframerate(44100)
        stream.writeframes(np.repeat(resample(narrow, 8000, 44100) // 4, 2).tobytes())
    done = huifang(tmp_path, "add", str(studio), "--script", "new_account", "--speaker", "播音员甲", "--json")
    assert done.returncode == 0, done.stderr
    assert [(one["key"], one["voice"]) for one in json.loads(done.stdout)] == [
        ("new_account.tip", "播音员甲")
    ]
    (used,) = [
        row for row in listed(tmp_path, "--script", "new_account") if row["prompt"] == "new_account.tip"
    ]
    assert used["source"] == "site"
    assert abs(used["seconds"] - row["seconds"]) < 0.1
    checked = json.loads(huifang(tmp_path, "check", "--script", "new_account", "--json").stdout)
    assert "new_account.tip" not in {problem["prompt"] for problem in checked["problems"]}
    wrong = huifang(tmp_path, "add", str(studio), "--script", "new_account", "--prompt", "nothing")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "is called 'nothing'" in wrong.stderr
