"""Fetching a model: cut connections go on where they were, over real HTTP on this machine."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import pytest

from base.errors import ModelError
from huifang.model_files import DOWNLOADS
from tests.command_line import Ran, complaint, huifang, succeeds
from tests.cutting_server import Served, serving
from tests.model_archives import NAME, archived, nothing_left, packed
from transcribe import fetching

CONTENT = random.Random(5).randbytes(300_000)
fetch = partial(fetching.fetch, pause_s=0.0)


def quiet(_done: int, _total: int) -> None:
    """No progress to look at."""


def fetched(served: Served, folder: Path) -> bytes:
    target = folder / "model.zip"
    fetch(f"{served.url}/model.zip", target, quiet)
    assert sorted(one.name for one in folder.iterdir() if not one.name.startswith(".")) == ["model.zip"]
    return target.read_bytes()


def test_a_connection_that_is_cut_goes_on_where_it_was(tmp_path: Path) -> None:
    with serving(Served(CONTENT, cuts=[100_000, 50_000, 0, 1000])) as served:
        assert fetched(served, tmp_path) == CONTENT
    starts = ["", "bytes=100000-", "bytes=150000-", "bytes=150000-", "bytes=151000-"]
    assert served.asked == starts


def test_progress_never_goes_back_while_it_goes_on(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with serving(Served(CONTENT, cuts=[100_000])) as served:
        fetch(f"{served.url}/m", tmp_path / "m", lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_the_next_command_goes_on_after_one_that_gave_up(tmp_path: Path) -> None:
    with serving(Served(CONTENT, cuts=[200_000, *[0] * 5])) as served:
        with pytest.raises(ModelError, match="cut off") as caught:
            fetched(served, tmp_path)
        assert "same command again" in caught.value.remedy
        assert not (tmp_path / "model.zip").exists()
        served.cuts.clear()
        assert fetched(served, tmp_path) == CONTENT
    assert served.asked[-1] == "bytes=200000-"


def test_another_version_begins_anew(tmp_path: Path) -> None:
    with serving(Served(CONTENT, cuts=[200_000, *[0] * 5])) as served:
        with pytest.raises(ModelError):
            fetched(served, tmp_path)
        served.cuts.clear()
        served.content, served.version = CONTENT[::-1], '"2"'
        assert fetched(served, tmp_path) == CONTENT[::-1]


@pytest.mark.parametrize("served", [Served(CONTENT, version=""), Served(CONTENT, version='W/"1"')])
def test_a_server_that_does_not_name_its_version_begins_anew(tmp_path: Path, served: Served) -> None:
    served.cuts = [100_000]
    with serving(served):
        assert fetched(served, tmp_path) == CONTENT
    assert served.asked == ["", ""]


def test_a_server_that_knows_no_ranges_begins_anew(tmp_path: Path) -> None:
    with serving(Served(CONTENT, cuts=[100_000], ranges=False)) as served:
        assert fetched(served, tmp_path) == CONTENT


def test_another_url_does_not_go_on_with_this_one(tmp_path: Path) -> None:
    with serving(Served(CONTENT, cuts=[1000, *[0] * 5])) as served:
        with pytest.raises(ModelError):
            fetched(served, tmp_path)
        served.cuts.clear()
        fetch(f"{served.url}/other", tmp_path / "model.zip", quiet)
    assert served.asked[-1] == ""


def test_a_server_out_of_order_is_asked_again(tmp_path: Path) -> None:
    with serving(Served(CONTENT, statuses=[503, 429])) as served:
        assert fetched(served, tmp_path) == CONTENT


def test_what_is_not_there_is_one_line_at_once(tmp_path: Path) -> None:
    with serving(Served(CONTENT, statuses=[404])) as served, pytest.raises(ModelError, match="404"):
        fetched(served, tmp_path)
    assert len(served.asked) == 1


def test_a_file_too_large_for_the_disk_is_not_begun(tmp_path: Path) -> None:
    with serving(Served(CONTENT, claimed=1 << 60)) as served, pytest.raises(ModelError, match="MB free"):
        fetched(served, tmp_path)
    assert not list(tmp_path.glob("*.part"))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    succeeds("init", "--data", data)
    (data / "config" / "settings.yaml").write_text(f"speech: {{models_dir: '{tmp_path}/models'}}\n")
    return data


def installed(served: Served, site: Path, *options: str) -> Ran:
    return huifang("models", "install", f"{served.url}/{NAME}.zip", *options, "--data", site)


def test_a_model_is_installed_from_its_url(site: Path, tmp_path: Path) -> None:
    content = packed(tmp_path / "m.zip").read_bytes()
    with serving(Served(content, cuts=[200])) as served:
        done = installed(served, site)
        assert done.status == 0, done
        assert done.stderr == "fetching a model whose licence its publisher names\n"
        assert f"{NAME}: vosk, whole" in done.stdout
        again = installed(served, site)
    assert "installed already" in again.stderr
    assert len(served.asked) == 2, "nothing is fetched that is there already"
    assert [one.name for one in (tmp_path / "models" / DOWNLOADS).glob("[!.]*")] == []


def test_a_file_of_the_same_name_from_elsewhere_is_not_taken_for_this_one(site: Path, tmp_path: Path) -> None:
    content = packed(tmp_path / "m.zip").read_bytes()
    left = tmp_path / "models" / DOWNLOADS / f"{NAME}.zip"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"from elsewhere")
    with serving(Served(content)) as served:
        assert installed(served, site).status == 0
    assert served.asked == [""]


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"no archive", (), "no whole zip or tar file"),
        (b"another one", ("--sha256", "0" * 64), "not the file that was published"),
    ],
)
def test_what_comes_and_is_no_good_is_one_line_and_thrown_away(
    site: Path, tmp_path: Path, content: bytes, options: tuple[str, ...], says: str
) -> None:
    with serving(Served(content)) as served:
        done = installed(served, site, *options)
    assert done.status == 2
    assert says in done.stderr.splitlines()[-1]
    assert served.url in done.stderr.splitlines()[-1]
    assert nothing_left(tmp_path / "models" / DOWNLOADS)
    assert not list((tmp_path / "models" / DOWNLOADS).glob("[!.]*"))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd.zip", "ftp://host/m.zip", "https://host/model", "https:///m.zip"]
)
def test_what_is_no_url_of_an_archive_is_refused(site: Path, url: str) -> None:
    line = huifang("models", "install", url, "--data", site).stderr.splitlines()[-1]
    assert "no URL of a zip or tar file" in line


def test_a_known_name_is_told_where_it_is_and_nothing_is_fetched(site: Path) -> None:
    said = complaint("models", "install", "vosk-model-small-cn-0.22", "--data", site)
    assert "huifang models install https://" in said


def test_a_wrong_hash_from_disk_is_one_line(site: Path, tmp_path: Path) -> None:
    archive = archived(tmp_path / "m.tar.bz2")
    assert "not the file" in complaint("models", "install", archive, "--sha256", "ab", "--data", site)
