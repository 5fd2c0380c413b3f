"""Every complaint about a file that people write names the line."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from base.errors import InputError, SettingsError
from base.yamlfile import load, parse


class Child(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int

    @field_validator("size")
    @classmethod
    def positive(cls, size: int) -> int:
        if size < 1:
            raise ValueError("must be positive")
        return size


class Parent(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = "x"
    children: list[Child] = []


def test_a_good_file_becomes_its_model(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text("name: 王\nchildren:\n  - size: 2\n", encoding="utf-8")
    assert load(path, Parent, SettingsError) == Parent(name="王", children=[Child(size=2)])


def test_an_empty_file_is_all_defaults() -> None:
    assert parse("", "f.yaml", Parent, SettingsError) == Parent()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("name: a\ncolour: red\n", 2, "colour: is not a known key"),
        ("children:\n  - size: 1\n  - size: 0\n", 3, "children.1.size: must be positive"),
        ("children:\n  - size: 1\n  -\n    size: 1\n    wide: 2\n", 5, "children.1.wide: is not a known key"),
        ("children:\n  - {}\n", 2, "children.0.size: Field required"),
        ("name: a\n\nname: b\n", 3, "name is written twice"),
        ("name: [\n", 2, "is no YAML"),
        ("- 1\n", 1, "valid dictionary"),
    ],
)
def test_the_complaint_names_the_line(text: str, line: int, what: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, "f.yaml", Parent, SettingsError)
    assert caught.value.where == f"f.yaml:{line}"
    assert what in caught.value.what


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "none.yaml", Parent, SettingsError)
