"""The site's own file first, else the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.errors import InputError
from huifang import resources


def test_the_sites_file_goes_before_the_shipped_one(tmp_path: Path) -> None:
    shipped = resources.named(tmp_path, "profiles", "default")
    assert shipped == resources.SHIPPED_CONFIG / "profiles" / "default.yaml"
    own = tmp_path / "config" / "profiles" / "default.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("name: default\n", encoding="utf-8")
    assert resources.named(tmp_path, "profiles", "default") == own


def test_names_are_those_of_both_places(tmp_path: Path) -> None:
    own = tmp_path / "config" / "profiles" / "ours.yaml"
    own.parent.mkdir(parents=True)
    own.touch()
    assert {"default", "demo", "ours"} <= set(resources.names(tmp_path, "profiles"))


@pytest.mark.parametrize("name", ["nosuch", "../settings", "..", "", "a/b", "/etc/hosts"])
def test_an_unknown_name_lists_those_there_are(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"known: .*default"):
        resources.named(tmp_path, "profiles", name)
