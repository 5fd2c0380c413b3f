"""Models out of archives: installed whole or not at all, checked byte for byte afterwards."""

from __future__ import annotations

import errno
import hashlib
import random
import subprocess
import tarfile
from pathlib import Path

import pytest

from base.errors import ModelError
from tests.command_line import as_json, complaint, succeeds
from tests.model_archives import FILES, NAME, archived, nothing_left, packed
from transcribe import engines, vosk_models
from transcribe.installing import install
from transcribe.known import BY_NAME
from transcribe.sums import SUMS
from transcribe.vosk_models import rate_of, takes_grammar, verify


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model as it is installed."""
    return install(packed(tmp_path / "m.zip"), tmp_path / "models", lambda _done, _total: None)[0]


def test_an_installed_model_is_whole_and_its_sums_are_those_of_sha256sum(model: Path) -> None:
    assert model.name == NAME
    assert {path: (model / path).read_text() for path in FILES} == FILES
    subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=model, check=True)
    assert len((model / SUMS).read_text().splitlines()) == len(FILES)
    verify(model)
    assert engines.engine_of(model) == "vosk"


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.bz2", "tar.gz"])
def test_progress_ends_at_the_size_of_the_archive(tmp_path: Path, kind: str) -> None:
    archive, seen = archived(tmp_path / f"m.{kind}"), list[tuple[int, int]]()
    path, sha256 = install(archive, tmp_path / "models", lambda done, total: seen.append((done, total)))
    size = archive.stat().st_size
    assert seen[-1] == (size, size)
    assert sorted(seen) == seen
    assert sha256 == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert {name: (path / name).read_text() for name in FILES} == FILES


@pytest.mark.parametrize("path", sorted(FILES))
def test_an_altered_file_is_named(model: Path, path: str) -> None:
    before = engines.sha256_of(model)
    (model / path).write_text("something else")
    with pytest.raises(ModelError, match="corrupt") as caught:
        verify(model)
    assert caught.value.where == str(model / path)
    assert engines.sha256_of(model) != before


@pytest.mark.parametrize("path", sorted(FILES.keys() - {"README"}))
def test_a_missing_file_is_named(model: Path, path: str) -> None:
    (model / path).unlink()
    (model / SUMS).unlink()
    with pytest.raises(ModelError, match="missing") as caught:
        engines.verify(model)
    assert caught.value.where.startswith(str(model))


def test_a_model_that_was_unpacked_by_hand_has_no_sums_to_be_held_to(model: Path) -> None:
    (model / SUMS).unlink()
    (model / "am" / "final.mdl").write_text("other weights")
    verify(model)


def test_a_fixed_graph_takes_no_grammar(tmp_path: Path, model: Path) -> None:
    files = {path: text for path, text in FILES.items() if not path.endswith(".fst")} | {
        "graph/HCLG.fst": "g"
    }
    big = install(packed(tmp_path / "b.zip", "vosk-model-big", files), tmp_path, lambda _d, _t: None)[0]
    assert (takes_grammar(big), takes_grammar(model)) == (False, True)


def test_the_rate_is_the_model_s_own(model: Path) -> None:
    assert rate_of(model) == 16000
    (model / "conf" / "mfcc.conf").write_text("--use-energy=false\n--sample-frequency=8000\n")
    assert rate_of(model) == 8000


def test_a_known_model_must_be_the_published_one(tmp_path: Path) -> None:
    name = "vosk-model-small-cn-0.22"
    with pytest.raises(ModelError, match="not the file that was published") as caught:
        install(packed(tmp_path / "m.zip", name), tmp_path / "models", lambda _d, _t: None)
    assert BY_NAME[name].sha256 in caught.value.remedy
    assert not (tmp_path / "models").exists()


def test_a_file_must_be_the_one_that_its_publisher_names(tmp_path: Path) -> None:
    archive = packed(tmp_path / "m.zip")
    with pytest.raises(ModelError, match="not the file that was published"):
        install(archive, tmp_path / "models", lambda _d, _t: None, "0" * 64)
    assert not (tmp_path / "models").exists()
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert install(archive, tmp_path / "models", lambda _d, _t: None, digest.upper())[1] == digest


HOSTILE = ("../evil", f"{NAME}/../../evil", "/tmp/evil", f"{NAME}/a\nb")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_path_that_leads_outside_is_refused(tmp_path: Path, kind: str, name: str) -> None:
    archive = archived(
        tmp_path / f"m.{kind}", {f"{NAME}/{path}": text for path, text in FILES.items()} | {name: "!"}
    )
    with pytest.raises(ModelError, match="leads outside") as caught:
        install(archive, tmp_path / "models", lambda _d, _t: None)
    assert "\n" not in str(caught.value)
    assert nothing_left(tmp_path / "models")
    assert not list(tmp_path.rglob("evil"))


def test_a_link_in_a_tar_file_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "m.tar", "w") as archive:
        link = tarfile.TarInfo(f"{NAME}/am")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    with pytest.raises(ModelError, match="link or a device"):
        install(tmp_path / "m.tar", tmp_path / "models", lambda _d, _t: None)


def test_two_directories_are_no_model(tmp_path: Path) -> None:
    archive = archived(tmp_path / "m.tar", {"a/am/x": "1", "b/am/x": "2"})
    with pytest.raises(ModelError, match="no speech model"):
        install(archive, tmp_path / "models", lambda _d, _t: None)
    assert nothing_left(tmp_path / "models")


@pytest.mark.parametrize("kind", ["tar", "tar.bz2", "tar.gz", "tar.xz"])
def test_a_tar_file_cut_short_is_one_line_and_leaves_nothing(tmp_path: Path, kind: str) -> None:
    files: dict[str, str | bytes] = {f"{NAME}/am/final.mdl": random.Random(1).randbytes(300_000)}
    archive = archived(tmp_path / f"m.{kind}", {**files, f"{NAME}/conf/model.conf": "x"})
    whole = archive.read_bytes()
    for length in (20, 1000, 200_000):
        archive.write_bytes(whole[:length])
        with pytest.raises(ModelError, match="no whole zip or tar file") as caught:
            install(archive, tmp_path / "models", lambda _d, _t: None)
        assert caught.value.where == str(archive)
    assert nothing_left(tmp_path / "models")


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    archive = packed(tmp_path / "m.zip")

    def full(_done: int, _total: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ModelError, match="cannot be written: No space left"):
        install(archive, tmp_path / "models", full)
    assert nothing_left(tmp_path / "models")


@pytest.mark.parametrize(
    ("name", "files"),
    [
        (NAME, {"README": "no model"}),
        (".hidden", FILES),
    ],
)
def test_a_zip_file_of_something_else_is_refused(tmp_path: Path, name: str, files: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="no speech model"):
        install(packed(tmp_path / "m.zip", name, files), tmp_path / "models", lambda _d, _t: None)
    assert nothing_left(tmp_path / "models")


@pytest.mark.parametrize("missing", ["graph/Gr.fst", "am/final.mdl"])
def test_a_model_without_one_of_its_files_leaves_nothing(tmp_path: Path, missing: str) -> None:
    files = {path: text for path, text in FILES.items() if path != missing} | {"am/other": "x"}
    with pytest.raises(ModelError, match=f"missing or empty: {missing}"):
        install(packed(tmp_path / "m.zip", files=files), tmp_path / "models", lambda _d, _t: None)
    assert nothing_left(tmp_path / "models")


def test_a_zip_file_cut_short_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    archive = packed(tmp_path / "m.zip")
    data = bytearray(archive.read_bytes())
    data[data.index(b"weights")] ^= 1
    archive.write_bytes(data)
    with pytest.raises(ModelError, match="no whole zip or tar file"):
        install(archive, tmp_path / "models", lambda _d, _t: None)
    archive.write_bytes(data[:100])
    with pytest.raises(ModelError, match="no whole zip or tar file"):
        install(archive, tmp_path / "models", lambda _d, _t: None)
    assert nothing_left(tmp_path / "models")


def test_models_are_installed_listed_and_verified_from_the_command_line(tmp_path: Path) -> None:
    data, archive = tmp_path / "data", packed(tmp_path / "m.zip")
    succeeds("init", "--data", data)
    settings = f"speech: {{models_dir: '{tmp_path}/models', live_model: {NAME}}}\n"
    (data / "config" / "settings.yaml").write_text(settings, encoding="utf-8")
    said = succeeds("models", "install", archive, "--data", data)
    assert f"huifang models use {NAME}" in said
    [listed] = as_json("models", "list", "--data", data)
    assert (listed["name"], listed["engine"], listed["state"], listed["used"]) == (
        NAME,
        "vosk",
        "whole",
        True,
    )
    assert listed["sha256"] == vosk_models.sha256(tmp_path / "models" / NAME)
    assert "installed already" in complaint("models", "install", archive, "--data", data)
    (tmp_path / "models" / NAME / "am" / "final.mdl").write_text("spoilt")
    assert "corrupt" in complaint("models", "verify", NAME, "--data", data)
