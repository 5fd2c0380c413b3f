"""`huifang phone`: a mistake is one line with its place and exit status 2; nothing is started."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import complaint
from tests.fakes.phone import CAST


def test_a_mistake_in_the_persona_file_is_one_line_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "personas.yaml"
    path.write_text(CAST.replace("id: friendly", "id: friendly\n    shoe_size: 43"), encoding="utf-8")
    line = complaint("phone", "--personas", path, "--replies", tmp_path / "replies")
    assert f"{path}:9: personas.0.shoe_size: is not a known key" in line
    assert not (tmp_path / "replies").exists()


def test_a_missing_persona_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    assert str(path) in complaint("phone", "--personas", path)
