"""`huifang models use`, the fit of engine and model: comments stay, refusals change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from huifang.settings import load
from tests.command_line import as_json, complaint, huifang, succeeds
from tests.model_archives import NAME, packed


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose models directory has one small Vosk model."""
    data = tmp_path / "data"
    succeeds("init", "--data", data)
    file = settings_of(data)
    told = file.read_text(encoding="utf-8").replace('models_dir: ""', f"models_dir: '{tmp_path}/models'")
    file.write_text(told, encoding="utf-8")
    succeeds("models", "install", packed(tmp_path / "m.zip"), "--data", data)
    return data


def settings_of(data: Path) -> Path:
    return data / "config" / "settings.yaml"


@pytest.mark.parametrize(("options", "key"), [((), "model"), (("--live",), "live_model")])
def test_one_value_changes_and_every_comment_stays(site: Path, options: tuple[str, ...], key: str) -> None:
    before, mode = (
        settings_of(site).read_text(encoding="utf-8").splitlines(),
        settings_of(site).stat().st_mode,
    )
    succeeds("models", "use", NAME, *options, "--data", site)
    after = settings_of(site).read_text(encoding="utf-8").splitlines()
    [(old, new)] = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert old.strip().startswith(f"{key}: ")
    assert new.strip().startswith(f"{key}: {NAME}   " if "#" in old else f"{key}: {NAME}")
    assert old.partition("#")[2] == new.partition("#")[2]
    assert getattr(load(site).speech, key) == NAME
    assert settings_of(site).stat().st_mode == mode


def test_a_site_without_a_file_gets_one_with_all_its_comments(site: Path) -> None:
    models_dir = load(site).speech.models_dir
    settings_of(site).unlink()
    told = as_json("models", "use", f"{models_dir}/{NAME}", "--data", site)
    assert told["setting"] == "speech.model"
    assert told["before"] == "whisper-base"
    assert load(site).speech.model == f"{models_dir}/{NAME}"
    assert "# Settings of a site" in settings_of(site).read_text(encoding="utf-8")


@pytest.mark.parametrize("model", ["no-such-model", "../.."])
def test_a_model_that_is_not_there_is_not_used(site: Path, model: str) -> None:
    before = settings_of(site).read_bytes()
    assert "speech model" in complaint("models", "use", model, "--data", site)
    assert settings_of(site).read_bytes() == before


def test_a_model_that_is_not_whole_is_not_used(site: Path, tmp_path: Path) -> None:
    (tmp_path / "models" / NAME / "am" / "final.mdl").write_text("spoilt")
    before = settings_of(site).read_bytes()
    assert "corrupt" in complaint("models", "use", NAME, "--data", site)
    assert settings_of(site).read_bytes() == before


def test_settings_laid_out_strangely_are_left_to_their_author(site: Path, tmp_path: Path) -> None:
    settings_of(site).write_text("speech: word\n", encoding="utf-8")
    assert "settings.yaml:1" in complaint("models", "use", str(tmp_path / "models" / NAME), "--data", site)
    assert settings_of(site).read_text(encoding="utf-8") == "speech: word\n"


def test_no_data_directory_is_one_line(site: Path, tmp_path: Path) -> None:
    model = str(tmp_path / "models" / NAME)
    assert "huifang init" in complaint("models", "use", model, "--data", tmp_path / "nowhere")


def test_a_model_of_another_engine_than_the_one_set_is_refused_everywhere(site: Path) -> None:
    file = settings_of(site)
    file.write_text(
        file.read_text(encoding="utf-8").replace("engine: auto", "engine: whisper"), encoding="utf-8"
    )
    fits_not = f"speech.engine: {NAME} is a model for vosk, not for whisper"
    assert fits_not in complaint("models", "use", NAME, "--data", site)
    file.write_text(
        file.read_text(encoding="utf-8").replace("model: whisper-base", f"model: {NAME}"), encoding="utf-8"
    )
    assert fits_not in complaint("worker", "--nice", "0", "--until-idle", "--data", site)
    assert fits_not in huifang("check", "--data", site).stdout
    [listed] = as_json("models", "list", "--data", site)
    assert listed["state"] == f"{NAME} is a model for vosk, not for whisper"


def test_a_model_is_verified_by_its_hash(site: Path) -> None:
    [listed] = as_json("models", "list", "--data", site)
    told = listed["sha256"]
    assert told in succeeds("models", "verify", NAME, "--sha256", told.upper(), "--data", site)
    assert told in complaint("models", "verify", NAME, "--sha256", "0" * 64, "--data", site)


def test_published_models_are_listed_with_licence_and_sums_where_known(site: Path) -> None:
    listed = {one["name"]: one for one in as_json("models", "list", "--published", "--data", site)}
    assert len(listed["vosk-model-small-cn-0.22"]["sha256"]) == 64
    assert {one["engine"] for one in listed.values()} == {"whisper", "vosk", "sherpa"}
    assert all(one["licence"] and one["size"] for one in listed.values())
    assert "Apache-2.0" in succeeds("models", "list", "--published", "--data", site)


def test_a_licence_is_told_as_far_as_it_is_known(site: Path, tmp_path: Path) -> None:
    [listed] = as_json("models", "list", "--data", site)
    assert listed["licence"] == "ask its publisher"
    (tmp_path / "models" / NAME / "LICENSE").write_text("free")
    [listed] = as_json("models", "list", "--data", site)
    assert listed["licence"] == "see LICENSE in it"
