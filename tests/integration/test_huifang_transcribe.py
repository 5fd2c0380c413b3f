"""`huifang transcribe`: files and a watched folder, with the packaged model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE
from tests import sound_files
from tests.command_line import as_json, complaint, huifang, succeeds
from tests.speech_kit import recorded

pytestmark = pytest.mark.speech


def stereo(path: Path) -> Path:
    """An agent on the left asks for trouble, the customer on the right says no."""
    left, right = recorded("delegated"), recorded("myself")
    return sound_files.write(path, np.pad(left, (0, RATE + len(right))), np.pad(right, (len(left) + RATE, 0)))


def test_files_are_transcribed_found_and_kept_once(site: Path, tmp_path: Path) -> None:
    wav = stereo(tmp_path / "20260304-150000_8001.wav")
    amr = sound_files.write(tmp_path / "8002_20260304150100.amr", recorded("myself"))
    bad = tmp_path / "bad.mp3"
    bad.write_text("no sound", encoding="utf-8")
    files = (wav, bad, amr, tmp_path / "gone.wav")
    at = ("--channels", "left=agent,right=customer", "--nice", "0", "--data", site)
    ran = huifang("transcribe", *files, *at, "--json")
    assert ran.status == 2
    assert [line.split(": ")[0] for line in ran.stderr.splitlines()] == [str(bad), str(files[3])]
    done = json.loads(ran.stdout)
    assert [(bool(one["error"]), one["guessed"]) for one in done] == [
        (False, False),
        (True, False),
        (False, True),
        (True, False),
    ]
    kept = done[0]["recording"]
    assert (kept["began_at"], kept["extension"]) == ("2026-03-04T15:00:00+08:00", "8001")
    hits = as_json("search", "操作", "--data", site)["hits"]
    said = [(hit["recording_id"], hit["party"]) for hit in hits if hit["recording_id"] == kept["id"]]
    assert sorted(said) == [(kept["id"], "agent"), (kept["id"], "customer")]
    assert all(Path(hit["audio"]).is_file() for hit in hits)
    copy = amr.rename(tmp_path / "copy.amr")
    assert "known" in succeeds("transcribe", copy, *at)
    listed = as_json("transcribe", "--list", "--data", site)
    assert [one["name"] for one in listed] == [amr.name, wav.name]


def test_a_watched_folder_takes_each_file_once(site: Path, tmp_path: Path) -> None:
    """Also one that was kept, and not yet moved, when its process died."""
    folder = tmp_path / "in"
    folder.mkdir()
    first = sound_files.write(folder / "20260304-150000_8001.wav", recorded("myself"))
    (tmp_path / "kept.wav").write_bytes(first.read_bytes())
    options = ("--watch", folder, "--settle", "0", "--until-empty", "--nice", "0", "--data", site)
    assert "R1" in succeeds("transcribe", *options)
    (tmp_path / "kept.wav").rename(first)
    assert "known" in succeeds("transcribe", *options)
    assert sorted(path.name for path in (folder / "done").iterdir()) == [
        "20260304-150000_8001-2.wav",
        first.name,
    ]
    (folder / "bad.mp3").write_text("no sound", encoding="utf-8")
    ran = huifang("transcribe", *options, "--json")
    assert (ran.status, json.loads(ran.stdout)["error"][:22]) == (2, "cannot be read as soun")
    assert len(as_json("transcribe", "--list", "--data", site)) == 1


@pytest.mark.parametrize("arguments", [(), ("a.wav", "--list"), ("--list", "--watch", ".")])
def test_one_thing_at_a_time(site: Path, arguments: tuple[str, ...]) -> None:
    assert "one of them" in complaint("transcribe", *arguments, "--data", site)


def test_a_channel_map_that_is_none_is_refused(site: Path) -> None:
    assert "who is on which side" in complaint("transcribe", "a.wav", "--channels", "left", "--data", site)
