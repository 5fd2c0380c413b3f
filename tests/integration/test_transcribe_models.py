"""The packaged model: joined whole or not at all, checked every time, by one process at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from base.errors import ModelError
from tests.speech_kit import packaged_model
from transcribe.models import (
    PACKAGED,
    PACKAGED_FILES,
    WEIGHTS,
    ensure_packaged,
    model_sha256,
    require_room,
    verify,
)

pytestmark = pytest.mark.speech


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model directory of our own to spoil: hard work is shared by links, the small files are copies."""
    target = tmp_path / PACKAGED
    target.mkdir()
    for name in PACKAGED_FILES:
        source = packaged_model() / name
        (target / name).symlink_to(source) if name == WEIGHTS else (target / name).write_bytes(
            source.read_bytes()
        )
    return target


def test_the_halves_are_joined_once_and_nothing_else_is_left(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = ensure_packaged(tmp_path / "a b", lambda done, total: seen.append((done, total)))
    assert path == tmp_path / "a b" / PACKAGED
    assert sorted(one.name for one in path.iterdir()) == sorted(PACKAGED_FILES)
    assert seen[-1][0] == seen[-1][1] == (path / WEIGHTS).stat().st_size
    assert model_sha256(path) == PACKAGED_FILES[WEIGHTS]
    calls = len(seen)
    assert ensure_packaged(tmp_path / "a b", lambda done, total: seen.append((done, total))) == path
    assert len(seen) == calls
    assert [one.name for one in path.parent.iterdir() if one.is_dir()] == [PACKAGED]


def test_several_processes_at_once_join_one_model(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from transcribe.models import ensure_packaged;"
        "print(ensure_packaged(Path(sys.argv[1])))"
    )
    racers = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = [racer.communicate()[0].strip() for racer in racers]
    assert told == [str(tmp_path / PACKAGED)] * 3
    verify(tmp_path / PACKAGED)


def test_what_a_killed_join_left_is_swept_away(tmp_path: Path) -> None:
    left_over = tmp_path / f".{PACKAGED}.abc"
    left_over.mkdir()
    (left_over / WEIGHTS).write_bytes(b"half")
    ensure_packaged(tmp_path)
    assert not left_over.exists()


@pytest.mark.parametrize("name", sorted(PACKAGED_FILES.keys() - {WEIGHTS}))
def test_an_altered_file_is_corrupt(model: Path, name: str) -> None:
    with (model / name).open("r+b") as stream:
        stream.seek(100)
        stream.write(b"\0")
    with pytest.raises(ModelError, match="corrupt") as caught:
        ensure_packaged(model.parent)
    assert caught.value.where == str(model / name)
    assert "huifang models prepare" in caught.value.remedy


def test_truncated_weights_are_corrupt(model: Path) -> None:
    data = (model / WEIGHTS).read_bytes()[:1_000_000]
    (model / WEIGHTS).unlink()
    (model / WEIGHTS).write_bytes(data)
    with pytest.raises(ModelError, match="corrupt"):
        verify(model)


@pytest.mark.parametrize("name", sorted(PACKAGED_FILES))
def test_a_missing_file_is_named(model: Path, name: str) -> None:
    (model / name).unlink()
    with pytest.raises(ModelError, match="missing") as caught:
        verify(model)
    assert caught.value.where == str(model / name)


def test_a_site_s_own_model_needs_its_files_but_has_no_known_hash(model: Path) -> None:
    own = model.rename(model.parent / "whisper-large")
    (own / "config.json").write_text("{}")
    verify(own)
    (own / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="missing"):
        verify(own)


def test_no_model_at_all_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="huifang models prepare"):
        model_sha256(tmp_path / PACKAGED)


def test_no_room_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="MB free"):
        require_room(tmp_path, 1 << 60)
    require_room(tmp_path, 1)


def test_a_place_that_cannot_be_written_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(ModelError, match="cannot be written") as caught:
        ensure_packaged(tmp_path / "file")
    assert "\n" not in str(caught.value)


def test_reading_the_models_module_loads_no_engine() -> None:
    code = "import sys, transcribe.models; sys.exit('faster_whisper' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
